"""What a proxy is made of: pictures as they were decoded where that will do, else as shown."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from codefx_desktop.video.colour import Colours, colours_of
from codefx_desktop.video.probe import ProbedClip
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.seeking import PictureSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels

MAX_LINES: Final = 1080
"""The short side of larger clips is scaled down to this; a portrait 1080p clip keeps its size."""


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the proxy of a clip of this upright size: same aspect, even sides."""
    scale = min(Fraction(1), Fraction(MAX_LINES, min(width, height)))
    return _even(width * scale), _even(height * scale)


@contextmanager
def as_decoded(clip: ProbedClip) -> Iterator[Iterator[tuple[int, VideoFrame]]]:
    """Give pictures to the encoder as they are, up to the first that must be converted.

    The way through RGB and back takes twice as long as decoding and encoding.
    """
    source = PictureSource(clip)
    turned = (clip.info.rotation, clip.info.mirrored) != (0, False)
    try:
        pictures = iter(()) if turned else source.from_start()
        yield takewhile(lambda one: _is_plain(one[1]), pictures)
    finally:
        source.close()


@contextmanager
def as_shown(clip: ProbedClip) -> Iterator[Iterator[tuple[int, Pixels]]]:
    """Give pictures upright, deinterlaced, in the colours of a screen, in the proxy's size."""
    width, height = proxy_size(clip.info.width, clip.info.height)
    # A reader scales to the size it is told, in the same step as it converts to RGB.
    scaled = ProbedClip(replace(clip.info, width=width, height=height), clip.index)
    with FrameReader(scaled) as reader:
        yield ((frame.number, frame.pixels) for frame in reader)


def _is_plain(picture: VideoFrame) -> bool:
    """Whether a picture is of the kind that proxies are."""
    if picture.format.name != "yuv420p" or picture.interlaced_frame:
        return False
    return colours_of(picture) == Colours("bt709", is_full=False)


def _even(side: Fraction) -> int:
    return max(2, int(side / 2 + Fraction(1, 2)) * 2)
