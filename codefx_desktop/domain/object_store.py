"""The port of the places that results are pushed to: a bucket of R2 or S3, or a folder.

A place holds *objects* under *keys* with slashes, and is dumb on purpose: what is sent, when,
in which parts, and whether it arrived is decided by ``jobs``, the same for every place.
One contract suite runs over all implementations (``tests/contracts``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal

MEBIBYTE: Final = 1024 * 1024
LONGEST_LINK_S: Final = 7 * 24 * 3600
"""Source: AWS Signature Version 4 signs addresses for at most seven days; R2 the same."""


@dataclass(frozen=True, slots=True)
class StoreTraits:
    """What a place can do.

    Attributes:
        smallest_part_bytes: Least size of each part but the last.
        most_parts: Parts that one object may have.
        signs_links: Whether it hands out addresses that work without the secret.
        has_lifecycle: Whether it deletes by rules of its own.
        workers: Transfers that are of use at the same time.
    """

    smallest_part_bytes: int = 5 * MEBIBYTE
    most_parts: int = 10_000
    signs_links: bool = True
    has_lifecycle: bool = True
    workers: int = 32


@dataclass(frozen=True, slots=True)
class Sending:
    """What is said of an object when it is sent.

    Attributes:
        content_type: Such as ``video/mp4``.
        sha256: Of the whole object, in hexadecimal; kept with it as metadata.
        only_new: Refuse if something is under the key already.
        replaces: The ETag of what may be replaced; empty where nothing may be, or anything.
    """

    content_type: str
    sha256: str
    only_new: bool = True
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing tells of an object. ``etag`` is without quotes."""

    key: str
    size_bytes: int
    etag: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """What a place tells of one object."""

    stored: StoredObject
    content_type: str = ""
    sha256: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload that was begun and neither completed nor aborted."""

    key: str
    upload_id: str
    begun: datetime | None = None


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """What a place deletes by itself.

    Attributes:
        name: Identifies the rule; ours begin with ``codefx-``.
        prefix: Keys it is about.
        expire_days: Objects older are deleted; None: none are.
        abort_days: Uploads begun longer ago and never completed are aborted; None: none are.
    """

    name: str
    prefix: str
    expire_days: int | None = None
    abort_days: int | None = None


class ObjectStore(Protocol):
    """A place. Calls block and belong on workers; many may be under way at once.

    Every call may raise:
        Offline: No network, no answer in time, or a connection that broke.
        Throttled: The place asks to slow down, or has a trouble of its own.
        AccessRefused: The secret is wrong, or may not do this.
        ClockWrong: This machine's clock is too far from the place's.
        BucketMissing: The bucket, or the folder's drive, is not there.
        BucketFull: No space, or a quota is used up.
        NotOffered: The place cannot do this: a folder signs no links, some servers do not list
            uploads.
        RemoteError: Anything else the place says, in one sentence.
    """

    @property
    def label(self) -> str:
        """What the place is, for a person: ``R2 bucket races``, ``folder /media/usb``."""
        ...

    @property
    def traits(self) -> StoreTraits:
        """What it can do."""
        ...

    def pace_with(self, pace: Callable[[int], None]) -> None:
        """Have a function called before each block of what is sent goes up.

        It is called in the thread that sends, with the size of a block of 256 KiB at most; it may
        wait, and raise ``Cancelled``, which ends the call. Small objects, and places that do not
        send in blocks, go without.
        """
        ...

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        """Send a whole object in one request; return its ETag.

        The place compares the MD5 of what arrives with that of ``data``. Where the very same is
        there already (a call whose answer was lost), its ETag is returned.

        Raises:
            ForeignObject: If something else is under the key that may not be replaced.
            CorruptedInFlight: If something else arrived.
        """
        ...

    def begin_upload(self, key: str, sending: Sending) -> str:
        """Begin an object of several parts; return the upload's id."""
        ...

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """Send a part, numbered from 1; all but the last have one size. Return its ETag.

        Raises:
            UploadGone: If the place does not know the upload (any more).
            CorruptedInFlight: If something else arrived.
        """
        ...

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        """Make the object of its parts, by their ETags in order; return the object's ETag.

        Raises:
            UploadGone: If the place does not know the upload (any more): it may have been
                completed by a call whose answer was lost.
            ForeignObject: If something else is under the key that may not be replaced.
        """
        ...

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens if it is not known."""
        ...

    def open_uploads(self, prefix: str) -> Iterator[OpenUpload]:
        """Yield uploads that were begun and not ended, of keys with this prefix."""
        ...

    def facts(self, key: str) -> ObjectFacts | None:
        """Return what the place knows of an object; None where there is none."""
        ...

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``, by key."""
        ...

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """Return bytes of an object from ``start`` up to, without, ``stop``.

        Raises:
            ObjectMissing: If there is none.
        """
        ...

    def download(
        self,
        key: str,
        path: Path,
        progress: Callable[[int], None],
        cancel: CancelSignal,
    ) -> None:
        """Append what ``path`` lacks of an object to it; told the bytes that are there.

        Raises:
            ObjectMissing: If there is none.
            NoSpace: If the disk is full.
            Cancelled: If the signal was seen; what is there stays.
        """
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; nothing happens for those that are not there."""
        ...

    def signed_link(self, key: str, ttl_s: int) -> str:
        """Return an address from which anybody can read the object for a time.

        Raises:
            ValueError: If the time is not between 1 second and ``LONGEST_LINK_S``.
        """
        ...

    def lifecycle(self) -> tuple[LifecycleRule, ...]:
        """Return the rules that are set, foreign ones too."""
        ...

    def set_lifecycle(self, rules: Sequence[LifecycleRule]) -> None:
        """Set our rules; rules whose names are not ours stay."""
        ...

    def clock_offset_s(self) -> float:
        """Return the place's clock minus this machine's, as its answer to a request tells."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
