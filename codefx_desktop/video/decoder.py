"""One video decoder, set up the same way wherever pictures are decoded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av.error

from codefx_desktop.video.container import MAX_PIXELS

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MAX_THREADS: Final = 8
"""Each frame thread holds a picture more in memory; beyond this nothing is gained for one clip."""


@dataclass(slots=True)
class DecodeTrouble:
    """What a decoder complained about."""

    errors: int = 0
    damaged: int = 0


class PictureDecoder:
    """Decodes packets to pictures in presentation order; errors are counted, never raised.

    Args:
        stream: The stream; its codec context belongs to this object from now on.
        careful: For damaged clips: no frame threads, so that an error costs only the pictures it
            hits, and the same ones on every machine.
    """

    def __init__(self, stream: VideoStream, *, careful: bool = False) -> None:
        self.trouble = DecodeTrouble()
        self._context = stream.codec_context
        if not self._context.is_open:
            self._context.thread_type = "SLICE" if careful else "AUTO"
            self._context.thread_count = (
                1 if careful else min((os.cpu_count() or 1) + 1, MAX_THREADS)
            )
            self._context.options = {"max_pixels": str(MAX_PIXELS)}

    def feed(self, packet: Packet[Stream]) -> list[VideoFrame]:
        """Return the pictures that are ready after this packet."""
        return self._decode(packet)

    def drain(self) -> list[VideoFrame]:
        """Return the pictures still inside at the end of the clip."""
        return self._decode(None)

    def restart(self) -> None:
        """Forget everything; the next packet must be a keyframe."""
        self._context.flush_buffers()

    def _decode(self, packet: Packet[Stream] | None) -> list[VideoFrame]:
        try:
            frames: list[VideoFrame] = self._context.decode(packet)
        except (av.error.FFmpegError, MemoryError):
            self.trouble.errors += 1
            return []
        self.trouble.damaged += sum(frame.is_corrupt for frame in frames)
        return frames
