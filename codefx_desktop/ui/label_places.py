"""Finds places for labels so that none covers another; a label that finds none is left out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class LabelPlaces:
    """The room for labels over one picture. Whoever asks first gets the better place.

    All labels are equally high, so only those of the same line and its neighbours can meet; fifty
    labels are placed in well under a millisecond.

    Args:
        width_px: Of the picture's widget.
        height_px: Of the picture's widget.
        line_px: Height of a label.
        taken: Where nothing may stand, such as what is said over the picture.
    """

    def __init__(
        self, width_px: float, height_px: float, line_px: float, taken: Sequence[QRectF] = ()
    ) -> None:
        self._width, self._height, self._line = width_px, height_px, line_px
        self._lines: defaultdict[int, list[tuple[float, float, float]]] = defaultdict(list)
        self._taken = list(taken)

    def keep_free(self, rects: Iterable[QRectF]) -> None:
        """Let no further label stand over these."""
        self._taken.extend(rects)

    def place(self, around: QRectF, width_px: float, *, must: bool = False) -> QRectF | None:
        """Return where the label of a box stands, and keep that place; None: nowhere.

        Above the box first, then at its other corners.

        Args:
            around: The box on the widget.
            width_px: Width of the label.
            must: Whether it stands above its box even if it covers others.
        """
        if not around.intersects(QRectF(0, 0, self._width, self._height)):
            return None  # its box is not in sight
        furthest = max(self._width - width_px, 0.0)
        first = None
        for wish, top in self._wishes(around, width_px):
            left = min(max(wish, 0.0), furthest)
            if not 0.0 <= top <= self._height - self._line:
                continue
            first = first or (left, top)
            if self._is_free(left, top, width_px):
                return self._keep(left, top, width_px)
        return self._keep(*first, width_px) if must and first is not None else None

    def _wishes(self, box: QRectF, width: float) -> Iterator[tuple[float, float]]:
        left, right = box.left(), box.right() - width
        above, below = box.top() - self._line, box.bottom()
        yield left, above
        if above < 0.0:
            yield left, max(box.top(), 0.0)
        yield right, above
        yield left, below
        yield right, below
        yield left, box.top()
        yield left, box.bottom() - self._line

    def _is_free(self, left: float, top: float, width: float) -> bool:
        line, right = int(top // self._line), left + width
        for near in (line - 1, line, line + 1):
            for other_left, other_right, other_top in self._lines.get(near, ()):
                if left < other_right and other_left < right and abs(top - other_top) < self._line:
                    return False
        label = QRectF(left, top, width, self._line)
        return not any(label.intersects(one) for one in self._taken)

    def _keep(self, left: float, top: float, width: float) -> QRectF:
        self._lines[int(top // self._line)].append((left, left + width, top))
        return QRectF(left, top, width, self._line)
