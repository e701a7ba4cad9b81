"""Two logs joined: nothing left out, others' first, and what both touched is told."""

from __future__ import annotations

from codefx_desktop.domain.edit import (
    BoxOp,
    BoxValue,
    ChooseOp,
    DismissOp,
    EditOp,
    EventDeed,
    EventOp,
    Mark,
    MarkOp,
    RetrackOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.edit_log import LogDeed, LogEntry, steps_of
from codefx_desktop.domain.edit_merge import Merge, merged
from codefx_desktop.domain.events import Event, EventStatus, Place

FAINT, CLEAR = ThresholdOp(0, 0.2), ThresholdOp(0, 0.8)


def do(key: str, *ops: EditOp) -> LogEntry:
    return LogEntry(
        key, "2026", "me", LogDeed.DO, key, f"Step {key}", ops or (ThresholdOp(9, 0.5),)
    )


def undo(key: str, step: str) -> LogEntry:
    return LogEntry(key, "2026", "me", LogDeed.UNDO, step)


def event_op(time_s: float, deed: EventDeed = EventDeed.MOVE, note: str = "") -> EventOp:
    before = Event("wheel_off", Place.FRONT_LEFT, 1.0, status=EventStatus.PROPOSED)
    after = Event("wheel_off", Place.FRONT_LEFT, time_s, status=EventStatus.EDITED)
    return EventOp(deed, 1, 0.5, before, after, note)


def track_op(track: int, first: int, last: int | None, other: int = 99) -> TrackOp:
    return TrackOp(TrackDeed.RELABEL, track, first, last, other_id=other)


def keys(entries: tuple[LogEntry, ...]) -> str:
    return " ".join(entry.key for entry in entries)


def clash(mine: EditOp, theirs: EditOp) -> tuple[str, ...]:
    """Return what two steps after a common one are told to touch both."""
    found = merged([do("a"), do("m", mine)], [do("a"), do("t", theirs)]).conflicts
    return found[0].about if found else ()


def told(found: Merge) -> list[tuple[str, str]]:
    return [(one.mine.key, one.theirs.key) for one in found.conflicts]


def test_what_only_one_has_follows_what_is_pushed() -> None:
    found = merged([do("a"), do("b"), do("m")], [do("a"), do("b"), do("t"), undo("u", "b")])
    assert keys(found.entries) == "a b t u m"
    assert (found.common, keys(found.mine), keys(found.theirs)) == (2, "m", "t u")
    assert [(step.key, step.is_undone) for step in steps_of(found.entries)] == [
        ("a", False), ("b", True), ("t", False), ("m", False)
    ]  # fmt: skip


def test_a_log_that_has_all_of_the_other_keeps_or_takes_its_order() -> None:
    longer = [do("a"), do("b")]
    ahead = merged(longer, longer[:1])
    assert (keys(ahead.entries), keys(ahead.mine), ahead.theirs) == ("a b", "b", ())
    behind = merged(longer[:1], longer)
    assert (keys(behind.entries), behind.mine, keys(behind.theirs)) == ("a b", (), "b")
    assert merged(longer, longer).conflicts == ()
    assert keys(merged([], longer).entries) == "a b"
    # Another machine joined both first: its order is everybody's.
    other = merged([do("a"), do("m")], [do("a"), do("t"), do("m")])
    assert (keys(other.entries), other.common, other.mine) == ("a t m", 1, ())


def test_two_that_touch_the_same_event_are_told() -> None:
    assert clash(event_op(1.2), event_op(1.4)) == ("wheel_off FL of stop 1",)
    assert clash(event_op(1.2), event_op(1.2)) == ()
    note = event_op(1.0, EventDeed.NOTE, "dirty")
    assert clash(note, event_op(1.4)) == ()
    assert clash(note, event_op(1.0, EventDeed.NOTE, "clean")) == (
        "a note at wheel_off FL of stop 1",
    )


def test_two_that_touch_the_same_box_track_mark_or_threshold_are_told() -> None:
    value = BoxValue((1, 2, 3, 4), 0, 1)
    assert clash(BoxOp(7, 2, value), BoxOp(7, 2, None)) == ("a box of frame 7",)
    assert clash(BoxOp(7, 2, value), BoxOp(8, 2, None)) == ()
    assert clash(track_op(3, 0, None), track_op(3, 50, 60, other=8)) == ("track 3",)
    assert clash(track_op(3, 0, 49), track_op(3, 50, 60)) == ()
    assert clash(track_op(3, 0, None), track_op(5, 0, None, other=3)) == ("track 3",)
    assert clash(FAINT, CLEAR) == ("the threshold of class 0",)
    assert clash(FAINT, FAINT) == ()
    mark = Mark("Board", 1, 0.1)
    before = do("a", MarkOp(4, mark))
    found = merged([before, do("m", MarkOp(4, None))], [before, do("t", MarkOp(4, mark))])
    assert [one.about for one in found.conflicts] == [("mark 4",)]


def test_tracks_found_again_touch_every_box_and_track() -> None:
    again = RetrackOp(3, b"tracks")
    assert clash(again, track_op(3, 0, None)) == ("all tracks",)
    assert clash(BoxOp(7, 2, None), again) == ("all tracks",)
    assert clash(again, RetrackOp(3, b"other")) == ("all tracks",)
    assert clash(again, again) == ()
    assert clash(again, event_op(1.2)) == ()


def test_what_was_taken_back_touches_nothing() -> None:
    mine = [do("a"), do("m", FAINT), undo("n", "m")]
    assert merged(mine, [do("a"), do("t", CLEAR)]).conflicts == ()


def test_taking_back_what_another_went_on_from_is_told() -> None:
    common = do("a", event_op(1.2))
    found = merged([common, undo("m", "a")], [common, do("t", event_op(1.4))])
    assert told(found) == [("a", "t")]
    assert found.conflicts[0].mine.is_undone
    both = merged([common, undo("m", "a")], [common, undo("t", "a")])
    assert both.conflicts == ()
    assert steps_of(both.entries)[0].is_undone


def test_each_pair_of_steps_is_told_once_with_their_numbers() -> None:
    mine = [do("a"), do("m", FAINT, event_op(1.2)), do("n", ThresholdOp(5, 0.1))]
    theirs = [do("a"), do("t", CLEAR), do("u", event_op(1.4)), do("v", ThresholdOp(6, 0.1))]
    found = merged(mine, theirs)
    assert told(found) == [("m", "t"), ("m", "u")]
    assert [(one.mine.number, one.theirs.number) for one in found.conflicts] == [(5, 2), (5, 3)]


def test_what_two_people_drew_does_not_become_one() -> None:
    value = BoxValue((1, 2, 3, 4), 0, 1)
    common = do("a", BoxOp(1, -1, value), MarkOp(1, Mark("x", 0, 0.0)))
    mine = [
        common,
        do("m", BoxOp(5, -2, value), MarkOp(2, Mark("mine", 0, 0.0))),
        undo("n", "m"),
        do("o", BoxOp(5, -2, None), BoxOp(1, -1, None), BoxOp(5, -3, value)),
    ]
    theirs = [common, do("t", BoxOp(5, -2, value), MarkOp(2, Mark("theirs", 0, 0.0)))]
    found = merged(mine, theirs)
    assert found.conflicts == ()
    boxes = [[op.box for op in one.ops if isinstance(op, BoxOp)] for one in found.entries]
    assert boxes == [[-1], [-2], [-4], [], [-4, -1, -3]]
    marks = [[op.mark for op in one.ops if isinstance(op, MarkOp)] for one in found.entries]
    assert marks == [[1], [2], [3], [], []]


def test_two_that_find_the_same_suspicion_fine_agree() -> None:
    assert clash(DismissOp(1, 2, 30), DismissOp(1, 2, 30)) == ()
    pushed = [do("a"), do("t", DismissOp(1, 2, 30))]
    assert not merged([do("a"), do("m", track_op(1, 30, None))], pushed).conflicts


def test_two_that_choose_differently_between_the_same_steps_are_told() -> None:
    assert clash(ChooseOp("a", "b"), ChooseOp("a", "b")) == ()
    assert clash(ChooseOp("a", "b"), ChooseOp("b", "a")) == ("which of two corrections holds",)
