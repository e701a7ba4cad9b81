"""A picture that can be enlarged: what wheel and hand do with it, wherever one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from codefx_desktop.ui.models.viewport import Viewport

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent

    from codefx_desktop.ui.theme import Theme

ZOOM_STEP: Final = 1.25
PIXELS_FROM: Final = 4.0
"""From this enlargement on single pixels are shown as they are, not smoothed."""
_PANS: Final = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class ViewportWidget(QWidget):
    """Keeps which part of a picture is in view. What is painted is said by who inherits.

    Args:
        name: What it shows, for a screen reader.
        theme: The theme.
    """

    stepped = Signal(int)
    """The wheel was turned by so many frames."""
    zoomed = Signal()
    """Another part is in view."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pan_from: QPointF | None = None
        self._wheel = 0
        self.is_fast = False
        """Whether pictures change so fast that smoothing them is not seen."""
        self.viewport = Viewport()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to enlarge."""
        return False

    def fit(self) -> None:
        """Show the whole picture."""
        self._set_viewport(self.viewport.fitted())

    def zoom(self, steps: float, at: QPointF | None = None) -> None:
        """Enlarge by so many steps, around a place or the middle; negative: make smaller."""
        at = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        if self.has_picture:
            self._set_viewport(self.viewport.zoomed(ZOOM_STEP**steps, at.x(), at.y()))

    def picture_rect(self) -> QRectF:
        """Return where the whole picture lies."""
        return QRectF(*self.viewport.rect())

    # -- hands --------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the same part in view."""
        super().resizeEvent(event)
        self._set_viewport(self.viewport.with_sizes(self._size(), self.viewport.picture))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step; with Ctrl or another modifier zoom at the cursor."""
        turned = event.angleDelta().y() or event.angleDelta().x()  # Alt turns the wheel sideways
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.zoom(turned / 120, event.position())
        else:
            self._wheel += turned
            notches, self._wheel = int(self._wheel / 120), self._wheel % 120
            times = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            if notches:
                self.stepped.emit(-notches * times)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    # -- for who inherits ---------------------------------------------------------------------

    def _take_picture(self, event: QMouseEvent) -> bool:
        """Take the picture itself in hand; return whether this button does."""
        if event.button() in _PANS:
            self._pan_from = event.position()
        return event.button() in _PANS

    def _pan(self, event: QMouseEvent) -> bool:
        """Let the picture follow the hand; return whether it is in hand."""
        if self._pan_from is None:
            return False
        moved = event.position() - self._pan_from
        self._pan_from = event.position()
        self._set_viewport(self.viewport.panned(moved.x(), moved.y()))
        return True

    def _size(self) -> tuple[float, float]:
        return float(self.width()), float(self.height())

    def _set_viewport(self, viewport: Viewport) -> None:
        if viewport != self.viewport:
            self.viewport = viewport
            self._set_cursor()
            self.update()
            self.zoomed.emit()

    def _set_cursor(self, place: QPointF | None = None) -> None:
        """Show what a press would do at a place."""
        del place
        shape = Qt.CursorShape
        if self.viewport.fits:
            self.setCursor(shape.ArrowCursor)
        else:
            held = self._pan_from is not None
            self.setCursor(shape.ClosedHandCursor if held else shape.OpenHandCursor)
