"""What names a rendered clip: not the generator's text, but what it makes of a seed.

A clip takes a minute to render and the generator learns new kinds of stops; a kept clip stays as
long as its own instants, pictures and sound stay what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.bench.code_hash import code_hash, short_hash
from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.clip import Stop
from codefx_desktop.synthetic.instants import instants_of
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.sound import make_sound
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.synthetic.clip import Footage

_LOOKED_AT: Final = 7
_LOOKED_AT_SIZE: Final = (320, 180)


def clip_key(
    folder: Path, seed: int, seconds: float | None, footage: Footage, style: Style = Style.F1
) -> str:
    """Return the name of the clip that the generator makes now.

    Made from all instants, the clock, the sound and seven small pictures; remembered for as long
    as the generator's source is the same.

    Args:
        folder: Where names are remembered; made when missing.
        seed: The clip's seed.
        seconds: Its length; None is as long as its stop takes.
        footage: What it is asked to be.
        style: Kind of stop.
    """
    asked = short_hash(repr((seed, seconds, footage)), *([] if style is Style.F1 else [style]))
    known = folder / f"{seed}_{asked}_{code_hash('synthetic.clip')}"
    if known.is_file() and (name := known.read_text(encoding="ascii")):
        return name
    name = short_hash(asked, *_made(Stop(seed, seconds, footage, style)))
    folder.mkdir(parents=True, exist_ok=True)
    known.write_text(name, encoding="ascii")
    return name


def _made(stop: Stop) -> Iterator[bytes]:
    clock = stop.clock
    yield repr(instants_of(stop.scene, stop.view_at)).encode()
    yield clock.ticks.tobytes() + repr((clock.time_base, stop.shots)).encode()
    yield make_sound(stop.scene, clock.seconds(len(clock) - 1)).tobytes()
    painters = [
        Painter(
            stop.scene,
            choose_camera(stop.scene.seed, shot.number),
            choose_light(stop.scene.seed, shot.number),
            _LOOKED_AT_SIZE,
        )
        for shot in stop.shots
    ]
    for number in np.linspace(0, len(clock) - 1, _LOOKED_AT).astype(int).tolist():
        painter = painters[stop.shot_of(number)]
        yield painter.paint(clock.seconds(number), number)[0].tobytes()
