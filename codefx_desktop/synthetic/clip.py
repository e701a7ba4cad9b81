"""Renders a clip of a pit stop with sound, and its truth beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.clock import LONG_RATES, choose_clock
from codefx_desktop.synthetic.instants import instants_of
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.service_scene import make_scene
from codefx_desktop.synthetic.sound import RATE_HZ, make_sound
from codefx_desktop.synthetic.style import Style
from codefx_desktop.synthetic.truth import Shot, TruthWriter
from codefx_desktop.synthetic.writing import writing_to
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.writer import PcmAudio, QualityPreset, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path

    from codefx_desktop.synthetic.camera import View
    from codefx_desktop.synthetic.clock import Clock
    from codefx_desktop.synthetic.ground import Pixels
    from codefx_desktop.synthetic.outline import Outlines

SHORTEST_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Footage:
    """What a clip is asked to be; what is None is chosen by the seed.

    Attributes:
        width: Pixels.
        height: Pixels.
        rate: Pictures per second.
        variable: Whether the intervals between pictures differ.
        shots: How many cameras see the stop one after the other.
        preset: Quality of the file against its size.
    """

    width: int = 1280
    height: int = 720
    rate: Fraction | None = None
    variable: bool | None = None
    shots: int | None = None
    preset: QualityPreset = QualityPreset.STANDARD


@dataclass(frozen=True, slots=True)
class SynthResult:
    """What was made: an MP4 with sound, and the JSON of what is true about it."""

    clip: Path
    truth: Path
    frames: int


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One rendered picture.

    Attributes:
        number: 0-based.
        shot: Number of the shot, 0-based.
        pixels: RGB (height, width, 3), uint8.
        outlines: Where everything in it is.
        view: The camera at that instant.
    """

    number: int
    shot: int
    pixels: Pixels
    outlines: Outlines
    view: View


class Stop:
    """A clip of a stop, not rendered yet.

    Args:
        seed: Another seed is another stop; the same seed is the same clip to the byte.
        seconds: Length, at least 4; None is as long as the stop takes, in Formula 1 10 s.
        footage: What the clip is asked to be.
        style: Kind of stop.

    Raises:
        ValueError: If it is too short to hold a stop.
    """

    def __init__(
        self,
        seed: int,
        seconds: float | None,
        footage: Footage | None = None,
        style: Style = Style.F1,
    ) -> None:
        if seconds is not None and seconds < SHORTEST_SECONDS:
            raise ValueError(f"a stop takes at least {SHORTEST_SECONDS} s, not {seconds}")
        self.footage = footage or Footage()
        self.scene = make_scene(seed, seconds, style)
        rate, shots = self.footage.rate, self.footage.shots
        if style is not Style.F1:
            # These stops are long: they are filmed as television does, by one camera.
            rate = rate or LONG_RATES[int(stream(seed, "long clock").integers(len(LONG_RATES)))]
            shots = shots or 1
        self.clock: Clock = choose_clock(
            seed, self.scene.seconds, rate=rate, variable=self.footage.variable
        )
        self.shots = choose_shots(seed, self.clock, shots)
        self._times_s = self.clock.ticks * float(self.clock.time_base)
        self._cameras = [choose_camera(seed, shot.number) for shot in self.shots]

    def shot_of(self, number: int) -> int:
        """Return which shot a picture belongs to."""
        return max(shot.number for shot in self.shots if shot.first_frame <= number)

    def view_at(self, time_s: float) -> View:
        """Return the camera that is on the air at an instant."""
        number = max(0, int(np.searchsorted(self._times_s, time_s, side="right")) - 1)
        camera = self._cameras[self.shot_of(number)]
        return camera.view(time_s, self.footage.width, self.footage.height)

    def pictures(self) -> Iterator[Picture]:
        """Yield all pictures in order."""
        size = (self.footage.width, self.footage.height)
        for shot in self.shots:
            camera = self._cameras[shot.number]
            sensor = choose_light(self.scene.seed, shot.number)
            painter = Painter(self.scene, camera, sensor, size)
            for number in range(shot.first_frame, shot.first_frame + shot.frames):
                time_s = self.clock.seconds(number)
                pixels, outlines = painter.paint(time_s, number)
                yield Picture(number, shot.number, pixels, outlines, camera.view(time_s, *size))


def choose_shots(seed: int, clock: Clock, wanted: int | None) -> list[Shot]:
    """Return the shots of a clip: most have one."""
    rng = stream(seed, "shots")
    chosen = int(rng.choice([1, 2, 3], p=[0.75, 0.17, 0.08]))
    count = chosen if wanted is None else wanted
    places = (rng.uniform(-0.25, 0.25, count) + range(count)) / count * len(clock)
    starts = [0, *(int(place) for place in places[1:])]
    ends = [*starts[1:], len(clock)]
    return [
        Shot(number, start, end - start)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def synth(
    seed: int,
    seconds: float | None,
    output_dir: Path,
    *,
    footage: Footage | None = None,
    style: Style = Style.F1,
    progress: Callable[[float], None] | None = None,
) -> SynthResult:
    """Render a clip and its truth into a folder, replacing those of the same seed.

    Args:
        seed: Another seed is another stop.
        seconds: Length, at least 4; None is as long as the stop takes, in Formula 1 10 s.
        output_dir: Gets ``stop_<seed>.mp4`` and ``stop_<seed>.truth.json``; made when missing.
        footage: What the clip is asked to be.
        style: Kind of stop.
        progress: Told 0 to 1.

    Raises:
        ValueError: If it is too short to hold a stop.
        NotWritable: If the folder cannot be written to.
        NoSpace: If the disk is full.
        EncodeError: If the clip does not verify.
    """
    stop = Stop(seed, seconds, footage, style)
    clip = output_dir / f"stop_{seed}.mp4"
    truth = output_dir / f"stop_{seed}.truth.json"
    with writing_to(output_dir):
        output_dir.mkdir(parents=True, exist_ok=True)
        drafts = clip.with_suffix(".mp4.part"), truth.with_suffix(".json.part")
        try:
            frames = _render(stop, clip, truth, drafts, progress)
        finally:  # of a clip that was not finished nothing stays
            for draft in drafts:
                draft.unlink(missing_ok=True)
    return SynthResult(clip, truth, frames)


def _render(
    stop: Stop,
    clip: Path,
    truth: Path,
    drafts: tuple[Path, Path],
    progress: Callable[[float], None] | None,
) -> int:
    size = (stop.footage.width, stop.footage.height)
    instants = instants_of(stop.scene, stop.view_at)
    part, draft = drafts
    with (
        draft.open("w", encoding="utf-8") as file,
        VideoWriter(
            part, width=size[0], height=size[1], time_base=stop.clock.time_base,
            average_rate=stop.clock.rate, preset=stop.footage.preset,
        ) as writer,
    ):  # fmt: skip
        words = TruthWriter(file, stop.scene, instants, stop.clock, stop.shots, size)
        words.begin()
        for picture in stop.pictures():
            writer.write(picture.pixels, int(stop.clock.ticks[picture.number]))
            words.add(picture.number, picture.shot, picture.outlines, picture.view)
            if progress is not None:
                progress((picture.number + 1) / len(stop.clock))
        words.finish()
        frames = writer.finish()
    length = stop.clock.seconds(len(stop.clock) - 1) + 1 / float(stop.clock.rate)
    audio = PcmAudio(make_sound(stop.scene, length), RATE_HZ)
    finalise(part, clip, expected_frames=frames, audio=audio)
    draft.replace(truth)
    return frames
