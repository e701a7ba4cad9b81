"""Rendered stops with what the product sees in them, kept by seed: for tuning and for evaluation.

What is kept depends on a seed and on code: a clip on what the generator makes of its seed, raw
detections on the weights and the detector, tracks on the tracker; cuts, motion and sound on the
modules that find them. What changes is made again, and nothing else.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from filelock import FileLock

from codefx_desktop.analysis.gun_sound import hear_guns
from codefx_desktop.analysis.motion import MotionTaker
from codefx_desktop.bench.clip_key import clip_key
from codefx_desktop.bench.clip_pass import (
    SOUND_RATE_HZ,
    Arrays,
    CutTaker,
    DetectionTaker,
    pass_over,
    stereo_sound,
    tracked,
)
from codefx_desktop.bench.code_hash import code_hash, short_hash
from codefx_desktop.bootstrap import new_vision
from codefx_desktop.domain.observations import Motion, Objects, Observations, Sound
from codefx_desktop.domain.ports import DetectorRequest
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.weights import DemoTask, find_demo_model
from codefx_desktop.synthetic.clip import Footage, synth
from codefx_desktop.synthetic.style import Style
from codefx_desktop.synthetic.writing import writing_to
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from types import TracebackType

    import numpy.typing as npt

    from codefx_desktop.bench.clip_pass import Taker
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.ports import Detector, VisionFactory
    from codefx_desktop.video.probe import ProbedClip

FOLDER_VARIABLE: Final = "CODEFX_STOP_SET"
SECONDS: Final = 10.0
IOU: Final = 0.5
IMAGE_SIZE_PX: Final = 640
LOW_CONFIDENCE: Final = 0.05
_CLIP: Final = "clip.mp4"
_TRUTH: Final = "truth.json"


@dataclass(frozen=True, slots=True, eq=False)
class StopCase:
    """One rendered stop.

    Attributes:
        seed: Its seed.
        observations: What the product sees and hears in it.
        truth: What is true about it (``resources/synthetic_truth.md``), without outlines.
        clip: The clip.
    """

    seed: int
    observations: Observations
    truth: dict[str, Any]
    clip: Path


def set_folder() -> Path:
    """Return where stops are kept: ``CODEFX_STOP_SET``, else in the app's cache."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return Path(named).expanduser().absolute() if named else app_paths().cache / "stop_set"


def seconds_of(style: Style) -> float | None:
    """Return how long the clips of a kind of stops are; None is as long as each takes."""
    return SECONDS if style is Style.F1 else None


def load(seed: int, weights: bool = True, style: Style = Style.F1) -> StopCase:
    """Return a stop from where stops are kept, made if it is not there yet.

    Args:
        seed: Its seed.
        weights: Whether the bundled demo model looks at it.
        style: Kind of stop.
    """
    with StopSet(seconds=seconds_of(style), style=style) as stops:
        return stops.load(seed, weights=weights)


@dataclass(slots=True)
class StopSet:
    """Stops of one length and size. A context manager; used by one worker at a time.

    Attributes:
        folder: Where they are kept; several programs may use it at once.
        seconds: Length of each clip; None is as long as its stop takes.
        footage: What clips are asked to be.
        style: Kind of stops.
        weights: Detection weights.
        device: Where the detector runs.
    """

    folder: Path = field(default_factory=set_folder)
    seconds: float | None = SECONDS
    footage: Footage = field(default_factory=Footage)
    style: Style = Style.F1
    weights: Path = field(default_factory=lambda: find_demo_model(DemoTask.DETECT))
    device: str = "auto"
    _vision: VisionFactory | None = None
    _detector: Detector | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Return itself; models are loaded when a stop needs them."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the models."""
        self._stack.close()
        self._detector = None

    def load(self, seed: int, *, weights: bool = True) -> StopCase:
        """Return a stop; whatever of it is not kept yet is made.

        Args:
            seed: Its seed.
            weights: Whether a detector looks at it.

        Raises:
            CodefxError: If something cannot be made or kept.
        """
        name = clip_key(self.folder / "names", seed, self.seconds, self.footage, self.style)
        kept = _Kept(self.folder / f"{seed}_{name}")
        with writing_to(self.folder):
            kept.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(kept.folder / "lock"):
                truth = self._truth(seed, kept)
                clip = probe(kept.folder / _CLIP)
                seen = self._observe(clip, kept, weights=weights)
        return StopCase(seed, seen, truth, clip.info.path)

    def _truth(self, seed: int, kept: _Kept) -> dict[str, Any]:
        target = kept.folder / _TRUTH
        if not target.is_file():
            made = synth(seed, self.seconds, kept.folder, footage=self.footage, style=self.style)
            truth = json.loads(made.truth.read_text(encoding="utf-8"))
            for picture in truth["pictures"]:
                del picture["polygons"]  # nine tenths of it, and nobody here asks for outlines
            made.clip.replace(kept.folder / _CLIP)
            part = target.with_suffix(".part")
            part.write_text(json.dumps(truth, separators=(",", ":")), encoding="utf-8")
            part.replace(target)
            made.truth.unlink()
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return found

    def _observe(self, clip: ProbedClip, kept: _Kept, *, weights: bool) -> Observations:
        index, info = clip.index, clip.info
        times_s = np.asarray(index.ticks * float(index.time_base), np.float64)
        self._look(clip, kept, weights=weights)
        return Observations(
            width=info.width,
            height=info.height,
            times_s=times_s,
            numbers=np.arange(len(times_s), dtype=np.int32),
            objects=self._objects(clip, kept, times_s) if weights else Objects.none(),
            motion=_motion(kept),
            sound=_sound(clip, kept),
            cuts=tuple(kept.read(_cuts_name())["cuts"].tolist()),
            ends_s=info.duration_s,
        )

    def _look(self, clip: ProbedClip, kept: _Kept, *, weights: bool) -> None:
        """Make what is missing of all that pictures tell, in one pass over them."""
        wanted: dict[str, Taker] = {}
        if weights and not kept.has(self._detections_name()):
            wanted[self._detections_name()] = DetectionTaker(self._open_detector())
        if not kept.has(_cuts_name()):
            wanted[_cuts_name()] = CutTaker()
        if not kept.has(_motion_name()):
            wanted[_motion_name()] = _MotionKeeper(clip)
        if wanted:
            pass_over(clip, list(wanted.values()))
        for each, taker in wanted.items():
            kept.write(each, taker.arrays())

    def _objects(self, clip: ProbedClip, kept: _Kept, times_s: npt.NDArray[np.float64]) -> Objects:
        found = kept.read(self._detections_name())
        name = f"tracks_{short_hash(self._detections_name(), code_hash('vision.keeping_tracker'))}"
        if not kept.has(name):
            rate = clip.info.average_rate
            tracker = self._open_vision().tracker(float(rate) if rate else 30.0)
            kept.write(name, tracked(found, times_s, tracker))
        return Objects(
            found["frame"].astype(np.int32),
            found["xyxy"].astype(np.float32),
            found["confidence"].astype(np.float32),
            found["class_id"].astype(np.int16),
            kept.read(name)["track_id"].astype(np.int32),
            tuple(str(each) for each in found["class_names"]),
        )

    def _detections_name(self) -> str:
        settings = repr((IOU, IMAGE_SIZE_PX, LOW_CONFIDENCE))
        code = code_hash("vision.detector", "vision.weights")
        return f"detections_{short_hash(self.weights.read_bytes(), settings, code)}"

    def _open_vision(self) -> VisionFactory:
        if self._vision is None:
            self._vision = new_vision(app_paths())
        return self._vision

    def _open_detector(self) -> Detector:
        if self._detector is None:
            request = DetectorRequest(
                self.weights, IOU, IMAGE_SIZE_PX, self.device, low_confidence=LOW_CONFIDENCE
            )
            detector = self._open_vision().detector(request)
            self._detector = self._stack.enter_context(detector)
        return self._detector


class _Kept:
    """Arrays in a folder, by name; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        return (self.folder / f"{name}.npz").is_file()

    def read(self, name: str) -> Arrays:
        with np.load(self.folder / f"{name}.npz", allow_pickle=False) as file:
            return {key: file[key] for key in file.files}

    def write(self, name: str, arrays: Arrays) -> None:
        part = self.folder / f"{name}.part"
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type] # its **kwds are arrays
        part.replace(self.folder / f"{name}.npz")


def _cuts_name() -> str:
    return f"cuts_{code_hash('analysis.scenes')}"


def _motion_name() -> str:
    return f"motion_{_made_by('analysis.motion', Motion)}"


def _made_by(module: str, kind: type[Motion | Sound]) -> str:
    return short_hash(code_hash(module), *(part.name for part in fields(kind)))


class _MotionKeeper:
    def __init__(self, clip: ProbedClip) -> None:
        self._taker = MotionTaker(clip.info.width, clip.info.height)

    def update(self, frame: Frame) -> None:
        self._taker.update(frame)

    def arrays(self) -> Arrays:
        return _arrays(self._taker.finish())


def _arrays(value: Motion | Sound) -> Arrays:
    return {part.name: np.asarray(getattr(value, part.name)) for part in fields(value)}


def _motion(kept: _Kept) -> Motion:
    arrays = kept.read(_motion_name())
    return Motion(
        arrays["flow"].astype(np.float16, copy=False),
        arrays["energy"].astype(np.uint8, copy=False),
        arrays["camera"].astype(np.float32, copy=False),
        tuple(arrays["cuts"].tolist()),
        arrays["lights"].astype(np.float32, copy=False),
    )


def _sound(clip: ProbedClip, kept: _Kept) -> Sound | None:
    if not clip.info.has_audio:
        return None
    name = f"heard_{_made_by('analysis.gun_sound', Sound)}"
    if not kept.has(name):
        kept.write(name, _arrays(hear_guns(stereo_sound(clip), SOUND_RATE_HZ)))
    arrays = kept.read(name)
    return Sound(
        float(arrays["rate_hz"]),
        arrays["strength"].astype(np.float32),
        arrays["bursts"].astype(np.float64),
        arrays["voices"].astype(np.float64),
    )
