"""Writes what is true about a clip as JSON; ``resources/synthetic_truth.md`` explains every field.

One frame per line, so that a program can read it piece by piece and a person can look at it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.ground import box_marks
from codefx_desktop.synthetic.instants import SWEPT_MARGIN_M, Instant
from codefx_desktop.synthetic.plan import CORNER_NAMES
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from typing import TextIO

    from codefx_desktop.synthetic.camera import View
    from codefx_desktop.synthetic.clock import Clock
    from codefx_desktop.synthetic.outline import Outlines
    from codefx_desktop.synthetic.scene import Scene

VERSION = 1
SEEN_FROM = 0.4
"""An instant can be seen when this much of what shows it is visible in the nearest picture."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot: which pictures, which camera."""

    number: int
    first_frame: int
    frames: int


class TruthWriter:
    """Writes a clip's truth while it is rendered.

    Args:
        file: Where to.
        scene: What happens.
        instants: All instants of the stop, in order of time.
        clock: When pictures are taken.
        shots: What each shot spans.
        size: Width and height of the pictures.
    """

    def __init__(
        self,
        file: TextIO,
        scene: Scene,
        instants: list[Instant],
        clock: Clock,
        shots: list[Shot],
        size: tuple[int, int],
    ) -> None:
        self._file, self._scene, self._clock = file, scene, clock
        self._events = [_Event(scene, instant, clock) for instant in instants]
        self._shots, self._size = shots, size
        self._first = True

    def begin(self) -> None:
        """Write everything that does not depend on a picture."""
        scene, plan = self._scene, self._scene.plan
        head = {
            "format": "codefx-synthetic-truth",
            "version": VERSION,
            "seed": scene.seed,
            "width": self._size[0],
            "height": self._size[1],
            "frames": len(self._clock),
            "time_base": [self._clock.time_base.numerator, self._clock.time_base.denominator],
            "rate": [self._clock.rate.numerator, self._clock.rate.denominator],
            "variable_rate": self._clock.variable,
            "light": scene.light.kind,
            "fault": plan.fault,
            "car_number": scene.livery.number,
            "swept_margin_m": SWEPT_MARGIN_M,
            "cuts": [shot.first_frame for shot in self._shots[1:]],
            "classes": list(CLASSES),
            "things": [
                {"id": t.number, "class": CLASSES[t.class_id], "name": t.name, "own": t.own}
                for t in scene.things
            ],
            "box_marks_m": [
                {"name": name, "line": np.round(line, 3).tolist()} for name, line in box_marks()
            ],
            "rest": {
                "x_m": round(scene.car.rest.x_m, 4),
                "y_m": round(scene.car.rest.y_m, 4),
                "heading": round(scene.car.rest.heading, 5),
            },
        }
        service = scene.service
        if service is not None:
            head["style"] = service.style.value
            head["fuel_side"] = "left" if service.fuel.side > 0 else "right"
            if service.driver is not None:
                head["driver_side"] = "left" if service.driver.side > 0 else "right"
        body = ",\n".join(f'"{key}": {_compact(value)}' for key, value in head.items())
        self._file.write("{\n" + body + ',\n"pictures": [\n')

    def add(self, number: int, shot: int, outlines: Outlines, view: View) -> None:
        """Write one picture's truth."""
        time_s = self._clock.seconds(number)
        for event in self._events:
            event.look(number, outlines, self._signal_seen(view))
        hubs = {}
        for corner in CORNER_NAMES:
            world = self._scene.car.hub(corner, time_s)
            there = view.depth(world[None])[0] > 1.0
            pixel = view.project(world[None])[0].round(2).tolist() if there else None
            hubs[corner] = {"m": world.round(4).tolist(), "px": pixel}
        row = {
            "frame": number,
            "ticks": int(self._clock.ticks[number]),
            "time_s": round(time_s, 6),
            "shot": shot,
            "ground_to_image": [float(f"{v:.7g}") for v in view.ground_to_image().ravel()],
            "hubs": hubs,
            "id": outlines.number.tolist(),
            "box": outlines.xyxy.astype(float).round(2).tolist(),
            "visible": outlines.visible.astype(float).round(3).tolist(),
            "polygons": [[_slim(line) for line in lines] for lines in outlines.polygons],
        }
        self._file.write(("" if self._first else ",\n") + _compact(row))
        self._first = False

    def finish(self) -> None:
        """Write the events, which are known to be visible only now."""
        self._file.write('\n],\n"events": [\n')
        self._file.write(",\n".join(_compact(event.row()) for event in self._events))
        self._file.write("\n]\n}\n")

    def _signal_seen(self, view: View) -> bool:
        x, y = view.project(self._scene.signal_m()[None])[0]
        return bool(0 <= x < view.width and 0 <= y < view.height)


class _Event:
    """An instant, and whether the picture nearest to it shows what happens."""

    def __init__(self, scene: Scene, instant: Instant, clock: Clock) -> None:
        self._kind, self._place, self._time_s = instant
        times = clock.ticks * float(clock.time_base)
        self._frame = int(np.abs(times - self._time_s).argmin())
        self._inside = bool(0.0 <= self._time_s <= times[-1] + 0.5 / float(clock.rate))
        self._subject = scene.subject(self._kind, self._place)
        self._seen = False

    def look(self, number: int, outlines: Outlines, signal_seen: bool) -> None:
        if number != self._frame or not self._inside:
            return
        if self._kind == "release":
            self._seen = signal_seen
            return
        visible = outlines.visible[np.isin(outlines.number, self._subject)]
        # The whole car is never inside the picture as it arrives: its nose is enough.
        least = 0.01 if self._kind == "arrive" else SEEN_FROM
        self._seen = bool(len(visible) and visible.max() >= least)

    def row(self) -> dict[str, Any]:
        return {
            "kind": self._kind,
            "place": self._place,
            "time_s": round(self._time_s, 6),
            "frame": self._frame if self._inside else None,
            "visible": self._seen,
        }


def _slim(line: npt.NDArray[np.float32]) -> list[list[float]]:
    """Return an outline without points that change it by less than a pixel."""
    slim = cv2.approxPolyDP(line[:, None], 1.0, True)[:, 0]
    rounded: list[list[float]] = np.asarray(slim, float).round(1).tolist()
    return rounded


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
