"""The log of a review: what was done, taken back and done again, in order, nothing ever removed.

Steps follow from it. An entry's key is the same on every machine that has the entry, so that two
logs of one job can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from codefx_desktop.domain.edit import ChooseOp, EditStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codefx_desktop.domain.edit import EditOp

Op = TypeVar("Op")


class LogDeed(StrEnum):
    """What an entry of the log tells."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the audit.

    Attributes:
        key: Its own, never used twice.
        at: When, ISO 8601 in UTC.
        who: The person, as the system knows them.
        deed: What was done to the step.
        step: Key of the step: that of the entry which did it first.
        text: Of a step that is done: what it does; otherwise empty.
        ops: Likewise.
        revision: The first revision of the job that has it; 0 where it was not pushed yet.
        run: Of a step that is done: as ``EditStep`` has it.
    """

    key: str
    at: str
    who: str
    deed: LogDeed
    step: str
    text: str = ""
    ops: tuple[EditOp, ...] = ()
    revision: int = 0
    run: str = ""


def steps_of(entries: Iterable[LogEntry]) -> tuple[EditStep, ...]:
    """Return the steps of a log, in order, numbered from 1."""
    steps: dict[str, EditStep] = {}
    for entry in entries:
        if entry.deed is LogDeed.DO:
            steps[entry.step] = EditStep(
                len(steps) + 1,
                entry.at,
                entry.who,
                entry.text,
                entry.ops,
                revision=entry.revision,
                key=entry.step,
                run=entry.run,
            )
        elif entry.step in steps:
            is_undone = entry.deed is LogDeed.UNDO
            steps[entry.step] = replace(steps[entry.step], is_undone=is_undone)
    return tuple(steps.values())


def holding(steps: Iterable[EditStep]) -> tuple[EditStep, ...]:
    """Return the steps that hold: not taken back, and nobody decided for another instead."""
    held: list[EditStep] = []
    dropped: set[str] = set()
    # From the last on: a choice that a later one dropped drops nothing.
    for step in reversed(tuple(steps)):
        if step.is_undone or (step.key and step.key in dropped):
            continue
        held.append(step)
        if ChooseOp in step.kinds:
            dropped.update(op.dropped for op in step.ops if isinstance(op, ChooseOp))
    return tuple(reversed(held))


def said(steps: Iterable[EditStep], kind: type[Op]) -> Iterator[Op]:
    """Yield the ops of a kind of all steps that hold, in order."""
    for step in holding(steps):
        if kind in step.kinds:
            yield from (op for op in step.ops if isinstance(op, kind))


def next_undo(entries: Iterable[LogEntry]) -> EditStep | None:
    """Return the step that undo takes back now: the last one that is not taken back."""
    kept = [step for step in steps_of(entries) if not step.is_undone]
    return kept[-1] if kept else None


def next_redo(entries: Iterable[LogEntry]) -> EditStep | None:
    """Return the step that redo does again now; None after a new step: then none can be."""
    log = tuple(entries)
    steps = steps_of(log)
    numbers = redoable(log, steps)
    return steps[numbers[0] - 1] if numbers else None


def redoable(entries: Iterable[LogEntry], steps: Iterable[EditStep]) -> tuple[int, ...]:
    """Return the numbers of the steps that redo brings back, the next one first.

    Args:
        entries: The log.
        steps: All of it, as ``steps_of`` has them.
    """
    waiting: list[str] = []
    for entry in entries:
        if entry.deed is LogDeed.DO:
            waiting = []
        elif entry.deed is LogDeed.UNDO:
            waiting.append(entry.step)
        elif entry.step in waiting:
            waiting.remove(entry.step)
    numbers = {step.key: step.number for step in steps}
    return tuple(numbers[key] for key in reversed(waiting) if key in numbers)
