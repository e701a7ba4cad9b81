"""Tells impact guns apart that sound at once: each is a hiss and a hammer of its own rhythm.

A stretch of sound in a band is taken for the sum of a floor and of bursts. A burst lasts from an
onset to an end; while it lasts its energy is a level (air, whine) and blows that come at a steady
rate and die away. Bursts are found one after the other, each where it explains most, then all are
fitted together. Levels, rates and phases come from the sound itself: no gun's voice is built in.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.gun_model import (
    HAMMERS,
    Envelope,
    Floats,
    Voice,
    best_span,
    energy_of,
    fit,
    hammers,
    likelihood,
    shape_of,
    sum_of,
)

HAMMER_HZ: Final = (14.0, 46.0)
"""Blows a second of impact wrenches, small to large."""
SHORTEST_S: Final = 0.1
LEAST_GAIN: Final = 20.0
"""Nats by which a burst must make the sound likelier, or it is not there: six numbers are chosen
for it among some hundred thousand combinations, and the model is never quite right."""
EDGE_NATS: Final = 4.0
"""An edge may lie wherever the sound is at most this much less likely: far beyond 95 %."""
TWINS_HZ: Final = (-1.0, 1.0)
"""How two guns differ that are taken for one at first."""
SPLIT_NATS: Final = 25.0
DOUBT_NATS: Final = 12.0
"""Two ways to explain a sound that differ by less are both possible: the model is not that good."""
STRIKE_NATS: Final = 40.0
"""A hammer strikes as it begins; a hiss before its first blow must be this likely."""
TOUCH_S: Final = 0.12
"""Bursts that overlap, or lie apart, by less may be one."""
ANCHORS: Final = 32
ALIKE: Final = np.array((0.8, 0.8, 0.15))
"""How much guns of one crew differ in loudness of air and blows and in rate, nepers."""


def tell_apart(sound: Envelope, most: int) -> list[Voice]:
    """Return the bursts of which a stretch of sound is made, in order of their onset.

    Args:
        sound: The stretch, with silence before and after it.
        most: No more bursts than this.
    """
    voices: list[Voice] = []
    worth = _worth(sound, voices)
    for _ in range(most):
        found = _strongest(sound, sum_of(sound, voices))
        if found is None or found.gain < LEAST_GAIN:
            break
        tried = _settled(sound, fit(sound, [*voices, found]))
        # A car that passes swells and fades: bursts can be fitted to that, but they do not hammer.
        guns = sum(hammers(voice) for voice in tried)
        if _worth(sound, tried) <= worth or 2 * guns < len(tried):
            break
        voices, worth = tried, _worth(sound, tried)
    shortest = SHORTEST_S * sound.rate_hz
    voices = [voice for voice in voices if voice.end - voice.begin >= shortest]
    spanned = [_with_spans(sound, voices, i) for i in range(len(voices))]
    return sorted(_with_doubt(sound, spanned), key=lambda voice: voice.begin)


def _worth(sound: Envelope, voices: list[Voice]) -> float:
    """Return how likely the sound is, less what that many bursts would explain by chance.

    Guns of one crew are of a kind: bursts that differ from each other are less likely.
    """
    likely = float(likelihood(sound, sum_of(sound, voices)).sum())
    if not voices:
        return likely
    looks = np.log([(max(v.steady, 1e-9), max(v.blow, 1e-9), v.rate) for v in voices])
    unlike = (looks - looks.mean(0)) / ALIKE
    return likely - LEAST_GAIN * len(voices) - 0.5 * float((unlike**2).sum())


def _settled(sound: Envelope, voices: list[Voice]) -> list[Voice]:
    """Return the bursts after steps that fitting one at a time cannot take.

    The first burst found often spans two; each of the others then starts from that mistake.
    """
    worth = _worth(sound, voices)
    for _ in range(3):
        others = (
            *_moves(voices, TOUCH_S * sound.rate_hz),
            *_splits(sound, voices),
            *_doubles(sound, voices),
        )
        tries = [fit(sound, moved) for moved in others]
        values = [_worth(sound, tried) for tried in tries]
        if not values:
            break
        tried = fit(sound, tries[int(np.argmax(values))])
        if _worth(sound, tried) <= worth + 0.5:
            break
        voices, worth = tried, _worth(sound, tried)
    return voices


def _moves(voices: list[Voice], touch: float) -> list[list[Voice]]:
    """Return what else the bursts could be: one less, or two as loud as each other.

    Two that overlap may also have their edges exchanged; two that touch may be one.
    """
    moved = [voices[:i] + voices[i + 1 :] for i in range(len(voices)) if len(voices) > 1]
    for i, one in enumerate(voices):
        for j, two in enumerate(voices[:i]):
            rest = [voice for k, voice in enumerate(voices) if k not in {i, j}]
            shared = min(one.end, two.end) - max(one.begin, two.begin)
            if abs(shared) < touch:
                longer = max(one, two, key=lambda voice: voice.end - voice.begin)
                begin, end = min(one.begin, two.begin), max(one.end, two.end)
                moved.append([*rest, replace(longer, begin=begin, end=end)])
            if shared <= 0:
                continue
            steady, blow = max(one.steady, two.steady), max(one.blow, two.blow)
            first = replace(one, steady=steady, blow=blow)
            second = replace(two, steady=steady, blow=blow)
            moved += [
                [*rest, first, second],
                [*rest, second, first],
                [*rest, replace(first, end=two.end), replace(second, end=one.end)],
                [*rest, replace(first, begin=two.begin), replace(second, begin=one.begin)],
            ]
    return moved


def _splits(sound: Envelope, voices: list[Voice]) -> list[list[Voice]]:
    """Return the bursts with one of them cut where it would better not sound for a while."""
    tries = []
    for i, voice in enumerate(voices):
        rest = voices[:i] + voices[i + 1 :]
        model = sum_of(sound, rest)
        better = likelihood(sound, model + energy_of(sound, voice)) - likelihood(sound, model)
        total = np.concatenate(([0.0], better[voice.begin : voice.end].cumsum()))
        falls = np.maximum.accumulate(total) - total
        end = int(falls.argmax())
        begin = int(total[: end + 1].argmax())
        if falls[end] < SPLIT_NATS:
            continue
        first = replace(voice, end=voice.begin + begin)
        # Its comb is the same, held at a blow after the pause.
        blows = np.ceil((voice.begin + end - voice.anchor) * voice.rate)
        anchor = voice.anchor + float(blows) / voice.rate
        tries.append([*rest, first, replace(voice, begin=voice.begin + end, anchor=anchor)])
    return tries


def _doubles(sound: Envelope, voices: list[Voice]) -> list[list[Voice]]:
    """Return the bursts with one of them taken for two that began together, half as loud each."""
    tries = []
    for i, voice in enumerate(voices):
        half = replace(voice, steady=voice.steady / 2, blow=voice.blow / 2)
        for hertz in TWINS_HZ:
            twin = replace(half, rate=half.rate + hertz / sound.rate_hz)
            tries.append([*voices[:i], half, twin, *voices[i + 1 :]])
    return tries


def _rises(sound: Envelope) -> npt.NDArray[np.int64]:
    """Return where energy rises most steeply: a blow falls at some of these."""
    level = np.log(sound.energy)
    rise = np.zeros(len(level))
    rise[2:-2] = level[4:] - level[:-4]
    peak = np.flatnonzero((rise[1:-1] >= rise[:-2]) & (rise[1:-1] > rise[2:])) + 1
    return np.sort(peak[np.argsort(-rise[peak])[:ANCHORS]])


def _strongest(sound: Envelope, base: Floats) -> Voice | None:
    """Return the burst that explains most of what ``base`` does not."""
    anchors = _rises(sound)
    if not len(anchors):
        return None
    rates = np.arange(HAMMER_HZ[0], HAMMER_HZ[1], 1.0) / sound.rate_hz
    count = len(base)
    # Combs that are held at different values are the same, moved.
    combs = shape_of(-count, 2 * count, np.zeros(len(rates)), rates)
    without = likelihood(sound, base)
    best: Voice | None = None
    for anchor in anchors.tolist():
        shape = combs[:, count - anchor : 2 * count - anchor]
        found = _best_of(sound, base, without, shape, rates, anchor)
        if found is not None and (best is None or found.gain > best.gain):
            best = found
    return best


def _best_of(
    sound: Envelope, base: Floats, without: Floats, combs: Floats, rates: Floats, anchor: int
) -> Voice | None:
    """Return the best burst among combs, float64 (C, T), that are held at one value."""
    steady, blow = _levels(sound, base, combs, anchor)
    # What does not hammer is an engine.
    gun = blow > HAMMERS * steady
    if not gun.any():
        return None
    steady, blow, rates = steady[gun], blow[gun], rates[gun]
    model = combs[gun]
    model *= blow[:, None]
    model += base
    model += steady[:, None]
    better = likelihood(sound, model)
    better -= without
    begin, end, gain = best_span(better, anchor)
    # What is not heard for a few blows is no gun.
    gain = np.where(end - begin >= SHORTEST_S * sound.rate_hz, gain, -np.inf)
    i = int(gain.argmax())
    return Voice(
        int(begin[i]), int(end[i]), float(anchor), float(rates[i]),
        float(steady[i]), float(blow[i]), float(gain[i]),
    )  # fmt: skip


def _levels(sound: Envelope, base: Floats, combs: Floats, anchor: int) -> tuple[Floats, Floats]:
    """Return steady energy and height of blows (C,) by least squares just after the anchor."""
    near = slice(max(0, anchor - 1), anchor + math.ceil(0.16 * sound.rate_hz))
    base, energy, shape = base[near], sound.energy[near], combs[:, near]
    weight, rest = 1.0 / (base + 0.5 * energy) ** 2, energy - base
    w, wy = weight.sum(), (weight * rest).sum()
    wx, wxx = (weight * shape).sum(1), (weight * shape**2).sum(1)
    wxy = (weight * rest * shape).sum(1)
    spread = np.maximum(w * wxx - wx**2, 1e-30)
    blow = np.maximum((w * wxy - wx * wy) / spread, 0.0)
    steady = (wy - blow * wx) / np.maximum(w, 1e-30)
    least = 0.02 * sound.floor
    return np.maximum(steady, least), blow


def _with_spans(sound: Envelope, voices: list[Voice], i: int) -> Voice:
    """Return a burst with how far its edges may be off, and its worth beside the others."""
    voice = voices[i]
    others = sum_of(sound, voices[:i] + voices[i + 1 :])
    model = others + energy_of(sound, replace(voice, begin=0, end=len(others)))
    better = likelihood(sound, model) - likelihood(sound, others)
    total = np.concatenate(([0.0], better.cumsum()))
    first, blows = voice.begin, math.ceil((voice.begin - voice.anchor) * voice.rate - 0.1)
    strikes = round(voice.anchor + blows / voice.rate)
    if first < strikes < voice.end and total[strikes] - total[first] < STRIKE_NATS:
        voice = replace(voice, begin=strikes)
    begin = _span(-total, voice.begin, 0, voice.end - 1, 1.0 / voice.rate)
    begin = (min(begin[0], first), max(begin[1], voice.begin))
    end = _span(total, voice.end, voice.begin + 1, len(total) - 1, 1.0 / voice.rate)
    gain = float(total[voice.end] - total[voice.begin])
    return replace(voice, begin_span=begin, end_span=end, gain=gain)


def _with_doubt(sound: Envelope, voices: list[Voice]) -> list[Voice]:
    """Return the bursts with wider spans where two could as well have their edges exchanged."""
    worth, doubtful = _worth(sound, voices), list(voices)
    for i, one in enumerate(voices):
        for j, two in enumerate(voices[:i]):
            if max(one.begin, two.begin) >= min(one.end, two.end):
                continue
            rest = [voice for k, voice in enumerate(voices) if k not in {i, j}]
            ends = [*rest, replace(one, end=two.end), replace(two, end=one.end)]
            begins = [*rest, replace(one, begin=two.begin), replace(two, begin=one.begin)]
            if _worth(sound, fit(sound, ends)) > worth - DOUBT_NATS:
                for k, other in ((i, two), (j, one)):
                    doubtful[k] = replace(
                        doubtful[k], end_span=_wider(doubtful[k].end_span, other.end)
                    )
            if _worth(sound, fit(sound, begins)) > worth - DOUBT_NATS:
                for k, other in ((i, two), (j, one)):
                    doubtful[k] = replace(
                        doubtful[k], begin_span=_wider(doubtful[k].begin_span, other.begin)
                    )
    return doubtful


def _wider(span: tuple[int, int], place: int) -> tuple[int, int]:
    return min(span[0], place), max(span[1], place)


def _span(total: Floats, best: int, first: int, last: int, reach: float) -> tuple[int, int]:
    """Return the places around the best one whose sum is hardly below it.

    Args:
        total: float64 (T + 1,), what each place is worth.
        best: The best place.
        first: First place that is possible.
        last: Last one.
        reach: Places that are farther from the next one do not count: beyond a blow, another
            gun's edges begin.
    """
    good = np.flatnonzero(total[first : last + 1] >= total[best] - EDGE_NATS) + first
    here = int(np.abs(good - best).argmin())
    breaks = np.flatnonzero(np.diff(good) > reach)
    low = good[breaks[breaks < here].max(initial=-1) + 1]
    high = good[breaks[breaks >= here].min(initial=len(good) - 1)]
    return int(low), int(high)
