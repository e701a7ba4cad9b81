"""The terminal with all stages on: what a run says of them, and its artifacts afterwards."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import toons
from pycocotools.coco import COCO
from shots import write
from stage_runs import CHOSEN, FRAMES, SHOTS, finding_vision

from codefx_desktop.cli import main
from codefx_desktop.cli.progress import Bars
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import ScenesKnown, StageProgress
from codefx_desktop.settings.paths import app_paths

ROOT = Path(__file__).resolve().parents[2]
Codefx = Callable[..., tuple[int, str, str]]

STAGES = {
    *("IMPORT", "SCENES", "DETECTING", "TRACKING", "SEGMENTING", "FACES", "EVENTS"),
    *("RENDERING", "ARTIFACTS", "TRANSCODING"),
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SHOTS, tmp_path_factory.mktemp("clips") / "shots.mp4")


@pytest.fixture
def codefx(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Codefx:
    vision = finding_vision()
    monkeypatch.setattr("codefx_desktop.bootstrap.new_vision", lambda _paths: vision)

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def everything(codefx: Codefx, clip: Path, weights: Path) -> dict[str, Any]:
    """Run all stages; return what the terminal said as JSON."""
    code, out, err = codefx(
        *("run", clip, "--profile", "everything", "--artifacts", "every:10", "--json"),
        *("--weights", weights, "--seg-weights", weights),
    )
    assert code == 0, err
    (line,) = out.splitlines()
    finished: dict[str, Any] = json.loads(line)
    return finished


def test_the_json_of_a_run_tells_of_scenes_and_artifacts(everything: dict[str, Any]) -> None:
    assert everything["status"] == "COMPLETE"
    assert (everything["scene_count"], everything["artifact_frames"]) == (2, 6)
    assert set(everything["stage_seconds"]) == STAGES
    there = everything["artifacts"]
    files = [path for path in Path(there["folder"]).rglob("frame_*") if path.is_file()]
    files += Path(there["folder"], "analysis").glob("job.*")
    assert there["files"] == len(files) == 6 * 6 + 2
    assert there["size_bytes"] == sum(path.stat().st_size for path in files)


def test_a_person_reads_it_in_two_lines(codefx: Codefx, clip: Path, weights: Path) -> None:
    code, out, _ = codefx(
        *("run", clip, "--profile", "video", "--artifacts", "scenes:3"),
        *("--weights", weights, "--seg-weights", weights),
    )
    assert code == 0
    assert out.startswith("shots.mp4: artifacts (scenes:3) of each scene: 3 frames, 18 files,")
    assert "2 scenes. 6 frames with artifacts: 38 files, " in out
    assert f"{FRAMES} of {FRAMES} frames written." in out


def test_a_run_without_them_says_nothing_of_them(codefx: Codefx, clip: Path, weights: Path) -> None:
    code, out, _ = codefx("run", clip, "--weights", weights)
    assert code == 0
    assert "artifacts" not in out
    assert "scene" not in out
    code, out, _ = codefx("run", clip, "--weights", weights, "--json")
    finished = json.loads(out)
    assert (finished["scene_count"], finished["artifacts"]) == (None, None)
    code, out, _ = codefx("artifacts", finished["job_id"])
    assert code == 0
    assert "writes no artifacts" in out
    code, _, err = codefx("artifacts", finished["job_id"], "--format", "json")
    assert code == 1
    assert "has no artifacts" in err


def test_scenes_alone(codefx: Codefx, clip: Path) -> None:
    code, out, _ = codefx("run", clip, "--scenes", "--no-detect")
    assert code == 0
    assert "2 scenes." in out.splitlines()
    _, out, _ = codefx("jobs", "list", "--json")
    (job,) = json.loads(out)["jobs"]
    assert job["scene_count"] == 2
    code, _, err = codefx("artifacts", job["id"], "--format", "yolo")
    assert code == 1
    assert "there is nothing to export" in err


def test_artifacts_that_are_all_there(codefx: Codefx, everything: dict[str, Any]) -> None:
    job = everything["job_id"]
    code, out, err = codefx("artifacts", job[:8])
    assert (code, err) == (0, "")
    first, scenes, frames, verdict = out.splitlines()
    assert first == "shots.mp4: COMPLETE, artifacts: every:10"
    assert scenes == "2 scenes"
    assert frames.startswith("6 frames: 38 of 38 files, ")
    assert verdict.startswith("All are there")
    _, out, _ = codefx("artifacts", job, "--json")
    facts = json.loads(out)
    assert (facts["frames"], facts["scenes"], facts["broken"]) == (6, 2, [])
    assert facts["size_bytes"] == everything["artifacts"]["size_bytes"]


def test_broken_ones_are_listed(codefx: Codefx, everything: dict[str, Any]) -> None:
    folder, job = Path(everything["artifacts"]["folder"]), everything["job_id"]
    (folder / "frames" / "det" / "frame_10.jpg").unlink()
    (folder / "analysis" / "toon" / "frame_20.toon").write_text("faces[3]{a,b}:\n  1,2\n")
    other = folder / "analysis" / "json" / "frame_30.json"
    other.write_text(other.read_text().replace('"number":30', '"number":31'))
    code, out, err = codefx("artifacts", job)
    assert code == 1
    assert "37 of 38 files" in out
    assert "All are there" not in out
    assert "frames/det/frame_10.jpg is missing" in err
    assert "analysis/toon/frame_20.toon cannot be read as TOON" in err
    assert "analysis/json/frame_30.json is about another frame" in err
    code, out, _ = codefx("artifacts", job, "--json")
    assert code == 1
    assert {item["name"] for item in json.loads(out)["broken"]} >= {"frames/det/frame_10.jpg"}


def test_those_of_a_cancelled_job_are_called_partial(
    codefx: Codefx, everything: dict[str, Any]
) -> None:
    with closing(sqlite3.connect(app_paths().history)) as database, database:
        database.execute("UPDATE jobs SET status = 'CANCELLED'")
    code, out, err = codefx("artifacts", everything["job_id"])
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == "Partial: the job was cancelled."


def test_one_frame_is_printed_as_its_file_is(codefx: Codefx, everything: dict[str, Any]) -> None:
    job, folder = everything["job_id"], Path(everything["artifacts"]["folder"])
    _, as_json, _ = codefx("artifacts", job, "--format", "json", "--frame", "20")
    _, as_toon, _ = codefx("artifacts", job, "--format", "toon", "--frame", "20")
    assert as_json.encode() == (folder / "analysis" / "json" / "frame_20.json").read_bytes()
    assert json.loads(as_json) == toons.loads(as_toon)
    code, out, err = codefx("artifacts", job, "--format", "toon", "--frame", "21")
    assert (code, out) == (1, "")
    assert "The nearest that have one: 20 and 30." in err


def test_copies_go_where_they_are_wanted_and_replace_nothing_unasked(
    codefx: Codefx, everything: dict[str, Any], tmp_path: Path
) -> None:
    job, folder = everything["job_id"], Path(everything["artifacts"]["folder"])
    code, out, _ = codefx("artifacts", job, "--format", "toon", "--output", tmp_path / "to")
    assert code == 0
    assert out.splitlines()[-1] == str(tmp_path / "to" / "toon")
    names = {path.name for path in (tmp_path / "to" / "toon").iterdir()}
    assert names == {"job.toon", *(f"frame_{number}.toon" for number in CHOSEN["every:10"])}
    mine = tmp_path / "to" / "toon" / "frame_10.toon"
    mine.write_text("a person's notes")
    code, _, err = codefx("artifacts", job, "--format", "toon", "--output", tmp_path / "to")
    assert code == 1
    assert "add --replace" in err
    assert mine.read_text() == "a person's notes"
    again = ("artifacts", job, "--format", "toon", "--output", tmp_path / "to", "--replace")
    assert codefx(*again)[0] == 0
    assert mine.read_bytes() == (folder / "analysis" / "toon" / "frame_10.toon").read_bytes()
    code, _, err = codefx("artifacts", job, "--format", "toon", "--output", folder / "analysis")
    assert code == 1
    assert "keeps its own results" in err


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of pycocotools
def test_exports_hold_what_was_found(
    codefx: Codefx, everything: dict[str, Any], tmp_path: Path
) -> None:
    job = everything["job_id"]
    code, out, _ = codefx("artifacts", job, "--format", "coco", "--output", tmp_path, "--json")
    assert code == 0
    done = json.loads(out)
    assert (done["frames"], done["objects"]) == (FRAMES, 3 * FRAMES)
    coco = COCO(done["paths"][0])
    codefx("artifacts", job)  # what COCO's library printed is read with it
    by_name = {item["name"]: item["id"] for item in coco.loadCats(coco.getCatIds())}
    assert len(coco.getAnnIds(catIds=[by_name["face"]])) == FRAMES
    outlined = [item for item in coco.loadAnns(coco.getAnnIds()) if "segmentation" in item]
    assert len(outlined) == FRAMES
    place = outlined[0]["bbox"]
    assert coco.annToMask(outlined[0]).sum() == pytest.approx(place[2] * place[3], abs=60)

    assert codefx("artifacts", job, "--format", "mot", "--output", tmp_path)[0] == 0
    assert np.loadtxt(tmp_path / "mot.txt", delimiter=",").shape == (FRAMES, 9)
    faces = np.loadtxt(tmp_path / "mot-faces.txt", delimiter=",")
    assert faces[:, 0].tolist() == list(range(1, FRAMES + 1))
    assert len(set(faces[:, 1])) == 2, "a track ends where the picture is cut"


def test_a_set_to_train_on(codefx: Codefx, everything: dict[str, Any], tmp_path: Path) -> None:
    job, folder = everything["job_id"], Path(everything["artifacts"]["folder"])
    assert codefx("artifacts", job, "--format", "yolo")[0] == 0
    labels = list((folder / "report" / "yolo" / "labels").iterdir())
    assert len(labels) == FRAMES
    code, out, _ = codefx("artifacts", job, "--format", "yolo", "--pictures")
    assert code == 0
    own = [folder / "report" / name for name in ("yolo", "yolo-seg")]
    assert out.splitlines()[-2:] == [str(path) for path in own]
    assert (
        codefx("artifacts", job, "--format", "yolo", "--pictures", "--output", tmp_path / "set")[0]
        == 0
    )
    for made in (*own, tmp_path / "set" / "yolo", tmp_path / "set" / "yolo-seg"):
        pictures = {path.stem for path in (made / "images").iterdir()}
        assert pictures == {f"frame_{number}" for number in CHOSEN["every:10"]}
        assert {path.stem for path in (made / "labels").iterdir()} == pictures
    original = folder / "frames" / "original" / "frame_10.jpg"
    assert (own[0] / "images" / "frame_10.jpg").samefile(original)
    assert not (tmp_path / "set" / "yolo" / "images" / "frame_10.jpg").samefile(original)


def test_bars_show_every_stage_and_how_many_scenes() -> None:
    bars = Bars(Path("clip.mp4"))
    stages = {Stage(name): 0.5 for name in STAGES}
    bars.show(StageProgress("job", stages, 0.5, Stage.SCENES, frames_per_s=12.0))
    bars.show(ScenesKnown("job", 3))
    shown = {task.description: task.fields["speed"] for task in bars._progress.tasks}
    assert set(shown) == {*(name.lower() for name in STAGES), "[bold]whole"}
    assert shown["scenes"] == "3 scenes"


def examples() -> list[list[str]]:
    """Return the commands that the README shows in its section on stages, as words."""
    section = (ROOT / "README.md").read_text("utf-8").split("\n## Profiles, stages, artifacts\n")[1]
    block = re.search(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert block is not None
    return [shlex.split(line, comments=True) for line in block.group(1).splitlines()]


def test_the_examples_of_the_readme_run(
    codefx: Codefx, clip: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(clip, tmp_path / "clip.mov")
    for folder in (tmp_path, home / "model_weights"):
        folder.mkdir(exist_ok=True)
        for name in ("best.pt", "best-seg.pt"):
            (folder / name).write_bytes(b"fake")
    runs = [words for words in examples() if words[1] == "run"]
    for words in runs:
        segmented = [word.replace("person,tyre", "crew,wheel") for word in words[1:]]
        code, _, err = codefx(*segmented)
        assert code == 0, f"{words}: {err}"
    _, out, _ = codefx("jobs", "list", "--json")
    jobs = json.loads(out)["jobs"]
    assert len(jobs) == len(runs)
    job = next(job["id"] for job in jobs if job["artifact_frames"] == len(range(0, FRAMES, 15)))
    for words in examples():
        if words[1] == "artifacts":
            code, out, err = codefx(*(job[:8] if word == "4f1c" else word for word in words[1:]))
            assert code == 0, f"{words}: {err}"
            assert out
    assert (tmp_path / "set" / "yolo-seg" / "data.yaml").is_file()
    assert (tmp_path / "copies" / "json" / "frame_15.json").is_file()
