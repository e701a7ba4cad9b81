"""Who changed what and when in a review, as rows and as text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from codefx_desktop.domain.edit_log import holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.edit import EditStep


class ChangeRow(NamedTuple):
    """One step of a review.

    Attributes:
        number: Its number.
        text: What was done.
        more: When, by whom, and whether it was taken back or pushed.
        is_undone: Whether it was taken back, or another was chosen instead.
    """

    number: int
    text: str
    more: str
    is_undone: bool

    @property
    def whole(self) -> str:
        """All of it in one line."""
        return f"{self.number}. {self.text}, {self.more}"


def change_rows(steps: Iterable[EditStep]) -> tuple[ChangeRow, ...]:
    """Return the steps of a review, the newest first; those taken back too."""
    steps = tuple(steps)
    held = {step.number for step in holding(steps)}
    return tuple(
        ChangeRow(step.number, step.text, _more(step, held), step.number not in held)
        for step in sorted(steps, key=lambda one: -one.number)
    )


def changes_text(steps: Iterable[EditStep]) -> str:
    """Return all steps as lines for the clipboard, in order, with times in UTC as they are kept."""
    steps = tuple(steps)
    held = {step.number for step in holding(steps)}
    lines = ["Step\tWhen (UTC)\tWho\tWhat\tState"]
    lines += [
        f"{step.number}\t{step.at}\t{step.who}\t{step.text}\t"
        f"{'holds' if step.number in held else 'undone' if step.is_undone else 'another chosen'}"
        for step in sorted(steps, key=lambda one: one.number)
    ]
    return "\n".join(lines) + "\n"


def _more(step: EditStep, held: set[int]) -> str:
    said = [_when(step.at), step.who or "you"]
    if step.number not in held:
        said.append("undone" if step.is_undone else "another was chosen")
    said += [f"revision {step.revision}"] if step.revision else []
    return ", ".join(said)


def _when(at: str) -> str:
    """Return an instant on this machine's clock; as it is kept where it cannot be read."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at
