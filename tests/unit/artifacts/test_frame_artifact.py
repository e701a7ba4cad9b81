"""What one frame's artifact says: rounding, refusals, the published schema."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import jsonschema
import numpy as np
import pytest
from artifact_samples import any_artifact, artifact, detections, f32, faces, provenance, segments
from hypothesis import given, settings

from codefx_desktop.artifacts.frame_artifact import FRAME_SCHEMA_FILE, FrameArtifact
from codefx_desktop.artifacts.numbers import clock, fraction, pixels, setting, text
from codefx_desktop.artifacts.provenance import ModelTask, ModelUsed
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.settings.paths import resource


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(resource(FRAME_SCHEMA_FILE).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_what_is_said() -> None:
    content = artifact().content()
    assert content["schema"] == "codefx-frame"
    assert content["frame"] == {
        "number": 394,
        "pts": 202_752,
        "ticks": 201_728,
        "time_base": "1/12800",
        "time": "00:00:15.760",
        "scene": 3,
    }
    assert content["files"] == {
        "original": "frames/original/frame_394.jpg",
        "segmentation": None,
        "detection": "frames/det/frame_394.jpg",
        "face": None,
    }
    assert content["models"][0] == {
        "task": "detect",
        "name": "pit.pt",
        "sha256": "a" * 64,
        "confidence": 0.5,
        "iou": 0.45,
        "image_size_px": 640,
    }
    assert content["models"][2]["iou"] is None
    assert content["scene_detector"] == {"kind": "content", "threshold": 27, "shortest_frames": 15}
    assert content["detections"] == [
        {
            "track_id": 4,
            "class_id": 2,
            "class_name": "crew",
            "confidence": 0.9877,
            "x1": 10.12,
            "y1": 20.13,
            "x2": 110.5,
            "y2": 220,
        },
        {
            "track_id": None,
            "class_id": 7,
            "class_name": "class 7",
            "confidence": 1,
            "x1": 0,
            "y1": 0,
            "x2": 1280,
            "y2": 719.99,
        },
    ]


def test_outlines_are_beside_the_rows() -> None:
    content = artifact().content()
    assert [row["segment"] for row in content["segmentation"]] == [0, 1]
    assert content["outlines"] == [
        {"segment": 0, "part": 0, "corners": 4},
        {"segment": 0, "part": 1, "corners": 3},
    ]
    assert content["outline_xy"] == [1, 1, 9.5, 1, 9.5, 9.25, 1, 9, 20, 20, 30, 20, 25, 30]


def test_a_faces_points_have_names() -> None:
    (face,) = artifact().content()["faces"]
    assert (face["confidence"], face["x2"], face["nose_x"], face["nose_y"]) == (
        0.9999,
        20,
        15,
        16.13,
    )
    assert [key for key in face if key.endswith("_x")] == [
        *("left_eye_x", "right_eye_x", "nose_x", "mouth_left_x", "mouth_right_x")
    ]


def test_nobody_looked_is_not_nothing_found() -> None:
    blind = artifact(detections=None, segments=None, faces=None, scene=None).content()
    for key in ("detections", "segmentation", "outlines", "outline_xy", "faces"):
        assert blind[key] is None
    empty = artifact(
        detections=Detections.empty(), segments=Segments.empty(), faces=Faces.empty()
    ).content()
    for key in ("detections", "segmentation", "outlines", "outline_xy", "faces"):
        assert empty[key] == []
    assert list(blind) == list(empty) == list(artifact().content())


def spoilt(array: np.ndarray, value: float) -> np.ndarray:
    copy = array.copy()
    copy.flat[-1] = value
    return copy


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 2.0**25])
@pytest.mark.parametrize("what", ["box", "polygon", "landmark", "segment", "face"])
def test_a_place_that_is_none_is_refused(what: str, value: float) -> None:
    found, masks, seen = detections(), segments(), faces()
    bad = {
        "box": {"detections": replace(found, xyxy=spoilt(found.xyxy, value))},
        "segment": {"segments": replace(masks, xyxy=spoilt(masks.xyxy, value))},
        "face": {"faces": replace(seen, xyxy=spoilt(seen.xyxy, value))},
        "landmark": {"faces": replace(seen, landmarks=spoilt(seen.landmarks, value))},
        "polygon": {
            "segments": replace(
                masks, polygons=((spoilt(masks.polygons[0][0], value),), masks.polygons[1])
            )
        },
    }[what]
    with pytest.raises(ValueError, match="frame 394"):
        artifact(**bad).content()


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.01, 1.01])
def test_a_confidence_that_is_none_is_refused(value: float) -> None:
    found = detections()
    with pytest.raises(ValueError, match="frame 394: a confidence"):
        artifact(detections=replace(found, confidence=spoilt(found.confidence, value))).content()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (Fraction(0), "00:00:00.000"),
        (Fraction(1, 3), "00:00:00.333"),
        (Fraction(1, 2000), "00:00:00.001"),
        (Fraction(59_999_500, 1_000_000), "00:01:00.000"),
        (Fraction(59_999_499, 1_000_000), "00:00:59.999"),
        (Fraction(3599_9996, 10_000), "01:00:00.000"),
        (Fraction(3661), "01:01:01.000"),
        (Fraction(100 * 3600), "100:00:00.000"),
    ],
)
def test_the_clock_carries_over(seconds: Fraction, told: str) -> None:
    assert clock(seconds) == told


def test_no_time_before_the_first_picture() -> None:
    with pytest.raises(ValueError, match="before"):
        clock(Fraction(-1))


def test_numbers_are_rounded_once_and_plain() -> None:
    assert pixels(f32(0.1, -0.001, 2.675, 1e6 + 0.125)) == [0.1, 0, 2.67, 1000000.12]
    assert [type(value) for value in pixels(f32(3, 3.5))] == [int, float]
    assert fraction(Fraction(2)) == "2/1"
    assert (setting(27.0), setting(np.float32(0.45))) == (27, 0.45)
    with pytest.raises(ValueError, match="nan"):
        setting(float("nan"))


def test_a_name_that_is_no_text_is_told_as_such() -> None:
    assert text("a\udcffb") == "a\ufffdb"
    assert text("é🏎") == "é🏎"
    content = artifact(provenance=provenance(clip_name="caf\udce9.mp4")).content()
    assert content["clip"]["name"] == "caf\ufffd.mp4"


def test_provenance_is_checked() -> None:
    model = ModelUsed(ModelTask.FACE, "mtcnn", "c" * 64, 0.9)
    with pytest.raises(ValueError, match="same task"):
        provenance(models=(model, model))
    with pytest.raises(ValueError, match="SHA-256"):
        replace(model, sha256="C" * 64)


def test_the_sample_follows_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(artifact().content())
    validator.validate(artifact(time=FrameTime(0, Fraction(1)), scene=None).content())


@settings(deadline=None, derandomize=True, max_examples=150)
@given(any_artifact)
def test_anything_follows_the_schema(
    validator: jsonschema.Draft202012Validator, made: FrameArtifact
) -> None:
    validator.validate(made.content())


@pytest.mark.parametrize(
    "change",
    [
        {"faces": [{}]},
        {"more": 1},
        {"version": 2},
        {"detections": [{"bbox": [1, 2, 3, 4]}]},
        {"outline_xy": ["1"]},
    ],
)
def test_the_schema_refuses(
    validator: jsonschema.Draft202012Validator, change: dict[str, Any]
) -> None:
    assert not validator.is_valid({**artifact().content(), **change})


def test_the_schema_explains_every_field() -> None:
    def unexplained(node: dict[str, Any], place: str) -> list[str]:
        found = []
        for key, value in node.get("properties", {}).items():
            target = schema["$defs"][value["$ref"].split("/")[-1]] if "$ref" in value else value
            if not (value.get("description") or target.get("description")):
                found.append(f"{place}.{key}")
            found += unexplained(value, f"{place}.{key}")
        return found + (unexplained(node["items"], f"{place}[]") if "items" in node else [])

    schema = json.loads(resource(FRAME_SCHEMA_FILE).read_text(encoding="utf-8"))
    assert unexplained(schema, "") == []
    assert list(schema["properties"]) == list(artifact().content())
