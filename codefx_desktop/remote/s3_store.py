"""A bucket of Cloudflare R2, AWS or another server that speaks S3.

What is sent is known whole, goes with its MD5, and is refused by the server if it does not fit
(measured on R2's simulator and on Swift). Over https its signature therefore leaves the body out,
as boto3 decides by itself where there is an MD5. The SHA-256 goes along as metadata.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NotOffered
from codefx_desktop.domain.object_store import (
    LONGEST_LINK_S,
    OpenUpload,
    StoredObject,
    StoreTraits,
)
from codefx_desktop.remote.s3_calls import S3Calls
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_lifecycle import BucketRules
from codefx_desktop.remote.s3_reading import S3Reading, bare
from codefx_desktop.remote.s3_said import offset_s
from codefx_desktop.remote.s3_writing import S3Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.object_store import LifecycleRule, ObjectFacts, Sending
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.settings.secrets import Access

MOST_DELETED: Final = 1000
"""Keys of one call. Source: S3's DeleteObjects."""


class S3Store:
    """A place that is a bucket; an ``ObjectStore``. Any number of threads may call.

    Args:
        target: A target that is a bucket, with nothing missing.
        access: The key that signs.
        manners: How patient, and whom it trusts.

    Raises:
        SettingsError: If the endpoint is no address.
    """

    def __init__(self, target: Target, access: Access, manners: Manners | None = None) -> None:
        self._calls = S3Calls(target, access, manners or Manners())
        self._reading = S3Reading(self._calls)
        self._writing = S3Writing(self._calls, self._reading)
        self._rules = BucketRules(self._calls)

    @property
    def label(self) -> str:
        """The bucket, for a person."""
        return self._calls.place

    @property
    def traits(self) -> StoreTraits:
        """What S3 says a bucket can do."""
        return StoreTraits()

    def pace_with(self, pace: Callable[[int], None]) -> None:
        """See ``ObjectStore.pace_with``."""
        self._writing.pace = pace

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        """See ``ObjectStore.put``."""
        return self._writing.put(key, data, sending)

    def begin_upload(self, key: str, sending: Sending) -> str:
        """See ``ObjectStore.begin_upload``."""
        return self._writing.begin_upload(key, sending)

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """See ``ObjectStore.put_part``."""
        return self._writing.put_part(key, upload_id, number, data)

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        """See ``ObjectStore.complete_upload``."""
        return self._writing.complete_upload(key, upload_id, etags, sending)

    def abort_upload(self, key: str, upload_id: str) -> None:
        """See ``ObjectStore.abort_upload``."""
        self._writing.abort_upload(key, upload_id)

    def open_uploads(self, prefix: str) -> Iterator[OpenUpload]:
        """See ``ObjectStore.open_uploads``."""
        for page in self._calls.pages("list_multipart_uploads", Prefix=prefix):
            for one in page.get("Uploads", ()):
                yield OpenUpload(one["Key"], one["UploadId"], one.get("Initiated"))

    def facts(self, key: str) -> ObjectFacts | None:
        """See ``ObjectStore.facts``."""
        return self._reading.facts(key)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """See ``ObjectStore.list``."""
        for page in self._calls.pages("list_objects_v2", Prefix=prefix):
            for one in page.get("Contents", ()):
                yield StoredObject(one["Key"], one["Size"], bare(one["ETag"]), one["LastModified"])

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """See ``ObjectStore.read``."""
        return self._reading.read(key, start, stop)

    def download(
        self, key: str, path: Path, progress: Callable[[int], None], cancel: CancelSignal
    ) -> None:
        """See ``ObjectStore.download``; goes on by itself while every try brings something."""
        self._reading.download(key, path, progress, cancel)

    def delete(self, keys: Sequence[str]) -> None:
        """See ``ObjectStore.delete``."""
        for at in range(0, len(keys), MOST_DELETED):
            objects = [{"Key": key} for key in keys[at : at + MOST_DELETED]]
            answer = self._calls.ask("delete_objects", Delete={"Objects": objects, "Quiet": True})
            if errors := answer.get("Errors"):
                raise self._calls.told(errors[0], "DeleteObjects")

    def signed_link(self, key: str, ttl_s: int) -> str:
        """See ``ObjectStore.signed_link``; no network is needed."""
        if not 1 <= ttl_s <= LONGEST_LINK_S:
            raise ValueError(f"a link works for 1 to {LONGEST_LINK_S} seconds, not {ttl_s}")
        return self._calls.sign("get_object", key, ttl_s)

    def lifecycle(self) -> tuple[LifecycleRule, ...]:
        """See ``ObjectStore.lifecycle``."""
        return self._rules.read()

    def set_lifecycle(self, rules: Sequence[LifecycleRule]) -> None:
        """See ``ObjectStore.set_lifecycle``."""
        self._rules.write(rules)

    def clock_offset_s(self) -> float:
        """See ``ObjectStore.clock_offset_s``.

        Raises:
            NotOffered: If the place does not tell its time.
        """
        began = time.monotonic()
        offset = offset_s(self._calls.date())
        if offset is None:
            raise NotOffered(f"The {self.label} does not tell its time.")
        # Dates are cut to the second, and the answer was on its way for half of the time.
        return offset + 0.5 + (time.monotonic() - began) / 2

    def close(self) -> None:
        """Let go of connections."""
        self._calls.client.close()
