"""The centre of the Review workspace: picture and transport, or what is in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from codefx_desktop.jobs.viewing import TroubleKind
from codefx_desktop.ui.frame_view import FrameView
from codefx_desktop.ui.lanes_panel import LanesPlace
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.clip_view import Phase
from codefx_desktop.ui.models.speeds import speed_words
from codefx_desktop.ui.review_start import FailedPage, OpeningPage, StartPage
from codefx_desktop.ui.transport import Transport
from codefx_desktop.ui.trouble_bar import TroubleBar

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from codefx_desktop.ui.lanes_panel import LanesPanel
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.recent_clips import RecentClips
    from codefx_desktop.ui.review_actions import ReviewActions
    from codefx_desktop.ui.theme import Theme

PATIENCE_MS = 200
"""Most clips open sooner; a page that flashes by would only unsettle."""


class ReviewPage(QWidget):
    """Shows the clip in view; holds no rules.

    Args:
        view: The clip in view.
        recent: The clips viewed lately.
        actions: What can be done with it.
        lanes: Its timeline.
        theme: The theme.
    """

    copied = Signal(str)
    """What was put on the clipboard, in words."""

    def __init__(
        self,
        view: ClipView,
        recent: RecentClips,
        actions: ReviewActions,
        lanes: LanesPanel,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._view = view
        self.start = StartPage(recent, theme)
        self.opening = OpeningPage(view, theme)
        self.failed = FailedPage(view, theme)
        self.picture = FrameView(theme)
        self.trouble = TroubleBar(view, theme)
        self.lanes = lanes
        self.transport = Transport(view, actions, theme)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._show_phase)
        self._lay_out()
        self._listen(actions)
        self.transport.setEnabled(False)
        self._on_phase()

    def take_keyboard(self) -> None:
        """Give the keyboard to what is in front."""
        self._front().setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        image, shown = self.picture.image(), self._view.shown
        if image is None or shown is None:
            return
        QGuiApplication.clipboard().setImage(image)
        origin = ", of the proxy" if shown.from_proxy else ""
        size = f"{image.width()} x {image.height()}"
        self.copied.emit(f"Copied frame {words.count(shown.frame.number)}, {size}{origin}.")

    def showEvent(self, event: QShowEvent) -> None:
        """Let the keys of the timeline work."""
        super().showEvent(event)
        self.lanes.actions_.set_in_front(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave its keys to others."""
        super().hideEvent(event)
        self.lanes.actions_.set_in_front(False)

    def _lay_out(self) -> None:
        above = QWidget()
        self._pages = QStackedLayout(above)
        for page in (self.start, self.opening, self.failed, self.picture):
            self._pages.addWidget(page)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.lanes)
        self.splitter.setCollapsible(0, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setHandleWidth(6)
        self._place = LanesPlace(self.splitter, self.lanes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.trouble)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.transport)

    def _listen(self, actions: ReviewActions) -> None:
        view, picture = self._view, self.picture
        view.phased.connect(self._on_phase)
        view.pictured.connect(self._on_picture)
        view.troubled.connect(self._on_trouble)
        view.played.connect(self._on_speed)
        picture.stepped.connect(view.step)
        picture.zoomed.connect(self._on_zoomed)
        picture.use_magnifier(actions.magnifier)
        actions.magnify.triggered.connect(lambda: actions.magnifier.look_for(picture))
        actions.fit.triggered.connect(picture.fit)
        actions.larger.triggered.connect(lambda: picture.zoom(1))
        actions.smaller.triggered.connect(lambda: picture.zoom(-1))
        actions.copy.triggered.connect(self.copy)
        actions.go_to.triggered.connect(self.transport.go_to.start)
        self.transport.go_to.left.connect(self.take_keyboard)

    def _front(self) -> QWidget:
        if self._pages.currentWidget() is self.start:
            return self.start.front_button()
        if self._pages.currentWidget() is self.failed:
            return self.failed.retry_button
        if self._pages.currentWidget() is self.opening:
            return self.opening  # not its button: a space bar pressed early must not leave
        return self.picture

    def _on_phase(self) -> None:
        if self._view.phase is Phase.OPENING:
            self._patience.start()
        else:
            self._patience.stop()
            self._show_phase()

    def _show_phase(self) -> None:
        page = {
            Phase.EMPTY: self.start,
            Phase.OPENING: self.opening,
            Phase.FAILED: self.failed,
            Phase.OPEN: self.picture,
        }[self._view.phase]
        if page is not self._pages.currentWidget():
            had_keyboard = self.isAncestorOf(QGuiApplication.focusObject())  # type: ignore[arg-type]
            self._pages.setCurrentWidget(page)
            self.transport.setEnabled(page is self.picture)
            self._place.set_has_picture(page is self.picture)
            if had_keyboard or page is self.picture:
                self.take_keyboard()

    def _on_picture(self) -> None:
        shown, clip = self._view.shown, self._view.clip
        if shown is None or clip is None:
            self.picture.clear()
            return
        self._on_speed()
        self.picture.show_frame(shown, clip.info, clip.index)

    def _on_speed(self) -> None:
        """Smooth scaling is for a picture that stands, its speed for one that moves."""
        rate = self._view.player.rate
        self.picture.say_speed(speed_words(rate) if self._view.playing else "")
        fast = self._view.playing or self._view.dragging
        if fast != self.picture.is_fast:
            self.picture.is_fast = fast
            self.picture.update()

    def _on_trouble(self) -> None:
        trouble, shown = self._view.trouble, self._view.shown
        if trouble is None or trouble.kind is not TroubleKind.FRAME:
            return
        behind = ""
        if shown is not None:
            behind = f"\n\nBehind this, dimmed: frame {words.count(shown.frame.number)}."
        number = self._view.position if trouble.number is None else trouble.number
        title = f"No picture of frame {words.count(number)}"
        self.picture.show_trouble(title, f"{trouble.message}{behind}")

    def _on_zoomed(self) -> None:
        """Have pictures made ready for the place they have now, and say how large they are."""
        self._view.fit_to(self.picture.screen_size())
        port = self.picture.viewport
        scale = port.shown_scale * self.picture.devicePixelRatioF()
        text = f"{'Fit, ' if port.fits else ''}{scale * 100:.0f} %"
        self.transport.say_zoom("" if self._view.shown is None else text)
