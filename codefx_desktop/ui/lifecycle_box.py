"""What a bucket deletes by itself: what is wanted, what is set, and how to bring them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.models import target_words
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.jobs.target_values import LifecycleView

INTRO = (
    "A bucket can delete by itself what was pushed long ago, and drop uploads that never ended. "
    "Nothing is changed there unless you apply it."
)


class LifecycleBox(QWidget):
    """Rules of a bucket, wanted and set."""

    look_wanted = Signal()
    apply_wanted = Signal(bool)
    """Write the rules; with the deletion of results, or without."""
    export_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.text = wrapped(INTRO, "muted")
        self.expire = QCheckBox("Delete pushed results after the days above")
        self.expire.setToolTip("Pushed results are gone then; what is on this machine stays")
        self.look_button = QPushButton("Look")
        self.look_button.setAccessibleName("Look at the bucket's rules")
        self.apply_button = QPushButton("Apply…")
        self.apply_button.setAccessibleName("Apply the rules")
        self.export_button = QPushButton("Export JSON…")
        self.export_button.setAccessibleName("Export the rules as JSON")
        self.look_button.clicked.connect(self.look_wanted)
        self.apply_button.clicked.connect(lambda: self.apply_wanted.emit(self.expire.isChecked()))
        self.export_button.clicked.connect(lambda: self.export_wanted.emit(self.expire.isChecked()))
        buttons = row_layout(self.look_button, self.apply_button, self.export_button)
        buttons.addStretch(1)
        for button in (self.look_button, self.apply_button, self.export_button):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.expire)
        column.addLayout(buttons)

    def allow(self, can_ask: bool) -> None:
        """Say whether the bucket can be asked; rules can be exported without that."""
        self.look_button.setEnabled(can_ask)
        self.apply_button.setEnabled(can_ask)

    def clear(self) -> None:
        """Forget what was seen of another target."""
        self.text.setText(INTRO)
        self.expire.setChecked(False)

    def say(self, text: str) -> None:
        """Say what is going on, or what went wrong."""
        self.text.setText(text)

    def show_rules(self, view: LifecycleView) -> None:
        """Show what is wanted and what is set."""
        if view.rules is None:
            wanted = _listed(target_words.rule(rule) for rule in view.wanted)
            self.text.setText(f"{view.trouble}\nWanted:\n{wanted}")
            return
        self.expire.setChecked(any(rule.expire_days is not None for rule in view.rules))
        lines = [f"Set in the {view.place}:"]
        lines.append(_listed(map(target_words.rule, view.rules)) or "Nothing is deleted.")
        if view.lacking:
            lines.append("Wanted and not set:")
            lines.append(_listed(map(target_words.rule, view.lacking)))
        if view.sooner:
            lines.append("Somebody's rule deletes sooner than you want:")
            lines.append(_listed(map(target_words.rule, view.sooner)))
        self.text.setText("\n".join(lines))


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"\N{BULLET} {line}" for line in lines)
