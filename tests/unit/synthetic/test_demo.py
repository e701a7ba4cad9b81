"""The bundled clip is the one its note describes."""

from __future__ import annotations

import hashlib
import json

from codefx_desktop.settings.paths import resource
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS
from codefx_desktop.synthetic.demo import FOOTAGE, SECONDS, SEED
from codefx_desktop.video.probe import probe


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
