"""A threshold that is dragged: what is made anew at once, and what when the breakdown is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_review import demo_review
from gui.fake_stops import pit_stop, stops_read
from gui.reviewing import A

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


def test_rows_are_made_anew_when_stops_were_found_not_while_they_are_looked_for(
    qtbot: QtBot, review: MainWindow, hub: FakeHub
) -> None:
    stops = stops_read(pit_stop()).stops
    assert hub.reviews is not None
    hub.reviews.jobs["a"] = demo_review("a", stops=stops, found=tuple(one.stop for one in stops))
    review.review.open(A, "a")
    model, events = review.reviewing.model, review.reviewing.events
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    rows: list[bool] = []
    events.walk.changed.connect(lambda: rows.append(model.is_updating))
    told: list[int] = []
    events.suspicions.counted.connect(told.append)
    model.drag_threshold(1, 0.4)
    assert model.is_updating
    model.drag_threshold(1, 0.41)
    assert (rows, told) == ([], [])
    qtbot.waitUntil(lambda: not model.is_updating)
    assert rows
    assert told
