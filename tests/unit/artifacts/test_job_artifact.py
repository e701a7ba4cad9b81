"""The summary of a job: scenes, tracks, classes, the published schema."""

from __future__ import annotations

import json
from fractions import Fraction

import jsonschema
import numpy as np
from artifact_samples import NAMES, provenance

from codefx_desktop.artifacts.formats import encode, read_json, read_toon, same_content
from codefx_desktop.artifacts.job_artifact import JOB_SCHEMA_FILE, JobArtifact, TrackTable
from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import Faces
from codefx_desktop.domain.scene import Scene
from codefx_desktop.settings.paths import resource


def at(tick: int) -> FrameTime:
    return FrameTime(tick, Fraction(1, 25))


def found(*rows: tuple[int, int, float]) -> Detections:
    tracks, classes, confidence = zip(*rows, strict=True)
    return Detections(
        np.zeros((len(rows), 4), np.float32),
        np.array(confidence, np.float32),
        np.array(classes, np.int16),
        np.array(tracks, np.int32),
    )


def tracks() -> TrackTable:
    table = TrackTable()
    table.update(3, at(3), found((7, 2, 0.5), (2, 0, 1.0), (-1, 1, 0.9)))
    table.update(4, at(4), found((7, 1, 0.75)))
    table.update(9, at(12), found((7, 1, 1.0), (2, 1, 1.0)))
    return table


def face_tracks() -> TrackTable:
    table = TrackTable()
    faces = Faces(
        np.zeros((1, 4), np.float32),
        np.array([0.95], np.float32),
        np.zeros((1, 5, 2), np.float32),
        np.array([0], np.int32),
    )
    table.update(0, at(0), faces)
    return table


def summary() -> JobArtifact:
    return JobArtifact(
        provenance(),
        frames=300,
        duration_s=12.0,
        complete=True,
        choice=ArtifactChoice.parse("scenes:3"),
        artifact_frames=(0, 14, 29, 30),
        pictures=frozenset({FrameKind.FACE, FrameKind.ORIGINAL}),
        scenes=(Scene(0, 0, 29, 0.0, 1.2), Scene(1, 30, 299, 1.2, 12.0)),
        tracks=tracks(),
        face_tracks=face_tracks(),
    )


def test_tracks_are_summed_up() -> None:
    assert tracks().rows(provenance()) == [
        {
            "track_id": 2,
            "class_id": 0,
            "class_name": "car",  # as often 1: the lower
            "first_frame": 3,
            "last_frame": 9,
            "first_time": "00:00:00.120",
            "last_time": "00:00:00.480",
            "frames": 2,
            "mean_confidence": 1,
        },
        {
            "track_id": 7,
            "class_id": 1,
            "class_name": "wheel",
            "first_frame": 3,
            "last_frame": 9,
            "first_time": "00:00:00.120",
            "last_time": "00:00:00.480",
            "frames": 3,
            "mean_confidence": 0.75,
        },
    ]


def test_the_summary() -> None:
    content = summary().content()
    assert content["footage"] == {"frames": 300, "duration": "00:00:12.000", "complete": True}
    assert content["artifacts"] == {
        "choice": "scenes:3",
        "pictures": ["original", "face"],
        "frames": [0, 14, 29, 30],
    }
    assert content["scenes"][1] == {
        "scene": 1,
        "first_frame": 30,
        "last_frame": 299,
        "start": "00:00:01.200",
        "end": "00:00:12.000",
    }
    assert [row["class_name"] for row in content["classes"]] == [*NAMES, *NAMES]
    assert content["face_tracks"][0]["mean_confidence"] == 0.95
    assert "class_id" not in content["face_tracks"][0]


def test_both_files_say_it_and_follow_the_schema() -> None:
    schema = json.loads(resource(JOB_SCHEMA_FILE).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    nothing = JobArtifact(provenance(models=()), 0, 0.0, False, ArtifactChoice.parse("none"))
    nobody_found = JobArtifact(
        provenance=provenance(),
        frames=5,
        duration_s=0.2,
        complete=True,
        choice=ArtifactChoice(),
        scenes=(),
        tracks=TrackTable(),
    )
    for made in (summary(), nothing, nobody_found):
        content = made.content()
        validator.validate(content)
        files = encode(content)
        assert same_content(read_toon(files.toon), content)
        assert same_content(read_json(files.json), content)
    assert nothing.content()["tracks"] is None
    assert nobody_found.content()["tracks"] == []
    assert not validator.is_valid({**summary().content(), "extra": 1})


def test_tracks_are_a_table() -> None:
    lines = encode(summary().content()).toon.decode().splitlines()
    assert any(line.startswith("tracks[2]{track_id,class_id,class_name,") for line in lines)
    assert any(line.startswith("scenes[2]{scene,first_frame,") for line in lines)
    assert any(line.startswith("face_tracks[1]{track_id,first_frame,") for line in lines)
