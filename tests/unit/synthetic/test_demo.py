"""The bundled clip is the one its note describes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.settings.paths import resource
from codefx_desktop.synthetic import demo
from codefx_desktop.synthetic.clip import SynthResult
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS
from codefx_desktop.synthetic.demo import FOOTAGE, SECONDS, SEED
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from pathlib import Path


TRUTH = {
    "format": "codefx-synthetic-truth", "version": 1, "seed": SEED, "width": 1280, "height": 720,
    "frames": 300, "rate": [30, 1], "variable_rate": False, "light": "day", "fault": "",
    "cuts": [], "events": [],
}  # fmt: skip


def test_the_bundled_clip_is_the_one_its_note_describes() -> None:
    path = resource("demo_clip.mp4")
    note = json.loads(resource("demo_clip.json").read_text(encoding="utf-8"))
    content = path.read_bytes()
    assert len(content) <= 3_000_000
    assert hashlib.sha256(content).hexdigest() == note["sha256"]
    assert (note["seed"], note["frames"]) == (SEED, round(SECONDS * float(FOOTAGE.rate or 0)))
    assert SEED not in EVALUATION_SEEDS
    info = probe(path).info
    assert (info.width, info.height, info.frames) == (1280, 720, note["frames"])
    assert info.pixel_format == "yuv420p"
    assert info.color_matrix == "bt709"
    assert info.has_audio
    assert {event["kind"] for event in note["events"]} >= {"stop", "wheel_off", "go"}


def test_it_can_be_made_again_where_it_is_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rendered(_seed: int, _seconds: float, folder: Path, **_named: object) -> SynthResult:
        clip, truth = folder / "stop.mp4", folder / "stop.truth.json"
        clip.write_bytes(b"new")
        truth.write_text(json.dumps(TRUTH))
        return SynthResult(clip, truth, 300)

    def as_on_windows(_self: Path, target: Path) -> Path:
        raise FileExistsError(17, "Cannot create a file when that file already exists", str(target))

    monkeypatch.setattr(demo, "synth", rendered)
    monkeypatch.setattr("pathlib.Path.rename", as_on_windows)
    (tmp_path / "demo_clip.mp4").write_bytes(b"old")
    assert demo.write_demo(tmp_path).clip.read_bytes() == b"new"


def test_a_note_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rendered(_seed: int, _seconds: float, folder: Path, **_named: object) -> SynthResult:
        return SynthResult(folder / "gone.mp4", folder / "gone.json", 300)

    monkeypatch.setattr(demo, "synth", rendered)
    with pytest.raises(NotWritable):
        demo.write_demo(tmp_path)
