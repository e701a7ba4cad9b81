"""One signal of a stop, alone; started by ``bench.signals`` in a process of its own.

Pictures are in memory before the clock starts. Nothing else runs in the process: its processor
time, of all threads, is the signal's.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.gun_sound import hear_guns
from codefx_desktop.analysis.motion import MotionTaker
from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.bench.clip_pass import SOUND_RATE_HZ, stereo_sound
from codefx_desktop.bench.spent import Spent, spending
from codefx_desktop.bench.stop_set import StopCase, StopSet
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import DEFAULT_NAME, find_template
from codefx_desktop.synthetic.clip import Footage
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 6.0


def footage(rate: int) -> Footage:
    """Return what the measured clip is asked to be."""
    return Footage(rate=Fraction(rate), variable=False, shots=1)


def _motion(case: StopCase) -> Spent:
    clip = probe(case.clip)
    with FrameReader(clip) as reader:
        frames = list(reader)
    taker = MotionTaker(clip.info.width, clip.info.height)
    with spending() as spent:
        for frame in frames:
            taker.update(frame)
        taker.finish()
    return spent


def _cuts(case: StopCase) -> Spent:
    with FrameReader(probe(case.clip)) as reader:
        frames = list(reader)
    finder = SceneFinder(SceneSettings())
    with spending() as spent:
        for frame in frames:
            finder.update(frame)
        finder.finish()
    return spent


def _sound(case: StopCase) -> Spent:
    clip = probe(case.clip)
    with spending() as spent:
        hear_guns(stereo_sound(clip), SOUND_RATE_HZ)
    return spent


def _events(case: StopCase) -> Spent:
    template = find_template(app_paths(), DEFAULT_NAME)
    with spending() as spent:
        find_stops(case.observations, template, CameraProfile())
    return spent


SIGNALS: Final[dict[str, Callable[[StopCase], Spent]]] = {
    "motion": _motion,
    "cuts": _cuts,
    "sound": _sound,
    "events": _events,
}


def main(signal: str, seed: int, rate: int, folder: Path) -> int:
    """Measure a signal and print the clip's frames and what it spent."""
    with StopSet(folder, SECONDS, footage(rate)) as stops:
        case = stops.load(seed)
    frames = len(case.observations.times_s)
    spent = SIGNALS[signal](case)
    sys.stdout.write("\n" + json.dumps({"frames": frames, **asdict(spent)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
