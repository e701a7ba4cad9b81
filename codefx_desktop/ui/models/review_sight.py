"""What is drawn over the frames of the job under review, kept while nothing about it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.ui.models.review_overlay import Visible, overlay_at
from codefx_desktop.ui.models.review_state import FrameBoxes

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.jobs.review_values import FrameLooks
    from codefx_desktop.ui.models.review_overlay import ReviewOverlay
    from codefx_desktop.ui.models.review_state import Reviewed

_MADE_KEPT: Final = 2
"""Of the frame on screen, which is painted again and again, and of the one that comes next."""
_LOOKS_KEPT: Final = 48
"""Outlines of so many frames are kept; those of a full pit box take 25 kB a frame."""


class ReviewSight:
    """Makes overlays; has outlines and faces read when they are first wanted.

    Args:
        model: The job, its thresholds, what is drawn.
        ask: Has outlines and faces of a job's frame read.
    """

    def __init__(self, model: Reviewed, ask: Callable[[str, int], None]) -> None:
        self._model, self._ask = model, ask
        self._visible: Visible | None = None
        self._made: dict[int, tuple[FrameLooks | None, ReviewOverlay]] = {}
        """The last overlays by frame, with what else they were made of."""
        self._found: dict[int, FrameLooks] = {}
        self._asked: int | None = None

    def boxes_at(self, number: int) -> FrameBoxes:
        """Return the boxes of a frame that are drawn."""
        visible = self._what_is_visible()
        return FrameBoxes.none() if visible is None else visible.boxes_at(number)

    def overlay_at(self, number: int, *, ahead: bool = False) -> ReviewOverlay | None:
        """Return what to draw over a frame; None where it is not analysed (yet).

        Args:
            number: The frame.
            ahead: It is only expected: nothing is read for it.
        """
        read, visible = self._model.read, self._what_is_visible()
        if read is None or visible is None:
            return None
        found = self._found.get(number)
        last, made = self._made.pop(number, (None, None))
        if made is None or last is not found:
            made = overlay_at(read, visible, self._model.looks, number, found)
        if made is not None:
            self._made[number] = (found, made)
            if len(self._made) > _MADE_KEPT:
                del self._made[next(iter(self._made))]
        if made is not None and made.waits and not ahead and number != self._asked:
            self._asked = number  # the newest wish wins; an older one is asked for again
            self._ask(read.job_id, number)
        return made

    def take(self, found: FrameLooks) -> None:
        """Keep outlines and faces that were read."""
        while len(self._found) >= _LOOKS_KEPT:
            self._found.pop(next(iter(self._found)))
        self._found[found.number] = found
        self._asked = None

    def forget(self, *, outlines: bool = False) -> None:
        """Make what is drawn anew; ``outlines``: read these again, too."""
        self._visible = None
        self._made.clear()
        if outlines:
            self._found.clear()
            self._asked = None

    def _what_is_visible(self) -> Visible | None:
        model = self._model
        if self._visible is None and model.read is not None:
            self._visible = Visible(model.read, model.thresholds, model.looks)
        return self._visible
