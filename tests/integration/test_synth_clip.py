"""A rendered clip as a whole: the file, its truth, and that they agree."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.synthetic.clip import Footage, SynthResult, synth
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

FOOTAGE = Footage(width=640, height=360, rate=Fraction(30), variable=False, shots=2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return synth(21, 8.0, tmp_path_factory.mktemp("made"), footage=FOOTAGE)


@pytest.fixture(scope="module")
def truth(made: SynthResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(made.truth.read_text(encoding="utf-8"))
    return loaded


def test_the_clip_is_what_was_asked_for(made: SynthResult, truth: dict[str, Any]) -> None:
    info = probe(made.clip).info
    assert (info.width, info.height, info.frames) == (640, 360, 240)
    assert info.average_rate == 30
    assert info.has_audio
    assert (made.frames, truth["frames"], len(truth["pictures"])) == (240, 240, 240)
    assert sorted(path.name for path in made.clip.parent.iterdir()) == [
        "stop_21.mp4",
        "stop_21.truth.json",
    ]


def test_truth_has_every_event_with_its_frame(truth: dict[str, Any]) -> None:
    assert truth["format"] == "codefx-synthetic-truth"
    assert truth["version"] == 1
    kinds = {event["kind"] for event in truth["events"]}
    assert {"arrive", "stop", "wheel_off", "wheel_on", "clear", "release", "go"} <= kinds
    assert len(truth["events"]) == 5 + 4 + 4 * 7
    for before, after in pairwise(truth["events"]):
        assert before["time_s"] <= after["time_s"]
    for event in truth["events"]:
        if event["frame"] is None:
            assert not event["visible"]
        else:
            assert abs(truth["pictures"][event["frame"]]["time_s"] - event["time_s"]) <= 0.0168
    assert sum(event["visible"] for event in truth["events"]) >= 20


def test_wheels_leave_their_hubs_in_the_picture_when_truth_says_so(truth: dict[str, Any]) -> None:
    names = {thing["id"]: thing["name"] for thing in truth["things"]}
    ids = {name: number for number, name in names.items()}
    half_m = 0.36

    def away_m(picture: dict[str, Any], corner: str, age: str) -> float | None:
        """Distance of a wheel's box centre from its hub; metres on the ground's scale."""
        if ids[f"wheel {corner} {age}"] not in picture["id"]:
            return None
        box = np.array(picture["box"][picture["id"].index(ids[f"wheel {corner} {age}"])])
        hub_px = np.array(picture["hubs"][corner]["px"])
        x, y, _ = picture["hubs"][corner]["m"]
        matrix = np.array(picture["ground_to_image"]).reshape(3, 3)
        here, there = (matrix @ (x + dx, y, 1) for dx in (0.0, 1.0))
        px_per_m = float(np.linalg.norm(here[:2] / here[2] - there[:2] / there[2]))
        return float(np.linalg.norm((box[:2] + box[2:]) / 2 - hub_px)) / px_per_m

    seen = 0
    for event in truth["events"]:
        if event["kind"] not in {"wheel_off", "wheel_on"} or event["frame"] is None:
            continue
        age = "old" if event["kind"] == "wheel_off" else "new"
        step = 3 if age == "old" else -3
        near = away_m(truth["pictures"][event["frame"] - step], event["place"], age)
        far = away_m(truth["pictures"][event["frame"] + step], event["place"], age)
        if near is None or far is None:
            continue
        # Three pictures on either side: the scale at hub height is not the ground's.
        assert near < half_m + 0.05, event
        assert far > half_m - 0.05, event
        seen += 1
    assert seen >= 4


def test_pictures_are_numbered_and_their_boxes_lie_inside(truth: dict[str, Any]) -> None:
    ids = {thing["id"] for thing in truth["things"]}
    classes = set()
    for number, picture in enumerate(truth["pictures"]):
        assert picture["frame"] == picture["ticks"] == number
        boxes = np.array(picture["box"])
        assert (boxes >= 0).all()
        assert (boxes[:, 2] <= 640).all()
        assert (boxes[:, 3] <= 360).all()
        assert len(picture["id"]) == len(boxes) == len(picture["polygons"])
        assert ids.issuperset(picture["id"])
        classes |= {truth["things"][number]["class"] for number in picture["id"]}
    assert classes == set(truth["classes"])


def test_the_cut_is_where_the_shot_changes(truth: dict[str, Any]) -> None:
    shots = [picture["shot"] for picture in truth["pictures"]]
    changes = [number for number in range(1, len(shots)) if shots[number] != shots[number - 1]]
    assert truth["cuts"] == changes
    assert len(changes) == 1


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    footage = Footage(width=320, height=180, rate=Fraction(25), variable=True, shots=1)
    first, second = (synth(8, 4.0, tmp_path / name, footage=footage) for name in ("a", "b"))
    for one, other in ((first.clip, second.clip), (first.truth, second.truth)):
        hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, other)}
        assert len(hashes) == 1, one.name
    pictures = json.loads(first.truth.read_text(encoding="utf-8"))["pictures"]
    assert all(b["ticks"] > a["ticks"] for a, b in pairwise(pictures))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="cannot be written"):
        synth(1, 4.0, tmp_path / "file" / "deeper", footage=FOOTAGE)


def test_of_a_clip_that_was_interrupted_nothing_stays(tmp_path: Path) -> None:
    def interrupted(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synth(3, 4.0, tmp_path, progress=interrupted)
    assert list(tmp_path.iterdir()) == []
