"""Where one kind of weights comes from, without its widgets."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import WeightsAnswer

LOOKING = "Looking for weights…"


class WeightsChoice(StrEnum):
    """Where a job's weights come from."""

    NONE = ""
    FOUND = "found"
    FILE = "file"
    DEMO = "demo"


class WeightsPick(QObject):
    """Weights that were found by themselves, a chosen file, or the demo model.

    Args:
        hub: Answers which weights there are.
        ask: Asks the hub for the weights in use, of a chosen file or (None) of what is found;
            returns the request's id.
        missing: What a person can do where none are found and none chosen.
        has_demo: Whether the demo model can stand in.
    """

    changed = Signal()

    def __init__(
        self,
        hub: Hub,
        ask: Callable[[Path | None], int],
        missing: str,
        *,
        has_demo: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask, self._missing, self.has_demo = ask, missing, has_demo
        self.choice = WeightsChoice.NONE
        self.file: Path | None = None
        self.found: WeightsAnswer | None = None
        self.file_answer: WeightsAnswer | None = None
        self._found_request = self._file_request = 0
        hub.weights_answer.connect(self._on_answer)

    def look(self) -> None:
        """Ask which weights there are now; what is known stays until the answer is there."""
        self._found_request = self._ask(None)
        if self.file is not None:
            self._file_request = self._ask(self.file)

    def choose(self, choice: WeightsChoice) -> None:
        """Take the weights that were found, the chosen file, or the demo model."""
        if choice != self.choice:
            self.choice = choice
            self.changed.emit()

    def choose_file(self, path: Path) -> None:
        """Take this weights file; the hub says whether it is there."""
        self.choice, self.file, self.file_answer = WeightsChoice.FILE, path, None
        self._file_request = self._ask(path)
        self.changed.emit()

    def begin_from(self, path: Path | None) -> None:
        """Take a file, or (None) what is found."""
        if path is not None:
            self.choose_file(path)
        else:
            self.choose(WeightsChoice.FOUND if self.has_found else WeightsChoice.NONE)

    @property
    def chosen_file(self) -> Path | None:
        """The file that a job is to use; None where it is not a chosen one."""
        return self.file if self.choice is WeightsChoice.FILE else None

    @property
    def found_text(self) -> str:
        """Which weights were found by themselves, and where; or what to do."""
        if self.found is None:
            return LOOKING
        if self.found.found is None:
            return self.found.message
        return f"{self.found.found.path.name}, {self.found.found.reason}"

    @property
    def has_found(self) -> bool:
        """Whether weights were found by themselves."""
        return self.found is not None and self.found.found is not None

    @property
    def file_message(self) -> str:
        """What is wrong with the chosen file, if anything."""
        return self.file_answer.message if self.file_answer else ""

    @property
    def hindrance(self) -> str:
        """Why no job can use this yet; empty if it can."""
        if self.choice is WeightsChoice.FILE:
            return self.file_message if self.file else "Choose the weights file."
        if self.choice is WeightsChoice.DEMO or self.has_found:
            return "" if self.choice is not WeightsChoice.NONE else self._missing
        return LOOKING if self.found is None else self._missing

    def _on_answer(self, answer: WeightsAnswer) -> None:
        if answer.request_id == self._found_request:
            self.found = answer
            if self.has_found and self.choice is WeightsChoice.NONE:
                self.choice = WeightsChoice.FOUND
        elif answer.request_id == self._file_request:
            self.file_answer = answer
        else:
            return
        self.changed.emit()
