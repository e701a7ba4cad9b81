"""What to draw on one frame, as plain values.

The pure function ``Overlays.build`` makes the values; ``artifacts`` paints them with OpenCV into
the output and the live preview, ``ui`` paints them with QPainter in review. Both show the same.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from collections.abc import Sequence

Rgb = tuple[int, int, int]

PALETTE: tuple[Rgb, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
    (255, 255, 255),
)
"""Class colours that stay apart for colour-blind eyes.

Source: Okabe and Ito, "Color Universal Design", 2008; black replaced by white for dark pictures.
"""

FACE_COLOR: Rgb = (240, 228, 66)
"""Of faces, wherever they are drawn."""

TRAIL_S = 1.0


def class_color(class_id: int) -> Rgb:
    """Return the colour of a class."""
    return PALETTE[class_id % len(PALETTE)]


@dataclass(frozen=True, slots=True)
class OverlayBox:
    """One box with its label. ``xyxy`` in pixels of the full-size frame."""

    xyxy: tuple[float, float, float, float]
    color: Rgb
    label: str
    track_id: int


@dataclass(frozen=True, slots=True)
class OverlayTrail:
    """The way one track came, oldest point first, in pixels of the full-size frame."""

    points: tuple[tuple[float, float], ...]
    color: Rgb
    track_id: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything to draw on frame ``frame_number``."""

    frame_number: int
    time_s: float
    boxes: tuple[OverlayBox, ...] = ()
    trails: tuple[OverlayTrail, ...] = ()


class Overlays:
    """Builds the overlay of successive frames; keeps one second of trail per track.

    Args:
        class_names: Name of each class id.
        confidence: Detections below are not drawn.
        trail_s: Length of a trail in seconds of footage.
    """

    def __init__(
        self, class_names: Sequence[str], confidence: float, *, trail_s: float = TRAIL_S
    ) -> None:
        self._names = tuple(class_names)
        self._confidence = confidence
        self._trail_s = trail_s
        self._trails: dict[int, deque[tuple[float, float, float]]] = {}

    def build(self, frame_number: int, time_s: float, detections: Detections) -> Overlay:
        """Return what to draw on the next frame (frames come in order)."""
        shown = detections.at_least(self._confidence)
        boxes: list[OverlayBox] = []
        trails: list[OverlayTrail] = []
        for xyxy, confidence, class_id, track_id in zip(
            shown.xyxy.tolist(),
            shown.confidence.tolist(),
            shown.class_id.tolist(),
            shown.track_id.tolist(),
            strict=True,
        ):
            x1, y1, x2, y2 = xyxy
            color = class_color(class_id)
            boxes.append(
                OverlayBox(
                    (x1, y1, x2, y2), color, self._label(class_id, confidence, track_id), track_id
                )
            )
            if track_id != NO_TRACK:
                points = self._trails.setdefault(track_id, deque())
                points.append((time_s, (x1 + x2) / 2, (y1 + y2) / 2))
                trails.append(self._trail(track_id, time_s, color))
        self._forget(time_s)
        return Overlay(frame_number, time_s, tuple(boxes), tuple(trails))

    def _label(self, class_id: int, confidence: float, track_id: int) -> str:
        name = self._names[class_id] if class_id < len(self._names) else f"class {class_id}"
        track = "" if track_id == NO_TRACK else f" #{track_id}"
        return f"{name}{track} {confidence:.2f}"

    def _trail(self, track_id: int, time_s: float, color: Rgb) -> OverlayTrail:
        points = self._trails[track_id]
        while points and points[0][0] < time_s - self._trail_s:
            points.popleft()
        return OverlayTrail(tuple((x, y) for _, x, y in points), color, track_id)

    def _forget(self, time_s: float) -> None:
        gone = [
            key for key, points in self._trails.items() if points[-1][0] < time_s - self._trail_s
        ]
        for key in gone:
            del self._trails[key]
