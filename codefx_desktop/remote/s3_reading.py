"""Reads a bucket: what is known of an object, its bytes, and whole files with resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    ForeignObject,
    ObjectMissing,
    Offline,
    RemoteError,
    Throttled,
)
from codefx_desktop.domain.object_store import ObjectFacts, StoredObject
from codefx_desktop.remote.partial import BLOCK_BYTES, Partial
from codefx_desktop.remote.s3_errors import BeyondEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.remote.s3_calls import Answer, S3Calls

SHA256: Final = "sha256"
"""Name of the metadata that keeps it."""

_TRIES: Final = 5


class S3Reading:
    """The reading half of a bucket.

    Args:
        calls: The bucket.
    """

    def __init__(self, calls: S3Calls) -> None:
        self._calls = calls

    def facts(self, key: str) -> ObjectFacts | None:
        """See ``ObjectStore.facts``."""
        try:
            answer = self._calls.ask("head_object", key)
        except (Offline, Throttled):
            raise
        except RemoteError:
            # The answer to HEAD has no text: reading a byte tells why.
            if self._is_there(key):
                raise
            return None
        return _facts(key, answer)

    def _is_there(self, key: str) -> bool:
        try:
            self.read(key, 0, 1)
        except ObjectMissing:
            return False
        return True

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """See ``ObjectStore.read``."""
        if stop is not None and stop <= start:
            return b""
        last = "" if stop is None else stop - 1
        wanted = {"Range": f"bytes={start}-{last}"} if start or stop is not None else {}
        try:
            answer = self._calls.ask("get_object", key, **wanted)
        except BeyondEnd:
            return b""
        with self._calls.translating(key):
            data: bytes = answer["Body"].read()
        return data

    def download(
        self, key: str, path: Path, progress: Callable[[int], None], cancel: CancelSignal
    ) -> None:
        """See ``ObjectStore.download``; goes on by itself while every try brings something."""
        for _ in range(_TRIES):
            facts = self.facts(key)
            if facts is None:
                raise ObjectMissing(
                    f"There is no {key} in the {self._calls.place}.",
                    hint="It may have been deleted there, or was never pushed.",
                )
            partial = Partial(path, facts.stored, progress, cancel)
            partial.begin()
            try:
                self._fill(partial, facts.stored)
            except ForeignObject:
                continue  # it was replaced meanwhile
            partial.end()
            return
        raise RemoteError(
            f"{key} in the {self._calls.place} keeps changing.", hint="Try again later."
        )

    def _fill(self, partial: Partial, wanted: StoredObject) -> None:
        while not partial.is_whole:
            before = partial.there
            try:
                partial.append(self._blocks(wanted, before))
            except Offline:
                if partial.there == before:
                    raise

    def _blocks(self, wanted: StoredObject, start: int) -> Iterator[bytes]:
        """Yield an object's bytes from here on, and no others.

        Raises:
            ForeignObject: If another object is there now.
        """
        answer = self._calls.ask(
            "get_object", wanted.key, Range=f"bytes={start}-", IfMatch=f'"{wanted.etag}"'
        )
        with self._calls.translating(wanted.key):
            if answer.get("ContentRange", "") != _range(start, wanted.size_bytes):
                raise RemoteError(
                    f"The {self._calls.place} sent another part of {wanted.key}.",
                    hint="Try again later.",
                )
            # The client raises where fewer bytes come than were announced.
            yield from answer["Body"].iter_chunks(BLOCK_BYTES)


def _range(start: int, size_bytes: int) -> str:
    return f"bytes {start}-{size_bytes - 1}/{size_bytes}"


def bare(etag: str) -> str:
    """Return an ETag without its quotes."""
    return etag.strip('"')


def _facts(key: str, answer: Answer) -> ObjectFacts:
    metadata = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
    stored = StoredObject(
        key, answer["ContentLength"], bare(answer["ETag"]), answer.get("LastModified")
    )
    return ObjectFacts(stored, answer.get("ContentType", ""), metadata.get(SHA256, ""), metadata)
