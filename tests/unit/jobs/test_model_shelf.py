"""The shelf of models: what there is, added whole or not at all, fetched, removed with care."""

from __future__ import annotations

import hashlib
import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from gui.fake_hub import record
from model_shelves import OFFERS, SEGMENTER, SMALL, Shelf

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
    WeightsInUse,
    WeightsMissing,
    WeightsUnusable,
)
from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.models import ModelPlace, ModelRole, ModelTask
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.models import Model


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program lie in an empty folder; what is beside the real one is nobody's business."""
    folder = tmp_path / "program"
    (folder / "model_weights").mkdir(parents=True)
    for module in ("jobs.model_places", "settings.weights"):
        monkeypatch.setattr(f"codefx_desktop.{module}.program_dir", lambda: folder)
    return folder


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """Return a USB drive with some files."""
    folder = tmp_path / "drive"
    (folder / "models").mkdir(parents=True)
    (folder / "mine.pt").write_bytes(b"det mine")
    (folder / "poses.pt").write_bytes(b"pose")
    (folder / "broken.pt").write_bytes(b"bad")
    (folder / "models" / "small.pt").write_bytes(SMALL)
    return folder


def named(shelf: Shelf, name: str) -> Model:
    return next(model for model in shelf.real.survey().models if model.name == name)


def job(weights: Path | None, status: JobStatus = JobStatus.COMPLETE, **plan: object) -> JobRecord:
    return record(status=status, spec=JobSpec(weights=weights, plan=StagePlan(**plan)))


# -- what there is --------------------------------------------------------------------------------


def test_without_anything_there_is_the_demo_model(shelf: Shelf) -> None:
    found = shelf.real.survey()
    assert [model.name for model in found.models] == [DEMO_MODEL]
    assert found.models[0].places == {ModelPlace.DEMO}
    assert not found.models[0].can_be_removed
    assert [offer.model.name for offer in found.offers] == ["small.pt", "small-seg.pt"]
    assert found.folder == shelf.paths.weights


def test_every_place_is_looked_at(tmp_path: Path, program: Path) -> None:
    (program / "model_weights" / "beside.pt").write_bytes(b"x")
    setting = tmp_path / "set-seg.pt"
    setting.write_bytes(SEGMENTER)
    used = tmp_path / "used.pt"
    used.write_bytes(SMALL)
    shelf = Shelf(segment_weights_path=setting)
    shelf.put("own.pt")
    shelf.put("notes.txt")
    shelf.put("._own.pt")
    shelf.put("half.pt.part")
    gone = tmp_path / "gone.pt"
    shelf.history.records = [job(gone), job(used), job(used), job(shelf.paths.weights / "own.pt")]
    places = {model.name: model.places for model in shelf.real.survey().models}
    assert places == {
        "set-seg.pt": {ModelPlace.SETTINGS},
        "beside.pt": {ModelPlace.PROGRAM},
        DEMO_MODEL: {ModelPlace.DEMO},
        "own.pt": {ModelPlace.OWN, ModelPlace.JOBS},
        "used.pt": {ModelPlace.JOBS},
        "gone.pt": {ModelPlace.JOBS},
    }
    models = shelf.real.survey().models
    assert (models[0].name, models[0].roles) == ("set-seg.pt", (ModelRole.SEGMENTER,))
    assert models[-1].name == "gone.pt"
    assert "not there" in models[-1].trouble
    assert named(shelf, "used.pt").use.jobs == 2


def test_what_jobs_take_by_themselves_is_told(shelf: Shelf) -> None:
    shelf.put("best.pt")
    shelf.put("small-seg.pt", SEGMENTER)
    shelf.put("another-seg.pt", SEGMENTER)
    roles = {model.name: model.roles for model in shelf.real.survey().models}
    assert roles["best.pt"] == (ModelRole.DETECTOR,)
    assert roles["another-seg.pt"] == (ModelRole.SEGMENTER,)
    assert roles["small-seg.pt"] == ()


def test_the_jobs_that_name_a_file_are_counted(shelf: Shelf) -> None:
    path, seg = shelf.put("own.pt"), shelf.put("own-seg.pt", SEGMENTER)
    shelf.history.records = [
        record("newest.mp4", id="n", status=JobStatus.QUEUED, spec=JobSpec(weights=path)),
        record("old.mp4", status=JobStatus.FAILED, spec=JobSpec(weights=path)),
        job(path, detect=False, scenes=True),  # named, but not looked at
        record("demo.mp4", status=JobStatus.COMPLETE, spec=JobSpec(demo_model=True, weights=path)),
        job(None, segment=True, every_frame=True, segment_weights=seg),
        job(None),
    ]
    use = named(shelf, "own.pt").use
    assert (use.jobs, use.waiting, use.last_job_id, use.last_clip) == (2, 1, "n", "newest.mp4")
    assert use.last_at == shelf.history.records[0].created_at
    assert named(shelf, "own-seg.pt").use.jobs == 1
    assert named(shelf, DEMO_MODEL).use.jobs == 1


def test_more_jobs_than_a_page_are_counted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.model_uses.PAGE", 3)
    path = shelf.put("own.pt")
    shelf.history.records = [job(path) for _ in range(10)]
    assert named(shelf, "own.pt").use.jobs == 10


def test_two_spellings_are_one_file(shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.put("own.pt")
    detour = path.parent / "sub" / ".." / "own.pt"
    shelf.history.records = [job(detour), job(path)]
    assert [model.name for model in shelf.real.survey().models].count("own.pt") == 1
    assert named(shelf, "own.pt").use.jobs == 2


# -- looks ----------------------------------------------------------------------------------------


def test_a_list_loads_no_model_library_and_a_look_is_remembered(shelf: Shelf) -> None:
    path = shelf.put("own.pt")
    assert not named(shelf, "own.pt").is_known
    assert not shelf.vision.inspected
    facts = shelf.real.look(path)
    assert (facts.task, facts.sha256) == (ModelTask.DETECT, hashlib.sha256(SMALL).hexdigest())
    shelf.real = shelf.fresh()
    assert named(shelf, "own.pt").facts == facts
    assert shelf.real.look(path) == facts
    assert shelf.vision.inspected == [path]


def test_a_changed_file_is_looked_at_again(shelf: Shelf) -> None:
    path = shelf.put("own.pt")
    shelf.real.look(path)
    shelf.put("own.pt", SEGMENTER)
    assert not named(shelf, "own.pt").is_known
    assert shelf.real.look(path).task is ModelTask.SEGMENT


def test_what_cannot_be_used_is_remembered_too(shelf: Shelf) -> None:
    path = shelf.put("own.pt", b"bad")
    for _ in range(2):
        with pytest.raises(WeightsUnusable, match="cannot be loaded"):
            shelf.real.look(path)
    assert shelf.vision.inspected == [path]
    assert named(shelf, "own.pt").trouble == "own.pt cannot be loaded. Choose another file."


def test_another_version_looks_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.real.look(shelf.put("own.pt"))
    monkeypatch.setattr("codefx_desktop.jobs.known_weights.__version__", "99")
    assert not named(shelf, "own.pt").is_known


@pytest.mark.parametrize("content", ["", "[]", "{", '{"files": 3}', '{"files": {"a": []}}'])
def test_a_damaged_memory_is_forgotten(shelf: Shelf, content: str) -> None:
    path = shelf.put("own.pt")
    shelf.real.look(path)
    [kept] = shelf.paths.cache.rglob("known.json")
    kept.write_text(content)
    assert not named(shelf, "own.pt").is_known
    assert shelf.real.look(path).task is ModelTask.DETECT
    assert named(shelf, "own.pt").is_known


def test_models_are_found_by_name_and_by_path(shelf: Shelf, drive: Path) -> None:
    path = shelf.put("own.pt")
    for name in ("own.pt", "OWN", str(path)):
        found = shelf.real.find(name)
        assert (found.path, found.is_known) == (path, True)
    outside = shelf.real.find(str(drive / "broken.pt"))
    assert outside.trouble
    assert not outside.places
    with pytest.raises(WeightsMissing, match="no model nothing"):
        shelf.real.find("nothing")


# -- adding ---------------------------------------------------------------------------------------


def test_a_file_is_added_whole(shelf: Shelf, drive: Path) -> None:
    kept = shelf.add(drive / "mine.pt")
    assert (kept.path, kept.was_there) == (shelf.paths.weights / "mine.pt", False)
    assert kept.path.read_bytes() == b"det mine"
    assert shelf.names() == ["mine.pt"]
    assert shelf.told[-1].done_bytes == shelf.told[-1].total_bytes == 8
    assert named(shelf, "mine.pt").is_known
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
    assert [model.name for model in shelf.real.survey().models] == [DEMO_MODEL]
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
        go_on.wait(5)
        real(*args)

    shelf.downloads.get = slow
    first = threading.Thread(target=lambda: shelf.get("small"))
    first.start()
    assert began.wait(5)
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


# -- removing -------------------------------------------------------------------------------------


def test_an_own_file_is_removed(shelf: Shelf) -> None:
    path = shelf.put("own.pt")
    shelf.history.records = [job(path)]
    shelf.real.remove(path)
    assert not shelf.names()
    with pytest.raises(WeightsMissing):
        shelf.real.remove(path)


def test_no_other_file_is_removed(shelf: Shelf, drive: Path) -> None:
    text = shelf.put("notes.txt")
    for path in (drive / "mine.pt", resource(DEMO_MODEL), text, shelf.paths.weights / "../x.pt"):
        with pytest.raises(NotWritable, match="not in the folder"):
            shelf.real.remove(path)
    assert resource(DEMO_MODEL).exists()
    assert text.exists()


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.PROCESSING])
def test_what_a_waiting_job_names_is_kept(shelf: Shelf, status: JobStatus) -> None:
    path = shelf.put("own.pt")
    shelf.history.records = [job(path, status)]
    with pytest.raises(WeightsInUse, match="1 waiting job needs"):
        shelf.real.remove(path)
    assert path.exists()


def test_what_a_waiting_job_will_take_by_itself_is_kept(shelf: Shelf) -> None:
    best, seg = shelf.put("best.pt"), shelf.put("best-seg.pt", SEGMENTER)
    shelf.history.records = [job(None, JobStatus.QUEUED)]
    with pytest.raises(WeightsInUse):
        shelf.real.remove(best)
    shelf.real.remove(seg)
    waiting = job(None, JobStatus.QUEUED, segment=True, every_frame=True)
    shelf.history.records = [waiting, replace(waiting, id="two")]
    seg = shelf.put("best-seg.pt", SEGMENTER)
    with pytest.raises(WeightsInUse, match="2 waiting jobs need"):
        shelf.real.remove(seg)


def test_the_bundled_list_is_sound() -> None:
    from codefx_desktop.jobs.standard_weights import find_standard, standard_models

    models = standard_models()
    assert {one.task for one in models} == {ModelTask.DETECT, ModelTask.SEGMENT}
    assert len({one.name for one in models}) == len({one.sha256 for one in models}) == len(models)
    for one in models:
        assert one.url.startswith("https://github.com/ultralytics/assets/releases/download/")
        assert one.url.endswith(f"/{one.name}")
        assert ("-seg" in one.name) == (one.task is ModelTask.SEGMENT)
        assert one.licence == "AGPL-3.0"
        assert 5_000_000 < one.size_bytes < 50_000_000
    assert find_standard("yolo11n", models) == models[0]
    assert find_standard("best.pt", models) is None
    assert OFFERS[0] not in models
