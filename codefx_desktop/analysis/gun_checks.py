"""What speaks against a gun's event, from other evidence than that which it was found by.

A gun waits for the car and for the wheel, the wheel waits for the gun, and a gun that runs is on
its nut. An event that was concluded from bursts alone may be of another corner, or of the second of
two bursts at one nut; what is seen of gun, wheel and car then contradicts it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.gun_choice import COMES_S, LEAVES_S, UNSEEN_S, WAITS_S
from codefx_desktop.analysis.gun_sight import CLEAR
from codefx_desktop.domain.events import EventSource

if TYPE_CHECKING:
    from codefx_desktop.analysis.gun_choice import Corner
    from codefx_desktop.analysis.gun_sight import Sight
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations

JUST_S: Final = (0.03, 0.2)
"""A gun is on its nut so long after its burst began, and before it ended. Source, as of all numbers
here that name no other: chosen while looking at rendered stops, not measured on real ones."""
ASIDE_S: Final = (0.24, 0.4)
"""Nobody waits so long before running a gun on the new wheel's nut, and nobody leaves it there so
long after the last burst: who has it on the nut then runs it again, or ran it before."""
AFTER_STOP_S: Final = (-0.15, 0.45)
"""Gunners lie in wait: the first burst begins so long after the car stands, also a little before.
A later one is a second one, unless the gun is seen to come late."""
QUIET_S: Final = 1.1
"""Where corners are changed one after the other a nut waits for the gun, not for the car. A burst
that comes after so long a silence of all guns is then the first at its nut: twice the longest pause
between two bursts at one nut (``gun_choice.PAUSE_S``)."""
BEFORE_OFF_S: Final = (0.05, 0.6)
"""A wheel is off so long after its nut's last burst, and not while that still holds. Source:
rendered crews begin to pull 0.05 to 0.14 s after the burst and take 0.2 to 0.48 s for it
(``synthetic.plan``); real ones were not measured."""
AFTER_ON_S: Final = (0.05, 0.55)
"""A wheel on its hub is tightened at once, but has to be pushed home before; a second burst at its
nut comes later than this. Source: rendered guns begin 0.03 to 0.14 s after the wheel is home
(``synthetic.plan``), 0.18 to 0.48 s after it is half on, and pause for 0.15 s at least after a
burst of 0.22 s at least; the margins were chosen."""
ALONE_S: Final = 0.5
"""What is only seen of a gun is not exact, and has to agree with the wheel this well."""
AROUND_S: Final = 0.1
"""A gun that is seen on its nut so near to a burst's edge is seen to be its gun."""
SPREADS: Final = 2.0
"""A gun that is clearly seen to come or to leave tells when it ran to so many of the spreads of how
long gunners take; what is heard so far from that is another gun's."""
SECOND_S: Final = 0.2
"""Two gunners who lie in wait for one car begin within so long of each other."""
EDGE_S: Final = 0.08
"""A burst that sounds as the recording begins or ends goes on beyond it."""

_WAITS_FOR: Final = {
    "loosen_start": "the car stood",
    "loosen_end": "the wheel left",
    "tighten_start": "the wheel came",
}


def is_cut_off(seen: Observations, event: Event) -> bool:
    """Return whether a burst's edge is where the recording begins or ends."""
    if event.time_s is None:
        return False
    if event.kind.endswith("start"):
        return event.time_s - float(seen.times_s[0]) < EDGE_S
    return seen.ends_s - event.time_s < EDGE_S


def is_on_nut(sight: Sight, time_s: float) -> bool:
    """Return whether a gun is surely seen on its nut around an instant."""
    around = time_s - AROUND_S, time_s + AROUND_S
    return sight.between(*around) > CLEAR * 2 * AROUND_S


def is_seen_to_run(sight: Sight | None, kind: str, time_s: float) -> bool:
    """Return whether a gun is surely seen on its nut just after it began to run, or before its end.

    Args:
        sight: What is seen of it.
        kind: Whether it begins or ends.
        time_s: When.
    """
    if sight is None:
        return False
    side = 1.0 if kind.endswith("start") else -1.0
    begin, end = sorted((time_s + side * JUST_S[0], time_s + side * JUST_S[1]))
    return sight.between(begin, end) > CLEAR * (end - begin)


def doubt(
    event: Event,
    corner: Corner,
    stop_s: float | None,
    quiet_s: float = 0.0,
    *,
    may_be_two: bool = False,
) -> str:
    """Return what speaks against a gun's event, for a person; empty where nothing does.

    Args:
        event: It, with a time.
        corner: What is known of its corner.
        stop_s: When the car came to stand, or None.
        quiet_s: How long no gun was heard before it.
        may_be_two: Whether the other gun of its side, which worked too, was not heard.
    """
    if event.time_s is None:
        return ""
    heard = event.source is EventSource.AUDIO
    if heard and may_be_two and not _comes_first(event, corner):
        return f"{event.time_s:.2f} s was heard, but the burst may be of two guns"
    denied = _denied(event.kind, event.time_s, corner)
    if heard and not denied and _turns_elsewhen(corner, event.kind, event.time_s):
        turns = "come to" if event.kind.endswith("start") else "leave"
        denied = f"{event.time_s:.2f} s was heard, but the gun is seen to {turns} its nut otherwise"
    if denied or _breaks_silence(event, corner, stop_s, quiet_s):
        return denied
    return _untimely(event, corner, stop_s)


def _comes_first(event: Event, corner: Corner) -> bool:
    """Return whether a gun is seen to come to its nut in time for the first of two bursts."""
    time_s = event.time_s or 0.0
    return event.kind == "loosen_start" and _seen_to_turn(corner, event.kind, time_s)


def as_first_of_two(event: Event) -> Event:
    """Return an event that may be the other gun's, which then began first: this one soon after."""
    if event.source is not EventSource.AUDIO or event.time_s is None or event.latest_s is None:
        return event
    return replace(event, latest_s=max(event.latest_s, event.time_s + SECOND_S))


def _turns_elsewhen(corner: Corner, kind: str, time_s: float) -> bool:
    """Return whether a gun is clearly seen to come, or to leave, near an event, but never fitting.

    Two guns of a side that end at nearly the same time may each have been given the other's end.
    Whose gun leaves when, eyes tell.
    """
    if corner.sight is None:
        return False
    leaving = kind.endswith("end")
    usual_s, spread_s = LEAVES_S if leaving else WAITS_S if kind == "loosen_start" else COMES_S
    edges = corner.sight.leaves_s - time_s if leaving else time_s - corner.sight.comes_s
    off = np.abs(edges - usual_s)
    if (off <= SPREADS * spread_s).any():
        return False
    near = (corner.sight.leaves_s if leaving else corner.sight.comes_s)[off < UNSEEN_S]
    return any(corner.sight.turns_clearly(edge, leaving=leaving) for edge in near.tolist())


def _breaks_silence(event: Event, corner: Corner, stop_s: float | None, quiet_s: float) -> bool:
    """Return whether a burst is the first at its nut because no gun was heard before it.

    The silence counts from when the car stood: before that nobody could have run a gun on it.
    """
    if event.kind != "loosen_start" or event.source is not EventSource.AUDIO:
        return False
    if corner.off_s is None or event.time_s is None or event.time_s >= corner.off_s:
        return False
    standing_s = quiet_s if stop_s is None else event.time_s - stop_s
    return min(quiet_s, standing_s) >= QUIET_S


def _denied(kind: str, time_s: float, corner: Corner) -> str:
    """Return how the sight of a gun denies an event, or nothing."""
    # Loosening gunners have their guns on the nuts as the car comes to stand.
    if kind != "loosen_start" and _aside(corner, kind, time_s) > CLEAR:
        when = "before" if kind.endswith("start") else "after"
        return f"{time_s:.2f} s was heard, but the gun is seen on the nut long {when} that"
    side = 1.0 if kind.endswith("start") else -1.0
    if _mean(corner, time_s, JUST_S, side) < -CLEAR:
        when = "after" if side > 0 else "before"
        return f"{time_s:.2f} s was heard, but the gun is seen off the nut {when} that"
    return ""


def _untimely(event: Event, corner: Corner, stop_s: float | None) -> str:
    """Return how what an event waits for, or what waits for it, denies it, or nothing."""
    if corner.moves is not None:
        return ""  # nobody saw wheels, and what was heard has to do
    time_s = event.time_s or 0.0
    gap_s, usual_s = _gap(event.kind, time_s, corner, stop_s)
    # What was found by sight cannot vouch for itself; and which bursts loosen and which tighten is
    # told by the wheel, or by the car that has just come.
    is_told = stop_s is not None or corner.middle_s() is not None
    heard = event.source is EventSource.AUDIO and is_told
    if usual_s is None or (heard and _seen_to_turn(corner, event.kind, time_s)):
        return ""
    if gap_s is None:
        return f"{time_s:.2f} s was measured, but nothing that was seen says the same"
    latest_s = usual_s[1] if event.source is EventSource.AUDIO else min(usual_s[1], ALONE_S)
    if not usual_s[0] <= gap_s <= latest_s:
        return f"{time_s:.2f} s was measured, {abs(gap_s):.2f} s from when {_WAITS_FOR[event.kind]}"
    return ""


def _gap(
    kind: str, time_s: float, corner: Corner, stop_s: float | None
) -> tuple[float | None, tuple[float, float] | None]:
    """Return how far an event is from what it waits for or what waits for it, and what is usual."""
    if kind == "loosen_start":
        return (None if stop_s is None else time_s - stop_s), AFTER_STOP_S
    if kind == "loosen_end":
        return (None if corner.off_s is None else corner.off_s - time_s), BEFORE_OFF_S
    if kind == "tighten_start":
        return (None if corner.on_s is None else time_s - corner.on_s), AFTER_ON_S
    return None, None


def _aside(corner: Corner, kind: str, time_s: float) -> float:
    """Return nepers for a gun on its nut some time before a first burst, or after a last one."""
    return _mean(corner, time_s, ASIDE_S, -1.0 if kind.endswith("start") else 1.0)


def _seen_to_turn(corner: Corner, kind: str, time_s: float) -> bool:
    """Return whether the gun is surely seen to come to its nut, or to leave it, at an event."""
    side = 1.0 if kind.endswith("start") else -1.0
    runs = _mean(corner, time_s, JUST_S, side)
    return runs > CLEAR and _mean(corner, time_s, ASIDE_S, -side) < -CLEAR


def _mean(corner: Corner, time_s: float, off_s: tuple[float, float], side: float) -> float:
    if corner.sight is None:
        return 0.0
    begin, end = sorted((time_s + side * off_s[0], time_s + side * off_s[1]))
    return corner.sight.between(begin, end) / (end - begin)
