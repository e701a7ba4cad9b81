"""The model desk: answers on the main thread, one final word for everything that was begun."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from gui.fake_hub import record
from model_shelves import OFFERS, SMALL, Shelf

from codefx_desktop.domain.errors import HistoryError, Offline
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.jobs.model_desk import ModelDesk
from codefx_desktop.jobs.model_values import BucketModels, DeedKind, DeedPhase, ModelDeed, NameTaken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.models import ModelList
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.model_shelf import ModelShelf


class Opened:
    """A desk, its shelf, and all it said."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.threads: set[int] = set()
        self.error: Exception | None = None
        self.store = FakeStore()
        self.desk = ModelDesk(self.shelf_of, lambda _cancel: self.shelf.bucket(self.store))
        self.lists: list[ModelList] = []
        self.deeds: list[ModelDeed] = []
        self.taken: list[NameTaken] = []
        self.removed: list[Path] = []
        self.troubles: list[str] = []
        self.desk.listed.connect(self.lists.append)
        self.desk.deed.connect(self.deeds.append)
        self.desk.name_taken.connect(self.taken.append)
        self.in_bucket: list[BucketModels] = []
        self.desk.in_bucket.connect(self.in_bucket.append)
        self.desk.removed.connect(self.removed.append)
        self.desk.trouble.connect(self.troubles.append)

    def shelf_of(self, _cancel: CancelSignal) -> ModelShelf:
        self.threads.add(threading.get_ident())
        if self.error is not None:
            raise self.error
        return self.shelf.fresh()

    def phases(self, kind: DeedKind = DeedKind.GET) -> list[DeedPhase]:
        """Return the phases one after another, each once."""
        seen = [deed.phase for deed in self.deeds if deed.kind is kind]
        return [now for now, before in zip(seen, [None, *seen], strict=False) if now != before]


@pytest.fixture
def opened(qtbot: QtBot, qapp: object) -> Iterator[Opened]:
    opened = Opened()
    yield opened
    opened.desk.shutdown()
    opened.desk.deleteLater()


def wait_for_end(qtbot: QtBot, opened: Opened, count: int = 1) -> None:
    qtbot.waitUntil(lambda: sum(deed.phase.is_final for deed in opened.deeds) == count)


def test_the_list_comes_at_once_and_again_with_each_look(qtbot: QtBot, opened: Opened) -> None:
    opened.shelf.put("one.pt")
    opened.shelf.put("two-seg.pt", b"seg")
    opened.shelf.put("three.pt", b"bad")
    opened.desk.request_list()
    qtbot.waitUntil(
        lambda: bool(opened.lists) and all(one.is_known for one in opened.lists[-1].models)
    )
    own = [one for one in opened.lists[0].models if one.can_be_removed]
    assert len(own) == 3
    assert not any(one.is_known for one in own)
    assert len(opened.lists) >= 4
    assert threading.get_ident() not in opened.threads


def test_a_look_in_vain_is_not_made_for_ever(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.known_weights.KnownWeights.put", lambda *_: None)
    opened.shelf.put("one.pt")
    opened.desk.request_list()
    qtbot.waitUntil(lambda: len(opened.shelf.vision.inspected) >= 1)
    qtbot.wait(100)
    looks = [path.name for path in opened.shelf.vision.inspected]
    assert looks.count("one.pt") == 1


def test_a_model_is_fetched_with_progress(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened)
    assert opened.phases() == [DeedPhase.WAITING, DeedPhase.RUNNING, DeedPhase.DONE]
    told = [deed.transfer.done_bytes for deed in opened.deeds if deed.transfer]
    assert told == sorted(told)
    assert told[-1] == len(SMALL)
    kept = opened.deeds[-1].kept
    assert kept is not None
    assert kept.path.read_bytes() == SMALL
    qtbot.waitUntil(lambda: bool(opened.lists) and opened.lists[-1].offers[0].kept is not None)


def test_a_second_click_does_nothing(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.get("small.pt")
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened)
    qtbot.wait(50)
    assert len(opened.shelf.downloads.asked) == 1
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened, 2)


def test_it_is_stopped_and_gone_on_with(qtbot: QtBot, opened: Opened) -> None:
    opened.shelf.downloads.delay_s = 0.05
    opened.desk.get("small.pt")
    qtbot.waitUntil(lambda: any(d.transfer and d.transfer.done_bytes for d in opened.deeds))
    opened.desk.cancel(DeedKind.GET, "small.pt")
    wait_for_end(qtbot, opened)
    assert opened.phases()[-2:] == [DeedPhase.STOPPING, DeedPhase.STOPPED]
    qtbot.waitUntil(lambda: bool(opened.lists) and opened.lists[-1].offers[0].part_bytes > 0)
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened, 2)
    assert opened.deeds[-1].phase is DeedPhase.DONE


def test_what_waits_is_stopped_too(qtbot: QtBot, opened: Opened) -> None:
    opened.shelf.downloads.delay_s = 0.05
    for offer in OFFERS:
        opened.desk.get(offer.name)
    opened.desk.cancel(DeedKind.GET, OFFERS[1].name)
    wait_for_end(qtbot, opened, 2)
    assert [one.target.name for one in opened.shelf.downloads.asked] == ["small.pt"]


def test_what_was_fetched_is_discarded(qtbot: QtBot, opened: Opened) -> None:
    opened.shelf.put("small.pt.part", b"half")
    opened.desk.discard("small.pt")
    qtbot.waitUntil(lambda: opened.shelf.names() == [])
    qtbot.waitUntil(lambda: bool(opened.lists))


def test_a_failure_says_why(qtbot: QtBot, opened: Opened) -> None:
    opened.shelf.downloads.stop_after = 50_000
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened)
    assert opened.deeds[-1].phase is DeedPhase.FAILED
    assert opened.deeds[-1].message.startswith("No network")


def test_a_bug_says_so_and_ends_it(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.shelf.downloads, "get", lambda *_: 1 / 0)
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened)
    assert "ZeroDivisionError" in opened.deeds[-1].message
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened, 2)


def test_a_file_is_added_and_a_taken_name_asks(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    source = tmp_path / "best.pt"
    source.write_bytes(b"det")
    opened.desk.add(source)
    wait_for_end(qtbot, opened)
    source.write_bytes(b"det, trained again")
    opened.desk.add(source)
    wait_for_end(qtbot, opened, 2)
    assert opened.taken == [NameTaken(source, "best.pt", "best-2.pt")]
    assert opened.phases(DeedKind.ADD)[-1] is DeedPhase.STOPPED
    opened.desk.add(source, "best-2.pt")
    wait_for_end(qtbot, opened, 3)
    assert opened.shelf.names() == ["best-2.pt", "best.pt"]
    (tmp_path / "no.pt").write_bytes(b"bad")
    opened.desk.add(tmp_path / "no.pt")
    wait_for_end(qtbot, opened, 4)
    assert "cannot be loaded" in opened.deeds[-1].message


def test_a_standard_model_comes_from_a_drive(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "small.pt").write_bytes(SMALL)
    opened.desk.get_from("small.pt", tmp_path)
    wait_for_end(qtbot, opened)
    assert opened.deeds[-1].phase is DeedPhase.DONE
    assert not opened.shelf.downloads.asked


def test_a_file_is_removed_or_it_is_said_why_not(qtbot: QtBot, opened: Opened) -> None:
    path = opened.shelf.put("own.pt")
    opened.shelf.history.records = [record(spec=JobSpec(weights=path))]
    opened.desk.remove(path)
    qtbot.waitUntil(lambda: bool(opened.troubles))
    assert "waiting job needs own.pt" in opened.troubles[0]
    opened.shelf.history.records = []
    opened.desk.remove(path)
    qtbot.waitUntil(lambda: bool(opened.removed))
    assert opened.removed == [path]
    assert not path.exists()


def test_without_a_history_every_request_is_answered(qtbot: QtBot, opened: Opened) -> None:
    opened.error = HistoryError("The history could not be opened.")
    opened.desk.request_list()
    opened.desk.get("small.pt")
    wait_for_end(qtbot, opened)
    qtbot.waitUntil(lambda: "The history could not be opened." in opened.troubles)
    assert opened.deeds[-1].phase is DeedPhase.FAILED


def test_it_ends_at_once_and_says_nothing_more(
    qtbot: QtBot, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    opened.shelf.downloads.delay_s = 0.05
    for offer in OFFERS:
        opened.desk.get(offer.name)
    opened.desk.request_list()
    qtbot.waitUntil(lambda: bool(opened.shelf.downloads.asked))
    opened.desk.shutdown()
    assert "did not end" not in caplog.text
    said = len(opened.deeds)
    qtbot.wait(50)
    opened.desk.get("small.pt")
    opened.desk.request_list()
    opened.desk.shutdown()
    assert len(opened.deeds) == said


def test_nothing_is_fetched_but_on_request(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    opened.desk.request_list()
    (tmp_path / "best.pt").write_bytes(b"det")
    opened.desk.add(tmp_path / "best.pt")
    wait_for_end(qtbot, opened)
    qtbot.waitUntil(lambda: len(opened.lists) > 1)
    assert not opened.shelf.downloads.asked


def test_weights_of_a_target_are_listed_and_fetched(qtbot: QtBot, opened: Opened) -> None:
    opened.store.plant("models/tyres.pt", SMALL)
    opened.shelf.put("tyres.pt", b"det another")
    opened.desk.list_bucket("races", "models/")
    qtbot.waitUntil(lambda: bool(opened.in_bucket))
    assert [one.name for one in opened.in_bucket[0].models] == ["tyres.pt"]
    opened.desk.get_from_bucket("races", "models/tyres.pt")
    wait_for_end(qtbot, opened)
    assert opened.deeds[-1].kept is not None
    assert opened.deeds[-1].kept.path.name == "tyres-2.pt"
    opened.store.fail("list", Offline("Nobody answers."))
    opened.desk.list_bucket("races", "models/")
    qtbot.waitUntil(lambda: len(opened.in_bucket) == 2)
    assert opened.in_bucket[1].message == "Nobody answers."
