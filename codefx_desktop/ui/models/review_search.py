"""The search for the stops of the job under review: when it begins anew, when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.ui.models.soon import Soon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.jobs.review_desk import ReviewDesk
    from codefx_desktop.jobs.review_values import ReviewRead, StopsAgain

REST_MS, MOST_MS = 80, 1_000
"""While a threshold is dragged stops are found again when it rests, or has moved for so long."""
_NONE: Final = 0
"""No search has this number."""


class ReviewSearch(QObject):
    """Has stops found again; what a newer wish made old is dropped.

    Args:
        desk: Finds them.
        search: Called when wishes rest; calls ``begin``.
        parent: The owner.
    """

    found = Signal(object)
    """``StopsAgain`` of the newest wish."""
    updated = Signal(bool)
    """Whether stops, or the boxes that they follow from, are being found."""

    def __init__(self, desk: ReviewDesk, search: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_updating = False
        self._newest = _NONE
        self._soon = Soon(search, REST_MS, MOST_MS, self)
        desk.stops.connect(self._on_stops)

    def soon(self) -> None:
        """Search when nobody has wished for it for a moment: a hand moves."""
        self._desk.hand.moves()
        self._set_updating(True)
        self._soon.ask()

    def begin(self, read: ReviewRead, ops: Sequence[EditOp], *, keeps: bool) -> None:
        """Search now; as ``ReviewDesk.find_stops``."""
        self._soon.cancel()
        self._set_updating(True)
        self._newest = self._desk.find_stops(read, ops, keeps=keeps)

    def wait(self) -> None:
        """Search when there are other boxes; what is on its way was found from those there are."""
        self._soon.cancel()
        self._newest = _NONE
        self._set_updating(True)

    def end(self) -> None:
        """Want no stops any more."""
        self._soon.cancel()
        self._newest = _NONE
        self._set_updating(False)

    def _on_stops(self, again: StopsAgain) -> None:
        if again.revision == self._newest:
            self.found.emit(again)
            self.is_updating = self._soon.is_waiting  # for another threshold already
            self.updated.emit(self.is_updating)  # also where only suspicions came after the stops

    def _set_updating(self, is_updating: bool) -> None:
        if is_updating != self.is_updating:
            self.is_updating = is_updating
            self.updated.emit(is_updating)
