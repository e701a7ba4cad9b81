"""What can be done with events by key, menu and button, wherever in Review the keyboard is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models.event_coding import ON_A_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.event_coding import EventCoding
    from codefx_desktop.ui.models.event_walk import EventWalk
    from codefx_desktop.ui.theme import Theme

FEW, MANY = 1, 10


class EventActions:
    """Confirming, moving and coding. Off while no job is reviewed or Review is not in front.

    Args:
        window: Owns the actions; their keys work in all of it.
        walk: The events of a stop.
        coding: The pad.
        theme: The theme.
        note: Asks for a note.
    """

    def __init__(
        self,
        window: QWidget,
        walk: EventWalk,
        coding: EventCoding,
        theme: Theme,
        note: Callable[[], object],
    ) -> None:
        self._walk, self._coding = walk, coding
        self._in_front = False
        make = KeyedActions(window, theme).make
        self.confirm = make("&Confirm, and on to the next", "check", "Return", walk.confirm)
        self.confirm.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        self.reject = make("&Reject", "remove", "Backspace", walk.reject)
        self.back = make("A frame ea&rlier", "left", "[", lambda: walk.nudge(-FEW))
        self.forward = make("A frame &later", "right", "]", lambda: walk.nudge(FEW))
        self.back_ten = make("Ten frames earlier", "", "Shift+[", lambda: walk.nudge(-MANY))
        self.forward_ten = make("Ten frames later", "", "Shift+]", lambda: walk.nudge(MANY))
        # A keyboard says either which key it is or what that writes.
        self.back_ten.setShortcuts([QKeySequence("Shift+["), QKeySequence("{")])
        self.forward_ten.setShortcuts([QKeySequence("Shift+]"), QKeySequence("}")])
        self.here = make("Set to the frame on &screen", "drop", "T", walk.set_here)
        self.note = make("&Note…", "edit", "N", note)
        self.confirm_all = make(
            "Confirm &all of this stop", "clear", "Ctrl+Return", walk.confirm_all
        )
        self.mark = make("&Mark here…", "add", "M", coding.mark)
        self.stretch = make("Begin or end a mark", "mark-in", "Shift+M", coding.mark_stretch)
        self.place = make("Code at the next &place", "", "P", lambda: coding.step_place(1))
        self.place_back = make("… at the one before", "", "Shift+P", lambda: coding.step_place(-1))
        self.page = make("Further kinds of events", "", "0", coding.turn_page)
        self.codes = tuple(
            make(f"Code event {number}", "", str(number), partial(coding.code, number))
            for number in range(1, ON_A_PAGE + 1)
        )
        for action in (self.confirm, self.reject, self.mark, self.stretch, *self.codes):
            action.setAutoRepeat(False)
        walk.changed.connect(self.settle)
        coding.changed.connect(self.settle)
        self.settle()

    def all(self) -> tuple[QAction, ...]:
        """Return those that have keys."""
        return (*self._of_event(), self.confirm_all, *self._of_marks(), *self._of_pad())

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addActions(list(self._of_event()))
        menu.addAction(self.confirm_all)
        menu.addSeparator()
        menu.addActions([*self._of_marks(), self.place, self.place_back, self.page])
        menu.addSeparator()
        menu.addActions(list(self.codes))

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether Review is the workspace in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        walk, coding = self._walk, self._coding
        there = self._in_front and walk.model.is_there
        selection = walk.model.selection
        in_hand = selection.event is not None or selection.mark is not None
        self.confirm.setEnabled(there and walk.stop is not None)
        self.confirm_all.setEnabled(there and walk.has_proposed)
        for action in self._of_event()[1:]:
            action.setEnabled(there and in_hand)
        for action in self._of_marks():
            action.setEnabled(there)
        for action in (self.place, self.place_back):
            action.setEnabled(there and len(coding.places) > 1)
        self.page.setEnabled(there and coding.pages > 1)
        keys = coding.keys if walk.model.is_there else ()
        for number, action in enumerate(self.codes):
            one = keys[number] if number < len(keys) else None
            action.setEnabled(there and one is not None)
            action.setVisible(one is not None)
            if one is not None:
                action.setText(f"Code {one.label} {one.place or ''}".strip().replace("&", "&&"))
                describe(action, one.why or "At the frame on screen")
        text = "End the mark here…" if coding.begun is not None else "Begin a mark here"
        if self.stretch.text() != text:
            self.stretch.setText(text)
            describe(self.stretch)

    def _of_event(self) -> tuple[QAction, ...]:
        nudges = (self.back, self.forward, self.back_ten, self.forward_ten)
        return (self.confirm, self.reject, *nudges, self.here, self.note)

    def _of_marks(self) -> tuple[QAction, QAction]:
        return self.mark, self.stretch

    def _of_pad(self) -> tuple[QAction, ...]:
        return (self.place, self.place_back, self.page, *self.codes)
