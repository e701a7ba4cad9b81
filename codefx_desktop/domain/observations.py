"""All that was measured of a clip, over all its frames: what a stop's events are found from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """All detections of a clip, one after the other, in order of frames.

    Attributes:
        frame: int32 (N,), index into ``Observations.times_s``; never falls.
        xyxy: float32 (N, 4), pixels of the upright full-size frame.
        confidence: float32 (N,), 0 to 1, down to the detector's low threshold.
        class_id: int16 (N,).
        track_id: int32 (N,), -1 where the detection belongs to no track.
        class_names: Name of each class id; empty where nobody looked for objects.
    """

    frame: npt.NDArray[np.int32]
    xyxy: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    class_id: npt.NDArray[np.int16]
    track_id: npt.NDArray[np.int32]
    class_names: tuple[str, ...]

    def of(self, name: str) -> Objects:
        """Return the detections of a class, by its name; none where the model does not know it."""
        wanted = self.class_names.index(name) if name in self.class_names else -1
        return self.where(self.class_id == wanted)

    def where(self, mask: npt.NDArray[np.bool_]) -> Objects:
        """Return the detections for which ``mask``, bool (N,), is True."""
        return Objects(
            self.frame[mask],
            self.xyxy[mask],
            self.confidence[mask],
            self.class_id[mask],
            self.track_id[mask],
            self.class_names,
        )

    def between(self, first: int, after: int) -> Objects:
        """Return the detections of frames ``first`` to before ``after``; nothing is copied."""
        begin, end = np.searchsorted(self.frame, np.array((first, after), np.int32)).tolist()
        return self.rows(begin, end)

    def rows(self, begin: int, end: int) -> Objects:
        """Return the detections from one place to before another; nothing is copied."""
        return Objects(
            self.frame[begin:end],
            self.xyxy[begin:end],
            self.confidence[begin:end],
            self.class_id[begin:end],
            self.track_id[begin:end],
            self.class_names,
        )

    @classmethod
    def none(cls) -> Objects:
        """Return the detections of a clip in which nobody looked for objects."""
        return cls(
            np.zeros(0, np.int32),
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int16),
            np.zeros(0, np.int32),
            (),
        )


class Flow(Protocol):
    """What ``Motion.flow`` is: an array, or what reads frames of a long clip when they are wanted.

    That one may be asked on any thread; it raises ``HistoryError`` where it cannot read any more.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the whole: frames, rows, columns, 2."""
        ...

    def __len__(self) -> int:
        """Return how many frames there are."""
        ...

    def __getitem__(
        self, frames: int | slice | npt.NDArray[np.integer], /
    ) -> npt.NDArray[np.float16]:
        """Return the flow of a frame, (rows, columns, 2), or of N of them, with N before that."""
        ...


def _no_lights() -> npt.NDArray[np.float32]:
    return np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What moved between each frame and the one before, on a coarse grid; zeros for the first.

    The grid does not know zones: they can be drawn and changed later, without the clip. It lies
    on this frame, not on the one before: a cell's flow is that of what is in it now.

    Attributes:
        flow: float16 (F, rows, columns, 2), how far what is in a cell came since the frame
            before, after the camera's own motion was taken out; pixels of the full-size frame,
            x right, y down. Zeros at cuts.
        energy: uint8 (F, rows, columns), how far brightness changed after the camera's own
            motion was taken out, in grey levels (0 to 255).
        camera: float32 (F, 4): how the camera's own motion moved what stands still, as a
            similarity about the picture's centre: x and y in pixels of the full-size frame,
            logarithm of scale, angle in radians, anticlockwise on the picture. Its sum does not
            drift within a shot (``analysis.stop_frame.camera_path``).
        cuts: Index of each frame whose picture has nothing to do with the one before.
        lights: float32 (L, 4), lights that changed from red to green: index of the first frame
            that shows it green, x and y and diameter of the green lamp, pixels of that frame.
    """

    flow: Flow
    energy: npt.NDArray[np.uint8]
    camera: npt.NDArray[np.float32]
    cuts: tuple[int, ...] = ()
    lights: npt.NDArray[np.float32] = field(default_factory=_no_lights)


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """What the sound says about guns.

    Attributes:
        rate_hz: Values a second of ``strength``.
        strength: float32 (M,), at ``i / rate_hz`` seconds from the first picture: energy in the
            guns' band above what is usual in this clip, in decibels.
        bursts: float64 (B, 2), when any gun sounds: onset and end, seconds from the first
            picture.
        voices: float64 (V, 9), bursts of single guns, told apart also where they overlap, in
            order of onset: onset, its earliest and latest, end, its earliest and latest (seconds
            from the first picture), pan (-1 left to 1 right as heard, nan where unknown), blows
            a second, decibels above the floor.
    """

    rate_hz: float
    strength: npt.NDArray[np.float32]
    bursts: npt.NDArray[np.float64]
    voices: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 9)))


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """All that was measured of a clip.

    Attributes:
        width: Of the upright full-size frame, pixels.
        height: Likewise.
        times_s: float64 (F,), true time of each analysed frame from the first picture.
        numbers: int32 (F,), the number of each of these frames in the clip.
        objects: What the detector and the tracker say.
        motion: What moved; None where nobody looked.
        sound: What was heard; None where the clip has no sound.
        cuts: Indices into ``times_s`` of the first frame of every shot but the first.
        ends_s: When the last frame leaves the screen.
    """

    width: int
    height: int
    times_s: npt.NDArray[np.float64]
    numbers: npt.NDArray[np.int32]
    objects: Objects
    motion: Motion | None
    sound: Sound | None
    cuts: tuple[int, ...]
    ends_s: float
