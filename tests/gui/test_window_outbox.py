"""The outbox panel under hands: cards, why they wait, what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_push import FakePushDesk, offline, push, pushed, sending, stopped
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton

from codefx_desktop.domain.push import PushProgress, PushState
from codefx_desktop.ui.models.outbox_list import OutboxList, PushRole
from codefx_desktop.ui.outbox_panel import OutboxPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme


@pytest.fixture
def desk(qapp: object) -> FakePushDesk:
    return FakePushDesk()


@pytest.fixture
def panel(qtbot: QtBot, desk: FakePushDesk, theme: Theme) -> OutboxPanel:
    panel = OutboxPanel(desk, OutboxList(desk), theme)
    qtbot.addWidget(panel)
    panel.rows.setParent(panel)
    panel.resize(280, 640)
    panel.show()
    return panel


def names(panel: OutboxPanel) -> list[str]:
    rows = range(panel.rows.rowCount())
    return [panel.rows.index(row).data() for row in rows]


def spoken(panel: OutboxPanel, row: int) -> str:
    return panel.rows.index(row).data(Qt.ItemDataRole.AccessibleTextRole)


def choose(panel: OutboxPanel, push_id: int) -> None:
    panel.choose(push_id)
    assert panel.current() is not None
    assert panel.current().id == push_id


def test_without_a_target_it_leads_to_them(qtbot: QtBot, panel: OutboxPanel) -> None:
    panel.show_targets(False)
    assert panel.add_button.isVisible()
    assert not panel.push_button.isVisible()
    with qtbot.waitSignal(panel.targets_wanted):
        panel.add_button.click()
    panel.show_targets(True)
    assert "Nothing to send" in panel.hint.text()
    with qtbot.waitSignal(panel.push_wanted):
        panel.push_button.click()


def test_what_needs_a_person_stands_first_what_ended_last(
    panel: OutboxPanel, desk: FakePushDesk
) -> None:
    desk.show(pushed(1), sending(2), PushProgress(push(3)), pushed(4), stopped(5))
    ids = [panel.rows.index(row).data(PushRole.ID) for row in range(5)]
    assert ids == [5, 2, 3, 4, 1]
    assert names(panel)[0] == "boom-lap-5.mp4"


def test_a_card_says_everything(panel: OutboxPanel, desk: FakePushDesk) -> None:
    desk.show(sending(1))
    assert spoken(panel, 0) == (
        "boom-lap-1.mp4 to Team R2, Sending · 310 of 812 files, "
        "24.8 of 61.4 MB · 4.2 MB/s, 0:09 left"
    )
    desk.show(offline(1))
    assert "Waiting · 120 of 812 files" in spoken(panel, 0)
    assert spoken(panel, 0).endswith("next try in 40 s, Offline: nobody answers at the bucket.")
    desk.show(stopped(1))
    assert "Needs you" in spoken(panel, 0)
    assert "the secret does not fit" in spoken(panel, 0)
    desk.show(pushed(1))
    assert "Pushed · 812 files · 61.4 MB" in spoken(panel, 0)


def test_no_time_left_is_invented(panel: OutboxPanel, desk: FakePushDesk) -> None:
    begun = PushProgress(push(1, PushState.SENDING, sent_bytes=1_000_000), 415.0, 73_755.0)
    desk.show(begun)
    assert "left" not in spoken(panel, 0)
    desk.show(PushProgress(push(1, PushState.SENDING, sent_bytes=4_000_000), 1e6, 59.4))
    assert "0:59 left" in spoken(panel, 0)


def test_the_wait_counts_down(qtbot: QtBot, panel: OutboxPanel, desk: FakePushDesk) -> None:
    desk.show(offline(1, seconds=40))
    with qtbot.waitSignal(panel.rows.changed):
        pass
    assert any(f"next try in {left} s" in spoken(panel, 0) for left in range(1, 40))


@pytest.mark.parametrize(
    ("state", "able"),
    [
        (PushState.WAITING, {"pause", "retry", "cancel"}),
        (PushState.SENDING, {"pause", "cancel"}),
        (PushState.PAUSED, {"resume", "cancel"}),
        (PushState.STOPPED, {"pause", "retry", "cancel"}),
        (PushState.CANCELLED, {"remove"}),
        (PushState.PUSHED, {"copy", "links", "remove"}),
    ],
)
def test_only_what_makes_sense_can_be_done(
    panel: OutboxPanel, desk: FakePushDesk, state: PushState, able: set[str]
) -> None:
    desk.show(PushProgress(push(1, state)))
    choose(panel, 1)
    deeds = ("pause", "resume", "retry", "cancel", "copy", "links", "remove")
    assert {one for one in deeds if getattr(panel, f"{one}_action").isEnabled()} == able


def test_buttons_and_keys_ask_the_desk(
    qtbot: QtBot, panel: OutboxPanel, desk: FakePushDesk
) -> None:
    desk.show(sending(1), stopped(2), pushed(3))
    panel.activateWindow()
    panel.view.setFocus()
    choose(panel, 1)
    panel.pause_action.trigger()
    panel.cancel_action.trigger()
    choose(panel, 2)
    panel.retry_action.trigger()
    choose(panel, 3)
    panel.remove_action.trigger()
    assert desk.calls == [("pause", 1), ("cancel", 1), ("retry", 2), ("forget", 3)]
    with qtbot.waitSignal(panel.links_wanted) as told:
        panel.links_action.trigger()
    assert told.args == [3]


def test_a_cards_own_button_is_pressed(
    qtbot: QtBot, panel: OutboxPanel, desk: FakePushDesk
) -> None:
    desk.show(sending(1), PushProgress(push(2, PushState.PAUSED)), pushed(3))

    def press(row: int) -> None:
        rect = panel.view.visualRect(panel.rows.index(row))
        spot = panel.delegate.button_rect(rect).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    press(0)
    press(1)
    assert desk.calls == [("pause", 1), ("resume", 2)]
    with qtbot.waitSignal(panel.links_wanted) as told:
        press(2)
    assert told.args == [3]


def test_all_is_paused_and_limited(qtbot: QtBot, panel: OutboxPanel, desk: FakePushDesk) -> None:
    panel.pause_button.click()
    assert desk.of("pause_all") == [(True,)]
    assert panel.pause_button.text() == "Resume all"
    desk.show(sending(1))
    assert spoken(panel, 0).endswith("All pushes are paused.")
    panel.pause_button.click()
    assert desk.of("pause_all") == [(True,), (False,)]
    assert panel.limit.text() == "No limit"
    panel.limit.setFocus()
    panel.limit.selectAll()
    with qtbot.waitSignal(panel.limit_changed) as told:
        qtbot.keyClicks(panel.limit, "8.5")
        qtbot.keyClick(panel.limit, Qt.Key.Key_Return)
    assert told.args == [8.5]
    assert panel.limit.text() == "8.5 Mbit/s"


def test_the_chosen_push_stays_chosen(panel: OutboxPanel, desk: FakePushDesk) -> None:
    desk.show(sending(1), PushProgress(push(2)), PushProgress(push(3)))
    choose(panel, 2)
    desk.change(2, state=PushState.STOPPED, reason="The bucket is full.")
    assert panel.rows.row_of(2) == 0
    assert panel.current().id == 2
    desk.show(sending(1), PushProgress(push(3)))
    assert names(panel) == ["boom-lap-1.mp4", "boom-lap-3.mp4"]


def test_its_menu_has_what_the_tools_have(panel: OutboxPanel, desk: FakePushDesk) -> None:
    desk.show(pushed(1))
    spot = panel.view.visualRect(panel.rows.index(0)).center()
    menu = panel.menu_at(spot)
    assert menu is not None
    assert panel.links_action in menu.actions()
    assert panel.menu_at(QPoint(20, 600)) is None


def test_every_control_has_a_name(panel: OutboxPanel) -> None:
    controls = panel.findChildren(QAbstractButton)
    assert controls
    assert not [one for one in controls if not (one.text() or one.accessibleName())]


@pytest.mark.dressed
def test_a_card_that_waits_is_as_high_as_its_reason(panel: OutboxPanel, desk: FakePushDesk) -> None:
    desk.show(PushProgress(push(1)))
    low = panel.view.visualRect(panel.rows.index(0)).height()
    desk.show(stopped(1))
    assert panel.view.visualRect(panel.rows.index(0)).height() > low


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_it_is_painted_in_every_theme(
    panel: OutboxPanel, desk: FakePushDesk, theme: Theme, name: str
) -> None:
    desk.show(stopped(5), sending(1), offline(2), PushProgress(push(3)), pushed(4))
    theme.set(name)
    assert not panel.grab().isNull()
