"""The target desk: answers on the main thread, work and keyring on workers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fake_ring import FakeRing
from fake_store import FakeStore

from codefx_desktop.domain.errors import HistoryError, Offline
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_desk import TargetDesk
from codefx_desktop.jobs.target_keeper import TargetKeeper
from codefx_desktop.jobs.target_values import TargetSaved
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.secrets import SecretPlace, Secrets
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.target_values import LifecycleView, TargetCheck, TargetList

TEAM = Target("Team R2", TargetKind.R2, "races", "0123", access_key_id="key")
SECRET = "canary-4f1c"  # noqa: S105 - a made-up one


class Opened:
    """A desk over a real keeper with a fake place, and all it said."""

    def __init__(self) -> None:
        self.store, self.ring = FakeStore(), FakeRing()
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        secrets = Secrets(self.find_ring)
        self.keeper = TargetKeeper(app_paths(), load_settings(), secrets, lambda *_: self.store)
        self.desk = TargetDesk(self.keeper_of)
        self.lists: list[TargetList] = []
        self.saved: list[TargetSaved] = []
        self.removed: list[str] = []
        self.checks: list[TargetCheck] = []
        self.views: list[LifecycleView] = []
        self.exported: list[Path] = []
        self.troubles: list[tuple[str, str]] = []
        self.desk.listed.connect(self.lists.append)
        self.desk.saved.connect(self.saved.append)
        self.desk.removed.connect(self.removed.append)
        self.desk.check.connect(self.checks.append)
        self.desk.lifecycle.connect(self.views.append)
        self.desk.exported.connect(self.exported.append)
        self.desk.trouble.connect(lambda *words: self.troubles.append(words))

    def keeper_of(self, _cancel: CancelSignal) -> TargetKeeper:
        if self.error is not None:
            raise self.error
        return self.keeper

    def find_ring(self) -> FakeRing:
        self.threads.add(threading.get_ident())
        self.gate.wait(60)
        return self.ring


@pytest.fixture
def opened(qtbot: QtBot, qapp: object) -> Iterator[Opened]:
    opened = Opened()
    yield opened
    opened.desk.shutdown()
    opened.desk.deleteLater()


def test_saved_then_listed_then_removed(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.save(TEAM, SECRET)
    qtbot.waitUntil(lambda: bool(opened.lists))
    assert opened.saved == [TargetSaved("Team R2")]
    assert opened.lists[-1].rows[0].secret_place is SecretPlace.KEYRING
    opened.desk.forget_secret("team r2")
    qtbot.waitUntil(lambda: len(opened.lists) == 2)
    assert opened.lists[-1].rows[0].missing == ("secret",)
    opened.desk.set_secret("team r2", SECRET)
    qtbot.waitUntil(lambda: len(opened.lists) == 3)
    opened.desk.remove("team r2")
    qtbot.waitUntil(lambda: len(opened.lists) == 4)
    assert opened.removed == ["Team R2"]
    assert opened.lists[-1].rows == ()
    assert opened.troubles == []


def test_the_keyring_is_never_asked_on_the_main_thread(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.save(TEAM, SECRET)
    qtbot.waitUntil(lambda: bool(opened.lists))
    opened.desk.test(TEAM)
    opened.desk.request_lifecycle(TEAM.name)
    qtbot.waitUntil(lambda: bool(opened.views))
    assert opened.threads
    assert threading.get_ident() not in opened.threads


def test_what_cannot_be_kept_is_told(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.save(TEAM)
    opened.desk.save(TEAM)
    qtbot.waitUntil(lambda: bool(opened.troubles) and bool(opened.lists))
    ((what, why),) = opened.troubles
    assert what == "save"
    assert "already" in why


def test_a_secret_that_is_none_is_told(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.save(TEAM, "two words")
    qtbot.waitUntil(lambda: bool(opened.troubles))
    assert "one word" in opened.troubles[0][1]
    assert "two words" not in opened.troubles[0][1]


def test_each_step_of_a_test_comes(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.test(TEAM, SECRET)
    qtbot.waitUntil(lambda: bool(opened.checks) and opened.checks[-1].is_over)
    assert opened.checks[-1].is_passed
    assert [len(check.steps) for check in opened.checks] == [1, 2, 3, 4, 5, 6, 6]
    assert opened.store.keys() == []


def test_the_newest_test_speaks_alone(qtbot: QtBot, opened: Opened) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(call: object) -> None:
        begun.set()
        go_on.wait(60)

    opened.store.on_call = wait
    opened.desk.test(TEAM, SECRET)
    assert begun.wait(60)
    other = Target("other", TargetKind.R2, "x", "0123", access_key_id="key")
    opened.desk.test(other, SECRET)
    go_on.set()
    qtbot.waitUntil(lambda: bool(opened.checks) and opened.checks[-1].is_over)
    assert {check.target for check in opened.checks} == {"other"}
    assert opened.store.keys() == []


def test_a_stopped_test_says_no_more(qtbot: QtBot, opened: Opened) -> None:
    opened.store.on_call = lambda _: opened.desk.stop_test()
    opened.desk.test(TEAM, SECRET)
    opened.desk.request_lifecycle("nobody")
    qtbot.waitUntil(lambda: bool(opened.troubles))
    assert opened.checks == []
    assert opened.store.keys() == []


def test_rules(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    opened.desk.save(TEAM, SECRET)
    qtbot.waitUntil(lambda: bool(opened.lists))
    opened.desk.request_lifecycle(TEAM.name)
    qtbot.waitUntil(lambda: len(opened.views) == 1)
    assert len(opened.views[0].lacking) == 2
    opened.desk.set_lifecycle(TEAM.name, expire=True)
    qtbot.waitUntil(lambda: len(opened.views) == 2)
    assert opened.views[1].lacking == ()
    file = tmp_path / "rules.json"
    file.touch()
    opened.desk.export_lifecycle(TEAM.name, file, expire=True)
    qtbot.waitUntil(lambda: opened.exported == [file])
    assert file.read_text().startswith("{")
    opened.store.offline = Offline("Nobody answers.")
    opened.desk.set_lifecycle(TEAM.name, expire=True)
    qtbot.waitUntil(lambda: opened.troubles == [("set_lifecycle", "Nobody answers.")])


def test_troubles_and_bugs_are_told(
    qtbot: QtBot, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    opened.error = HistoryError("The history could not be opened.")
    opened.desk.request_list()
    qtbot.waitUntil(lambda: len(opened.troubles) == 1)
    assert opened.troubles[0] == ("request_list", "The history could not be opened.")
    opened.error = ZeroDivisionError()
    opened.desk.request_list()
    qtbot.waitUntil(lambda: len(opened.troubles) == 2)
    assert "unexpected" in opened.troubles[1][1]
    assert "ZeroDivisionError" in caplog.text


def test_after_the_end_nothing_is_said_but_what_was_asked_is_kept(
    qtbot: QtBot, opened: Opened
) -> None:
    opened.gate.clear()
    opened.desk.save(TEAM, SECRET)
    opened.desk.save(Target("next", TargetKind.R2))
    threading.Timer(0.1, opened.gate.set).start()
    opened.desk.shutdown()
    opened.desk.save(Target("late", TargetKind.R2))
    opened.desk.test(TEAM, SECRET)
    opened.desk.request_list()
    qtbot.wait(50)
    assert (opened.lists, opened.checks, opened.saved) == ([], [], [])
    assert [one.name for one in opened.keeper.loaded().targets] == ["Team R2", "next"]
