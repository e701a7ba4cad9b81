"""What can be done with the boxes and tracks on the picture, from menu, keys and mouse."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMenu

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.edit import BoxOp, BoxValue, TrackDeed, TrackOp
from codefx_desktop.jobs import review_boxes
from codefx_desktop.ui.keyed_action import ON_IT, KeyedActions
from codefx_desktop.ui.models.box_tool import BoxTool
from codefx_desktop.ui.spread_progress import SpreadProgress

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.frame_view import FrameView
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.models.review_state import BoxKey
    from codefx_desktop.ui.theme import Theme

NUDGES: Final = {
    "Alt+Shift+Left": ("left", -1, 0),
    "Alt+Shift+Right": ("right", 1, 0),
    "Alt+Shift+Up": ("up", 0, -1),
    "Alt+Shift+Down": ("down", 0, 1),
}
_MOST_TRACKS: Final = 30
"""More do not fit into a menu; any can be named by its number."""


class BoxEditing(QObject):
    """Boxes and tracks on the picture.

    Args:
        model: The job under review.
        view: The clip in view.
        picture: Shows it; its keys are ours while it has the keyboard.
        theme: The theme.
    """

    def __init__(
        self, model: ReviewModel, view: ClipView, picture: FrameView, theme: Theme
    ) -> None:
        super().__init__(picture)
        self._model, self._view, self._picture = model, view, picture
        self.tool = BoxTool(model, self)
        new = KeyedActions(picture, theme, ON_IT)
        make = new.make
        self.edit = new.make_switch("Edit &boxes", "edit", "B")
        self.edit.toggled.connect(self.tool.set_on)
        self.delete = make("Delete the chosen box", "", "Del", self._delete)
        self.hide = new.make_switch("&Hide what was found", "", "H", self._hide)
        self.leave = make("Leave the tool", "", "Esc", self._leave)
        self.menu_key = make("Chosen box and its track…", "", "Shift+F10", self._open_menu)
        self.nudges = tuple(
            make(f"Move the chosen box one pixel {word}", "", key, partial(self.tool.nudge, *way))
            for key, (word, *way) in NUDGES.items()
        )
        picture.use_tool(self.tool)
        picture.held.connect(view.pause)
        self.progress = SpreadProgress(model, picture)
        picture.menu_wanted.connect(self._show_menu)
        for signal in (model.changed, model.edited, model.selected, model.looked):
            signal.connect(self.settle)
        self.settle()

    def actions(self) -> tuple[QAction, ...]:
        """Return what stands in the menu."""
        return self.edit, self.delete, self.menu_key, self.hide

    def all(self) -> tuple[QAction, ...]:
        """Return those whose keys can be changed; that a tool is left with Esc cannot."""
        return (*self.actions(), *self.nudges)

    def settle(self) -> None:
        """Let only be done what can be done now."""
        there, chosen = self._model.is_there, self._value() is not None
        for action in (self.edit, self.hide):
            action.setEnabled(there)
        for action in (self.delete, self.menu_key):
            action.setEnabled(there and chosen)
        self.leave.setEnabled(self.tool.is_on or chosen)
        if not there and self.edit.isChecked():
            self.edit.setChecked(False)

    # -- doing --------------------------------------------------------------------------------

    def _delete(self) -> None:
        key, value = self._model.selection.box, self._value()
        if key is not None and value is not None:
            name = self._model.class_name(value.class_id)
            self._model.select()
            self._model.do(f"Delete {name} on frame {key.frame}", BoxOp(key.frame, key.box, None))

    def _hide(self, hidden: bool) -> None:
        self._model.look(hides_all=hidden)

    def _leave(self) -> None:
        """Leave what is most in the way: a box in the hand, the chosen one, the tool."""
        if self.tool.holds:
            self.tool.cancel()
        elif self._model.selection.box is not None:
            self._model.select()
        else:
            self.edit.setChecked(False)

    def _set_class(self, key: BoxKey, value: BoxValue, class_id: int, _on: bool = False) -> None:
        after = BoxValue(value.xyxy, class_id, value.track_id)
        was, now = map(self._model.class_name, (value.class_id, class_id))
        text = f"Call {was} on frame {key.frame} {now}"
        self._model.do(text, BoxOp(key.frame, key.box, after))

    def _carry(self, key: BoxKey, frames: tuple[int, int]) -> None:
        make = partial(review_boxes.over_range, source=key, frames=frames)
        self._model.spread(f"Same box on frames {frames[0]} to {frames[1]}", make)

    def _interpolate(self, first: tuple[int, int], last: BoxKey) -> None:
        make = partial(review_boxes.between, first=first, last=last)
        self._model.spread(f"Even the boxes from frame {first[0]} to {last.frame}", make)

    # -- the menu -----------------------------------------------------------------------------

    def _open_menu(self) -> None:
        middle = QPoint(self._picture.width() // 2, self._picture.height() // 2)
        self._show_menu(self._picture.mapToGlobal(middle))

    def _show_menu(self, place: QPoint) -> None:
        self.new_menu().popup(place)

    def new_menu(self) -> QMenu:
        """Return what can be done with the chosen box and its track."""
        menu = QMenu(self._picture)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key, value = self._model.selection.box, self._value()
        if key is None or value is None:
            menu.addActions([self.edit, self.hide])
            return menu
        self._fill_box(menu, key, value)
        if value.track_id != NO_TRACK:
            menu.addSeparator()
            self._fill_track(menu, key, value)
        return menu

    def _fill_box(self, menu: QMenu, key: BoxKey, value: BoxValue) -> None:
        read = self._model.read
        assert read is not None
        menu.addAction(self.delete)
        classes = menu.addMenu("&Class of this box")
        for class_id, name in enumerate(read.class_names):
            action = classes.addAction(name)
            action.setCheckable(True)
            action.setChecked(class_id == value.class_id)
            action.triggered.connect(partial(self._set_class, key, value, class_id))
        first = review_boxes.corrected_before(read, key.frame, value.track_id)
        text = "&Even the boxes since its last correction"
        if first is not None:
            text = f"&Even the boxes since frame {first[0]}"
        even = menu.addAction(text)
        even.setEnabled(first is not None)
        if first is not None:
            even.triggered.connect(lambda: self._interpolate(first, key))
        chosen = self._view.player.range
        span = chosen.frames(self._view.last) if chosen.is_set else None
        same = menu.addAction("&Same box on the range between I and O")
        same.setEnabled(span is not None)
        if span is not None:
            same.triggered.connect(lambda: self._carry(key, span))

    def _fill_track(self, menu: QMenu, key: BoxKey, value: BoxValue) -> None:
        read, track, number = self._model.read, value.track_id, key.frame
        assert read is not None

        def add(to: QMenu, text: str, told: str, op: TrackOp) -> None:
            to.addAction(text).triggered.connect(lambda: self._model.do(told, op))

        add(
            menu,
            f"S&plit #{track} here: a new track from this frame on",
            f"Split #{track} at frame {number}",
            review_boxes.split(read, track, number),
        )
        for word, told, deed in (
            ("&Join to", "Join #{} to #{} from frame {}", TrackDeed.RELABEL),
            ("E&xchange with", "Exchange #{} and #{} from frame {}", TrackDeed.SWAP),
        ):
            others = menu.addMenu(f"{word} another track from here on")
            near = [one for one in review_boxes.tracks_near(read, number) if one[0] != track]
            for other, class_id in near[:_MOST_TRACKS]:
                text = f"#{other}  {self._model.class_name(class_id)}"
                op = TrackOp(deed, track, number, other_id=other)
                add(others, text, told.format(track, other, number), op)
            others.addSeparator()
            ask = others.addAction("By its number…")
            ask.triggered.connect(partial(self._ask_track, track, number, told, deed))
        classes = menu.addMenu("Class of the &whole track")
        for class_id, name in enumerate(read.class_names):
            whole = TrackOp(TrackDeed.RECLASS, track, 0, class_id=class_id)
            add(classes, name, f"Call #{track} {name}", whole)
        for text, told, start in (
            ("Delete the track from &here on", f"Delete #{track} from frame {number}", number),
            ("Delete the whole track", f"Delete #{track}", 0),
        ):
            gone = TrackOp(TrackDeed.DELETE, track, start)
            add(menu, text, told, gone)

    def _ask_track(
        self, track: int, number: int, told: str, deed: TrackDeed, _on: bool = False
    ) -> None:
        dialog = QInputDialog(self._picture)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Another track")
        dialog.setLabelText(f"From frame {number} on, #{track} and the track with the number")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(0, 2**31 - 1)

        def take(other: int) -> None:
            if other != track:
                op = TrackOp(deed, track, number, other_id=other)
                self._model.do(told.format(track, other, number), op)

        dialog.intValueSelected.connect(take)
        dialog.open()

    # -- inside -------------------------------------------------------------------------------

    def _value(self) -> BoxValue | None:
        key, read = self._model.selection.box, self._model.read
        if key is None or read is None:
            return None
        return review_boxes.box_value(read, key.frame, key.box)
