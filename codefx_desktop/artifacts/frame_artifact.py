"""What one frame's artifact says, as plain JSON values that both formats are written from.

``resources/frame_artifact.schema.json`` describes every field. Rows of a table have the same keys
in the same order and plain values only, which TOON writes without repeating a key. Outlines
would break that, so they are apart: a table says how many corners each has, and one flat list
``outline_xy`` has all corners in that order.

Source: measured on 8 objects with 559 corners beside 12 detections: that list 11.4 kB of JSON and
9.8 kB of TOON; a table of corners 28.4 and 13.1; lists within the rows 11.1 and 10.6, and the
rows are no table any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.artifacts.layout import FrameKind, frame_name
from codefx_desktop.artifacts.numbers import clock, confidences, fraction, pixels
from codefx_desktop.artifacts.provenance import ModelTask, Provenance
from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.outlines import LANDMARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.clip import FrameTime
    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.outlines import Faces, Segments

FRAME_SCHEMA: Final = "codefx-frame"
FRAME_VERSION: Final = 1
FRAME_SCHEMA_FILE: Final = "frame_artifact.schema.json"

PICTURE_KEYS: Final = {
    "original": FrameKind.ORIGINAL,
    "segmentation": FrameKind.SEGMENTED,
    "detection": FrameKind.DETECTED,
    "face": FrameKind.FACE,
}
"""Under which key of ``files`` each kind of picture is found."""

_BOX: Final = ("x1", "y1", "x2", "y2")
_POINTS: Final = tuple(f"{landmark}_{axis}" for landmark in LANDMARKS for axis in "xy")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FrameArtifact:
    """Everything that is said about one frame.

    Attributes:
        provenance: Where it comes from.
        number: Of the frame.
        time: Of the frame.
        scene: Number of its scene; None where scenes were not looked for.
        pictures: Kinds of pictures written of it.
        detections: What is to be said: at the job's confidence; None where nobody looked.
        segments: Segmented objects; None where nobody looked.
        faces: Faces; None where nobody looked.
    """

    provenance: Provenance
    number: int
    time: FrameTime
    scene: int | None = None
    pictures: frozenset[FrameKind] = frozenset()
    detections: Detections | None = None
    segments: Segments | None = None
    faces: Faces | None = None

    def content(self) -> dict[str, Any]:
        """Return it as JSON values: rounded, in the order of the schema, nothing left out.

        Raises:
            ValueError: If a number is NaN, infinite or out of its range, with the frame's number.
        """
        try:
            return {
                "schema": FRAME_SCHEMA,
                "version": FRAME_VERSION,
                **self.provenance.content(),
                "frame": self._frame(),
                "files": self._files(),
                "detections": self._detections(),
                **self._segmentation(),
                "faces": _face_rows(self.faces),
            }
        except ValueError as error:
            raise ValueError(f"frame {self.number}: {error}") from error

    def _frame(self) -> Row:
        return {
            "number": self.number,
            "pts": self.time.pts,
            "ticks": self.time.ticks,
            "time_base": fraction(self.time.time_base),
            "time": clock(self.time.exact_s),
            "scene": self.scene,
        }

    def _files(self) -> Row:
        return {
            key: frame_name(kind, self.number) if kind in self.pictures else None
            for key, kind in PICTURE_KEYS.items()
        }

    def _detections(self) -> list[Row] | None:
        found = self.detections
        if found is None:
            return None
        return [
            {"track_id": _track(track_id), **row}
            for track_id, row in zip(
                found.track_id.tolist(), self._objects(found, ModelTask.DETECT), strict=True
            )
        ]

    def _segmentation(self) -> Row:
        found = self.segments
        if found is None:
            return {"segmentation": None, "outlines": None, "outline_xy": None}
        rows = self._objects(found, ModelTask.SEGMENT)
        outlines: list[Row] = []
        for segment, parts in enumerate(found.polygons):
            for part, polygon in enumerate(parts):
                outlines.append({"segment": segment, "part": part, "corners": len(polygon)})
        polygons = [polygon for parts in found.polygons for polygon in parts]
        corners = pixels(np.concatenate(polygons)) if polygons else []
        numbered = [{"segment": segment, **row} for segment, row in enumerate(rows)]
        return {"segmentation": numbered, "outlines": outlines, "outline_xy": corners}

    def _objects(self, found: Detections | Segments, task: ModelTask) -> list[Row]:
        class_ids = found.class_id.tolist()
        names = {number: self.provenance.class_name(task, number) for number in set(class_ids)}
        return [
            {"class_id": class_id, "class_name": names[class_id], "confidence": confidence, **box}
            for class_id, confidence, box in zip(
                class_ids,
                confidences(found.confidence),
                _grouped(found.xyxy, _BOX),
                strict=True,
            )
        ]


def _face_rows(faces: Faces | None) -> list[Row] | None:
    if faces is None:
        return None
    return [
        {"track_id": _track(track_id), "confidence": confidence, **box, **points}
        for track_id, confidence, box, points in zip(
            faces.track_id.tolist(),
            confidences(faces.confidence),
            _grouped(faces.xyxy, _BOX),
            _grouped(faces.landmarks, _POINTS),
            strict=True,
        )
    ]


def _grouped(values: npt.NDArray[np.float32], keys: Sequence[str]) -> list[Row]:
    """Return float32 (N, len(keys)) or the like as one dict for each of N."""
    flat, width = pixels(values), len(keys)
    return [
        dict(zip(keys, flat[start : start + width], strict=True))
        for start in range(0, len(flat), width)
    ]


def _track(track_id: int) -> int | None:
    return None if track_id == NO_TRACK else track_id
