"""How closely a burst's begin and end are known where several guns sound at once.

A gun is heard by its blows. Where another one begins or ends within a blow of it, which of the
blows in between were whose is a guess: each of the two may have begun, or ended, a blow earlier or
later than the fit says. Eyes can help, since a gun that is seen on its nut tells whose blows they
are; where they do not, no more than a blow is known of any burst.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.gun_choice import END, ONSET, PAN, RATE

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float]

OTHER_SIDE: Final = 0.75
"""Sides are heard apart, but not wholly: what sounds on the other one disturbs less. Source, as of
the next: chosen on rendered stops, not measured."""
EXCHANGED: Final = 4.0
"""Two guns of one side that begin, or end, within so many blows may each have been given the
other's edge: that explains the sound as well, and a gun that is seen on its nut is not seen to a
tenth of a second. Source: edges 2 blows apart were exchanged on seed 804052; on 800000-800045
(``codefx eval stops``) 0, 2.5 and 4 blows have half-widths of 1.28, 1.30 and 1.34 frames, and
tighten_start is found 178, 178 and 176 times."""
EXCHANGED_PART: Final = 0.5
"""Another gun's edge was fitted among that one's blows: for this one it is off by so much of a blow
more. Source: of some 5,900 edges heard on stops of 800000-800045 and 810000-810069 31 were not
within their bounds, most of them by less than this, beside another gun's edge."""
HANDED_S: Final = 0.025
"""A gun that begins so near to another's end seems to take over from it."""


def bounds_among(
    voices: Floats, time_s: float, bounds: Bounds, which: int, *, seen: bool
) -> Bounds:
    """Return how early and how late an edge may be, beside the edges of other guns.

    Args:
        voices: float64 (V, 9), ``Sound.voices`` of one stop.
        time_s: The edge, one of those in ``voices``.
        bounds: What was fitted: earliest and latest, seconds.
        which: Column of the edge, ``ONSET`` or ``END``.
        seen: Whether the gun is seen on its nut around it.
    """
    edges = voices[:, which]
    own = int(np.abs(edges - time_s).argmin())
    blow_s = 1.0 / float(voices[own, RATE])
    same = voices[:, PAN] * voices[own, PAN] > 0
    same |= np.isnan(voices[:, PAN])
    others = np.arange(len(voices)) != own
    # Where a gun stops as another one of its side starts, which of them struck last is as open.
    turns = same & (np.abs(voices[:, END if which == ONSET else ONSET] - edges[own]) <= blow_s)
    close = others & (turns | (np.abs(edges - edges[own]) <= blow_s))
    off_s = np.where(same, blow_s, OTHER_SIDE * blow_s)
    half = float(off_s[close].max(initial=0.0 if seen else blow_s))
    low, high = min(bounds[0], time_s - half), max(bounds[1], time_s + half)
    exchanged = _exchanged(voices, own, which)
    low = min(low, float(voices[exchanged, which + 1].min(initial=np.inf)))
    high = max(high, float(voices[exchanged, which + 2].max(initial=-np.inf)))
    if seen:
        return low, high
    # Whose edge is whose is open among these, and each is known to a blow.
    open_to = edges[others & same & (edges >= low) & (edges <= high)]
    return (
        min(low, float(open_to.min(initial=np.inf)) - blow_s),
        max(high, float(open_to.max(initial=-np.inf)) + blow_s),
    )


def beyond_a_blow(voices: Floats, time_s: float, bounds: Bounds, which: int) -> Bounds:
    """Return bounds that reach half a blow beyond an edge that is another gun's.

    Args:
        voices: As for ``bounds_among``.
        time_s: The edge.
        bounds: Earliest and latest; what is farther off than a blow is another gun's edge.
        which: Its column.
    """
    own = int(np.abs(voices[:, which] - time_s).argmin())
    blow_s = 1.0 / float(voices[own, RATE])
    part_s, far_s = EXCHANGED_PART * blow_s, 1.001 * blow_s
    low, high = bounds
    low = low - part_s if time_s - low > far_s else low
    high = high + part_s if high - time_s > far_s else high
    others = voices[_exchanged(voices, own, which)]
    return (
        min(low, float(others[:, which + 1].min(initial=np.inf)) - part_s),
        max(high, float(others[:, which + 2].max(initial=-np.inf)) + part_s),
    )


def _exchanged(voices: Floats, own: int, which: int) -> npt.NDArray[np.bool_]:
    """Return which guns may have been given a gun's edge, and it theirs, bool (V,)."""
    same = voices[:, PAN] * voices[own, PAN] > 0
    same |= np.isnan(voices[:, PAN])
    same[own] = False
    near_s = EXCHANGED / voices[own, RATE]
    return np.asarray(same & (np.abs(voices[:, which] - voices[own, which]) <= near_s))


def is_handed_over(voices: Floats, time_s: float, which: int) -> bool:
    """Return whether a burst seems to begin where another one of its side is interrupted.

    Two people do not start and stop a gun at the same instant by chance. Where one stops just as
    another starts, and goes on later, its blows were given to the other one meanwhile.

    Args:
        voices: As for ``bounds_among``.
        time_s: The edge.
        which: Its column.
    """
    own = int(np.abs(voices[:, which] - time_s).argmin())
    side = (voices[:, PAN] * voices[own, PAN] > 0) | np.isnan(voices[:, PAN])
    side[own] = False
    mine, theirs = voices[own], voices[side]
    if which == ONSET:
        stops = np.abs(theirs[:, END] - time_s) <= HANDED_S
        goes_on = (theirs[:, ONSET] > time_s) & (theirs[:, ONSET] < mine[END])
    else:
        stops = np.abs(theirs[:, ONSET] - time_s) <= HANDED_S
        goes_on = (theirs[:, END] < time_s) & (theirs[:, END] > mine[ONSET])
    return bool(stops.any() and goes_on.any())


def is_shared(voices: Floats, time_s: float, which: int) -> bool:
    """Return whether another gun of a burst's side begins, or ends, within a blow of it.

    A fit that cannot tell where the second of two begins lets it begin with the first.

    Args:
        voices: As for ``bounds_among``.
        time_s: The edge.
        which: Its column.
    """
    edges = voices[:, which]
    own = int(np.abs(edges - time_s).argmin())
    near = np.abs(edges - edges[own]) <= 1.0 / float(voices[own, RATE])
    return bool((near & _exchanged(voices, own, which)).any())


def quiet_before(voices: Floats, time_s: float | None) -> float:
    """Return how long no gun was heard before an instant, seconds; infinite where none ever was.

    Args:
        voices: As for ``bounds_among``.
        time_s: The instant, perhaps the onset of one of them.
    """
    if time_s is None:
        return 0.0
    before = voices[:, ONSET] < time_s - HANDED_S
    return max(0.0, time_s - float(voices[before, END].max(initial=-np.inf)))
