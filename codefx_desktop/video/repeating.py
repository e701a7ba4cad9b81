"""A long clip made of a short one: its packets again and again, nothing is encoded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import av.error

from codefx_desktop.domain.errors import EncodeError
from codefx_desktop.video.container import open_clip, video_stream
from codefx_desktop.video.output import writing

if TYPE_CHECKING:
    from pathlib import Path

    from av.packet import Packet
    from av.video.stream import VideoStream


def repeat_clip(source: Path, target: Path, times: int) -> Path:
    """Write a clip whose pictures are those of another, several times over.

    Args:
        source: A clip of constant rate, without sound, whose first picture is a keyframe.
        target: Where to; returned.
        times: How often its pictures are shown.

    Raises:
        ClipError: If the source cannot be read.
        EncodeError: If its packets cannot be copied.
        OutputError: If the target cannot be written.
    """
    with open_clip(source) as read:
        stream = video_stream(read, source)
        packets = [packet for packet in read.demux(stream) if packet.pts is not None]
        step = min(int(packet.duration or 0) for packet in packets)
        length = step * len(packets)
        try:
            with writing(target), av.open(str(target), "w") as write:
                track = write.add_stream_from_template(stream)
                track.time_base = stream.time_base
                for _ in range(times):
                    for packet in packets:
                        packet.stream = track
                        write.mux(packet)
                        _move(packet, length)
        except av.error.FFmpegError as error:
            raise EncodeError(f"{source.name} cannot be repeated: {error}.") from error
    return target


def _move(packet: Packet[VideoStream], by: int) -> None:
    """Let a packet be shown so many ticks later."""
    packet.pts = packet.pts + by if packet.pts is not None else None
    packet.dts = packet.dts + by if packet.dts is not None else None
