"""Artifacts for tests: one made by hand, and a strategy that makes any."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from codefx_desktop.artifacts.frame_artifact import FrameArtifact
from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.artifacts.provenance import ModelTask, ModelUsed, Provenance
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.scene import SceneSettings

NAMES = ("car", "wheel", "crew")


def f32(*values: object) -> np.ndarray:
    return np.array(values, np.float32)


def provenance(**changes: object) -> Provenance:
    values = {
        "job_id": "job-1",
        "app_version": "1.2.3",
        "device": "cuda:0",
        "clip_name": "Zürich Stopp 3.mp4",
        "fingerprint": "v1:" + "0" * 64,
        "width": 1280,
        "height": 720,
        "models": (
            ModelUsed(ModelTask.DETECT, "pit.pt", "a" * 64, 0.5, 0.45, 640, NAMES),
            ModelUsed(ModelTask.SEGMENT, "pit-seg.pt", "b" * 64, 0.25, 0.7, 640, NAMES),
            ModelUsed(ModelTask.FACE, "mtcnn", "c" * 64, 0.9),
        ),
        "scenes": SceneSettings(),
    }
    return Provenance(**{**values, **changes})  # type: ignore[arg-type]


def detections() -> Detections:
    return Detections(
        f32((10.123, 20.126, 110.5, 220), (0, 0, 1279.999, 719.994)),
        f32(0.98768, 1.0),
        np.array([2, 7], np.int16),
        np.array([4, -1], np.int32),
    )


def segments() -> Segments:
    square, triangle = f32((1, 1), (9.5, 1), (9.5, 9.25), (1, 9)), f32((20, 20), (30, 20), (25, 30))
    return Segments(
        f32((1, 1, 30, 30), (50, 50, 52, 52)),
        f32(0.75, 0.3),
        np.array([0, 1], np.int16),
        ((square, triangle), ()),
    )


def faces() -> Faces:
    points = f32([(12, 13), (18, 13), (15, 16.126), (13, 19), (17, 19)])
    return Faces(f32((10, 10, 20.005, 22)), f32(0.99994), points, np.array([0], np.int32))


def artifact(**changes: object) -> FrameArtifact:
    values = {
        "provenance": provenance(),
        "number": 394,
        "time": FrameTime(201_728, Fraction(1, 12_800), 202_752),
        "scene": 3,
        "pictures": frozenset({FrameKind.ORIGINAL, FrameKind.DETECTED}),
        "detections": detections(),
        "segments": segments(),
        "faces": faces(),
    }
    return FrameArtifact(**{**values, **changes})  # type: ignore[arg-type]


names = st.text(max_size=12) | st.sampled_from(
    [
        "",
        "null",
        "true",
        "-1",
        "05",
        "1e5",
        "a,b",
        'q"q',
        "- x",
        "a: b",
        "[2]",
        "\\",
        " x ",
        "#",
        "é\u2028🏎",
    ]
)
"""Texts of any script, and those that could be taken for something else."""


def floats(top: float, low: float = 0.0) -> st.SearchStrategy[float]:
    return st.floats(low, top, width=32)


def _grid(
    count: int, *shape: int, top: float = 4096.0, low: float = -64.0
) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(np.float32, (count, *shape), elements=floats(top, low))


def _ids(count: int, kind: type, low: int) -> st.SearchStrategy[np.ndarray]:
    high = int(np.iinfo(kind).max)
    return arrays.arrays(kind, count, elements=st.integers(low, 9) | st.integers(low, high))


@st.composite
def any_provenance(draw: st.DrawFn) -> Provenance:
    tasks = draw(st.lists(st.sampled_from(list(ModelTask)), unique=True))
    models = tuple(
        ModelUsed(
            task,
            draw(names),
            f"{draw(st.integers(0, 2**256 - 1)):064x}",
            draw(floats(1.0)),
            draw(st.none() | floats(1.0)),
            draw(st.none() | st.integers(32, 4096)),
            tuple(draw(st.lists(names, max_size=3))),
        )
        for task in tasks
    )
    return provenance(
        clip_name=draw(names),
        device=draw(names),
        app_version=draw(names),
        models=models,
        scenes=draw(st.none() | st.just(SceneSettings())),
    )


@st.composite
def any_detections(draw: st.DrawFn) -> Detections:
    n = draw(st.integers(0, 4))
    confidence = draw(_grid(n, top=1.0, low=0.0))
    return Detections(
        draw(_grid(n, 4)), confidence, draw(_ids(n, np.int16, 0)), draw(_ids(n, np.int32, -1))
    )


@st.composite
def any_segments(draw: st.DrawFn) -> Segments:
    n = draw(st.integers(0, 3))
    polygon = st.integers(3, 6).flatmap(lambda corners: _grid(corners, 2))
    polygons = tuple(tuple(draw(st.lists(polygon, max_size=2))) for _ in range(n))
    confidence = draw(_grid(n, top=1.0, low=0.0))
    return Segments(draw(_grid(n, 4)), confidence, draw(_ids(n, np.int16, 0)), polygons)


@st.composite
def any_faces(draw: st.DrawFn) -> Faces:
    n = draw(st.integers(0, 3))
    confidence = draw(_grid(n, top=1.0, low=0.0))
    return Faces(draw(_grid(n, 4)), confidence, draw(_grid(n, 5, 2)), draw(_ids(n, np.int32, -1)))


times = st.builds(
    FrameTime,
    st.integers(0, 2**53),
    st.builds(Fraction, st.integers(1, 1001), st.integers(1, 10**9)),
    st.none() | st.integers(-(2**62), 2**62),
)

any_artifact = st.builds(
    FrameArtifact,
    any_provenance(),
    st.integers(0, 10**7),
    times,
    st.none() | st.integers(0, 1000),
    st.frozensets(st.sampled_from(list(FrameKind))),
    st.none() | any_detections(),
    st.none() | any_segments(),
    st.none() | any_faces(),
)
