"""What is known of one stop in one shot before its parts are looked at, and a picture held still.

A stop that several shots show has one ``StopFrame`` for each of them: nothing is measured across
a cut, and each shot has its own picture.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.observations import Objects

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.zone import Zone

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.integer]


class CameraPlaces:
    """The camera's place at each frame of a clip, worked out once for all its shots and stops.

    Args:
        path: float64 (F, 4), summed from cut to cut: x and y in pixels, logarithm of scale, angle
            in radians, about the picture's centre. What lies at ``p`` in the shot's first frame
            lies at ``scale * turn(p - centre) + centre + (x, y)`` in this one.
    """

    __slots__ = ("factor", "path", "shift")

    def __init__(self, path: Floats) -> None:
        self.path = path
        # As complex numbers a similarity is a product and a sum; y down turns the angle round.
        self.factor = np.exp(path[:, 2] - 1j * path[:, 3])
        self.shift = path[:, 0] + 1j * path[:, 1]

    @classmethod
    def of(cls, seen: Observations) -> CameraPlaces:
        """Return the places in a clip, by what was seen of motion."""
        if seen.motion is None:
            return cls(np.zeros((len(seen.times_s), 4)))
        return cls(camera_path(seen.motion.camera, seen.cuts))


class Steady:
    """Takes the camera's own motion out: where things would be had it stood still.

    Args:
        places: The camera's place at each frame of the clip; or its path, float64 (F, 4).
        reference: The frame whose picture all others are mapped to.
        width: Of the picture, pixels.
        height: Likewise.
    """

    __slots__ = ("_centre", "_factor", "_places", "_shift", "reference")

    def __init__(
        self, places: CameraPlaces | Floats, reference: int, width: int, height: int
    ) -> None:
        self.reference = reference
        self._centre = complex(width / 2, height / 2)
        self._places = places if isinstance(places, CameraPlaces) else CameraPlaces(places)
        self._factor, self._shift = self._places.factor[reference], self._places.shift[reference]

    def to_stop(self, xy: npt.NDArray[np.floating], frame: int | Indices) -> Floats:
        """Return where places of a frame lie on the stop's reference picture.

        Args:
            xy: (..., 2), pixels of the frame.
            frame: Index into ``Observations.times_s``, one for all places or one for each.

        Returns:
            float64 (..., 2), pixels of the reference frame.
        """
        places = np.asarray(xy, np.float64)
        here = places[..., 0] + 1j * places[..., 1] - self._centre
        factor = self._factor / self._places.factor[frame]
        shift = self._shift - factor * self._places.shift[frame]
        there = factor * here + shift + self._centre
        return np.stack((there.real, there.imag), axis=-1)

    def boxes_to_stop(self, xyxy: npt.NDArray[np.floating], frame: int | Indices) -> Floats:
        """Return boxes, float64 (..., 4), on the stop's reference picture, upright as they are.

        Args:
            xyxy: (..., 4), pixels of the frame.
            frame: As for ``to_stop``.
        """
        boxes = np.asarray(xyxy, np.float64)
        middle = self.to_stop((boxes[..., :2] + boxes[..., 2:]) / 2, frame)
        half = (boxes[..., 2:] - boxes[..., :2]) / 2 * self._scale(frame)[..., None]
        return np.concatenate((middle - half, middle + half), axis=-1)

    def _scale(self, frame: int | Indices) -> Floats:
        scale: Floats = np.abs(self._factor / self._places.factor[frame])
        return scale

    @classmethod
    def of(cls, seen: Observations, reference: int, places: CameraPlaces | None = None) -> Steady:
        """Return what holds a clip's pictures to one of its frames, by what was seen of motion.

        Args:
            seen: All that was measured of the clip.
            reference: The frame.
            places: The camera's places in the clip, where they are known already.
        """
        known = CameraPlaces.of(seen) if places is None else places
        return cls(known, reference, seen.width, seen.height)


def camera_path(steps: npt.NDArray[np.floating], cuts: tuple[int, ...]) -> Floats:
    """Return the camera's place at each frame, from its steps.

    Args:
        steps: (F, 4), ``Motion.camera``: each frame against the one before.
        cuts: Where another camera takes over; its place begins at zero there.

    Returns:
        float64 (F, 4), each frame against the first of its shot.
    """
    # Numbers of Python's own: a long clip's path is asked for with every shot and every stop.
    factor = np.exp(steps[:, 2] - 1j * steps[:, 3]).astype(np.complex128).tolist()
    shift = (steps[:, 0] + 1j * steps[:, 1]).astype(np.complex128).tolist()
    path = np.zeros((len(steps), 4))
    edges = sorted({0, *(cut for cut in cuts if 0 < cut < len(steps)), len(steps)})
    for begin, end in itertools.pairwise(edges):
        place, places = 0j, [0j]
        for frame in range(begin + 1, end):
            place = factor[frame] * place + shift[frame]
            places.append(place)
        way = np.array(places)
        path[begin:end, 0], path[begin:end, 1] = way.real, way.imag
        path[begin + 1 : end, 2:] = np.cumsum(steps[begin + 1 : end, 2:], axis=0, dtype=np.float64)
    return path


@dataclass(frozen=True, slots=True, eq=False)
class StopFrame:
    """One stop in one shot.

    Attributes:
        first: Index into ``Observations.times_s`` of the first frame in which the car stands or
            nearly.
        last: Of the last such frame.
        begin: First frame of this shot that belongs to this stop and no other.
        end: Last such frame.
        stop: When the car came to stand; not found where this shot does not show it.
        go: When it moved off; likewise.
        box: ``x1, y1, x2, y2`` of the car while it stands, pixels of the reference picture.
        heading: Which way it points.
        steady: Holds the pictures to the reference frame.
        camera: What the person says about the camera.
        zones: The camera's zones, placed on this stop's reference picture; their points are
            pixels, not parts of the picture.
    """

    first: int
    last: int
    begin: int
    end: int
    stop: Event
    go: Event
    box: tuple[float, float, float, float]
    heading: Heading
    steady: Steady
    camera: CameraProfile
    zones: tuple[Zone, ...] = ()

    def to_stop(self, xy: npt.NDArray[np.floating], frame: int | Indices) -> Floats:
        """Return places of a frame on the reference picture (``Steady.to_stop``)."""
        return self.steady.to_stop(xy, frame)

    def objects(self, seen: Observations, name: str, margin: int = 0) -> Objects:
        """Return a class's detections while the car stands, on the reference picture.

        Args:
            seen: All that was measured of the clip.
            name: Of the class.
            margin: Frames before and after that are taken too, never beyond this stop's.
        """
        first, last = max(self.begin, self.first - margin), min(self.end, self.last + margin)
        found = seen.objects.between(first, last + 1).of(name)
        boxes = self.steady.boxes_to_stop(found.xyxy, found.frame).astype(np.float32)
        return Objects(
            found.frame, boxes, found.confidence, found.class_id, found.track_id, found.class_names
        )
