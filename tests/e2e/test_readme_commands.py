"""The terminal examples of the README do what their place in it promises, in their order."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from clips import make_clip

from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_MODEL, DEMO_SEGMENTER

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE_JOB = "4f1c"
CODEFX = Path(sys.executable).with_name("codefx")


def examples(heading: str) -> list[list[str]]:
    """Return the commands of a section of the README, as words."""
    section = (ROOT / "README.md").read_text("utf-8").split(f"\n## {heading}\n")[1]
    block = re.search(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert block is not None
    return [shlex.split(line, comments=True) for line in block.group(1).splitlines()]


def run(words: list[str], folder: Path, home: Path) -> str:
    """Run one command as a person would, answering yes; return what it prints."""
    done = attempt(words, folder, home)
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def attempt(words: list[str], folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run one command as a person would, answering yes."""
    assert words[0] == "codefx"
    return subprocess.run(
        [CODEFX, *words[1:]],
        cwd=folder,
        env={**os.environ, "CODEFX_HOME": str(home)},
        input="y\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.timeout(600)
def test_the_examples_of_the_readme_run(tmp_path: Path, home: Path) -> None:
    for name in ("lap12.mp4", "lap31.mp4", "clip.mov"):
        make_clip(tmp_path / name, seconds=0.5, audio=True)
    shutil.copy(resource(DEMO_MODEL), tmp_path / "best.pt")
    demo, run_two, run_one, listing, *of_one_job, doctor = examples("Workflow")

    result = json.loads(run(demo, tmp_path, home))
    assert result["frames_in"] == result["frames_out"] > 0
    assert Path(result["output"]["path"]).is_relative_to(tmp_path / "out" / "jobs")
    run(run_two, tmp_path, home)
    run(run_one, tmp_path, home)

    listed = json.loads(run(listing, tmp_path, home))
    assert listed["total"] == 4
    assert {job["status"] for job in listed["jobs"]} == {"COMPLETE"}
    assert (listed["jobs"][0]["series"], listed["jobs"][0]["race"]) == ("GT3", "Spa")

    job = listed["jobs"][0]["id"]
    assert [words[2] for words in of_one_job] == ["show", "logs", "output", "locate", "delete"]
    for words in of_one_job:
        run([job[:8] if word == EXAMPLE_JOB else word for word in words], tmp_path, home)
    assert (tmp_path / "stop.mp4").stat().st_size == listed["jobs"][0]["output"]["size_bytes"]
    assert json.loads(run(listing, tmp_path, home))["total"] == 3
    assert (tmp_path / "clip.mov").is_file()
    assert str(home) in run(doctor, tmp_path, home)


@pytest.mark.timeout(300)
def test_the_examples_of_models_run(tmp_path: Path, home: Path) -> None:
    drive = tmp_path / "usb"
    drive.mkdir()
    shutil.copy(resource(DEMO_MODEL), drive / "best.pt")
    listing, add, info, get, in_bucket, from_bucket = examples("Models")

    assert "demo_model.pt\tdetection" in run(listing, tmp_path, home)
    assert add[-1] == "/media/usb/best.pt"
    run([*add[:-1], str(drive / "best.pt")], tmp_path, home)
    kept = home / "model_weights" / "best.pt"
    assert kept.read_bytes() == resource(DEMO_MODEL).read_bytes()
    facts = json.loads(run(info, tmp_path, home))
    assert facts["path"] == str(kept)
    assert facts["found_as"] == ["detector"]
    assert f"best.pt\tdetection\t3.2 MB\t5\tdetector\t\t{kept}" in run(listing, tmp_path, home)

    # From a drive without it: a test fetches nothing.
    done = attempt([*get, "--from", str(drive)], tmp_path, home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no yolo11n-seg.pt" in done.stderr

    (drive / "models").mkdir()
    shutil.copy(resource(DEMO_SEGMENTER), drive / "models" / "tyres.pt")
    target = ["codefx", "targets", "add", "team", "--kind", "folder", "--folder", str(drive)]
    run(target, tmp_path, home)
    assert run(in_bucket, tmp_path, home).startswith("models/tyres.pt\t")
    run(from_bucket, tmp_path, home)
    fetched = home / "model_weights" / "tyres.pt"
    assert fetched.read_bytes() == resource(DEMO_SEGMENTER).read_bytes()
