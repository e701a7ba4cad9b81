"""Two logs of one review joined, when two people went on from the same revision.

The pushed log comes first, as it is; what only this one has follows it, so that every later push
begins with what others have already. Nothing is left out. Where both touched the same, what comes
last shows, and the two steps are told: a person decides, by taking one of them back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.edit import (
    BoxOp,
    ChooseOp,
    DismissOp,
    EventDeed,
    EventOp,
    MarkOp,
    RetrackOp,
    ThresholdOp,
    TrackOp,
)
from codefx_desktop.domain.edit_log import LogDeed, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.edit_log import LogEntry

Subject = tuple[object, ...]
ALL_TRACKS: Final[tuple[Subject, str]] = (("tracks",), "all tracks")
"""What finding the tracks again touches, and every change of a box or a track."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two steps of two people that touch the same.

    Attributes:
        mine: The step of this machine.
        theirs: The step of the other one.
        about: What both touch, in words.
    """

    mine: EditStep
    theirs: EditStep
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two logs joined.

    Attributes:
        entries: The pushed log, then what only this one had.
        common: Entries that both had, from the beginning on.
        mine: What only this one had; boxes and marks that others meanwhile gave the same numbers
            have others.
        theirs: What only the pushed one had.
        conflicts: Steps that touch the same, in the order of this log.
    """

    entries: tuple[LogEntry, ...]
    common: int
    mine: tuple[LogEntry, ...]
    theirs: tuple[LogEntry, ...]
    conflicts: tuple[Conflict, ...]


def merged(mine: Sequence[LogEntry], theirs: Sequence[LogEntry]) -> Merge:
    """Return two logs joined.

    Args:
        mine: The log of this machine.
        theirs: The pushed one.
    """
    known, pushed = {one.key for one in mine}, {one.key for one in theirs}
    only_mine = [one for one in mine if one.key not in pushed]
    only_theirs = [one for one in theirs if one.key not in known]
    common = 0
    while common < min(len(mine), len(theirs)) and mine[common].key == theirs[common].key:
        common += 1
    renamed = _renumbered(only_mine, only_theirs, mine)
    entries = (*theirs, *renamed)
    shared = [one for one in mine if one.key in pushed]
    number = {step.key: step.number for step in steps_of(entries)}
    conflicts = tuple(
        replace(
            one,
            mine=replace(one.mine, number=number[one.mine.key]),
            theirs=replace(one.theirs, number=number[one.theirs.key]),
        )
        for one in _conflicts((*shared, *renamed), (*shared, *only_theirs), shared)
    )
    return Merge(entries, common, tuple(renamed), tuple(only_theirs), conflicts)


def _conflicts(
    mine: Sequence[LogEntry], theirs: Sequence[LogEntry], shared: Sequence[LogEntry]
) -> tuple[Conflict, ...]:
    """Return the steps of both sides that touch the same and do not do the same."""
    before = {step.key: step.is_undone for step in steps_of(shared)}
    by_subject: dict[Subject, list[EditStep]] = {}
    others = list(_turned(theirs, before))
    for step in others:
        for subject in {subject for op in step.ops for subject, _ in _subjects(op)}:
            by_subject.setdefault(subject, []).append(step)
    found = []
    for step in _turned(mine, before):
        touched = {subject for op in step.ops for subject, _ in _subjects(op)}
        rivals = {other.key: other for one in touched for other in by_subject.get(one, ())}
        for other in sorted(rivals.values(), key=lambda one: one.number):
            about = _about(step, other)
            if about:
                found.append(Conflict(step, other, about))
    return tuple(found)


def _turned(log: Iterable[LogEntry], before: Mapping[str, bool]) -> Iterator[EditStep]:
    """Yield the steps that hold now and did not before, or the other way round."""
    for step in steps_of(log):
        if step.is_undone != before.get(step.key, True):
            yield step


def _about(mine: EditStep, theirs: EditStep) -> tuple[str, ...]:
    """Return what two steps both touch, in words, where they do not do the same to it."""
    if mine.key == theirs.key:
        return ()  # both took it back, or did it again
    their_ops: dict[Subject, list[EditOp]] = {}
    for op in theirs.ops:
        for subject, _ in _subjects(op):
            their_ops.setdefault(subject, []).append(op)
    told = [
        words
        for op in mine.ops
        for subject, words in _subjects(op)
        if any(
            _disagree(subject, op, other, is_turned=mine.is_undone != theirs.is_undone)
            for other in their_ops.get(subject, ())
        )
    ]
    return tuple(dict.fromkeys(told))


def _disagree(subject: Subject, one: EditOp, other: EditOp, *, is_turned: bool) -> bool:
    """Return whether two ops about a subject do not do the same to it.

    Args:
        subject: What both touch.
        one: The one.
        other: The other.
        is_turned: One of them was taken back, the other done.
    """
    if subject == ALL_TRACKS[0] and not any(isinstance(op, RetrackOp) for op in (one, other)):
        return False
    if isinstance(one, TrackOp) and isinstance(other, TrackOp):
        ends = [float("inf") if op.last_frame is None else op.last_frame for op in (one, other)]
        if min(ends) < max(one.first_frame, other.first_frame):
            return False
    if is_turned:
        return True
    if isinstance(one, EventOp) and isinstance(other, EventOp):
        return (one.after, one.note) != (other.after, other.note)
    return one != other


def _subjects(op: EditOp) -> list[tuple[Subject, str]]:  # noqa: PLR0911 - one per kind
    """Return what an op touches, each with words for it."""
    match op:
        case BoxOp():
            key = ("box", op.frame_number, op.box)
            return [(key, f"a box of frame {op.frame_number}"), ALL_TRACKS]
        case TrackOp():
            tracks = [one for one in (op.track_id, op.other_id) if one is not None]
            return [*((("track", track), f"track {track}") for track in tracks), ALL_TRACKS]
        case RetrackOp():
            return [ALL_TRACKS]
        case EventOp():
            is_note = op.deed is EventDeed.NOTE
            event = ("event", op.stop_begins_s, op.before.kind, op.before.place, is_note)
            name = " ".join(filter(None, (op.before.kind, op.before.place)))
            return [(event, f"{'a note at ' if is_note else ''}{name} of stop {op.stop}")]
        case MarkOp():
            return [(("mark", op.mark), f"mark {op.mark}")]
        case ThresholdOp():
            return [(("threshold", op.class_id), f"the threshold of class {op.class_id}")]
        case DismissOp():
            doubt = ("dismiss", op.track_id, op.other_id, op.frame_number)
            return [(doubt, f"a suspicion about track {op.track_id}")]
        case ChooseOp():
            choice = ("choice", *sorted((op.kept, op.dropped)))
            return [(choice, "which of two corrections holds")]


def _renumbered(
    mine: Sequence[LogEntry], theirs: Sequence[LogEntry], whole: Sequence[LogEntry]
) -> list[LogEntry]:
    """Return entries of this machine whose new boxes and marks have numbers of their own.

    Both machines count on from the same number: what two people drew would become one.
    """
    kept = {one.key for one in mine}
    before = [one for one in whole if one.key not in kept]
    boxes = _fresh(_boxes(mine) - _boxes(before), _boxes(theirs), -1, _boxes(whole))
    marks = _fresh(_marks(mine) - _marks(before), _marks(theirs), 1, _marks(whole))
    if not boxes and not marks:
        return list(mine)
    return [
        replace(one, ops=tuple(_with_numbers(op, boxes, marks) for op in one.ops))
        if one.deed is LogDeed.DO
        else one
        for one in mine
    ]


def _fresh(new: set[int], taken: set[int], step: int, known: set[int]) -> dict[int, int]:
    """Return other numbers for those that are taken."""
    most = max((abs(one) for one in (*taken, *known)), default=0)
    clashes = sorted(new & taken, key=abs)
    return {was: step * (most + n) for n, was in enumerate(clashes, start=1)}


def _boxes(entries: Iterable[LogEntry]) -> set[int]:
    ops = (op for one in entries for op in one.ops)
    return {op.box for op in ops if isinstance(op, BoxOp) and op.box < 0}


def _marks(entries: Iterable[LogEntry]) -> set[int]:
    return {op.mark for one in entries for op in one.ops if isinstance(op, MarkOp)}


def _with_numbers(op: EditOp, boxes: Mapping[int, int], marks: Mapping[int, int]) -> EditOp:
    if isinstance(op, BoxOp):
        return replace(op, box=boxes.get(op.box, op.box))
    if isinstance(op, MarkOp):
        return replace(op, mark=marks.get(op.mark, op.mark))
    return op
