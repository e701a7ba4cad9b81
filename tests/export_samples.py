"""Findings for the tests of exports: by hand, and as many as are wanted."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from artifact_samples import f32

from codefx_desktop.artifacts.export_boxes import ExportClip
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.outlines import Faces, Segments

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIP = ExportClip("stop.mp4", 200, 100, ("car", "wheel: front"), ("tyre",))


def findings(number: int, **found: object) -> FrameFindings:
    return FrameFindings(number, FrameTime(number * 512, Fraction(1, 12_800)), **found)


def objects() -> Detections:
    """Return one box inside, one at the edge, one outside, one without width."""
    return Detections(
        f32((10, 20, 50.5, 40), (-20, 90, 20, 130), (300, 0, 400, 50), (5, 5, 5, 9)),
        f32(0.9, 0.75, 0.8, 0.7),
        np.array([1, 0, 0, 0], np.int16),
        np.array([3, -1, 4, 5], np.int32),
    )


def outlines() -> Segments:
    """Return a square with a triangle beside it, and one too small for an outline."""
    return Segments(
        f32((10, 10, 42, 42), (40, 40, 41, 41)),
        f32(0.6, 0.5),
        np.array([0, 0], np.int16),
        ((f32((10, 10), (30, 10), (30, 20), (10, 20)), f32((40, 40), (40, 42), (42, 40))), ()),
    )


def faces() -> Faces:
    points = f32([(12, 13), (18, 13), (15, 16), (13, 19), (17, 19)])
    return Faces(f32((10, 10, 20, 22)), f32(0.99), points, np.array([7], np.int32))


def frames() -> list[FrameFindings]:
    """Return a frame with everything, one with nothing in it, one that nobody looked at."""
    return [
        findings(0, detections=objects(), segments=outlines(), faces=faces()),
        findings(7, detections=Detections.empty(), segments=Segments.empty()),
        findings(8),
    ]


def many(count: int, each: int) -> Iterator[FrameFindings]:
    """Yield frames with so many boxes, never two at a time."""
    chance = np.random.default_rng(3)
    for number in range(count):
        corner = chance.uniform(0, 90, (each, 2))
        xyxy = np.hstack((corner, corner + chance.uniform(1, 100, (each, 2)))).astype(np.float32)
        yield findings(
            number,
            detections=Detections(
                xyxy,
                chance.uniform(0, 1, each).astype(np.float32),
                chance.integers(0, 2, each).astype(np.int16),
                np.arange(each, dtype=np.int32),
            ),
        )
