"""The boxes of compared stops and the bar below them: whose they are, what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.reviewing import key
from gui.test_window_compare import KEY, LEFT, compare, desk, still
from PySide6.QtCore import QPointF

from codefx_desktop.domain.events import Place
from codefx_desktop.ui.models.compare_pane import ComparePane

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.compare import Compare

__all__ = ["compare", "desk"]


def test_look_again_is_about_the_stop_of_its_own_box(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    retried: list[str] = []
    monkeypatch.setattr(ComparePane, "retry", lambda pane: retried.append(pane.job_id))
    qtbot.mouseClick(compare.page.boxes[0].close_button, LEFT)
    (box,) = compare.page.boxes
    box.retry.show()
    qtbot.mouseClick(box.retry, LEFT)
    assert retried == ["b"]


def test_the_bar_knows_its_span_and_asks_for_it_only_when_stops_lie_otherwise(
    qtbot: QtBot, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[None] = []
    player, scrub = compare.view.player, compare.page.strip.scrub
    span = type(player).span
    monkeypatch.setattr(type(player), "span", lambda of: (asked.append(None), span(of))[1])
    player.step(1)
    qtbot.waitUntil(lambda: still(compare))
    scrub.grab()
    scrub.mark_at(QPointF(200, 20))
    assert asked == []
    key(qtbot, compare.page.window(), KEY.Key_Period)
    assert asked
    before = scrub.x_of(0.0)
    compare.view.align(("go", Place.NONE))
    assert scrub.x_of(0.0) != before
