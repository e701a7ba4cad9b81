"""The timeline with its buttons; remembers its height, and which lanes are hidden or folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSettings, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QToolButton, QWidget

from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.lanes import Lanes
from codefx_desktop.ui.lanes_actions import LanesActions
from codefx_desktop.ui.lanes_ruler import RULER_PX
from codefx_desktop.ui.lanes_view import GUTTER_PX
from codefx_desktop.ui.models.lane_rows import LaneKind
from codefx_desktop.ui.widgets import action_button

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QSplitter

    from codefx_desktop.ui.models.lanes_model import LanesModel
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.theme import Theme

_HIDDEN, _FOLDED = "review/lanes/hidden", "review/lanes/folded"
_SHOWN, _HEIGHT = "review/lanes/shown", "review/lanes/height"
LEAST_PX: Final = 64
MOST_FIRST_PX, LEAST_FIRST_PX = 196, 128
FIRST_PART: Final = 0.25
"""Of the room for picture and timeline, before a person chose another height."""


class LanesPanel(QWidget):
    """The timeline of the Review workspace.

    Args:
        model: What is shown.
        store: Where choices are kept between runs.
        window: Owns the actions.
        theme: The theme.
    """

    wanted = Signal(bool)
    """A person wants to see the timeline, or no longer."""

    def __init__(self, model: LanesModel, store: QSettings, window: QWidget, theme: Theme) -> None:
        super().__init__()
        self._store = store
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(LEAST_PX)
        self.lanes = Lanes(model, theme)
        self.actions_ = LanesActions(window, self.lanes, theme)
        self.bar = QScrollBar(Qt.Orientation.Vertical)
        self.bar.setAccessibleName("Scroll the lanes")
        self.bar.setToolTip("Scroll the lanes (Shift + wheel)")
        self._lay_out(theme)
        self._restore()
        self._listen()

    def show_review(self, review: ReviewModel) -> None:
        """Show what a job found in the clip, and what a person changes."""
        self.lanes.model.follow(review)

    @property
    def is_wanted(self) -> bool:
        """Whether a person wants to see the timeline."""
        return self.actions_.shown.isChecked()

    def set_wanted(self, is_wanted: bool) -> None:
        """Show the timeline where there is a clip, or do not."""
        self.actions_.shown.setChecked(is_wanted)

    def remember_height(self, height_px: int) -> None:
        """Be that high next time."""
        if height_px >= LEAST_PX:
            self._store.setValue(_HEIGHT, height_px)

    def height_in(self, room_px: int) -> int:
        """Return how high to be in a room for picture and timeline."""
        first = min(max(round(room_px * FIRST_PART), LEAST_FIRST_PX), MOST_FIRST_PX)
        kept = int(str(self._store.value(_HEIGHT, first)))
        return min(max(kept, LEAST_PX), max(room_px // 2, LEAST_PX))

    def sizeHint(self) -> QSize:
        """Ask for what it had last."""
        return QSize(600, self.height_in(700))

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.lanes, 1)
        row.addWidget(self.bar)
        self.corner = QWidget(self.lanes)
        self.corner.setObjectName("strip")
        self.corner.setGeometry(0, 0, GUTTER_PX, RULER_PX)
        buttons = QHBoxLayout(self.corner)
        buttons.setContentsMargins(2, 0, 2, 0)
        buttons.setSpacing(0)
        actions = self.actions_
        self.menu_button = QToolButton()
        self.menu_button.setMenu(actions.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setAccessibleName("Lanes of the timeline")
        self.menu_button.setToolTip("Show, hide and unfold lanes")
        wear(self.menu_button, "rows", theme)
        zooms = (actions.smaller, actions.larger, actions.whole)
        for button in (self.menu_button, *(action_button(one) for one in zooms)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(14, 14))
            button.setFixedSize(23, RULER_PX)
            buttons.addWidget(button)

    def _listen(self) -> None:
        lanes, actions = self.lanes, self.actions_
        lanes.folded_by_hand.connect(self._fold)
        lanes.menu_wanted.connect(self._show_menu)
        lanes.laid_out.connect(self._on_laid_out)
        self.bar.valueChanged.connect(self._on_bar)
        actions.shown.toggled.connect(self._on_wanted)
        actions.unfold.triggered.connect(self._unfold)
        for kind, action in actions.kinds.items():
            action.toggled.connect(lambda on, kind=kind: self._hide(kind, hidden=not on))

    def _restore(self) -> None:
        store, lanes, actions = self._store, self.lanes, self.actions_
        lanes.hidden = _kinds(store.value(_HIDDEN, ""))
        lanes.folded = _kinds(store.value(_FOLDED, ""))
        actions.shown.setChecked(str(store.value(_SHOWN, "true")) != "false")
        for kind, action in actions.kinds.items():
            action.setChecked(kind not in lanes.hidden)
        lanes.lay_out()

    def _fold(self, kind: LaneKind) -> None:
        self.lanes.folded ^= {kind}
        self._store.setValue(_FOLDED, _text(self.lanes.folded))
        self.lanes.lay_out()

    def _unfold(self) -> None:
        self.lanes.folded = frozenset()
        self._store.setValue(_FOLDED, "")
        self.lanes.lay_out()

    def _hide(self, kind: LaneKind, *, hidden: bool) -> None:
        lanes = self.lanes
        lanes.hidden = lanes.hidden | {kind} if hidden else lanes.hidden - {kind}
        self._store.setValue(_HIDDEN, _text(lanes.hidden))
        lanes.lay_out()

    def _on_wanted(self, is_wanted: bool) -> None:
        self._store.setValue(_SHOWN, "true" if is_wanted else "false")
        self.wanted.emit(is_wanted)

    def _show_menu(self, at: QPoint) -> None:
        self.actions_.menu.popup(at)

    def _on_laid_out(self) -> None:
        lanes, most = self.lanes, self.lanes.most_scroll_px()
        self.bar.blockSignals(True)
        self.bar.setRange(0, most)
        self.bar.setPageStep(max(1, lanes.height() - RULER_PX))
        self.bar.setSingleStep(24)
        self.bar.setValue(lanes.scroll_px)
        self.bar.blockSignals(False)
        self.bar.setVisible(most > 0)

    def _on_bar(self, value: int) -> None:
        if value != self.lanes.scroll_px:
            self.lanes.scroll_to(value)


class LanesPlace(QObject):
    """Keeps the timeline in its place below the picture; in a window of another height, too.

    Args:
        splitter: Holds the picture and, below it, the timeline.
        panel: The timeline.
    """

    def __init__(self, splitter: QSplitter, panel: LanesPanel) -> None:
        super().__init__(splitter)
        self._splitter, self._panel = splitter, panel
        self._has_picture = False
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._on_dragged)
        panel.wanted.connect(lambda _on: self._settle())
        self._settle()

    def set_has_picture(self, has_picture: bool) -> None:
        """Tell whether there is a picture above."""
        self._has_picture = has_picture
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Divide another height as the last one was."""
        if event.type() == QEvent.Type.Resize and not self._panel.isHidden():
            self._divide()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        is_shown = self._has_picture and self._panel.is_wanted
        was_shown = not self._panel.isHidden()
        self._panel.setVisible(is_shown)
        if is_shown and (not was_shown or not self._splitter.sizes()[1]):
            self._divide()

    def _divide(self) -> None:
        room = self._splitter.height() - self._splitter.handleWidth()
        height = self._panel.height_in(room)
        self._splitter.setSizes([max(room - height, 1), height])

    def _on_dragged(self) -> None:
        height = self._splitter.sizes()[1]
        if height:
            self._panel.remember_height(height)
        else:  # dragged shut: the menu and its key bring it back as high as it was
            self._panel.set_wanted(False)


def _kinds(text: object) -> frozenset[LaneKind]:
    known = {kind.value: kind for kind in LaneKind}
    return frozenset(known[one] for one in str(text).split(" ") if one in known)


def _text(kinds: Iterable[LaneKind]) -> str:
    return " ".join(sorted(kind.value for kind in kinds))
