"""Has what stands over the next frame placed while the person looks at this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from codefx_desktop.ui.overlay_paint import Around, OverlayDrawing

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from codefx_desktop.ui.models.review_overlay import ReviewOverlay

STRIDE: Final = 8
"""Who goes farther from one frame to the next jumps: one cannot tell where to."""
REST_MS: Final = 6
"""The picture is brought to the screen first, and what a hand did meanwhile is seen to."""


class DrawingsAhead:
    """The drawing on screen, and that of the frame which comes next if the hand goes on as it does.

    Args:
        parent: Owner of its timer.
        expect: Returns what stands over a frame that is expected, and what is around it now; None
            where nothing does.
    """

    def __init__(
        self, parent: QObject, expect: Callable[[int], tuple[ReviewOverlay, Around] | None]
    ) -> None:
        self._expect = expect
        self._drawing: OverlayDrawing | None = None
        self._ahead: OverlayDrawing | None = None
        self._shown: int | None = None
        self._next: int | None = None
        self._idle = QTimer(parent, singleShot=True, interval=REST_MS)
        self._idle.timeout.connect(self._make_ahead)

    def of(self, overlay: ReviewOverlay, around: Around) -> OverlayDrawing:
        """Return the drawing of what is painted now; have the next one made when there is time."""
        for ready in (self._drawing, self._ahead):
            if ready is not None and ready.is_of(overlay, around):
                self._drawing = ready
                break
        else:
            ready = self._drawing = OverlayDrawing(overlay, around)
        self._look_ahead(overlay.frame_number)
        return ready

    def _look_ahead(self, number: int) -> None:
        if number == self._shown:
            return  # painted again: thresholds or boxes are others, and may be at once again
        stride = 0 if self._shown is None else number - self._shown
        self._shown, self._ahead = number, None
        self._next = number + stride if 0 < abs(stride) <= STRIDE else None
        if self._next is not None:
            self._idle.start()

    def _make_ahead(self) -> None:
        expected = None if self._next is None else self._expect(self._next)
        if expected is not None:
            self._ahead = OverlayDrawing(*expected)
