"""Pictures at the size of the screen they are painted on, as a painter copies them.

Made from what was decoded, on the worker, while the former picture is looked at: a window that had
to make 1080 lines smaller by itself would spend a third of a step on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.video.picture import PictureConverter, is_plain

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.video.frame_cache import FrameCache
    from codefx_desktop.video.orientation import Orientation

Size = tuple[int, int]


class FittedPictures:
    """Makes them of pictures that are held; keeps the one that is expected next.

    Args:
        cache: What was decoded.
        turned: How stored pictures are turned.
    """

    def __init__(self, cache: FrameCache, turned: Orientation) -> None:
        self._cache, self._turned = cache, turned
        self._size: Size | None = None
        self._converter: PictureConverter | None = None
        self._ahead: tuple[int, Pixels] | None = None

    def of(self, number: int, size: Size) -> Pixels | None:
        """Return a picture at a size; None if it is not held, or not made in a single step.

        Args:
            number: Its number.
            size: Upright width and height.

        Returns:
            BGRA, (H, W, 4), uint8, opaque.
        """
        if size != self._size:
            self._size, self._converter = size, PictureConverter(*size, self._turned, packed="bgra")
            self._ahead = None
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == number:
            return ahead[1]
        return self._made(number)

    def make_ahead(self, number: int) -> None:
        """Make the one that is expected next at the size that was wanted last, if any was."""
        if self._ahead is None or self._ahead[0] != number:
            pixels = self._made(number)
            self._ahead = None if pixels is None else (number, pixels)

    def forget(self) -> None:
        """Let go of what is kept."""
        self._ahead = None

    def _made(self, number: int) -> Pixels | None:
        picture, converter = self._cache.get(number), self._converter
        if picture is None or converter is None or not is_plain(picture):
            return None
        ready = converter.push(picture, number) or converter.flush()
        return ready[-1][1]
