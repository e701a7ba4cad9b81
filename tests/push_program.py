"""A program that pushes into a folder, to be killed; every call it makes is written down.

Run by ``Killable``: forked from a process that has everything imported, so that it begins in
milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

from patience import PATIENCE_S
from push_world import QUICK, PushWorld

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.object_store import Sending, StoreTraits

PART_BYTES = 1024 * 1024
SETTINGS = replace(QUICK, part_bytes=PART_BYTES, workers=4)


class LoggedStore(FolderStore):
    """A folder that takes its time, and writes down what it is asked for.

    Args:
        target: The folder.
        log: A file; one line for each call.
        delay_s: Of each call.
    """

    def __init__(self, target: Target, log: Path, delay_s: float) -> None:
        super().__init__(target)
        self._log, self._delay_s = log, delay_s

    @property
    def traits(self) -> StoreTraits:
        return replace(super().traits, smallest_part_bytes=PART_BYTES)

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        with self._call("put", key):
            return super().put(key, data, sending)

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        with self._call("part", f"{upload_id}/{number}"):
            return super().put_part(key, upload_id, number, data)

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        with self._call("complete", key):
            return super().complete_upload(key, upload_id, etags, sending)

    @contextmanager
    def _call(self, name: str, what: str) -> Iterator[None]:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{name} {what}\n")
        time.sleep(self._delay_s)
        yield


def world_of(folder: Path, log: Path | None = None, delay_s: float = 0.0) -> PushWorld:
    """Return the outbox and the folder that programs push to."""
    drive = folder / "drive"
    drive.mkdir(parents=True, exist_ok=True)
    target = Target("pits", TargetKind.FOLDER, folder=drive)
    store = FolderStore(target) if log is None else LoggedStore(target, log, delay_s)
    return PushWorld(folder, store, SETTINGS, target)


def push_all(folder: Path, log: Path, delay_s: float) -> None:
    """Push until nothing goes on by itself; what a program does."""
    world_of(folder, log, delay_s).push(60)


class Killable:
    """A program that pushes.

    Args:
        folder: Of the outbox.
        log: Where its calls are written down.
        delay_s: Of each call.
    """

    def __init__(self, folder: Path, log: Path, delay_s: float = 0.004) -> None:
        context: Any = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        if os.name == "posix":
            context.set_forkserver_preload(["push_program"])
        self._log = log
        self.process = context.Process(target=push_all, args=(folder, log, delay_s))
        with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
            self.process.start()  # what forks for us begins with the first one

    def wait_for_calls(self, count: int, timeout_s: float = PATIENCE_S) -> bool:
        """Wait until so many calls were made; return whether the program still runs."""
        ends = time.monotonic() + timeout_s
        while self.process.is_alive() and len(self.calls()) < count:
            assert time.monotonic() < ends
            time.sleep(0.001)
        return bool(self.process.is_alive())

    def kill(self) -> None:
        """End the program as a pulled battery would."""
        if os.name == "posix":
            os.kill(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.join(10)

    def calls(self) -> list[str]:
        """Return what was called, in order."""
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
