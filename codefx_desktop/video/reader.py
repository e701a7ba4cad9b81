"""Reads a clip from its first picture to its last."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.frame import Frame
from codefx_desktop.video.container import check_file, open_clip, still_readable, video_stream
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.orientation import Orientation
from codefx_desktop.video.packets import ReadTrouble, lost, read_packets
from codefx_desktop.video.picture import PictureConverter
from codefx_desktop.video.timeline import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.video.probe import ProbedClip


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a whole pass delivered.

    Attributes:
        frames: Frames that were delivered.
        damaged: Frames that were delivered smeared, or that are in the index and could not be
            delivered.
        message: One sentence for a person; empty if nothing is wrong beyond what probing told.
    """

    frames: int = 0
    damaged: int = 0
    message: str = ""


class FrameReader:
    """Delivers every frame of a clip, in order, once: upright RGB of full size with exact time.

    A frame's number is its place in the clip's index, and its time the index's. Numbers run
    without a gap, but for pictures that only decoding shows to be broken (see ``report``).
    All frames have the size ``info.width`` x ``info.height``; where the stored size changes
    within a clip, later pictures are scaled to it.

    Use as a context manager, by one worker at a time, and iterate once.

    Args:
        clip: The probed clip.
    """

    def __init__(self, clip: ProbedClip) -> None:
        self._clip = clip
        self._delivered = 0
        self._smeared = 0
        self._frames: Iterator[Frame] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open the clip.

        Raises:
            ClipError: If it cannot be opened any more.
        """
        path = self._clip.info.path
        check_file(path)
        container = self._stack.enter_context(open_clip(path))
        stream = video_stream(container, path)
        info = self._clip.info
        self._trouble = ReadTrouble()
        self._decoder = PictureDecoder(stream, careful=info.verdict is not Verdict.OK)
        self._packets = read_packets(
            container, (stream,), path, self._trouble, lambda: self._delivered
        )
        self._frames = self._read()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the clip."""
        self._frames = None
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """Return the frames still to come.

        Raises:
            ValueError: If the reader is not open.
        """
        if self._frames is None:
            raise ValueError("use the reader in a with statement")
        return self._frames

    def __next__(self) -> Frame:
        """Return the next frame.

        Raises:
            ClipLost: If the file can no longer be read.
        """
        return next(iter(self))

    @property
    def report(self) -> ReadReport:
        """What was delivered so far; complete after the last frame."""
        missing = len(self._clip.index) - self._delivered
        parts = []
        if missing:
            parts.append(f"{missing} of {len(self._clip.index)} frames could not be decoded")
        if self._smeared:
            parts.append(f"{self._smeared} damaged")
        message = f"{'; '.join(parts)}." if parts else ""
        return ReadReport(self._delivered, missing + self._smeared, message)

    def _read(self) -> Iterator[Frame]:
        info, index = self._clip.info, self._clip.index
        turned = Orientation(info.rotation, info.mirrored)
        converter = PictureConverter(info.width, info.height, turned)
        for number, pixels in self._convert(converter):
            yield Frame(number, index.time(number), pixels)
            self._delivered += 1
        self._check_lost()

    def _convert(self, converter: PictureConverter) -> Iterator[tuple[int, Pixels]]:
        matcher = Matcher(self._clip.index.pts)
        for picture in self._decode():
            number = matcher.match(picture.pts)
            if number is not None:
                self._smeared += picture.is_corrupt
                yield from converter.push(picture, number)
        yield from converter.flush()

    def _decode(self) -> Iterator[VideoFrame]:
        for packet in self._packets:
            if packet.size:
                yield from self._decoder.feed(packet)
        yield from self._decoder.drain()

    def _check_lost(self) -> None:
        """Tell a drive that went away from a damaged file.

        Raises:
            ClipLost: If frames are missing or smeared and the file cannot be read any more.
        """
        info = self._clip.info
        if not self.report.damaged:
            return
        detail = still_readable(info.path)
        if detail is None and check_file(info.path).st_size < info.size_bytes:
            detail = "it has become shorter"
        if detail is not None:
            raise lost(info.path, detail, self._delivered)
