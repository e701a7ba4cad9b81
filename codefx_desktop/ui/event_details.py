"""The event in hand: what speaks for it, what a person notes, where the analysis differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from codefx_desktop.ui.ask_line import AskLine
from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.event_rows import difference_at, stop_of
from codefx_desktop.ui.models.event_words import (
    evidence_text,
    frame_of_link,
    linked,
    side_text,
)
from codefx_desktop.ui.widgets import WrappedLabel, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.event_actions import EventActions
    from codefx_desktop.ui.models.event_walk import EventWalk
    from codefx_desktop.ui.theme import Theme


class LinkedLabel(WrappedLabel):
    """Text of several lines whose frames are links, by mouse and by keys.

    Args:
        theme: The theme.
        name: What the text is about, for a screen reader.
    """

    frame_wanted = Signal(int)
    """A link to this frame was followed."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme, self._name, self._said = theme, name, ""
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(self._follow)
        theme.changed.connect(lambda: self.say(self._said))

    def say(self, text: str) -> None:
        """Show a plain text with its frames as links."""
        self._said = text
        self.setText(linked(text, self._theme.tokens.accent))
        self.setAccessibleName(f"{self._name}: {text}")

    def _follow(self, link: str) -> None:
        number = frame_of_link(link)
        if number is not None:
            self.frame_wanted.emit(number)


class DifferenceBox(QFrame):
    """What a person kept and what the analysis finds now, one under the other.

    Args:
        theme: The theme.
    """

    kept = Signal()
    """What the person said holds."""
    taken = Signal()
    """What the analysis finds holds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("noteBox")
        self.mine = LinkedLabel(theme, "You said")
        self.new = LinkedLabel(theme, "The analysis finds now")
        self.keep = _button("Keep", "Keep what you said; it is not told again", self.kept)
        self.take = _button("Take the new one", "Take what the analysis finds now", self.taken)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 6)
        column.setSpacing(4)
        for word, label in (("You said", self.mine), ("The analysis finds now", self.new)):
            head = QLabel(word)
            head.setObjectName("muted")
            column.addWidget(head)
            column.addWidget(label)
        column.addLayout(row_layout(self.keep, self.take, spacing=6))


class EventDetails(QWidget):
    """All about the event in hand; holds no rules.

    Args:
        walk: The events of a stop.
        actions: What can be done.
        theme: The theme.
    """

    frame_wanted = Signal(int)
    """A frame that the evidence names is to be seen."""
    named = Signal(str)
    """Another event is in hand: its name."""

    def __init__(self, walk: EventWalk, actions: EventActions, theme: Theme) -> None:
        super().__init__()
        self._walk = walk
        self.name = ""
        self.evidence = LinkedLabel(theme, "Evidence")
        self.note = wrapped()
        self.note.setAccessibleName("Note")
        self.difference = DifferenceBox(theme)
        self.ask = AskLine("Note", "Keep note")
        words = ((actions.confirm, "Confirm"), (actions.reject, "Reject"), (actions.here, "Set"))
        self.buttons = [_text_button(action, word) for action, word in words]
        nudges = [_text_button(one, "") for one in (actions.back, actions.forward, actions.note)]
        self.buttons += nudges
        for button, action in zip(
            nudges, (actions.back, actions.forward, actions.note), strict=True
        ):
            wear(button, str(action.property("glyph")), theme)
        self._lay_out()
        self.ask.answered.connect(walk.annotate)
        self.difference.kept.connect(walk.keep)
        self.difference.taken.connect(walk.take)
        for label in (self.evidence, self.difference.mine, self.difference.new):
            label.frame_wanted.connect(self.frame_wanted)
        walk.changed.connect(self.refill)
        self.refill()

    def refill(self) -> None:
        """Show the event in hand."""
        row, model = self._walk.row, self._walk.model
        name = "No event in hand" if row is None else row.name
        if name != self.name:
            self.name = name
            self.named.emit(name)
        event = None if row is None or row.key is None else model.event_of(row.key)
        text = "Click one in the list, or go to it with Ctrl+Right."
        if row is not None:
            text = row.more if event is None else evidence_text(event)
        self.evidence.say(text)
        note = "" if row is None else row.note
        self.note.setText(f"Note: {note}")
        self.note.setVisible(bool(note))
        self._show_difference()
        if row is None and self.ask.isVisible():
            self.ask.close_up()

    def ask_note(self) -> None:
        """Ask for a note about the event in hand."""
        row = self._walk.row
        if row is not None:
            self.ask.ask(f"Note at {row.name}", row.note)

    def _show_difference(self) -> None:
        model = self._walk.model
        one = difference_at(model.read, model.selection.event)
        self.difference.setVisible(one is not None)
        if one is not None:
            stop = stop_of(model.read, one.stop)
            self.difference.mine.say(side_text(one.kept, stop))
            self.difference.new.say(side_text(one.found, stop))

    def _lay_out(self) -> None:
        row = FlowLayout(*self.buttons, spacing=2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.difference, self.evidence, self.note, self.ask):
            column.addWidget(widget)
        column.addLayout(row)


def _button(word: str, tip: str, signal: object) -> QPushButton:
    button = QPushButton(word)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(signal)
    return button


def _text_button(action: QAction, word: str) -> QToolButton:
    """Return a button that does an action under a shorter name."""
    button = QToolButton()
    button.setText(word)
    button.setProperty("labelled", bool(word))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.text().replace("&", "").removesuffix("…"))

    action.changed.connect(follow)
    follow()
    return button
