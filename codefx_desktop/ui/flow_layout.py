"""Lays widgets side by side, and in further lines where one line has no room for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    Line = list[tuple[QLayoutItem, int]]


class FlowLayout(QLayout):
    """Lines of widgets; those that want to expand share what is left of their line.

    They become equally wide where that is possible, as in a row: what stands between two of them
    stands in the middle.

    Args:
        widgets: From left to right.
        spacing: Between widgets of a line, logical pixels.
        line_spacing: Between lines, logical pixels.
    """

    def __init__(self, *widgets: QWidget, spacing: int = 6, line_spacing: int = 4) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap, self._line_gap = spacing, line_spacing
        self._heights: dict[int, int] = {}  # Qt asks again and again for the same few widths
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    # -- what Qt asks of a layout -------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:
        """Take another item."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; None beyond the last, as Qt expects."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item back."""
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        """It takes the width it is given, and the height it needs."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Narrow, it is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), is_trial=True)
        return self._heights[width]

    def invalidate(self) -> None:
        """Measure anew: an item came, went, or wants another size."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place all items."""
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        """Return the room of a single line."""
        items = self._shown()
        width = sum(item.sizeHint().width() for item in items) + self._gap * (len(items) - 1)
        height = max((item.sizeHint().height() for item in items), default=0)
        return self._with_margins(max(width, 0), height)

    def minimumSize(self) -> QSize:
        """Return the room of the widest item: the others go to lines of their own."""
        items = self._shown()
        width = max((item.minimumSize().width() for item in items), default=0)
        height = max((item.minimumSize().height() for item in items), default=0)
        return self._with_margins(width, height)

    # -- inside -------------------------------------------------------------------------------

    def _with_margins(self, width: int, height: int) -> QSize:
        edge = self.contentsMargins()
        return QSize(
            width + edge.left() + edge.right(),
            height + edge.top() + edge.bottom(),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, is_trial: bool) -> int:
        """Place the items, or only find out; return the height with the margins."""
        edge = self.contentsMargins()
        inner = rect.marginsRemoved(edge)
        top = inner.top()
        for line in self._lines(inner.width()):
            widths = self._widths(line, inner.width())
            height = max(
                _height(item, width) for (item, _), width in zip(line, widths, strict=True)
            )
            if not is_trial:
                self._place_line(line, widths, QRect(inner.left(), top, inner.width(), height))
            top += height + self._line_gap
        bottom = max(top - self._line_gap, inner.top())
        return bottom - rect.top() + edge.bottom()

    def _place_line(self, line: Line, widths: Sequence[int], room: QRect) -> None:
        left = room.left()
        for (item, _), width in zip(line, widths, strict=True):
            high = _height(item, width)
            item.setGeometry(QRect(left, room.top() + (room.height() - high) // 2, width, high))
            left += width + self._gap

    def _lines(self, room: int) -> list[Line]:
        """Break the items into lines, each item with the width it wants at least."""
        lines: list[Line] = []
        used = 0
        for item in self._shown():
            least = item.minimumSize().width()
            wanted = least if _takes_what_is_left(item) else item.sizeHint().width()
            wanted = min(wanted, max(room, least))
            if lines and used + self._gap + wanted <= room:
                lines[-1].append((item, wanted))
                used += self._gap + wanted
            else:
                lines.append([(item, wanted)])
                used = wanted
        return lines

    def _widths(self, line: Line, room: int) -> list[int]:
        """Share the room of a line among those that expand; the widest wish is met first."""
        widths = [wanted for _, wanted in line]
        growing = [k for k, (item, _) in enumerate(line) if _expands(item)]
        left = room - self._gap * (len(line) - 1) - sum(widths) + sum(widths[k] for k in growing)
        for rest, k in zip(
            range(len(growing), 0, -1), sorted(growing, key=lambda k: -widths[k]), strict=True
        ):
            widths[k] = max(widths[k], left // rest)
            left -= widths[k]
        return widths


def flow_of(left: QLayout, middle: QLayout, right: QLayout) -> FlowLayout:
    """Return three rows in a line, the middle one in its middle; in more lines where it is narrow.

    Args:
        left: Has a stretch at its end.
        middle: Keeps its width.
        right: Has a stretch at its beginning.
    """
    flow = FlowLayout(spacing=8)
    for row, policy in (
        (left, QSizePolicy.Policy.Expanding),
        (middle, QSizePolicy.Policy.Fixed),
        (right, QSizePolicy.Policy.Expanding),
    ):
        part = QWidget()
        part.setLayout(row)
        part.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        flow.addWidget(part)
    return flow


def _expands(item: QLayoutItem) -> bool:
    to_side = item.expandingDirections() & Qt.Orientation.Horizontal
    return bool(to_side) or _takes_what_is_left(item)


def _takes_what_is_left(item: QLayoutItem) -> bool:
    """Return whether an item's own width does not count, as that of a label that shortens."""
    widget = item.widget()
    return widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored if widget else False


def _height(item: QLayoutItem, width: int) -> int:
    if item.hasHeightForWidth():
        return item.heightForWidth(width)
    return item.sizeHint().height()
