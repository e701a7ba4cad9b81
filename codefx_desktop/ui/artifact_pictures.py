"""The pictures of a frame: one, or all of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from codefx_desktop.ui.hud import INSET_PX, PAD_PX, hud_font, paint_words
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.artifact_facts import PICTURE_WORDS
from codefx_desktop.ui.models.pictures import image_of
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent

    from codefx_desktop.jobs.artifact_values import ArtifactFile, ArtifactPicture, ShownArtifact
    from codefx_desktop.ui.theme import Theme

GAP_PX: Final = 2


class ArtifactPictures(QWidget):
    """Paints a frame's pictures, each whole and undistorted, with its kind over it.

    Args:
        theme: The theme.
    """

    stepped = Signal(int)
    """The wheel was turned by so many frames."""
    chosen = Signal(object)
    """A picture (``ArtifactFile``) was double clicked."""
    placed = Signal(int, int)
    """Each picture now has so many pixels of the screen."""
    menu_wanted = Signal(object, object)
    """A menu for a picture (``ArtifactFile``), at a place on the screen (``QPoint``)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._kinds: tuple[ArtifactFile, ...] = ()
        self._pictures: dict[ArtifactFile, ArtifactPicture] = {}
        self._images: dict[ArtifactFile, QImage] = {}
        self._places: tuple[str, ...] = ()
        self._aspect = 16 / 9
        self._wheel = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 135)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pictures of the frame")
        theme.changed.connect(self.update)

    # -- what it shows ------------------------------------------------------------------------

    def set_kinds(self, kinds: Sequence[ArtifactFile]) -> None:
        """Set which pictures are to be seen; a picture that is there stays until the next comes."""
        if tuple(kinds) != self._kinds:
            self._kinds = tuple(kinds)
            self._tell_place()
            self.update()

    def show_frame(self, shown: ShownArtifact | None, places: tuple[str, ...]) -> None:
        """Show a frame's pictures; their arrays are painted from where they lie and kept alive.

        Args:
            shown: The frame; None shows nothing.
            places: Which frame it is, in words for ever less room; one of them stands over the
                first picture.
        """
        pictures = shown.pictures if shown is not None else ()
        self._pictures = {picture.kind: picture for picture in pictures}
        self._images = {p.kind: image_of(p.pixels) for p in pictures if p.pixels is not None}
        self._places = places
        for image in self._images.values():
            self._set_aspect(image.width() / image.height())
            break
        names = [PICTURE_WORDS[kind] for kind in self._images]
        self.setAccessibleDescription(", ".join((*places[:1], *names)))
        self.update()

    def kind_at(self, point: QPointF) -> ArtifactFile | None:
        """Return which picture is at a point."""
        return next((kind for kind, box in self.boxes().items() if box.contains(point)), None)

    def boxes(self) -> dict[ArtifactFile, QRectF]:
        """Return the place of each picture, in the arrangement in which they are largest."""
        count = len(self._kinds)
        if not count:
            return {}
        columns = max(range(1, count + 1), key=lambda n: self._cell(n)[0])
        _, cell = self._cell(columns)
        rows = -(-count // columns)
        width = columns * cell.width() + (columns - 1) * GAP_PX
        height = rows * cell.height() + (rows - 1) * GAP_PX
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        places = {}
        for place, kind in enumerate(self._kinds):
            row, column = divmod(place, columns)
            corner = QPointF(
                left + column * (cell.width() + GAP_PX), top + row * (cell.height() + GAP_PX)
            )
            places[kind] = QRectF(corner, QSize(round(cell.width()), round(cell.height())))
        return places

    def sizeHint(self) -> QSize:
        """Return 16:9, as most footage is."""
        return QSize(800, 450)

    # -- hands --------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step from frame to frame."""
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / 120), self._wheel - 120 * int(self._wheel / 120)
        if notches:
            self.stepped.emit(-notches)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose one picture, or go back to all."""
        kind = self.kind_at(event.position())
        if kind is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(kind)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a picture."""
        kind = self.kind_at(QPointF(event.pos()))
        if kind is not None:
            self.menu_wanted.emit(kind, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Name the file of the picture under the pointer."""
        if event.type() == event.Type.ToolTip:
            kind = self.kind_at(QPointF(event.pos()))  # type: ignore[attr-defined]
            picture = self._pictures.get(kind) if kind is not None else None
            text = str(picture.path) if picture is not None else ""
            QToolTip.showText(event.globalPos(), text, self)  # type: ignore[attr-defined]
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how large pictures are now."""
        super().resizeEvent(event)
        self._tell_place()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures and what stands over them."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.canvas))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for kind, box in self.boxes().items():
            self._paint_one(painter, kind, box)
        painter.end()

    def _paint_one(self, painter: QPainter, kind: ArtifactFile, box: QRectF) -> None:
        image, picture = self._images.get(kind), self._pictures.get(kind)
        if image is not None:
            painter.drawImage(_fitted(image, box), image)
        elif picture is not None and picture.trouble:
            self._paint_trouble(painter, box, picture.trouble)
        painter.save()
        painter.translate(box.topLeft())
        room = box.width() - 2 * INSET_PX
        name = PICTURE_WORDS[kind]
        used = paint_words(painter, name, INSET_PX, room, right=False)
        if kind is self._kinds[0]:
            room -= used + INSET_PX
            paint_words(painter, self._place(room), box.width() - INSET_PX, room, right=True)
        painter.restore()

    def _place(self, room: float) -> str:
        """Return the longest words for the frame that have room."""
        metrics = QFontMetricsF(hud_font(self.font()))
        fitting = (p for p in self._places if metrics.horizontalAdvance(p) + 2 * PAD_PX <= room)
        return next(fitting, "")

    def _paint_trouble(self, painter: QPainter, box: QRectF, trouble: str) -> None:
        tokens = self._theme.tokens
        quiet = mixed(tokens.on_canvas, tokens.canvas, 0.35)
        painter.setPen(mixed(tokens.on_canvas, tokens.canvas, 0.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        glyph = QRectF(0, 0, 28, 28)
        glyph.moveCenter(box.center() - QPointF(0, 20))
        draw(painter, glyph, "warning", quiet)
        painter.setFont(hud_font(self.font()))
        painter.setPen(quiet)
        text = QTextOption(Qt.AlignmentFlag.AlignHCenter)
        text.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        room = QRectF(box.left() + 16, box.center().y() + 4, box.width() - 32, box.height() / 2)
        painter.drawText(room, trouble, text)

    # -- inside -------------------------------------------------------------------------------

    def _cell(self, columns: int) -> tuple[float, QRectF]:
        """Return how large a picture becomes in so many columns, and its place."""
        rows = -(-len(self._kinds) // columns)
        width = (self.width() - (columns - 1) * GAP_PX) / columns
        height = (self.height() - (rows - 1) * GAP_PX) / rows
        wide = max(1.0, min(width, height * self._aspect))
        return wide, QRectF(0, 0, wide, wide / self._aspect)

    def _set_aspect(self, aspect: float) -> None:
        if abs(aspect - self._aspect) > 0.01:
            self._aspect = aspect
            self._tell_place()

    def _tell_place(self) -> None:
        for box in self.boxes().values():
            ratio = self.devicePixelRatioF()
            self.placed.emit(round(box.width() * ratio), round(box.height() * ratio))
            return


def _fitted(image: QImage, box: QRectF) -> QRectF:
    scale = min(box.width() / image.width(), box.height() / image.height())
    fitted = QRectF(0, 0, image.width() * scale, image.height() * scale)
    fitted.moveCenter(box.center())
    return fitted
