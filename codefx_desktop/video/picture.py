"""From decoded pictures to upright RGB of one size.

FFmpeg filters do all of it, in C and without the GIL: deinterlacing where there are fields,
turning and mirroring, then conversion to RGB of the wanted size. Their output lies in buffers
that FFmpeg uses again once nobody holds them; fresh memory for each picture would cost more than
its conversion.

Colour is converted deliberately: the matrix and range that the picture names (see ``colour`` for
what is assumed otherwise), to full range RGB of 8 bits. HDR (HLG and PQ) and wide-gamut pictures
become BT.709 SDR (see ``tone``).
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

import av.error
import numpy as np
from av.filter import Graph

from codefx_desktop.video import tone
from codefx_desktop.video.colour import Colours, colours_of
from codefx_desktop.video.orientation import UPRIGHT, Orientation
from codefx_desktop.video.output import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels

    Steps = list[tuple[str, dict[str, str]]]

SANE_ASPECT: Final = (Fraction(1, 4), Fraction(4))
LARGE_PX: Final = 1_200_000
"""Pictures with more pixels are converted by two threads."""
# More than 8 bits become packed RGB in two steps: at once swscale is 3 levels off (white is 253)
# and takes twice as long. For 8 bits its single step is the quick one, 3 levels off at most.
_PLANAR: Final = ("format", {"pix_fmts": "gbrp"})
_PACK: Final = ("scale", {"out_range": "full"})


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
        packed: How the bytes of a pixel follow each other: RGB for all who look at pictures, BGRA
            for who only paints them.
    """

    def __init__(
        self,
        width: int,
        height: int,
        turned: Orientation = UPRIGHT,
        *,
        packed: Literal["rgb24", "bgra"] = "rgb24",
    ) -> None:
        self._size = (width, height)
        self._turned = turned
        self._packed = packed
        self._graph: Graph | None = None
        self._graph_key: tuple[object, ...] = ()
        self._deinterlace = False
        self._waiting: deque[int] = deque()

    def push(self, frame: VideoFrame, number: int) -> list[tuple[int, Pixels]]:
        """Take a decoded picture; return the (number, pixels) that are ready."""
        self._deinterlace = self._deinterlace or frame.interlaced_frame
        graph, ready = self._graph_for(frame)
        self._waiting.append(number)
        graph.vpush(frame)
        return ready + self._pull(graph)

    def flush(self) -> list[tuple[int, Pixels]]:
        """Return what is still inside; the converter can be used again afterwards."""
        if self._graph is None:
            return []
        self._graph.vpush(None)
        ready = self._pull(self._graph)
        self._graph = None
        self._waiting.clear()
        return ready

    def _graph_for(self, frame: VideoFrame) -> tuple[Graph, list[tuple[int, Pixels]]]:
        """Return filters for pictures like this one, and what the former ones still held."""
        colours = colours_of(frame)
        key = (frame.width, frame.height, frame.format.name, colours, self._deinterlace)
        if self._graph is not None and key == self._graph_key:
            return self._graph, []
        ready = self.flush()
        self._graph, self._graph_key = self._build(frame, colours), key
        return self._graph, ready

    def _build(self, frame: VideoFrame, colours: Colours) -> Graph:
        graph = Graph()
        is_large = self._size[0] * self._size[1] > LARGE_PX
        graph.threads = 2 if is_large and self._packed == "rgb24" else 1
        with _table_of(colours) as table:
            last = graph.add(
                "buffer",
                video_size=f"{frame.width}x{frame.height}",
                pix_fmt=frame.format.name,
                time_base=str(frame.time_base or Fraction(1, 1000)),
                pixel_aspect="1/1",
            )
            for name, options in self._steps(frame, colours, table):
                step = graph.add(name, **options)
                last.link_to(step)
                last = step
        graph.configure()
        return graph

    def _steps(self, frame: VideoFrame, colours: Colours, table: Path | None) -> Steps:
        width, height = self._size
        size = {"w": str(width), "h": str(height), "interl": "0"}
        stored = (height, width) if self._turned.is_turned else (width, height)
        same = (frame.width, frame.height) == stored
        how = "bilinear" if same else "bicubic"
        if self._packed == "bgra":  # of a smaller one each pixel is the mean of what it covers
            is_smaller = stored[0] <= frame.width and stored[1] <= frame.height
            how = "area" if is_smaller else "bilinear"
        scale = size | {"flags": how, "out_range": "full"}
        steps: Steps = [("setparams", _tags(colours))]
        if self._deinterlace:
            steps.append(("bwdif", {"mode": "send_frame", "deint": "interlaced"}))
        steps += [*self._turned.filters, ("scale", scale)]
        if table is not None:
            steps += [("format", {"pix_fmts": "gbrp16le"}), *tone.filters(colours.transfer, table)]
            steps.append(("scale", {"out_range": "full", "sws_dither": "none"}))
        if table is not None or _is_deep(frame):
            steps += [_PLANAR, _PACK]
        return [*steps, ("format", {"pix_fmts": self._packed}), ("buffersink", {})]

    def _pull(self, graph: Graph) -> list[tuple[int, Pixels]]:
        ready = []
        while self._waiting:
            try:
                frame = graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            assert frame is not None
            ready.append((self._waiting.popleft(), _pixels(frame)))
        return ready


def _tags(colours: Colours) -> dict[str, str]:
    """Return what pictures are said to be, once, so that every filter takes them so.

    Transfer and primaries are left out: ``tone`` sees to them, and swscale, which would try to
    convert them by itself, refuses values that are reserved.
    """
    return {
        "colorspace": colours.matrix,
        "range": "full" if colours.is_full else "limited",
        "color_primaries": "unknown",
        "color_trc": "unknown",
    }


@contextmanager
def _table_of(colours: Colours) -> Iterator[Path | None]:
    """Give the file with which ``tone`` brings colours to BT.709's; None where nothing needs one.

    Raises:
        NoSpace: If there is no room for it among the temporary files.
        NotWritable: If there can be no temporary files.
    """
    if colours.are_plain:
        yield None
        return
    name = Path("colours.cube")
    with ExitStack() as stack:
        with writing(name):
            folder = TemporaryDirectory(prefix="codefx-", ignore_cleanup_errors=True)
            table = Path(stack.enter_context(folder), name)
            table.write_text(tone.cube(colours.transfer, colours.primaries), "ascii")
        yield table


def is_plain(frame: VideoFrame) -> bool:
    """Return whether a decoded picture becomes what is seen in one step, the scaling included."""
    has_fields = frame.interlaced_frame
    is_whole = not (has_fields or _is_deep(frame) or _is_seen_through(frame))
    return is_whole and colours_of(frame).are_plain


def _is_seen_through(frame: VideoFrame) -> bool:
    form = frame.format
    return form.has_palette or any(component.is_alpha for component in form.components)


def _is_deep(frame: VideoFrame) -> bool:
    return max((component.bits for component in frame.format.components), default=8) > 8


def _pixels(frame: VideoFrame) -> Pixels:
    """Return a picture as it lies in its memory, which the array keeps from being used again."""
    plane, each = frame.planes[0], len(frame.format.components)
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(frame.height, plane.line_size)
    return rows[:, : frame.width * each].reshape(frame.height, frame.width, each)
