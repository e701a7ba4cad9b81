"""Models added whole or not at all, fetched from the net or taken from a drive."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from model_shelves import SMALL, Shelf

from codefx_desktop.domain.errors import (
    AlreadyThere,
    DownloadDamaged,
    DownloadError,
    NoNetwork,
    NoSpace,
    NotWritable,
    OutputError,
    SettingsError,
    WeightsError,
    WeightsMissing,
    WeightsUnusable,
)
from codefx_desktop.domain.models import ModelTask
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.settings.weights import DEMO_MODEL, DEMO_SEGMENTER

if TYPE_CHECKING:
    from pathlib import Path


# -- adding ---------------------------------------------------------------------------------------


def test_a_file_is_added_whole(shelf: Shelf, drive: Path) -> None:
    kept = shelf.add(drive / "mine.pt")
    assert (kept.path, kept.was_there) == (shelf.paths.weights / "mine.pt", False)
    assert kept.path.read_bytes() == b"det mine"
    assert shelf.names() == ["mine.pt"]
    assert shelf.told[-1].done_bytes == shelf.told[-1].total_bytes == 8
    assert shelf.model("mine.pt").is_known
    assert len(shelf.vision.inspected) == 1


def test_the_same_content_is_there_already(shelf: Shelf, drive: Path) -> None:
    there = shelf.put("other-name.pt", b"det mine")
    kept = shelf.add(drive / "mine.pt")
    assert (kept.path, kept.was_there) == (there, True)
    assert shelf.add(there).was_there
    assert shelf.names() == ["other-name.pt"]


@pytest.mark.parametrize("name", ["mine.pt", "MINE.PT"])
def test_nothing_is_ever_overwritten(shelf: Shelf, drive: Path, name: str) -> None:
    shelf.put(name, b"det another")
    with pytest.raises(AlreadyThere, match=r"another name, such as mine-2\.pt"):
        shelf.add(drive / "mine.pt")
    assert shelf.names() == [name]
    assert shelf.add(drive / "mine.pt", "mine-2.pt").path.name == "mine-2.pt"
    assert shelf.real.free_name("mine.pt") == "mine-3.pt"


@pytest.mark.parametrize(
    "name", ["mine", "mine.txt", "../mine.pt", "a/b.pt", "con.pt", ".pt", ".hidden.pt", "a:b.pt"]
)
def test_a_name_must_be_one_of_a_file_everywhere(shelf: Shelf, drive: Path, name: str) -> None:
    with pytest.raises(WeightsError, match="name"):
        shelf.add(drive / "mine.pt", name)
    assert not shelf.names()


@pytest.mark.parametrize(
    ("name", "words"),
    [("broken.pt", "cannot be loaded"), ("poses.pt", "pose.+no job can use")],
)
def test_what_no_job_can_use_is_refused(shelf: Shelf, drive: Path, name: str, words: str) -> None:
    with pytest.raises(WeightsUnusable, match=words):
        shelf.add(drive / name)
    assert not shelf.names()
    with pytest.raises(WeightsMissing):
        shelf.add(drive / "nothing.pt")


def test_a_bad_cable_is_found_out(
    shelf: Shelf, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(source: Path, part: Path, *_: object) -> None:
        part.write_bytes(source.read_bytes()[:-1] + b"?")

    monkeypatch.setattr("codefx_desktop.jobs.checked_copy._copy", copy)
    with pytest.raises(OutputError, match="changed on the way"):
        shelf.add(drive / "mine.pt")
    assert not shelf.names()


def test_a_full_disk_leaves_nothing(
    shelf: Shelf, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("codefx_desktop.jobs.checked_copy.os.fsync", full)
    with pytest.raises(NoSpace):
        shelf.add(drive / "mine.pt")
    assert not shelf.names()


def test_a_cancelled_copy_leaves_nothing(shelf: Shelf, drive: Path) -> None:
    shelf.cancel.set()
    with pytest.raises(Cancelled):
        shelf.add(drive / "mine.pt")
    assert not shelf.names()


def test_programs_add_one_after_another(
    shelf: Shelf, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.model_folder.WAIT_S", 0.1)
    lock = shelf.paths.cache / "models" / "adding.lock"
    lock.parent.mkdir(parents=True)
    with FileLock(lock), pytest.raises(NotWritable, match="Another program"):
        shelf.real._folder.alone("adding", "Another program", wait_s=0.1).__enter__()
    assert shelf.add(drive / "mine.pt")


# -- getting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small.pt", "small", "SMALL.PT"])
def test_a_standard_model_is_fetched(shelf: Shelf, name: str) -> None:
    kept = shelf.get(name)
    assert (kept.path.name, kept.facts.task) == ("small.pt", ModelTask.DETECT)
    assert shelf.names() == ["small.pt"]
    assert shelf.told[-1].done_bytes == len(SMALL)
    offer = shelf.real.survey().offers[0]
    assert (offer.kept, offer.part_bytes) == (kept.path, 0)
    assert shelf.get(name).was_there
    assert len(shelf.downloads.asked) == 1


def test_nothing_is_fetched_but_by_get(shelf: Shelf, drive: Path) -> None:
    shelf.real.survey()
    shelf.add(drive / "mine.pt")
    shelf.real.get_from("small", drive, shelf.told.append, shelf.cancel)
    shelf.real.find("small")
    assert not shelf.downloads.asked


def test_what_broke_off_is_told_and_gone_on_from(shelf: Shelf) -> None:
    shelf.downloads.stop_after = 100_000
    with pytest.raises(NoNetwork):
        shelf.get("small")
    assert shelf.real.survey().offers[0].part_bytes == 100_000
    assert [model.name for model in shelf.real.survey().models] == [DEMO_MODEL, DEMO_SEGMENTER]
    shelf.downloads.stop_after = None
    shelf.told.clear()
    shelf.get("small")
    assert shelf.told[0].done_bytes == 100_000


def test_what_was_fetched_can_be_thrown_away(shelf: Shelf) -> None:
    shelf.downloads.stop_after = 100_000
    with pytest.raises(NoNetwork):
        shelf.get("small")
    shelf.real.discard("small")
    assert not shelf.names()
    shelf.real.discard("small")


def test_a_standard_model_never_replaces_another_file(shelf: Shelf) -> None:
    mine = shelf.put("small.pt", b"det mine")
    with pytest.raises(AlreadyThere, match="Rename or remove"):
        shelf.get("small")
    assert mine.read_bytes() == b"det mine"
    assert not shelf.downloads.asked


def test_an_unknown_name_is_wrong_use(shelf: Shelf) -> None:
    with pytest.raises(SettingsError, match=r"no standard model huge.+small\.pt"):
        shelf.get("huge")


def test_a_refusal_is_handed_on(shelf: Shelf) -> None:
    shelf.downloads.contents.clear()
    with pytest.raises(DownloadError):
        shelf.get("small")


def test_two_programs_do_not_fetch_the_same(shelf: Shelf) -> None:
    began, go_on = threading.Event(), threading.Event()
    real = shelf.downloads.get

    def slow(*args: object) -> None:
        began.set()
        go_on.wait(60)
        real(*args)

    shelf.downloads.get = slow
    first = threading.Thread(target=lambda: shelf.get("small"))
    first.start()
    assert began.wait(60)
    with pytest.raises(NotWritable, match="Another program is fetching"):
        shelf.fresh().get("small", shelf.told.append, shelf.cancel)
    go_on.set()
    first.join()
    assert shelf.names() == ["small.pt"]


@pytest.mark.parametrize("place", ["", "models", "models/small.pt"])
def test_a_standard_model_comes_from_a_drive_too(shelf: Shelf, drive: Path, place: str) -> None:
    shelf.put("small.pt.part", SMALL[:100])
    kept = shelf.real.get_from("small", drive / place, shelf.told.append, shelf.cancel)
    assert shelf.names() == ["small.pt"]
    assert kept.path.read_bytes() == SMALL
    assert shelf.real.survey().offers[0].kept == kept.path


def test_another_file_is_not_taken_for_a_standard_model(shelf: Shelf, drive: Path) -> None:
    with pytest.raises(DownloadDamaged, match=r"not the small\.pt of the list"):
        shelf.real.get_from("small", drive / "mine.pt", shelf.told.append, shelf.cancel)
    shutil.rmtree(drive / "models")
    with pytest.raises(WeightsMissing, match=r"no small\.pt in"):
        shelf.real.get_from("small", drive, shelf.told.append, shelf.cancel)
    assert len(shelf.vision.inspected) == 0
