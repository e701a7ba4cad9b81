"""Brings files of a pushed job here, each checked against its manifest before it gets its name.

Small files come side by side, large ones one by one and are gone on with where they broke off. A
network that is away for moments is waited for; one that stays away ends it, and what came stays.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from codefx_desktop.artifacts.files import told, write_whole
from codefx_desktop.domain.errors import ForeignObject, ObjectMissing, Offline, Throttled
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.pools import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.pushed_jobs import PushedFile

log = logging.getLogger(__name__)

R = TypeVar("R")

SMALL_BYTES: Final = 1024 * 1024
"""Files up to this size come whole, in one request."""
TRIES: Final = 6
FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
POLL_S: Final = 0.1
BLOCK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that is to come, and where to."""

    file: PushedFile
    path: Path


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far fetching is.

    Attributes:
        files: Files that are to come.
        files_done: Those that are here, checked.
        size_bytes: Bytes of all of them.
        done_bytes: Bytes that are here.
        waiting: Why nothing comes at the moment, for a person; empty while it does.
    """

    files: int
    files_done: int
    size_bytes: int
    done_bytes: int
    waiting: str = ""


class Tally:
    """Adds up what many workers bring, and tells it.

    Args:
        wanted: The files that are to come.
        tell: Told on the workers, one at a time.
    """

    def __init__(self, wanted: Sequence[WantedFile], tell: Callable[[FetchProgress], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._files, self._size = len(wanted), sum(one.file.size_bytes for one in wanted)
        self._done = self._there = 0
        self._begun: dict[str, int] = {}

    def at(self, file: PushedFile, size_bytes: int) -> None:
        """Note how much of a file is here."""
        with self._lock:
            self._note(file, size_bytes)
            self._say()

    def done(self, file: PushedFile) -> None:
        """Note that a file is here."""
        with self._lock:
            self._done += 1
            self._note(file, file.size_bytes)
            self._say()

    def waits(self, reason: str) -> None:
        """Note why nothing comes."""
        with self._lock:
            self._say(reason)

    def _note(self, file: PushedFile, size_bytes: int) -> None:
        self._there += size_bytes - self._begun.get(file.rest, 0)
        self._begun[file.rest] = size_bytes

    def _say(self, reason: str = "") -> None:
        self._tell(FetchProgress(self._files, self._done, self._size, self._there, reason))


class Fetcher:
    """Brings files from one target.

    Args:
        store: The target's place.
        target: The target.
        tally: Told of what came.
        cancel: Ends it; what came stays.
        first_wait_s: How long the first wait for a network lasts; each next one twice as long.
    """

    def __init__(
        self,
        store: ObjectStore,
        target: Target,
        tally: Tally,
        cancel: CancelSignal,
        *,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._store, self._target = store, target
        self._tally, self._cancel = tally, cancel
        self._first_wait_s = first_wait_s
        self._stop = threading.Event()

    def bring(self, wanted: Sequence[WantedFile]) -> None:
        """Bring files, small ones side by side.

        Raises:
            Cancelled: If the signal was seen.
            ForeignObject: If the target has something else than the manifest says.
            RemoteError: If the target cannot be asked.
            NoSpace: If the disk is full.
            NotWritable: If a file cannot be written.
        """
        small = [one for one in wanted if one.file.size_bytes <= SMALL_BYTES]
        large = [one for one in wanted if one.file.size_bytes > SMALL_BYTES]
        if small:
            queue, lock = iter(small), threading.Lock()
            workers = min(self._store.traits.workers, len(small))
            Group(self._stop.set).run([lambda: self._bring_small(queue, lock)] * workers)
        for one in large:
            self._again(lambda one=one: self._bring_large(one))  # type: ignore[misc]
            self._tally.done(one.file)

    def _bring_small(self, queue: Iterator[WantedFile], lock: threading.Lock) -> None:
        while True:
            with lock:
                one = next(queue, None)
            if one is None or self._stop.is_set():
                return
            data = self._again(lambda one=one: read_small(self._store, self._target, one.file))  # type: ignore[misc]
            write_whole(one.path, data)
            self._tally.done(one.file)

    def _bring_large(self, wanted: WantedFile) -> None:
        part = wanted.path.with_name(wanted.path.name + ".part")
        key = self._target.key(wanted.file.key)
        for is_last in (False, True):
            self._check_size(key, wanted.file)
            with told(part):
                part.parent.mkdir(parents=True, exist_ok=True)
            self._store.download(
                key, part, lambda there: self._tally.at(wanted.file, there), self._cancel
            )
            if self._hash(part) == wanted.file.sha256:
                with told(wanted.path):
                    part.replace(wanted.path)
                return
            with suppress(OSError):
                part.unlink()
            if is_last:
                raise _foreign(self._store, wanted.file)
            log.warning("%s did not come as its manifest says; once more", wanted.file.key)

    def _check_size(self, key: str, file: PushedFile) -> None:
        """Look before what may be without end is written to the disk."""
        facts = self._store.facts(key)
        if facts is None:
            raise _gone(self._store, file)
        if facts.stored.size_bytes != file.size_bytes:
            raise _foreign(self._store, file)

    def _hash(self, path: Path) -> str:
        digest = hashlib.sha256()
        with told(path), path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                self._check_cancel()
                digest.update(block)
        return digest.hexdigest()

    def _again(self, call: Callable[[], R]) -> R:
        """Do a call, some times more while the network is away."""
        wait_s = self._first_wait_s
        for left in reversed(range(TRIES)):
            self._check_cancel()
            try:
                return call()
            except (Offline, Throttled) as error:
                if not left or self._stop.is_set():
                    raise
                asked_s = error.retry_after_s if isinstance(error, Throttled) else 0.0
                self._tally.waits(error.message)
                self._wait(min(max(wait_s, asked_s), LONGEST_WAIT_S))
                wait_s *= 2
        raise AssertionError  # the last try returns or raises

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._check_cancel()
            if self._stop.is_set():
                return
            time.sleep(min(left, POLL_S))

    def _check_cancel(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


def read_small(store: ObjectStore, target: Target, file: PushedFile) -> bytes:
    """Return the bytes of a small file, as its manifest says they are.

    Raises:
        ForeignObject: If the target has something else, twice, or the file is not small at all.
        ObjectMissing: If it has nothing.
        RemoteError: If it cannot be asked.
    """
    if file.size_bytes > SMALL_BYTES:
        raise _foreign(store, file)
    for _ in range(2):
        try:
            # One byte more would be there if it is larger; without end it cannot be.
            data = store.read(target.key(file.key), 0, file.size_bytes + 1)
        except ObjectMissing as error:
            raise _gone(store, file) from error
        if len(data) == file.size_bytes and hashlib.sha256(data).hexdigest() == file.sha256:
            return data
        log.warning("%s did not come as its manifest says", file.key)
    raise _foreign(store, file)


def _gone(store: ObjectStore, file: PushedFile) -> ObjectMissing:
    return ObjectMissing(
        f"{file.rest} is not in the {store.label} any more.",
        hint="The bucket's rules may have deleted it. Push the job again from the machine that "
        "has it, or fetch other parts.",
    )


def _foreign(store: ObjectStore, file: PushedFile) -> ForeignObject:
    return ForeignObject(
        f"What the {store.label} has as {file.rest} is not what was pushed.",
        hint="Push the job again from the machine that has it.",
    )
