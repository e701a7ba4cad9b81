"""How the crew of each corner spent a stop: how long it was there, and how long it had to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.breakdown import CORNER_DONE
from codefx_desktop.analysis.instants import found_events, time_of
from codefx_desktop.domain.breakdown import CrewIdle
from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate

_STANDS = (("stop", Place.NONE), ("go", Place.NONE))


def crew_idle(
    stop: PitStop,
    template: StopTemplate,
    times_s: npt.NDArray[np.float64],
    presence: Mapping[Place, npt.NDArray[np.bool_]],
) -> tuple[CrewIdle, ...]:
    """Return how the crew of each corner spent the time in which the car stood.

    Work is what lies within a task of that corner until it is done; to be near without one is to
    be idle.

    Args:
        stop: The stop.
        template: Its tasks.
        times_s: float64 (F,), seconds from the first picture, ascending.
        presence: Whether anyone of the crew is near a corner in a frame, bool (F,), by corner.

    Returns:
        One for each corner of ``presence``; nothing where stop or go was not found.
    """
    found = found_events(stop)
    if not all(slot in found for slot in _STANDS):
        return ()
    begins_s, ends_s = (time_of(found[slot]) for slot in _STANDS)
    edges = np.append(times_s, np.inf)
    result = []
    for place, near in presence.items():
        # A frame tells of the time until the next one.
        parts = [(max(a, begins_s), min(b, ends_s)) for a, b in _stretches(edges, near)]
        there = [(a, b) for a, b in parts if b > a]
        present = sum(b - a for a, b in there)
        work = _work(stop, template, place)
        idle = None if work is None else present - sum(_covered(one, work) for one in there)
        scale = stop.time_scale
        result.append(CrewIdle(place, present * scale, None if idle is None else idle * scale))
    return tuple(result)


def _stretches(
    edges: npt.NDArray[np.float64], near: npt.NDArray[np.bool_]
) -> list[tuple[float, float]]:
    """Return from when until when somebody is near, stretch by stretch."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], near, [False])).astype(np.int8)))
    places = edges[steps].tolist()
    return list(zip(places[::2], places[1::2], strict=True))


def _work(stop: PitStop, template: StopTemplate, place: Place) -> list[tuple[float, float]] | None:
    """Return the times in which a corner's tasks went on, joined; None if one is not known."""
    found = found_events(stop)
    spans = []
    for task in template.placed(template.tasks):
        # The way to the first task, and out of the way after the last, is no work at the corner.
        if task.begins is None or task.begins[1] is not place or task.begins[0] == CORNER_DONE:
            continue
        if task.begins not in found or task.ends not in found:
            return None
        spans.append((time_of(found[task.begins]), time_of(found[task.ends])))
    return _joined(spans)


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif ends > begins:
            joined.append((begins, ends))
    return joined


def _covered(part: tuple[float, float], work: list[tuple[float, float]]) -> float:
    return sum(max(min(part[1], b) - max(part[0], a), 0.0) for a, b in work)
