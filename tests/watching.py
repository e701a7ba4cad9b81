"""Tells which files of a folder are opened, by Python or by a library, as the Linux kernel says."""

from __future__ import annotations

import ctypes
import os
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IN_OPEN = 0x20


class Watch:
    """Which files of a folder are opened, by whomever, as the kernel tells it."""

    def __init__(self, folder: Path) -> None:
        self._c = ctypes.CDLL(None, use_errno=True)
        self._handle = self._c.inotify_init1(os.O_NONBLOCK)
        assert self._c.inotify_add_watch(self._handle, os.fsencode(folder), IN_OPEN) >= 0

    def opened(self) -> set[str]:
        names, data = set(), b""
        while True:
            try:
                data += os.read(self._handle, 1 << 16)
            except BlockingIOError:
                break
        while data:
            length = struct.unpack("iIII", data[:16])[3]
            names.add(os.fsdecode(data[16 : 16 + length].rstrip(b"\0")))
            data = data[16 + length :]
        return names - {""}

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def watched(folder: Path) -> Iterator[Watch]:
    watch = Watch(folder)
    try:
        yield watch
    finally:
        watch.close()
