"""The shelf of models: what there is, who uses it, what is in it; removed with care."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from model_shelves import OFFERS, SEGMENTER, SMALL, Shelf

from codefx_desktop.domain.errors import (
    NotWritable,
    WeightsInUse,
    WeightsMissing,
    WeightsUnusable,
)
from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.models import ModelPlace, ModelRole, ModelTask
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_MODEL, DEMO_SEGMENTER

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord


def job(weights: Path | None, status: JobStatus = JobStatus.COMPLETE, **plan: object) -> JobRecord:
    return record(status=status, spec=JobSpec(weights=weights, plan=StagePlan(**plan)))


# -- what there is --------------------------------------------------------------------------------


def test_without_anything_there_is_the_demo_model(shelf: Shelf) -> None:
    found = shelf.real.survey()
    assert [model.name for model in found.models] == [DEMO_MODEL, DEMO_SEGMENTER]
    for model in found.models:
        assert model.places == {ModelPlace.DEMO}
        assert not model.can_be_removed
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
        DEMO_SEGMENTER: {ModelPlace.DEMO},
        "own.pt": {ModelPlace.OWN, ModelPlace.JOBS},
        "used.pt": {ModelPlace.JOBS},
        "gone.pt": {ModelPlace.JOBS},
    }
    models = shelf.real.survey().models
    assert (models[0].name, models[0].roles) == ("set-seg.pt", (ModelRole.SEGMENTER,))
    assert models[-1].name == "gone.pt"
    assert "not there" in models[-1].trouble
    assert shelf.model("used.pt").use.jobs == 2


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
    use = shelf.model("own.pt").use
    assert (use.jobs, use.waiting, use.last_job_id, use.last_clip) == (2, 1, "n", "newest.mp4")
    assert use.last_at == shelf.history.records[0].created_at
    assert shelf.model("own-seg.pt").use.jobs == 1
    assert shelf.model(DEMO_MODEL).use.jobs == 1


def test_more_jobs_than_a_page_are_counted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.model_uses.PAGE", 3)
    path = shelf.put("own.pt")
    shelf.history.records = [job(path) for _ in range(10)]
    assert shelf.model("own.pt").use.jobs == 10


def test_two_spellings_are_one_file(shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.put("own.pt")
    detour = path.parent / "sub" / ".." / "own.pt"
    shelf.history.records = [job(detour), job(path)]
    assert [model.name for model in shelf.real.survey().models].count("own.pt") == 1
    assert shelf.model("own.pt").use.jobs == 2


# -- looks ----------------------------------------------------------------------------------------


def test_a_list_loads_no_model_library_and_a_look_is_remembered(shelf: Shelf) -> None:
    path = shelf.put("own.pt")
    assert not shelf.model("own.pt").is_known
    assert not shelf.vision.inspected
    facts = shelf.real.look(path)
    assert (facts.task, facts.sha256) == (ModelTask.DETECT, hashlib.sha256(SMALL).hexdigest())
    shelf.real = shelf.fresh()
    assert shelf.model("own.pt").facts == facts
    assert shelf.real.look(path) == facts
    assert shelf.vision.inspected == [path]


def test_a_changed_file_is_looked_at_again(shelf: Shelf) -> None:
    path = shelf.put("own.pt")
    shelf.real.look(path)
    shelf.put("own.pt", SEGMENTER)
    assert not shelf.model("own.pt").is_known
    assert shelf.real.look(path).task is ModelTask.SEGMENT


def test_what_cannot_be_used_is_remembered_too(shelf: Shelf) -> None:
    path = shelf.put("own.pt", b"bad")
    for _ in range(2):
        with pytest.raises(WeightsUnusable, match="cannot be loaded"):
            shelf.real.look(path)
    assert shelf.vision.inspected == [path]
    assert shelf.model("own.pt").trouble == "own.pt cannot be loaded. Choose another file."


def test_another_version_looks_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.real.look(shelf.put("own.pt"))
    monkeypatch.setattr("codefx_desktop.jobs.known_weights.__version__", "99")
    assert not shelf.model("own.pt").is_known


@pytest.mark.parametrize("content", ["", "[]", "{", '{"files": 3}', '{"files": {"a": []}}'])
def test_a_damaged_memory_is_forgotten(shelf: Shelf, content: str) -> None:
    path = shelf.put("own.pt")
    shelf.real.look(path)
    [kept] = shelf.paths.cache.rglob("known.json")
    kept.write_text(content)
    assert not shelf.model("own.pt").is_known
    assert shelf.real.look(path).task is ModelTask.DETECT
    assert shelf.model("own.pt").is_known


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
