"""Paints one served frame and what stands over it, both from the object that has its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextOption,
)

from codefx_desktop.ui.hud import INSET_PX, labels_box, paint_labels, paint_words, words_box
from codefx_desktop.ui.models.clip_facts import HudLabel, hud_labels
from codefx_desktop.ui.models.pictures import image_of, image_of_screen
from codefx_desktop.ui.models.viewport import Viewport
from codefx_desktop.ui.overlay_ahead import DrawingsAhead
from codefx_desktop.ui.overlay_labels import LabelInk
from codefx_desktop.ui.overlay_paint import Around, Placement, paint_ghost
from codefx_desktop.ui.picture_ground import PictureGround, pixels_of
from codefx_desktop.ui.viewport_widget import PIXELS_FROM, ViewportWidget

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameIndex, VideoInfo
    from codefx_desktop.jobs.viewing import ServedFrame
    from codefx_desktop.ui.magnifier import Magnifier
    from codefx_desktop.ui.models.box_tool import BoxTool
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.models.review_overlay import ReviewOverlay
    from codefx_desktop.ui.theme import Theme

CLICK_PX = 4
"""A hand that moves less has clicked."""
FITTED_PX = 4_200_000
"""Larger pictures are not made ready for the screen: two of them would take 35 MB and more."""
_SHAPE = Qt.CursorShape
CURSORS = {
    None: _SHAPE.CrossCursor,
    (0, 0): _SHAPE.SizeAllCursor,
    (-1, 0): _SHAPE.SizeHorCursor,
    (1, 0): _SHAPE.SizeHorCursor,
    (0, -1): _SHAPE.SizeVerCursor,
    (0, 1): _SHAPE.SizeVerCursor,
    (-1, -1): _SHAPE.SizeFDiagCursor,
    (1, 1): _SHAPE.SizeFDiagCursor,
    (-1, 1): _SHAPE.SizeBDiagCursor,
    (1, -1): _SHAPE.SizeBDiagCursor,
}


class FrameView(ViewportWidget):
    """The picture, as large as fits or enlarged, with its number and time over it.

    Args:
        theme: The theme.
    """

    held = Signal()
    """A hand took hold of a box."""
    menu_wanted = Signal(QPoint)
    """What can be done with the chosen box is asked for, at a place of the screen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Picture", theme)
        self._served: ServedFrame | None = None
        self._image: QImage | None = None
        self._fitted: QImage | None = None
        self._ground = PictureGround()
        self._labels: tuple[HudLabel, ...] = ()
        self._clip: tuple[VideoInfo, FrameIndex] | None = None
        self._name = self._speed = ""
        self._message = ("", "")
        self._pressed_at: QPointF | None = None
        self._review: ReviewModel | None = None
        self._tool: BoxTool | None = None
        self._magnifier: Magnifier | None = None
        self.painted_overlay: ReviewOverlay | None = None
        """What was painted over the picture last; its frame is always the picture's."""
        self._ink: LabelInk | None = None
        self._drawings = DrawingsAhead(self, self._expect)
        self.setMinimumSize(320, 180)

    def show_review(self, model: ReviewModel) -> None:
        """Paint what was found in a frame over it, as the model says."""
        self._review = model
        signals = (model.changed, model.edited, model.looked, model.selected, model.updated)
        for signal in (*signals, model.outlined):
            signal.connect(self.update)

    def use_tool(self, tool: BoxTool) -> None:
        """Let boxes be chosen, and while it is on moved, resized and drawn, with the mouse."""
        self._tool = tool
        self.setMouseTracking(True)
        tool.changed.connect(self.update)
        tool.changed.connect(self._set_cursor)

    def use_magnifier(self, magnifier: Magnifier) -> None:
        """Let a glass stand over the picture where the pointer is."""
        self._magnifier = magnifier
        self.setMouseTracking(True)
        magnifier.changed.connect(self.update)

    # -- what it shows ------------------------------------------------------------------------

    def show_frame(self, served: ServedFrame, info: VideoInfo, index: FrameIndex) -> None:
        """Show a frame; its array is painted from where it lies and kept alive meanwhile."""
        self._served, self._image = served, image_of(served.frame.pixels)
        self._fitted = None if served.fitted is None else image_of_screen(served.fitted)
        self._clip = (info, index)
        self._name = info.path.name
        self._message = ("", "")
        self._label()
        # The clip's own size: a proxy's picture may have fewer pixels and fills the same place.
        self._set_viewport(self.viewport.with_sizes(self._size(), (info.width, info.height)))
        self.update()

    def say_speed(self, speed: str) -> None:
        """Say over the picture how fast it plays, ``-2x``; nothing while it stands."""
        if speed != self._speed:
            self._speed = speed
            self._label()
            self.update()

    def show_trouble(self, title: str, text: str) -> None:
        """Dim the former picture and say why there is none for the frame that is wanted."""
        self._message = (title, text)
        self.setAccessibleDescription(f"{title} {text}")
        self.update()

    def clear(self) -> None:
        """Show no picture."""
        self._served = self._image = self._fitted = None
        self._ground.clear()
        self._clip = None
        self._labels, self._name, self._message = (), "", ("", "")
        self.setAccessibleDescription("")
        self._set_viewport(Viewport().with_sizes(self._size(), (16, 9)))
        self.update()

    def screen_size(self) -> tuple[int, int] | None:
        """Return how large the whole picture is in pixels of the screen, if it fits and is smooth.

        None where a hand enlarged it: other parts of it may be wanted at any moment.
        """
        if self._image is None or not self.viewport.fits or self._shown_scale() >= PIXELS_FROM:
            return None
        size = pixels_of(self.picture_rect(), self.devicePixelRatioF()).size()
        if size.isEmpty() or size.width() * size.height() > FITTED_PX:
            return None
        return size.width(), size.height()

    def image(self) -> QImage | None:
        """Return a copy of the picture that is shown, at its full size."""
        return self._image.copy() if self._image is not None else None

    def hud(self) -> tuple[str, ...]:
        """Return what stands over the picture; nothing while it is not the one wanted."""
        return () if self._message[0] else tuple(label.text for label in self._labels)

    def message(self) -> tuple[str, str]:
        """Return what is said over a dimmed picture."""
        return self._message

    # -- hands --------------------------------------------------------------------------------

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to enlarge."""
        return self._image is not None

    def sizeHint(self) -> QSize:
        """Return 16:9, as most footage is."""
        return QSize(960, 540)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a box, or of an enlarged picture."""
        if event.button() == Qt.MouseButton.LeftButton and self._press_tool(event.position()):
            self.held.emit()
        elif self._take_picture(event):
            self._pressed_at = event.position()
        self._set_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it; with nothing in hand, show what could be taken hold of."""
        if self._magnifier is not None:
            self._magnifier.move(event.position())
        if self._tool is not None and self._tool.holds:
            self._tool.move(*self._frame_place(event.position()))
        elif not self._pan(event):
            self._set_cursor(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Take the glass away: the pointer is elsewhere."""
        super().leaveEvent(event)
        if self._magnifier is not None:
            self._magnifier.move(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go; a click chooses the box under it."""
        pressed, self._pan_from, self._pressed_at = self._pressed_at, None, None
        if self._tool is not None and self._tool.holds:
            self._tool.release()
        elif pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            is_click = (event.position() - pressed).manhattanLength() < CLICK_PX
            if is_click:
                self._choose(event.position())
        self._set_cursor(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Choose the box under the pointer and ask what can be done with it; a key asks, too."""
        if self._tool is None or self._served is None:
            return
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            self._choose(QPointF(event.pos()))
        self.menu_wanted.emit(event.globalPos())

    def _label(self) -> None:
        if self._served is not None and self._clip is not None:
            self._labels = hud_labels(self._served, *self._clip, self._speed)
            self.setAccessibleDescription(", ".join(label.text for label in self._labels))

    def _press_tool(self, place: QPointF) -> bool:
        if self._tool is None or self._served is None or self._message[0]:
            return False
        x, y = self._frame_place(place)
        number = self._served.frame.number
        return self._tool.press(number, x, y, Placement(self.viewport).scale)

    def _choose(self, place: QPointF) -> None:
        if self._tool is not None and self._served is not None and not self._message[0]:
            self._tool.choose(self._served.frame.number, *self._frame_place(place))

    def _frame_place(self, place: QPointF) -> tuple[float, float]:
        return Placement(self.viewport).frame_point(place)

    def _tool_cursor(self, place: QPointF | None) -> Qt.CursorShape | None:
        if self._tool is None or not self._tool.is_on or self._served is None:
            return None
        if place is None:
            return Qt.CursorShape.CrossCursor
        x, y = self._frame_place(place)
        scale = Placement(self.viewport).scale
        return CURSORS[self._tool.edges_at(self._served.frame.number, x, y, scale)]

    def _set_cursor(self, place: QPointF | None = None) -> None:
        of_tool = self._tool_cursor(place)
        if of_tool is not None and self._pan_from is None:
            self.setCursor(of_tool)
        else:
            super()._set_cursor(place)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and what stands over it."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        canvas = QColor(self._theme.tokens.canvas)
        if self._image is None:
            painter.fillRect(self.rect(), canvas)
        else:
            smooth = not self.is_fast and self._shown_scale() < PIXELS_FROM
            rect = self.picture_rect()
            ground, fitted = self._ground, self._fitted
            ground.paint(painter, self, self._image, rect, canvas, smooth=smooth, fitted=fitted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_overlay(painter)
        if self._message[0]:
            self._paint_message(painter)
        else:
            if self._magnifier is not None and self._image is not None:
                self._magnifier.paint(painter, self._image, self.viewport)
            end = paint_labels(painter, self._labels)
            paint_words(painter, self._name, *self._name_room(end), right=True)
        painter.end()

    def _paint_overlay(self, painter: QPainter) -> None:
        """Paint what was found in the very frame that is on screen, whichever was asked for."""
        self.painted_overlay = None
        if self._review is None or self._served is None or self._message[0]:
            return
        if self._review.looks.hides_all:
            return
        number = self._served.frame.number
        overlay = self._review.overlay_at(number)
        if overlay is None:
            return
        assert overlay.frame_number == number
        painter.save()
        self._drawings.of(overlay, self._around()).paint(painter)
        if self._tool is not None and self._tool.ghost is not None:
            paint_ghost(painter, self._tool.ghost, self.viewport)
        painter.restore()
        self.painted_overlay = overlay

    def _expect(self, number: int) -> tuple[ReviewOverlay, Around] | None:
        """Return what would be painted over a frame that is not there yet."""
        if self._review is None or self._served is None or self._message[0]:
            return None
        overlay = self._review.overlay_at(number, ahead=True)
        return None if overlay is None else (overlay, self._around())

    def _around(self) -> Around:
        """Return what a drawing depends on besides what was found."""
        assert self._review is not None
        if self._ink is None or self._ink.of != self.font().key():
            self._ink = LabelInk(self.font())
        ratio = self.devicePixelRatioF()
        return Around(self.viewport, self._review.selection, self._ink, self._said(), ratio)

    def _said(self) -> tuple[QRectF, QRectF]:
        """Return where words stand over the picture: frame and time, and the clip's name."""
        labels = labels_box(self.font(), self._labels)
        room = self._name_room(labels.right())
        return labels, words_box(self.font(), self._name, *room, right=True)[1]

    def _name_room(self, labels_end_px: float) -> tuple[float, float]:
        """Return where the clip's name ends, and how much room there is for it."""
        return self.width() - INSET_PX, self.width() - labels_end_px - 3 * INSET_PX

    def _shown_scale(self) -> float:
        """Return screen pixels per pixel of the picture at hand."""
        assert self._image is not None
        return self.picture_rect().width() / self._image.width() * self.devicePixelRatioF()

    def _paint_message(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(0, 0, 0, 190))
        title, text = self._message
        middle = self.height() / 2
        room = QRectF(32, 0, self.width() - 64, 0)
        centred = QTextOption(Qt.AlignmentFlag.AlignHCenter)
        centred.setWrapMode(QTextOption.WrapMode.WordWrap)
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.3)
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        head = QRectF(room.left(), middle - 64, room.width(), 60)
        bottom = QTextOption(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        bottom.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(head, title, bottom)
        painter.setFont(self.font())
        painter.setPen(QColor("#d6dae0"))
        painter.drawText(QRectF(room.left(), middle + 4, room.width(), 120), text, centred)
