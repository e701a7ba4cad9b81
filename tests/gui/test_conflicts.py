"""Who changed what, and what two people corrected differently, decided one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.reviewing import CTRL, key
from gui.test_events_panel import LEFT, OFF_FL, K, click, panel, reviewed, steps
from PySide6.QtGui import QGuiApplication

from codefx_desktop.analysis.corrections import active, corrected
from codefx_desktop.domain.edit import BoxOp, BoxValue, EditStep, EventDeed, EventOp
from codefx_desktop.domain.edit_merge import Conflict
from codefx_desktop.jobs import review_boxes
from codefx_desktop.jobs.review_apply import active_ops

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

__all__ = ["reviewed"]


def test_what_two_people_corrected_differently_is_decided_one_by_one_and_taken_back(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    model, events = reviewed.reviewing.model, panel(reviewed)
    assert hub.reviews is not None
    assert not events.tabs.isTabVisible(3)
    read = hub.reviews.jobs["a"]
    stop = read.stops[0].stop
    before = stop.event("stop")
    ops = [
        EventOp(
            EventDeed.MOVE,
            1,
            stop.begins_s,
            before,
            replace(before, time_s=number / 25, frame_number=number),
        )
        for number in (51, 53)
    ]
    ops += [BoxOp(60, 0, BoxValue((x, 10.0, 90.0, 90.0), 0, 1)) for x in (1.0, 2.0)]
    who = ("Ann", "me", "Ann", "me")
    done = tuple(
        EditStep(n, "2026-03-01T10:00:00+00:00", who[n - 1], f"Step {n}", (op,), key=f"k{n}")
        for n, op in enumerate(ops, start=1)
    )
    pairs = ((1, 0, "stop of stop 1"), (3, 2, "a box of frame 60"))
    conflicts = tuple(Conflict(done[mine], done[their], (it,)) for mine, their, it in pairs)
    state = corrected(read.stored, read.numbers, active(done))
    hub.reviews.put(replace(read, steps=done, conflicts=conflicts, corrected=state))
    assert "Decide which holds" in reviewed.banner.text.text()
    assert events.tabs.tabText(3) == "Conflicts 2"
    events.tabs.setCurrentIndex(3)
    shown = events.conflicts
    assert [one.first for one in shown.view.rows.rows] == ["Stop of stop 1", "A box of frame 60"]
    assert shown.mine.text() == "Yours: Step 2: 2.120 s, frame 53"
    assert shown.theirs.text() == "Ann: Step 1: 2.040 s, frame 51"
    filled: list[tuple[int, int]] = []
    shown.counted.connect(lambda left, of: filled.append((left, of)))
    # Mine is kept: the other's step no longer holds, and the next one is shown on its frame.
    qtbot.mouseClick(shown.keep, LEFT)
    assert events.tabs.tabText(3) == "Conflicts 1"
    held = active_ops(model.read.steps)
    assert ops[0] not in held
    assert ops[1] in held
    assert filled == [(1, 2)]  # once
    assert shown.view.currentIndex().row() == 0
    assert shown.mine.text() == "Yours: Step 4"
    qtbot.waitUntil(lambda: reviewed.review.view.position == 60)

    def left() -> float:
        value = review_boxes.box_value(model.read, 60, 0)
        assert value is not None
        return value.xyxy[0]

    # The other's box is taken: it is the one that shows.
    assert left() == 2.0
    qtbot.mouseClick(shown.take, LEFT)
    assert left() == 1.0
    assert events.tabs.tabText(3) == "Conflicts"
    assert shown.head.whole == "All are decided"
    assert not shown.take.isEnabled()
    # Each decision is one step, and undo opens it again.
    reviewed.reviewing.undo_action.trigger()
    assert (left(), events.tabs.tabText(3)) == (2.0, "Conflicts 1")
    reviewed.reviewing.undo_action.trigger()
    assert events.tabs.tabText(3) == "Conflicts 2"
    reviewed.reviewing.redo_action.trigger()
    assert events.tabs.tabText(3) == "Conflicts 1"
    assert "another was chosen" in events.changes.view.rows.rows[-1].second


def test_changes_tell_who_did_what_and_what_was_taken_back(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    click(qtbot, reviewed, OFF_FL)
    key(qtbot, reviewed, K.Key_BracketRight)
    qtbot.waitUntil(lambda: steps(reviewed)[0].who == "me")
    key(qtbot, reviewed, K.Key_Z, CTRL)
    panel(reviewed).tabs.setCurrentIndex(2)
    changes = panel(reviewed).changes
    (row,) = changes.view.rows.rows
    assert row.is_gone
    assert row.first == "Move Wheel off FL (stop 1) by +1 frame"
    assert "me, undone" in row.second
    assert changes.head.whole == "1 change, 1 undone"
    qtbot.mouseClick(changes.copy_button, LEFT)
    head, line = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t") == ["Step", "When (UTC)", "Who", "What", "State"]
    assert line.endswith("\tme\tMove Wheel off FL (stop 1) by +1 frame\tundone")
