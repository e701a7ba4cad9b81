"""When each corner's nut is loosened and tightened: bursts that are heard, guns that are seen."""

from __future__ import annotations

import statistics
from itertools import product
from operator import sub
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.gun_checks import (
    as_first_of_two,
    doubt,
    is_cut_off,
    is_on_nut,
    is_seen_to_run,
)
from codefx_desktop.analysis.gun_choice import (
    COMES_S,
    END,
    LEAVES_S,
    ONSET,
    PAN,
    WAITS_S,
    Corner,
    Way,
    share_out,
    stages,
    usual_middle_s,
)  # fmt: skip
from codefx_desktop.analysis.gun_edges import (
    beyond_a_blow,
    bounds_among,
    is_handed_over,
    is_shared,
    quiet_before,
)
from codefx_desktop.analysis.gun_sight import Sight, guns_seen
from codefx_desktop.analysis.hubs import CORNERS
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace

Floats = npt.NDArray[np.float64]
Heard = dict[tuple[str, Place], tuple[float, float, float]]
"""Kind and corner to time, earliest and latest, seconds."""

KINDS: Final = ("loosen_start", "loosen_end", "tighten_start", "tighten_end")
EARLY_S: Final = 0.15
"""Guns may run so long before the car is seen to stand, or after it is seen to go."""
CHAIN_S: Final = 2.0
"""Bursts that are no farther apart are of one stop."""
PUSH_S: Final = 0.4
"""A gun that is first seen on the nut so long after the wheel came on was there before."""
SHORTEST_STAY_S: Final = 0.15
SPREADS: Final = 2.5
"""Source: 2.0 of them missed by 0.01 s on seed 804089, the one of 42 stops where it mattered."""
DWELLS: Final = 1.3
"""A gun lies on its nut for longer than usual more often than for shorter: bounds reach so much
further to that side. Source: 0.275 s at one of 15 further rendered stops; 0.11 s are usual."""
PULL_S: Final = 0.6
"""A wheel that leaves so long after a burst was loosened by another one that was not heard."""
TAKES_UP_S: Final = 0.6
"""A nut that is first heard so long after its wheel came was turned before, and was not heard."""
SHORTEST_RUN_S: Final = 0.15
"""A nut is not run off or on in less: what is heard for less is a part of a run, between edges that
were given to another gun. Source: rendered guns take 0.19 s at least (``synthetic.plan``)."""
TOGETHER_S: Final = 1.0
"""Wheels that leave, or come, farther apart were not loosened, or tightened, at once: a burst is
shorter than that."""
FRAME_PART: Final = 0.5
"""No event is known better than this part of a frame's interval: pictures and sound are not kept
together more closely than that."""
LEAST_S: Final = 0.008
SAME_S: Final = 0.15
"""Ways that differ by less agree about an event."""
SURE: Final = 0.75
"""Ways that agree must have this weight together, or the event is not found."""
COVERED: Final = 0.97
"""Bounds hold what ways of this weight say together. Source: 0.99 finds 1647 instead of 1648
events of 46 stops (seeds 800000-800045), and 3 of 16 where only zones tell who works."""
WIDEST_S: Final = 0.16
"""An event that is known no better than this is not found,"""
ONE_SIDED_S: Final = 0.2
"""nor one that may have been so much earlier or later: that is a choice between two bursts."""


def gun_events(
    seen: Observations, stop: StopFrame, place: CarPlace, wheels: tuple[Event, ...] = ()
) -> tuple[Event, ...]:
    """Return loosening and tightening of all corners; what was not measured is not found.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        place: Where the car and its hubs are.
        wheels: ``wheel_off`` and ``wheel_on``, where known.
    """
    sights = guns_seen(seen, stop, place)
    times = {(event.kind, event.place): event.time_s for event in wheels}
    corners = [
        Corner(it, sights.get(it), times.get(("wheel_off", it)), times.get(("wheel_on", it)))
        for it in CORNERS
        if it in place.hubs
    ]
    return shared_gun_events(seen, stop, corners)


def shared_gun_events(
    seen: Observations, stop: StopFrame, corners: list[Corner]
) -> tuple[Event, ...]:
    """Return loosening and tightening of all corners by the bursts that are shared out to them.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        corners: Those that are known; events of others are not found.
    """
    voices = _voices(seen, stop)
    ways = share_out(voices, corners) if corners and len(voices) else []
    around = usual_middle_s(voices, corners)
    heard = [_times(way, voices, corners, around) for way in ways]
    events = []
    for place, kind in product(CORNERS, KINDS):
        corner = next((it for it in corners if it.place == place), None)
        if corner is None:
            events.append(Event(kind, place, evidence={"why": "the corner's hub was not seen"}))
            continue
        may_be_two = _may_be_two(kind, corner, corners, heard, sided=_sided(voices))
        told = [
            _believed(seen, stop, corner, voices, event, may_be_two=may_be_two)
            for event in _tried(seen, stop, kind, corner, ways, heard, voices)
        ]
        none = Event(kind, place, evidence={"why": _why(voices)})
        events.append(next((one for one in told if one.time_s is not None), (*told, none)[0]))
    return tuple(events)


def _tried(
    seen: Observations,
    stop: StopFrame,
    kind: str,
    corner: Corner,
    ways: list[Way],
    heard: list[Heard],
    voices: Floats,
) -> list[Event]:
    """Return an event as it is heard, and as the gun is seen where that can be what is heard."""
    by_ear = _heard_event(seen, kind, corner.place, ways, heard, voices, corner.sight)
    by_eye = _seen_event(seen, kind, corner, stop.stop.time_s)
    if by_ear is not None and not _is_heard_too(by_eye, by_ear, voices):
        by_eye = None  # ears and eyes contradict each other
    if by_eye is not None:  # which voice may be its own is asked of the usual bounds
        by_eye = _seen_event(seen, kind, corner, stop.stop.time_s, DWELLS)
    return [event for event in (by_ear, by_eye) if event is not None]


def _is_heard_too(seen: Event | None, heard: Event, voices: Floats) -> bool:
    """Return whether a gun that is seen is heard then, too, though another gun was given its edge.

    Args:
        seen: What is seen, or None.
        heard: What was heard instead.
        voices: float64 (V, 9), ``Sound.voices`` of the stop.
    """
    if seen is None or seen.earliest_s is None or seen.latest_s is None or heard.time_s is None:
        return False
    edges = voices[:, END if seen.kind.endswith("end") else ONSET]
    pan = voices[int(np.abs(edges - heard.time_s).argmin()), PAN]
    same = np.isnan(voices[:, PAN]) | (voices[:, PAN] * pan > 0)
    return bool((same & (edges >= seen.earliest_s) & (edges <= seen.latest_s)).any())


def _believed(
    seen: Observations,
    stop: StopFrame,
    corner: Corner,
    voices: Floats,
    event: Event,
    *,
    may_be_two: bool,
) -> Event:
    """Return an event, or that it was not found, with what speaks against it."""
    quiet_s = quiet_before(voices, event.time_s)
    why = doubt(event, corner, stop.stop.time_s, quiet_s, may_be_two=may_be_two)
    if why or not _shown(seen, stop, event):
        return Event(event.kind, event.place, evidence={"why": why or _why(voices)})
    return as_first_of_two(event) if may_be_two else event


def _sided(voices: Floats) -> bool:
    """Return whether it is heard on which side of the car guns run."""
    return bool(len(voices)) and not bool(np.isnan(voices[:, PAN]).any())


def _may_be_two(
    kind: str, corner: Corner, corners: list[Corner], heard: list[Heard], *, sided: bool
) -> bool:
    """Return whether a burst may be of two guns that were heard as one.

    Two that hammer alike and overlap are fitted as one: it begins with the first and ends with the
    last of them. Then the other corner, whose wheel was changed too, has none. Guns of two sides
    are not mistaken for one where sides are heard apart.
    """
    side = corner.place.value[-1]
    return bool(heard) and any(
        (kind, it.place) not in heard[0] and _together(kind, corner, it)
        for it in corners
        if it is not corner and not (sided and it.place.value[-1] != side)
    )


def _together(kind: str, one: Corner, other: Corner) -> bool:
    """Return whether guns may have run at once at two corners, of which the other one worked."""
    if other.off_s is None and other.on_s is None:
        return False
    times = [it.off_s if kind.startswith("loosen") else it.on_s for it in (one, other)]
    known = [time for time in times if time is not None]
    return len(known) < 2 or abs(known[0] - known[1]) < TOGETHER_S


def _shown(seen: Observations, stop: StopFrame, event: Event) -> bool:
    """Return whether an event lies in this shot; others tell theirs."""
    if event.time_s is None:
        return False
    margin = _interval_s(seen, stop.begin) / 2
    begin, end = seen.times_s[stop.begin] - margin, seen.times_s[stop.end] + margin
    return bool(begin <= event.time_s <= end)


def _why(voices: Floats) -> str:
    if not len(voices):
        return "no gun was heard, and none was seen on the nut"
    return "no burst that was heard is surely this corner's"


def _voices(seen: Observations, stop: StopFrame) -> Floats:
    """Return the bursts of this stop, also those heard while other shots were shown.

    Sound goes on over a cut: what is heard there still tells sides and guns apart.
    """
    if seen.sound is None or not len(seen.sound.voices):
        return np.zeros((0, 9))
    voices: Floats = seen.sound.voices
    begin, end = seen.times_s[stop.first] - EARLY_S, seen.times_s[stop.last] + EARLY_S
    mine = (voices[:, ONSET] <= end) & (voices[:, END] >= begin)
    for _ in range(len(voices)):
        if not mine.any() or mine.all():
            break
        first, last = voices[mine, ONSET].min(), voices[mine, END].max()
        wider = (voices[:, ONSET] <= last + CHAIN_S) & (voices[:, END] >= first - CHAIN_S)
        if not (wider & ~mine).any():
            break
        mine |= wider
    chosen: Floats = voices[mine]
    return chosen


def _times(way: Way, voices: Floats, corners: list[Corner], around_s: float | None) -> Heard:
    """Return when a way says what happens."""
    found: Heard = {}
    for k, corner in enumerate(corners):
        mine = voices[way.of(k)]
        parts = stages(mine, corner, around_s)
        if corner.moves is not None and not all(map(len, parts)):
            continue  # nobody saw a wheel: a lone burst may loosen or tighten
        for kind, which in zip(("loosen", "tighten"), parts, strict=True):
            if len(which):
                first = mine[which[mine[which, ONSET].argmin()]]
                last = mine[which[mine[which, END].argmax()]]
                if last[END] - first[ONSET] < SHORTEST_RUN_S:
                    continue
                late = kind == "tighten" and corner.on_s is not None
                if not (late and first[ONSET] - corner.on_s > TAKES_UP_S):
                    found[f"{kind}_start", corner.place] = tuple(first[:3].tolist())
                unheard = kind == "loosen" and corner.off_s is not None
                if not (unheard and corner.off_s - last[END] > PULL_S):
                    found[f"{kind}_end", corner.place] = tuple(last[3:6].tolist())
    return found


def _heard_event(
    seen: Observations,
    kind: str,
    place: Place,
    ways: list[Way],
    heard: list[Heard],
    voices: Floats,
    sight: Sight | None,
) -> Event | None:
    """Return an event by what the ways say of it, or None where they do not agree."""
    said = [(way.weight, times.get((kind, place))) for way, times in zip(ways, heard, strict=True)]
    if not said or said[0][1] is None:
        return None
    time_s, low, high = _usual(said)
    agree = sum(w for w, it in said if it is not None and abs(it[0] - time_s) <= SAME_S)
    if agree < SURE:
        return None
    covered = 0.0
    for weight, it in said:
        if covered >= COVERED:
            break
        covered += weight
        if it is not None:
            low, high = min(low, it[1]), max(high, it[2])
    which = END if kind.endswith("end") else ONSET
    if is_handed_over(voices, time_s, which):
        return None
    # Gunners who lie in wait begin together: both edges are within the bounds then.
    together = kind != "loosen_start" and is_shared(voices, time_s, which)
    if together and not is_seen_to_run(sight, kind, time_s):
        return None
    shown = sight is not None and is_on_nut(sight, time_s)
    low, high = bounds_among(voices, time_s, (low, high), which, seen=shown)
    frame = int(np.abs(seen.times_s - time_s).argmin())
    least = max(LEAST_S, FRAME_PART * _interval_s(seen, frame))
    low, high = min(low, time_s - least), max(high, time_s + least)
    if high - low > 2 * WIDEST_S or max(high - time_s, time_s - low) > ONE_SIDED_S:
        return None
    low, high = beyond_a_blow(voices, time_s, (low, high), which)
    words = {"heard": f"agreement {agree:.0%} of {len(ways)} ways to share bursts out"}
    event = Event(
        kind, place, time_s, low, high, int(seen.numbers[frame]), EventSource.AUDIO,
        EventStatus.PROPOSED, round(agree, 2), words,
    )  # fmt: skip
    return None if is_cut_off(seen, event) else event


def _usual(
    said: list[tuple[float, tuple[float, float, float] | None]],
) -> tuple[float, float, float]:
    """Return the median of what the ways say, by their weight."""
    known = sorted((it, weight) for weight, it in said if it is not None)
    weights = np.cumsum([weight for _, weight in known])
    return known[int(np.searchsorted(weights, weights[-1] / 2))][0]


def _interval_s(seen: Observations, frame: int) -> float:
    near = seen.times_s[max(0, frame - 2) : frame + 3].tolist()
    return statistics.median(map(sub, near[1:], near)) if len(near) > 1 else 0.0


def _seen_event(
    seen: Observations, kind: str, corner: Corner, stop_s: float | None, dwells: float = 1.0
) -> Event | None:
    """Return an event by what is seen of the gun alone, or None where that is not clear."""
    if corner.sight is None:
        return None
    stay = _stay(corner, corner.sight, kind, stop_s)
    if stay is None:
        return None
    ends = kind.endswith("end")
    edge = stay[1] if ends else stay[0]
    if not corner.sight.turns_clearly(edge, leaving=ends):
        return None
    usual = LEAVES_S if ends else WAITS_S if kind.startswith("loosen") else COMES_S
    time_s = edge - usual[0] if ends else edge + usual[0]
    frame = int(np.abs(seen.times_s - time_s).argmin())
    half = SPREADS * usual[1] + FRAME_PART * _interval_s(seen, frame)
    if half > WIDEST_S:
        return None
    low, high = (dwells * half, half) if ends else (half, dwells * half)
    words = {"seen": f"the gun's box on the nut from {stay[0]:.2f} s to {stay[1]:.2f} s"}
    return Event(
        kind, corner.place, time_s, time_s - low, time_s + high, int(seen.numbers[frame]),
        EventSource.TRACK, EventStatus.PROPOSED, 0.5, words,
    )  # fmt: skip


def _stay(
    corner: Corner, sight: Sight, kind: str, stop_s: float | None
) -> tuple[float, float] | None:
    """Return from when to when a gun stays on its nut for an event, if the wheel agrees."""
    stays = _stays(sight)
    if kind.startswith("loosen"):
        if corner.off_s is None:
            return None
        stays = [stay for stay in stays if 0.0 < corner.off_s - stay[1] < PULL_S]
        waits = stop_s is None or not stays or stays[-1][0] - stop_s > PULL_S
        return None if not stays or (kind == "loosen_start" and waits) else stays[-1]
    if corner.on_s is None:
        return None
    stays = [stay for stay in stays if stay[1] > corner.on_s]
    late = not stays or stays[0][0] - corner.on_s > PUSH_S
    return None if late else (stays[0][0], stays[-1][1])


def _stays(sight: Sight) -> list[tuple[float, float]]:
    """Return from when to when a gun is seen to stay on its nut."""
    found = []
    for begin in sight.comes_s:
        ends = sight.leaves_s[sight.leaves_s > begin]
        if len(ends) and ends[0] - begin >= SHORTEST_STAY_S:
            found.append((float(begin), float(ends[0])))
    return found
