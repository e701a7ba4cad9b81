"""From decoded pictures to upright RGB of one size.

Most clips need one step, swscale's conversion to RGB. Only what has to be deinterlaced, turned or
mirrored goes through FFmpeg filters first: in YUV, in C, without the GIL.

Colour is converted deliberately: the matrix that the picture names (BT.709 for HD and BT.601 for
smaller ones where it names none, as players do), its range (limited unless it says full), to full
range RGB; 10-bit pictures are scaled to 8. HLG and PQ pictures keep their transfer curve.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av.error
import numpy as np
from av.filter import Graph
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from codefx_desktop.video.orientation import UPRIGHT, Orientation

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels

# AVColorSpace (what a picture says) -> the matrix swscale uses for it.
_MATRIX: Final = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
MATRIX_NAMES: Final = {0: "rgb", 1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m",
                       9: "bt2020", 10: "bt2020"}  # fmt: skip
RANGE_NAMES: Final = {1: "limited", 2: "full"}
SANE_ASPECT: Final = (Fraction(1, 4), Fraction(4))


def upright_size(
    width: int, height: int, sample_aspect: Fraction | None, turned: Orientation = UPRIGHT
) -> tuple[int, int]:
    """Return the size of a stored picture as a person sees it.

    Pixels that are not square are made square by enlarging the one side that is short, so that
    nothing is lost; aspects beyond 1:4 and 4:1 are mistakes in the file and ignored.
    """
    aspect = sample_aspect or Fraction(1)
    if not SANE_ASPECT[0] <= aspect <= SANE_ASPECT[1]:
        aspect = Fraction(1)
    if aspect > 1:
        width = round(width * aspect)
    elif aspect < 1:
        height = round(height / aspect)
    return (height, width) if turned.is_turned else (width, height)


class PictureConverter:
    """Turns decoded pictures into upright RGB of one size.

    A picture goes in with a number and comes out with it; a deinterlacer gives each one only
    after the next, so ``push`` returns none, one or two, and ``flush`` the rest.

    Args:
        width: Upright width of what comes out.
        height: Upright height of what comes out.
        turned: How stored pictures are turned.
    """

    def __init__(self, width: int, height: int, turned: Orientation = UPRIGHT) -> None:
        self._size = (width, height)
        self._turned = turned
        self._reformatter = VideoReformatter()
        self._threads = 2 if width * height > 1_200_000 else 1
        self._graph: Graph | None = None
        self._graph_key: tuple[object, ...] = ()
        self._deinterlace = False
        self._waiting: deque[int] = deque()

    def push(self, frame: VideoFrame, number: int) -> list[tuple[int, Pixels]]:
        """Take a decoded picture; return the (number, pixels) that are ready."""
        self._deinterlace = self._deinterlace or frame.interlaced_frame
        if not self._deinterlace and self._turned == UPRIGHT:
            return [(number, self._rgb(frame))]
        ready = self._use_graph_for(frame)
        self._waiting.append(number)
        assert self._graph is not None
        self._graph.vpush(frame)
        return ready + self._pull()

    def flush(self) -> list[tuple[int, Pixels]]:
        """Return what is still inside; the converter can be used again afterwards."""
        if self._graph is None:
            return []
        self._graph.vpush(None)
        ready = self._pull()
        self._graph = None
        self._waiting.clear()
        return ready

    def _use_graph_for(self, frame: VideoFrame) -> list[tuple[int, Pixels]]:
        """Make filters for pictures like this one; return what the former ones still held."""
        key = (
            frame.width,
            frame.height,
            frame.format.name,
            frame.colorspace,
            frame.color_range,
            self._deinterlace,
        )
        if self._graph is not None and key == self._graph_key:
            return []
        ready = self.flush()
        self._graph, self._graph_key = self._build(frame), key
        return ready

    def _build(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        last = graph.add(
            "buffer",
            video_size=f"{frame.width}x{frame.height}",
            pix_fmt=frame.format.name,
            time_base=str(frame.time_base or Fraction(1, 1000)),
            pixel_aspect="1/1",
            colorspace=str(int(frame.colorspace)),
            range=str(int(frame.color_range)),
        )
        steps = [("bwdif", "mode=send_frame:deint=interlaced")] if self._deinterlace else []
        for name, arguments in [*steps, *self._turned.filters, ("buffersink", "")]:
            step = graph.add(name, arguments or None)
            last.link_to(step)
            last = step
        graph.configure()
        return graph

    def _pull(self) -> list[tuple[int, Pixels]]:
        assert self._graph is not None
        ready = []
        while self._waiting:
            try:
                frame = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            ready.append((self._waiting.popleft(), self._rgb(frame)))
        return ready

    def _rgb(self, frame: VideoFrame) -> Pixels:
        width, height = self._size
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        picture = self._reformatter.reformat(
            frame,
            width,
            height,
            "rgb24",
            src_colorspace=matrix_of(frame),
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=_interpolation(frame, width, height),
            threads=self._threads,
        )
        plane = picture.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        return np.ascontiguousarray(rows[:height, : width * 3]).reshape(height, width, 3)


def matrix_of(frame: VideoFrame) -> Colorspace | None:
    """Return the YUV matrix of a picture; None if it is not YUV."""
    if frame.format.is_rgb:
        return None
    named = _MATRIX.get(int(frame.colorspace))
    if named is not None:
        return named
    is_hd = frame.width >= 1280 or frame.height > 576
    return Colorspace.ITU709 if is_hd else Colorspace.ITU601


def _interpolation(frame: VideoFrame, width: int, height: int) -> Interpolation:
    """Return the scaler: exact size needs none, other sizes get a better one."""
    same = (frame.width, frame.height) == (width, height)
    return Interpolation.BILINEAR if same else Interpolation.BICUBIC
