"""Packets from files that are not what a library expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from codefx_desktop.video.packets import ReadTrouble, read_packets

if TYPE_CHECKING:
    from collections.abc import Iterator


class Packet:
    size, pts, dts = 1, 0, 0


class Growing:
    """A container whose streams become more while it is read, as the library has it."""

    def demux(self, *streams: object) -> Iterator[Packet]:
        yield Packet()
        yield Packet()
        raise IndexError("list index out of range")


def test_a_stream_that_appears_while_reading_ends_nothing_early() -> None:
    trouble = ReadTrouble()
    packets = list(read_packets(cast("Any", Growing()), (), Path("lap.ts"), trouble))
    assert len(packets) == 2
    assert trouble.errors == 0
