"""What the product sees and hears in a clip, each kind as plain arrays that can be kept."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.video.audio import read_stereo
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.ports import Detector, Tracker
    from codefx_desktop.video.probe import ProbedClip

Arrays = dict[str, npt.NDArray[np.generic]]
SOUND_RATE_HZ: Final = 16_000


class Taker(Protocol):
    """Takes what it wants from a clip's pictures, one after the other."""

    def update(self, frame: Frame) -> None:
        """Look at the next frame."""
        ...

    def arrays(self) -> Arrays:
        """Return what was taken; called once, after the last frame."""
        ...


class DetectionTaker:
    """All that a detector finds, untracked.

    Args:
        detector: Open.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._waiting: list[Frame] = []
        self._found: list[Detections] = []

    def update(self, frame: Frame) -> None:
        """Look at the next frame, in the detector's own batches."""
        self._waiting.append(frame)
        if len(self._waiting) >= self._detector.batch_size:
            self._detect()

    def arrays(self) -> Arrays:
        """Return frame, boxes, confidence and classes of all detections, in order of frames."""
        self._detect()
        counts = [len(found) for found in self._found]
        return {
            "frame": np.repeat(np.arange(len(counts), dtype=np.int32), counts),
            "xyxy": _joined([found.xyxy for found in self._found], (0, 4), np.float32),
            "confidence": _joined([found.confidence for found in self._found], (0,), np.float32),
            "class_id": _joined([found.class_id for found in self._found], (0,), np.int16),
            "class_names": np.array(self._detector.info.class_names),
        }

    def _detect(self) -> None:
        if self._waiting:
            self._found += self._detector.detect(self._waiting)
            self._waiting = []


class CutTaker:
    """The first frames of all shots but the first, as the product's scene detector finds them."""

    def __init__(self) -> None:
        self._finder = SceneFinder(SceneSettings())

    def update(self, frame: Frame) -> None:
        """Look at the next frame."""
        self._finder.update(frame)

    def arrays(self) -> Arrays:
        """Return the numbers of these frames."""
        return {"cuts": np.array([s.first for s in self._finder.finish()[1:]], np.int32)}


def pass_over(clip: ProbedClip, takers: Sequence[Taker]) -> None:
    """Show all pictures of a clip to takers, decoded once.

    Raises:
        ClipError: If the clip cannot be read to its end.
    """
    with FrameReader(clip) as reader:
        for frame in reader:
            for taker in takers:
                taker.update(frame)
        if reader.report.message:
            raise ClipUnreadable(reader.report.message, path=clip.info.path)


def tracked(found: Arrays, times_s: npt.NDArray[np.float64], tracker: Tracker) -> Arrays:
    """Return the track of each detection, as a job's tracker joins them.

    Args:
        found: What ``DetectionTaker`` took.
        times_s: float64 (F,), time of each frame.
        tracker: A fresh one.
    """
    edges = np.searchsorted(found["frame"], np.arange(len(times_s) + 1))
    ids = np.full(len(found["frame"]), -1, np.int32)
    for frame, (first, end) in enumerate(itertools.pairwise(edges)):
        part = slice(first, end)
        detections = Detections(
            found["xyxy"][part].astype(np.float32, copy=False),
            found["confidence"][part].astype(np.float32, copy=False),
            found["class_id"][part].astype(np.int16, copy=False),
            ids[part],
        )
        ids[part] = tracker.update(detections, float(times_s[frame])).track_id
    return {"track_id": ids}


def stereo_sound(clip: ProbedClip) -> npt.NDArray[np.float32]:
    """Return the clip's sound, float32 (N, 2), at 16 kHz from the first picture on."""
    origin_s = int(clip.index.pts[0]) * clip.index.time_base
    return read_stereo(clip.info.path, rate_hz=SOUND_RATE_HZ, origin_s=origin_s)


def _joined(
    parts: list[npt.NDArray[np.generic]], shape: tuple[int, ...], kind: type[np.generic]
) -> npt.NDArray[np.generic]:
    return np.concatenate([np.zeros(shape, kind), *parts])
