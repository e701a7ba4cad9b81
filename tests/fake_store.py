"""A place in memory that keeps the contract of ``ObjectStore`` and misbehaves on demand.

Passes ``tests/contracts/test_object_store_contract.py`` beside the real ones. Usage::

    store = FakeStore()
    store.fail("put", Offline("No network."), times=3)
    store.fail("complete_upload", Offline("The answer was lost."), done_anyway=True)
    store.offline = Offline("No network.")      # everything fails until it is None again
    assert store.count("put_part") == 4
"""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    CodefxError,
    CorruptedInFlight,
    ForeignObject,
    ObjectMissing,
    RemoteError,
    UploadGone,
)
from codefx_desktop.domain.object_store import (
    LONGEST_LINK_S,
    LifecycleRule,
    ObjectFacts,
    OpenUpload,
    Sending,
    StoredObject,
    StoreTraits,
)
from codefx_desktop.remote.partial import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal

BLOCK_BYTES: Final = 64 * 1024
OURS: Final = "codefx-"


@dataclass
class Fault:
    """What one call, or some, come to.

    Attributes:
        call: Name of the method.
        error: What is raised.
        times: How often.
        key: A part of the keys it is about; empty: all.
        done_anyway: The place does it, and only the answer is lost.
    """

    call: str
    error: CodefxError
    times: int = 1
    key: str = ""
    done_anyway: bool = False


@dataclass(frozen=True)
class Call:
    """One call that was made, and how many bytes went up with it."""

    name: str
    key: str
    size_bytes: int = 0


@dataclass
class _Upload:
    key: str
    sending: Sending
    begun: datetime
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class _Object:
    data: bytes
    etag: str
    sending: Sending
    modified: datetime

    def stored(self, key: str) -> StoredObject:
        return StoredObject(key, len(self.data), self.etag, self.modified)


class FakeStore:
    """Objects in memory; any thread may call.

    Args:
        traits: What it says it can do, and holds parts to.
        delay_s: Time that every call takes: a round trip.

    Attributes:
        calls: Every call, in order.
        offline: Raised by every call while it is set.
        clock_s: What ``clock_offset_s`` tells.
        on_call: Told of every call before it is done; may raise.
    """

    def __init__(self, traits: StoreTraits | None = None, *, delay_s: float = 0.0) -> None:
        self._traits = traits or StoreTraits()
        self._delay_s = delay_s
        self._lock = threading.Lock()
        self._objects: dict[str, _Object] = {}
        self._uploads: dict[str, _Upload] = {}
        self._begun = 0
        self._rules: tuple[LifecycleRule, ...] = ()
        self._faults: list[Fault] = []
        self.calls: list[Call] = []
        self.offline: CodefxError | None = None
        self.clock_s = 0.0
        self._pace: Callable[[int], None] | None = None
        self.on_call: Callable[[Call], None] = lambda _: None
        self.closed = False

    # What tests say and ask.

    def fail(self, call: str, error: CodefxError, **how: object) -> Fault:
        """Plan a fault (see ``Fault``); the first planned that fits a call is used."""
        fault = Fault(call, error, **how)  # type: ignore[arg-type]
        self._faults.append(fault)
        return fault

    def count(self, name: str, key: str = "") -> int:
        """Return how often a method was called for keys with this part."""
        return sum(one.name == name and key in one.key for one in self.calls)

    def bytes_up(self) -> int:
        """Return how many bytes were sent in all."""
        return sum(one.size_bytes for one in self.calls)

    def content(self, key: str) -> bytes:
        """Return what is under a key."""
        return self._objects[key].data

    def keys(self) -> list[str]:
        """Return all keys, sorted."""
        return sorted(self._objects)

    def plant(self, key: str, data: bytes, sha256: str = "") -> None:
        """Put something there behind the program's back, or change it."""
        self._keep(key, data, _md5(data), Sending("application/octet-stream", sha256))

    def forget_uploads(self) -> None:
        """Do what a bucket's lifecycle does to uploads that never ended."""
        self._uploads.clear()

    # The port.

    @property
    def label(self) -> str:
        return "fake place"

    @property
    def traits(self) -> StoreTraits:
        return self._traits

    def pace_with(self, pace: Callable[[int], None]) -> None:
        self._pace = pace

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        self._go_up(data)
        with self._call("put", key, len(data)):
            etag = _md5(data)
            if self._may_write(key, sending):
                self._keep(key, data, etag, sending)
            return etag

    def begin_upload(self, key: str, sending: Sending) -> str:
        with self._call("begin_upload", key):
            self._begun += 1
            upload_id = f"upload-{self._begun}"
            self._uploads[upload_id] = _Upload(key, sending, datetime.now(UTC))
            return upload_id

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        self._go_up(data)
        with self._call("put_part", key, len(data)):
            self._upload(key, upload_id).parts[number] = data
            return _md5(data)

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        with self._call("complete_upload", key):
            upload = self._upload(key, upload_id)
            parts = _checked(upload, etags, self._traits.smallest_part_bytes)
            if self._may_write(key, sending):
                self._keep(key, b"".join(parts), _joined_etag(parts), upload.sending)
            del self._uploads[upload_id]
            return self._objects[key].etag

    def abort_upload(self, key: str, upload_id: str) -> None:
        with self._call("abort_upload", key):
            self._uploads.pop(upload_id, None)

    def open_uploads(self, prefix: str) -> Iterator[OpenUpload]:
        with self._call("open_uploads", prefix):
            found = [
                OpenUpload(upload.key, upload_id, upload.begun)
                for upload_id, upload in self._uploads.items()
                if upload.key.startswith(prefix)
            ]
        return iter(sorted(found, key=lambda one: one.key))

    def facts(self, key: str) -> ObjectFacts | None:
        with self._call("facts", key):
            kept = self._objects.get(key)
        if kept is None:
            return None
        sha256 = kept.sending.sha256
        metadata = {"sha256": sha256} if sha256 else {}
        return ObjectFacts(kept.stored(key), kept.sending.content_type, sha256, metadata)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        with self._call("list", prefix):
            found = [
                kept.stored(key)
                for key, kept in sorted(self._objects.items())
                if key.startswith(prefix)
            ]
        return iter(found)

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        with self._call("read", key):
            return self._object(key).data[start:stop]

    def download(
        self, key: str, path: Path, progress: Callable[[int], None], cancel: CancelSignal
    ) -> None:
        with self._call("download", key):
            kept = self._object(key)
        partial = Partial(path, kept.stored(key), progress, cancel)
        partial.begin()
        starts = range(partial.there, len(kept.data), BLOCK_BYTES)
        partial.append(kept.data[start : start + BLOCK_BYTES] for start in starts)
        partial.end()

    def delete(self, keys: Sequence[str]) -> None:
        with self._call("delete", keys[0] if keys else ""):
            for key in keys:
                self._objects.pop(key, None)

    def signed_link(self, key: str, ttl_s: int) -> str:
        if not 1 <= ttl_s <= LONGEST_LINK_S:
            raise ValueError(f"a link works for 1 to {LONGEST_LINK_S} seconds, not {ttl_s}")
        return f"https://fake.example/{key}?ttl={ttl_s}"

    def lifecycle(self) -> tuple[LifecycleRule, ...]:
        with self._call("lifecycle", ""):
            return self._rules

    def set_lifecycle(self, rules: Sequence[LifecycleRule]) -> None:
        with self._call("set_lifecycle", ""):
            foreign = [rule for rule in self._rules if not rule.name.startswith(OURS)]
            ours = [rule for rule in rules if rule.name.startswith(OURS)]
            self._rules = (*foreign, *ours)

    def clock_offset_s(self) -> float:
        with self._call("clock_offset_s", ""):
            return self.clock_s

    def close(self) -> None:
        self.closed = True

    # Inside.

    def _go_up(self, data: bytes) -> None:
        for start in range(0, len(data) if self._pace else 0, BLOCK_BYTES):
            self._pace(min(BLOCK_BYTES, len(data) - start))

    @contextmanager
    def _call(self, name: str, key: str, size_bytes: int = 0) -> Iterator[None]:
        """Count a call, wait its time, come to its planned fault, and do it under the lock."""
        call = Call(name, key, size_bytes)
        with self._lock:
            self.calls.append(call)
            fault = self._next_fault(name, key)
        self.on_call(call)
        if self._delay_s:
            time.sleep(self._delay_s)
        if self.offline:
            raise self.offline
        if fault and not fault.done_anyway:
            raise fault.error
        with self._lock:
            yield
        if fault:
            raise fault.error

    def _next_fault(self, name: str, key: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and fault.call == name and fault.key in key:
                fault.times -= 1
                return fault
        return None

    def _may_write(self, key: str, sending: Sending) -> bool:
        """Return whether to write; False where the very same is there already."""
        there = self._objects.get(key)
        if there is None or (not sending.only_new and not sending.replaces):
            return True
        if sending.replaces == there.etag:
            return True
        if sending.sha256 and there.sending.sha256 == sending.sha256:
            return False
        raise ForeignObject(f"Something else is under {key}.", hint="Move it away.")

    def _keep(self, key: str, data: bytes, etag: str, sending: Sending) -> None:
        self._objects[key] = _Object(data, etag, sending, datetime.now(UTC))

    def _object(self, key: str) -> _Object:
        try:
            return self._objects[key]
        except KeyError as error:
            raise ObjectMissing(f"Nothing is under {key}.") from error

    def _upload(self, key: str, upload_id: str) -> _Upload:
        upload = self._uploads.get(upload_id)
        if upload is None or upload.key != key:
            raise UploadGone(f"The upload of {key} is not known.")
        return upload


def corrupted(key: str) -> CorruptedInFlight:
    """Return what a place says when a bit was flipped on the way."""
    return CorruptedInFlight(f"Something else arrived as {key}.")


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _joined_etag(parts: Sequence[bytes]) -> str:
    sums = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in parts)
    return f"{_md5(sums)}-{len(parts)}"


def _checked(upload: _Upload, etags: Sequence[str], smallest_bytes: int) -> list[bytes]:
    """Return the parts of an upload as they are to be joined, R2's rules kept."""
    parts = [upload.parts.get(number, b"") for number in range(1, len(etags) + 1)]
    if not etags or [_md5(part) for part in parts] != list(etags):
        raise UploadGone(f"The parts of {upload.key} are not all there.")
    sizes = {len(part) for part in parts[:-1]}
    if len(sizes) > 1 or (sizes and min(sizes) < smallest_bytes):
        raise RemoteError(f"The parts of {upload.key} are too small or of several sizes.")
    return parts
