"""Paints the newest picture of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from codefx_desktop.ui.hud import INSET_PX, paint_words
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.pictures import image_of
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.domain.run import PreviewPicture
    from codefx_desktop.ui.theme import Theme


class PictureView(QWidget):
    """One picture, whole and undistorted, with its frame number and time over it.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: PreviewPicture | None = None
        self._image: QImage | None = None
        self._still = False
        self._name = ""
        self._waiting = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Preview")
        theme.changed.connect(self.update)

    def show_picture(self, picture: PreviewPicture) -> None:
        """Show a picture; its array is painted from where it lies and kept alive meanwhile."""
        self._picture, self._image, self._still = picture, image_of(picture.pixels), False
        self.update()

    def show_still(self, image: QImage | None, waiting: str) -> None:
        """Show a small picture of a clip that has none of a run, or words in its place."""
        self._picture, self._image, self._still = None, image, image is not None
        self._waiting = waiting
        self.update()

    def set_name(self, name: str) -> None:
        """Set the clip's name that stands over the picture."""
        if name != self._name:
            self._name = name
            self.update()

    def sizeHint(self) -> QSize:
        """Return 16:9, as most footage is."""
        return QSize(800, 450)

    def hud(self) -> tuple[str, str]:
        """Return what stands over the picture: the name, and frame number with time."""
        if self._picture is None:
            return self._name, ""
        frame = words.count(self._picture.frame_number)
        return self._name, f"frame {frame}   {words.clock(self._picture.time_s)}"

    def picture_rect(self) -> QRectF:
        """Return where the picture is: as large as fits, in the middle."""
        if self._image is None:
            return QRectF()
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        if self._still:
            scale = min(scale, 2.0)  # a thumbnail grows ugly when blown up further
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and what stands over it."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.canvas))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.picture_rect(), self._image)
        if self._picture is None:
            self._paint_waiting(painter)
        self._paint_hud(painter)
        painter.end()

    def _paint_waiting(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        middle = QPointF(self.width() / 2, self.height() / 2)
        quiet = mixed(tokens.on_canvas, tokens.canvas, 0.35)
        if self._image is None:
            box = QRectF(0, 0, 48, 48)
            box.moveCenter(middle - QPointF(0, 24))
            draw(painter, box, "film", quiet)
            line = QRectF(16, middle.y() + 12, self.width() - 32, 24)
        else:
            line = QRectF(16, self.picture_rect().bottom() + 12, self.width() - 32, 24)
        painter.setPen(quiet)
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, self._waiting)

    def _paint_hud(self, painter: QPainter) -> None:
        name, where = self.hud()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.width() - 2 * INSET_PX
        taken = paint_words(painter, where, self.width() - INSET_PX, room, right=True)
        paint_words(painter, name, INSET_PX, room - taken - INSET_PX, right=False)
