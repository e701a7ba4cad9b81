"""Which corner each heard burst belongs to: all bursts and all corners are weighed together.

A burst belongs to a corner whose gun is seen on its nut while it sounds and leaves it afterwards;
whose wheel goes off after it, or came on before it; on whose side it is heard; and whose other
bursts hammer at the same rate. None of these is sure alone, so many ways to share the bursts out
are kept, each with its weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.analysis.gun_sight import Sight
    from codefx_desktop.analysis.zone_activity import Activity
    from codefx_desktop.domain.events import Place

Floats = npt.NDArray[np.float64]

ONSET, END, PAN, RATE = 0, 3, 6, 7
"""Columns of ``Sound.voices``."""
WAYS: Final = 400
"""So many ways to share bursts out are followed at once."""
SIGHT_PER_S: Final = 12.0
"""What is seen changes about so often a second: frames in between say nothing new."""
LEADS_S: Final = 0.04
"""A gun is on its nut a little before and after it runs."""
NOBODY: Final = -4.0
"""A burst that is no corner's is a neighbour's, or none."""
MISSING: Final = -4.0
"""A corner whose nut is never heard to be loosened, or tightened."""
CALM: Final = 0.8
"""What is seen and heard is less independent than the sums suppose."""
OFF_AFTER_S: Final = (0.32, 0.1)
"""Seconds from the end of the burst to the wheel leaving, and their spread: a pull takes that."""
ON_BEFORE_S: Final = (0.3, 0.1)
"""Seconds from the wheel coming on to the gun running."""
LEAVES_S: Final = (0.15, 0.05)
"""Seconds from a gun's end to its being seen well off the nut."""
COMES_S: Final = (0.11, 0.05)
"""Seconds from a gun's being seen on the new wheel's nut to its running."""
WAITS_S: Final = (0.25, 0.12)
"""Likewise before the first burst, for which gunners lie in wait."""
UNSEEN_S: Final = 0.4
"""A coming or leaving so far from the usual one was not seen, or is another one."""
ONE_GUN_HZ: Final = 0.6
"""How far one gun's rate of blows strays."""
WORST: Final = 5.0
"""No single hint counts for more against a way than this, in nepers."""
AROUND_S: Final = 0.3
"""Who works with a gun moves in the corner's zone so shortly before it runs and after."""
TOUCH_S: Final = 0.03
PAUSE_S: Final = 0.55
"""Changing a wheel takes at least this; pauses between bursts at one nut are shorter."""


@dataclass(frozen=True, slots=True)
class Corner:
    """What is known of a corner before bursts are given to it.

    Attributes:
        place: Which one.
        sight: What is seen of its gun, or None.
        off_s: When its old wheel left, or None.
        on_s: When its new wheel came, or None.
        moves: What moves in its zone; None where it has none, or more is known.
    """

    place: Place
    sight: Sight | None
    off_s: float | None
    on_s: float | None
    moves: Activity | None = None

    def middle_s(self) -> float | None:
        """Return an instant after all loosening and before all tightening, or None."""
        known = [time for time in (self.off_s, self.on_s) if time is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to share the bursts out.

    Attributes:
        owners: For each burst the index of its corner, or -1.
        weight: Its part of all ways' likelihood; they sum to 1.
    """

    owners: tuple[int, ...]
    weight: float

    def of(self, corner: int) -> list[int]:
        """Return the bursts of a corner."""
        return [i for i, owner in enumerate(self.owners) if owner == corner]


def share_out(voices: Floats, corners: list[Corner]) -> list[Way]:
    """Return the ways to share bursts out, likeliest first.

    Args:
        voices: float64 (V, 9), ``Sound.voices`` of one stop, in order of onset.
        corners: The stop's corners.
    """
    seen = np.array([[_seen(voice, corner) for corner in corners] for voice in voices])
    seen = seen.reshape(len(voices), len(corners))
    sided = bool(len(voices)) and not np.isnan(voices[:, PAN]).any()
    ways: dict[tuple[int, ...], float] = {}
    for left in (-1.0, 1.0) if sided else (0.0,):
        for owners, value in _beam(voices, corners, seen, left):
            ways[owners] = max(ways.get(owners, -np.inf), value)
    around = usual_middle_s(voices, corners)

    @cache
    def worth(k: int, bursts: tuple[int, ...]) -> float:
        # Many ways give a corner the same bursts.
        return _corner_value(voices[list(bursts)], corners[k], around)

    total = {
        owners: value
        + sum(worth(k, mine) for k, mine in enumerate(_by_corner(owners, len(corners))))
        for owners, value in ways.items()
    }
    order = sorted(total, key=lambda owners: -total[owners])
    values = np.array([total[owners] for owners in order])
    weights = np.exp(CALM * (values - values[0]))
    weights /= weights.sum()
    return [Way(owners, float(w)) for owners, w in zip(order, weights, strict=True) if w > 1e-4]


def _by_corner(owners: tuple[int, ...], corners: int) -> list[tuple[int, ...]]:
    """Return the bursts of each corner."""
    bursts: list[list[int]] = [[] for _ in range(corners + 1)]
    for burst, owner in enumerate(owners):
        bursts[owner].append(burst)  # those of nobody, -1, last
    return [tuple(one) for one in bursts[:-1]]


def stages(
    voices: Floats, corner: Corner, around_s: float | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return which of a corner's bursts loosen and which tighten, as indices into ``voices``."""
    every = np.arange(len(voices))
    middle = corner.middle_s()
    if middle is None and len(voices) > 1:
        pauses = voices[1:, ONSET] - np.maximum.accumulate(voices[:-1, END])
        if float(pauses.max()) >= PAUSE_S:
            at = int(pauses.argmax())
            return every[: at + 1], every[at + 1 :]
    middle = around_s if middle is None else middle
    if middle is None:
        return every[:0], every[:0]
    early = (voices[:, ONSET] + voices[:, END]) / 2 < middle
    return every[early], every[~early]


def usual_middle_s(voices: Floats, corners: list[Corner]) -> float | None:
    """Return an instant between loosening and tightening at most corners, or None."""
    known = [middle for corner in corners if (middle := corner.middle_s()) is not None]
    if known:
        return float(np.median(known))
    if len(voices) < 2:
        return None
    pauses = voices[1:, ONSET] - np.maximum.accumulate(voices[:-1, END])
    at = int(pauses.argmax())
    return float(voices[at + 1, ONSET] - pauses[at] / 2) if pauses[at] >= 0.5 * PAUSE_S else None


def _seen(voice: Floats, corner: Corner) -> float:
    """Return how well a burst agrees with what is seen at a corner, nepers."""
    value = 0.0
    if corner.sight is not None:
        held = corner.sight.between(voice[ONSET] - LEADS_S, voice[END] + LEADS_S)
        value += SIGHT_PER_S * held
    if corner.off_s is not None and corner.on_s is not None:
        away = min(voice[END], corner.on_s) - max(voice[ONSET], corner.off_s)
        value -= WORST * min(1.0, max(0.0, away) / 0.1)
    if corner.moves is not None:
        value += corner.moves.liveliness(voice[ONSET] - AROUND_S, voice[END] + AROUND_S)
    return value


def _beam(
    voices: Floats, corners: list[Corner], seen: Floats, left: float
) -> list[tuple[tuple[int, ...], float]]:
    """Return the likeliest ways by what is seen, if the car's left is heard at pan ``left``."""
    sides = [corner.place.value.endswith("L") for corner in corners]
    # Numbers of Python's own: each voice is asked for with every way there is so far.
    told = voices[:, [ONSET, END, PAN]].tolist()
    ways: list[tuple[tuple[int, ...], float, tuple[float, ...]]]
    ways = [((), 0.0, (-np.inf,) * len(corners))]
    for (onset_s, end_s, pan), worth in zip(told, seen.tolist(), strict=True):
        grown = []
        for owners, value, ends_s in ways:
            grown.append(((*owners, -1), value + NOBODY, ends_s))
            for k, on_left in enumerate(sides):
                if left and (pan * left > 0) != on_left:
                    continue
                if ends_s[k] > onset_s + TOUCH_S:
                    continue
                later_s = (*ends_s[:k], max(ends_s[k], end_s), *ends_s[k + 1 :])
                grown.append(((*owners, k), value + worth[k], later_s))
        grown.sort(key=lambda way: -way[1])
        ways = grown[:WAYS]
    return [(owners, value) for owners, value, _ in ways]


def _corner_value(voices: Floats, corner: Corner, around_s: float | None) -> float:
    """Return how well a corner's bursts agree with its wheels and with each other, nepers."""
    loosen, tighten = stages(voices, corner, around_s)
    value = MISSING * ((len(loosen) == 0) + (len(tighten) == 0))
    if len(loosen) and corner.off_s is not None:
        value -= _off(corner.off_s - float(voices[loosen, END].max()), OFF_AFTER_S)
    if len(tighten) and corner.on_s is not None:
        value -= _off(float(voices[tighten, ONSET].min()) - corner.on_s, ON_BEFORE_S)
    if corner.sight is not None:
        for which, comes_s in ((loosen, WAITS_S), (tighten, COMES_S)):
            if len(which):
                begin, end = voices[which, ONSET].min(), voices[which, END].max()
                value -= _nearest(begin - corner.sight.comes_s, comes_s)
                value -= _nearest(corner.sight.leaves_s - end, LEAVES_S)
    if len(voices) > 1:
        rates = voices[:, RATE]
        value -= min(WORST, 0.5 * float((((rates - np.median(rates)) / ONE_GUN_HZ) ** 2).sum()))
    return value


def _nearest(gaps: Floats, usual: tuple[float, float]) -> float:
    """Return what the gap nearest to the usual one speaks against; nothing where none was seen."""
    near = gaps[np.abs(gaps - usual[0]) < UNSEEN_S]
    return min((_off(float(gap), usual) for gap in near), default=0.0)


def _off(value: float, usual: tuple[float, float]) -> float:
    return min(WORST, 0.5 * ((value - usual[0]) / usual[1]) ** 2)
