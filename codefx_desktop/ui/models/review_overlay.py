"""What to draw over one frame of a job in review, made from arrays; no clip, no file, no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.overlay import FACE_COLOR, TRAIL_S, Rgb, class_color
from codefx_desktop.domain.stop_overlays import zone_color
from codefx_desktop.ui.models.review_state import FrameBoxes, class_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.zone import Zone
    from codefx_desktop.jobs.review_values import FrameLooks, ReviewRead
    from codefx_desktop.ui.models.review_state import ReviewLooks


@dataclass(frozen=True, slots=True)
class ReviewBox:
    """One box with its label.

    Attributes:
        xyxy: Pixels of the full-size frame.
        color: Of its outline.
        label: What it is, its track, how sure; empty while labels are off.
        class_id: Of the detector's classes.
        track_id: -1 where it belongs to no track.
        confidence: 0 to 1.
        box: Its place among the frame's stored detections; below 0 drawn by hand.
    """

    xyxy: tuple[float, float, float, float]
    color: Rgb
    label: str
    class_id: int
    track_id: int
    confidence: float
    box: int


@dataclass(frozen=True, slots=True, eq=False)
class ReviewTrail:
    """The way one track came in the last second.

    Attributes:
        points: float32 (P, 2), centres in pixels of the full-size frame, oldest first.
        color: Of the line.
        track_id: The track.
    """

    points: npt.NDArray[np.float32]
    color: Rgb
    track_id: int


@dataclass(frozen=True, slots=True, eq=False)
class ReviewMask:
    """One object's outline.

    Attributes:
        polygons: Its parts, float32 (P, 2) each, pixels of the full-size frame, not closed.
        color: Of outline and fill.
        label: What it is, how sure; empty while labels are off.
        class_id: Of the segmenter's classes.
    """

    polygons: tuple[npt.NDArray[np.float32], ...]
    color: Rgb
    label: str
    class_id: int


@dataclass(frozen=True, slots=True)
class ReviewFace:
    """One face.

    Attributes:
        xyxy: Pixels of the full-size frame.
        landmarks: Eyes, nose, corners of the mouth.
        color: Of its outline.
        label: How sure; empty while labels are off.
        track_id: Of the faces' own tracks; -1 where it belongs to none.
    """

    xyxy: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    color: Rgb
    label: str
    track_id: int


@dataclass(frozen=True, slots=True)
class ReviewZone:
    """One zone on the picture.

    Attributes:
        points: Its corners, pixels of the full-size frame.
        color: Of its outline.
        label: Its name; empty while labels are off.
    """

    points: tuple[tuple[float, float], ...]
    color: Rgb
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class ReviewOverlay:
    """Everything to draw over one frame.

    Attributes:
        frame_number: The frame it belongs to; it must not be drawn over another one.
        time_s: When that is shown, seconds from the first picture.
        boxes: Boxes with their labels.
        trails: Ways of tracks.
        masks: Outlines.
        faces: Faces.
        zones: Zones.
        waits: Whether outlines or faces of this frame are still being read.
    """

    frame_number: int
    time_s: float
    boxes: tuple[ReviewBox, ...] = ()
    trails: tuple[ReviewTrail, ...] = ()
    masks: tuple[ReviewMask, ...] = ()
    faces: tuple[ReviewFace, ...] = ()
    zones: tuple[ReviewZone, ...] = ()
    waits: bool = False


class Visible:
    """Which detections of a job are drawn, and where each frame's lie in its arrays.

    Made anew whenever detections, thresholds or what is hidden change; costs nothing to make.

    Args:
        read: The job.
        thresholds: From which confidence on a class is drawn; others as the job says.
        looks: What is drawn.
    """

    def __init__(
        self, read: ReviewRead, thresholds: Mapping[int, float], looks: ReviewLooks
    ) -> None:
        self._read, self._looks = read, looks
        self._rows: CorrectedObjects | None = read.corrected
        told = (*thresholds, *looks.hidden_classes, 0)
        known = max(len(read.class_names), *(one + 1 for one in told))
        # The last one is for classes without a name, a threshold or an eye.
        self._least = np.full(min(known + 1, 2**15), read.job_confidence, np.float32)
        for class_id, confidence in thresholds.items():
            if 0 <= class_id < len(self._least):
                self._least[class_id] = confidence
        for class_id in looks.hidden_classes:
            if 0 <= class_id < len(self._least):
                self._least[class_id] = np.inf
        self._firsts = np.array([scene.first for scene in read.scenes], np.int32)
        self._hidden = np.array(sorted(looks.hidden_tracks), np.int32)

    def boxes_at(self, number: int) -> FrameBoxes:
        """Return the boxes of a frame that are drawn; none where it is not analysed."""
        place = self._read.place_of(number)
        if place is None or self._rows is None:
            return FrameBoxes.none()
        rows = self._rows_of(place, place + 1)
        shown, box = self._rows.objects, self._rows.box
        return FrameBoxes(
            shown.xyxy[rows],
            shown.confidence[rows],
            shown.class_id[rows],
            shown.track_id[rows],
            box[rows],
        )

    def trails_at(self, number: int, boxes: FrameBoxes) -> tuple[ReviewTrail, ...]:
        """Return the way that each track of a frame's boxes came in the last second of its shot."""
        place = self._read.place_of(number)
        if place is None or self._rows is None or not len(boxes):
            return ()
        times_s = self._read.times_s
        begin = int(np.searchsorted(times_s, times_s[place] - TRAIL_S))
        rows = self._rows_of(max(begin, self._shot_begins(number)), place + 1)
        found = self._rows.objects
        order = rows[np.argsort(found.track_id[rows], kind="stable")]
        tracks, xyxy = found.track_id[order], found.xyxy[order]
        centres = (xyxy[:, :2] + xyxy[:, 2:]) * np.float32(0.5)
        wanted, first = np.unique(boxes.track_id, return_index=True)
        low = np.searchsorted(tracks, wanted, "left").tolist()
        high = np.searchsorted(tracks, wanted, "right").tolist()
        return tuple(
            ReviewTrail(centres[a:b], self.color(int(boxes.class_id[at]), track), track)
            for track, at, a, b in zip(wanted.tolist(), first.tolist(), low, high, strict=True)
            if track != NO_TRACK and b - a > 1
        )

    def color(self, class_id: int, track_id: int) -> Rgb:
        """Return the colour of an object."""
        return self._looks.track_colours.get(track_id) or class_color(class_id)

    def _rows_of(self, begin: int, end: int) -> npt.NDArray[np.intp]:
        """Return the rows of what is drawn in frames ``begin`` to before ``end``, by place."""
        assert self._rows is not None
        found = self._rows.objects
        # Of the array's own type: anything else would have all of it converted first.
        first, after = np.searchsorted(found.frame, np.array((begin, end), np.int32)).tolist()
        class_id = found.class_id[first:after]
        known = np.minimum(class_id, np.int16(len(self._least) - 1))
        keep = found.confidence[first:after] >= self._least[known]
        if len(self._hidden):
            keep &= ~np.isin(found.track_id[first:after], self._hidden)
        rows: npt.NDArray[np.intp] = np.flatnonzero(keep) + first
        return rows

    def _shot_begins(self, number: int) -> int:
        """Return the place of the first analysed frame of the shot that a frame is in."""
        scene = int(np.searchsorted(self._firsts, np.int32(number), "right")) - 1
        if scene < 0:
            return 0
        return int(np.searchsorted(self._read.numbers, self._firsts[scene]))


def overlay_at(
    read: ReviewRead,
    visible: Visible,
    looks: ReviewLooks,
    number: int,
    found: FrameLooks | None = None,
) -> ReviewOverlay | None:
    """Return what to draw over a frame; None where it is not analysed (yet).

    Args:
        read: The job.
        visible: Which of its detections are drawn.
        looks: What is drawn.
        number: The frame.
        found: Outlines and faces of that frame; None while they are not read.
    """
    place = read.place_of(number)
    if place is None:
        return None
    assert found is None or found.number == number
    time_s = float(read.times_s[place])
    boxes = visible.boxes_at(number)
    wants_more = (looks.masks and read.has_outlines) or (looks.faces and read.has_faces)
    return ReviewOverlay(
        frame_number=number,
        time_s=time_s,
        boxes=_boxes(read, visible, boxes, with_labels=looks.labels) if looks.boxes else (),
        trails=visible.trails_at(number, boxes) if looks.trails else (),
        masks=_masks(found, read, looks) if looks.masks and found is not None else (),
        faces=_faces(found, looks) if looks.faces and found is not None else (),
        zones=_zones(read, time_s, with_labels=looks.labels) if looks.zones else (),
        waits=found is None and wants_more,
    )


def label_of(names: tuple[str, ...], class_id: int, confidence: float, track_id: int) -> str:
    """Return what is written at a box."""
    track = "" if track_id == NO_TRACK else f" #{track_id}"
    return f"{class_name(names, class_id)}{track} {confidence:.2f}"


def _boxes(
    read: ReviewRead, visible: Visible, found: FrameBoxes, *, with_labels: bool
) -> tuple[ReviewBox, ...]:
    names = read.class_names
    return tuple(
        ReviewBox(
            (x1, y1, x2, y2),
            visible.color(class_id, track_id),
            label_of(names, class_id, confidence, track_id) if with_labels else "",
            class_id,
            track_id,
            confidence,
            box,
        )
        for (x1, y1, x2, y2), confidence, class_id, track_id, box in zip(
            found.xyxy.tolist(),
            found.confidence.tolist(),
            found.class_id.tolist(),
            found.track_id.tolist(),
            found.box.tolist(),
            strict=True,
        )
    )


def _masks(found: FrameLooks, read: ReviewRead, looks: ReviewLooks) -> tuple[ReviewMask, ...]:
    if found.segments is None:
        return ()
    drawn = found.segments.at_least(read.job_confidence)
    hidden = {
        name for id_, name in enumerate(read.class_names) if id_ in looks.hidden_classes
    }  # the segmenter counts its classes on its own
    masks = []
    rows = zip(drawn.polygons, drawn.class_id.tolist(), drawn.confidence.tolist(), strict=True)
    for polygons, class_id, confidence in rows:
        label = label_of(found.segment_names, class_id, confidence, NO_TRACK)
        if polygons and label.rpartition(" ")[0] not in hidden:
            shown = label if looks.labels else ""
            masks.append(ReviewMask(polygons, class_color(class_id), shown, class_id))
    return tuple(masks)


def _faces(found: FrameLooks, looks: ReviewLooks) -> tuple[ReviewFace, ...]:
    faces = found.faces
    if faces is None:
        return ()
    rows: Iterable[tuple[list[float], list[list[float]], float, int]] = zip(
        faces.xyxy.tolist(),
        faces.landmarks.tolist(),
        faces.confidence.tolist(),
        faces.track_id.tolist(),
        strict=True,
    )
    return tuple(
        ReviewFace(
            (xyxy[0], xyxy[1], xyxy[2], xyxy[3]),
            tuple((x, y) for x, y in landmarks),
            FACE_COLOR,
            label_of(("face",), 0, confidence, track_id) if looks.labels else "",
            track_id,
        )
        for xyxy, landmarks, confidence, track_id in rows
    )


def _zones(read: ReviewRead, time_s: float, *, with_labels: bool) -> tuple[ReviewZone, ...]:
    def shown(zone: Zone) -> ReviewZone:
        return ReviewZone(tuple(zone.points), zone_color(zone), zone.name if with_labels else "")

    return tuple(shown(one.zone) for one in read.zones if one.begins_s <= time_s <= one.ends_s)
