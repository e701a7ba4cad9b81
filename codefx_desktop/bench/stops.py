"""The clip that stages are measured on: three rendered stops, 720p, 25 pictures a second.

Made once and kept in the cache folder; the same clip to the byte on one machine.
"""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.scene import Scene
from codefx_desktop.synthetic.writing import writing_to
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.synthetic.ground import Pixels

SEEDS: Final = (31, 32, 33)
SIZE: Final = (1280, 720)
RATE: Final = 25
VERSION: Final = 1
"""Another one where what is rendered changes: a kept clip is not made again."""
_SCENE_S: Final = 10.0
_BEFORE_S: Final = 0.6
"""How long before the car stands each shot begins."""


def stops_clip(folder: Path, seconds: float) -> Path:
    """Return the clip, rendered into ``folder`` where it is not there yet.

    Args:
        folder: Where it is kept; made when missing.
        seconds: Length of the clip, at least a frame for each stop.

    Raises:
        CodefxError: If it is too short or cannot be written.
    """
    frames = round(seconds * RATE)
    if frames < len(SEEDS):
        raise CodefxError(f"A clip of {seconds:g} s has no frame for each of {len(SEEDS)} stops.")
    target = folder / f"stops_{VERSION}_{frames}.mp4"
    if target.exists():
        return target
    part = target.with_suffix(f".{os.getpid()}.part")
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with VideoWriter(
            part,
            width=SIZE[0],
            height=SIZE[1],
            time_base=Fraction(1, RATE),
            average_rate=Fraction(RATE),
        ) as writer:
            for number, pixels in enumerate(_pictures(frames)):
                writer.write(pixels, number)
            written = writer.finish()
        finalise(part, target, expected_frames=written)
    return target


def _pictures(frames: int) -> Iterator[Pixels]:
    for place, seed in enumerate(SEEDS):
        first, end = (frames * edge // len(SEEDS) for edge in (place, place + 1))
        scene = Scene(seed, _SCENE_S)
        painter = Painter(scene, choose_camera(seed, 0), choose_light(seed, 0), SIZE)
        begin_s = scene.plan.stop_s - _BEFORE_S
        for number in range(first, end):
            yield painter.paint(begin_s + (number - first) / RATE, number)[0]
