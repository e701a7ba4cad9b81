"""What bursts of impact guns sound like together, and how their numbers are fitted to a sound."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DECAY: Final = 9.0
"""A blow's energy falls by this many nepers until the next one."""
WINDOW: Final = tuple(np.array((0.021, 0.25, 0.73, 1.0, 0.73, 0.25, 0.021)) / 3.002)
"""A Hann window's weight of energies, in steps of half a value of the envelope, where the window
is four values long."""
HAMMERS: Final = 2.0
"""A blow is at least so many times as loud as what sounds between blows."""
STEPS: Final = (
    ((-0.8, -0.4, 0.0, 0.4, 0.8), (-1.5, 0.0, 1.5)),
    ((-0.15, 0.0, 0.15), (-0.6, 0.0, 0.6)),
)
"""Coarse and fine steps by which rates (blows a second) and phases (values) are fitted."""

KNOWN: Final = 512
"""Combs that are kept, a few megabytes."""
TRIED: Final = 32
"""Sets of combs that are kept, likewise. Source: measured on rendered stops, two of three are
asked for again, as bursts are fitted over and over beside others that change; more are not."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One gun's burst.

    Attributes:
        begin: First sample of the envelope in which it sounds.
        end: First sample in which it does not any more.
        anchor: A sample at which a blow falls.
        rate: Blows per sample of the envelope.
        steady: Energy between blows.
        blow: Energy of a blow at its height.
        gain: Nats by which it makes the sound likelier.
        begin_span: Earliest and latest sample at which it may begin.
        end_span: Likewise for its end.
    """

    begin: int
    end: int
    anchor: float
    rate: float
    steady: float
    blow: float
    gain: float = 0.0
    begin_span: tuple[int, int] = (0, 0)
    end_span: tuple[int, int] = (0, 0)


class Combs(NamedTuple):
    """Places at which blows of a steady rate fall, and what they sound like.

    Attributes:
        anchors: float64 (C,), a place of each at which a blow falls.
        rates: float64 (C,), blows a value.
        shape: float64 (C, T), blows at height 1 as they are measured.
    """

    anchors: Floats
    rates: Floats
    shape: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Energy of a stretch of sound in a band.

    Attributes:
        energy: float64 (T,), above 0.
        rate_hz: Values a second.
        floor: Energy without guns.
        looks: How many independent looks at the energy one value is worth.
    """

    energy: Floats
    rate_hz: float
    floor: float
    looks: float
    _known: dict[tuple[float, float], Floats] = field(default_factory=dict, init=False, repr=False)
    _tried: dict[tuple[float, float, int], Combs] = field(
        default_factory=dict, init=False, repr=False
    )

    def blows(self, voice: Voice) -> Floats:
        """Return a burst's blows at height 1, as if it never paused, float64 (T,).

        Those of the last combs that were asked for are kept: edges are tried far more often.
        """
        key = (voice.anchor, voice.rate)
        if key not in self._known:
            anchor, rate = np.array([voice.anchor]), np.array([voice.rate])
            self.learn(voice, shape_of(0, len(self.energy), anchor, rate)[0])
        return self._known[key]

    def learn(self, voice: Voice, blows: Floats) -> None:
        """Keep a burst's blows that are known already, float64 (T,)."""
        key = (voice.anchor, voice.rate)
        if key not in self._known and len(self._known) >= KNOWN:
            self._known.pop(next(iter(self._known)))
        self._known[key] = blows

    def near(self, anchor: float, rate: float, step: int) -> Combs:
        """Return the combs that one step of fitting tries around one; not to be written to."""
        key = (anchor, rate, step)
        combs = self._tried.pop(key, None)
        if combs is None:
            hertz, shifts = STEPS[step]
            around = np.array(hertz) / self.rate_hz + rate
            rates, anchors = np.tile(around, len(shifts)), np.repeat(shifts, len(around)) + anchor
            combs = Combs(anchors, rates, shape_of(0, len(self.energy), anchors, rates))
            if len(self._tried) >= TRIED:
                self._tried.pop(next(iter(self._tried)))
        self._tried[key] = combs
        return combs


def hammers(voice: Voice) -> bool:
    """Return whether a burst's blows stand out as an impact gun's do."""
    return voice.blow > HAMMERS * voice.steady


def shape_of(first: float, count: int, anchors: Floats, rates: Floats) -> Floats:
    """Return blows of height 1 for combs (C,), as they are measured, float64 (C, count).

    Twice as fine as the envelope: a blow sets in faster than the window that measures it.

    Args:
        first: Place of the first value.
        count: How many values.
        anchors: A place of each comb at which a blow falls.
        rates: Blows a value; no two blows of a comb fall in one window.
    """
    # What the window sees last decides: all before it is of the same blow or of the one before.
    last = np.arange(count) + (first + len(WINDOW) // 2 / 2)
    phase = (last - anchors[:, None]) * rates[:, None]
    phase -= np.floor(phase)
    steps = np.arange(len(WINDOW)) / 2
    same = np.array(WINDOW) * np.exp(DECAY * steps * rates[:, None])
    total = same.sum(1)
    here = same.cumsum(1)
    share = here + (total[:, None] - here) * np.exp(-DECAY)
    mixed = np.flatnonzero(phase < ((steps[-1] + 1e-6) * rates)[:, None])
    row, place = np.divmod(mixed, count)
    since = phase.ravel()[mixed] / (0.5 * rates)[row]
    struck = since.astype(np.int64)
    # Where a blow falls at a step of the window, each step says for itself which side it is on.
    tie = np.flatnonzero(np.abs(since - np.rint(since)) < 1e-6)
    times = last[place[tie], None] - steps - anchors[row[tie], None]
    blow = np.floor(times * rates[row[tie], None])
    struck[tie] = (blow == blow[:, :1]).sum(1) - 1
    phase *= -DECAY
    shape: Floats = np.exp(phase, out=phase)
    before = shape.ravel()[mixed]
    shape *= total[:, None]
    shape.ravel()[mixed] = before * share[row, struck]
    return shape


def energy_of(sound: Envelope, voice: Voice) -> Floats:
    """Return a burst's energy, float64 (T,)."""
    energy = np.zeros(len(sound.energy))
    span = slice(voice.begin, voice.end)
    energy[span] = voice.steady + voice.blow * sound.blows(voice)[span]
    return energy


def sum_of(sound: Envelope, voices: list[Voice]) -> Floats:
    """Return the energy of the floor and all bursts, float64 (T,)."""
    total = np.full(len(sound.energy), sound.floor)
    for voice in voices:
        total += energy_of(sound, voice)
    return total


def likelihood(sound: Envelope, model: Floats) -> Floats:
    """Return the log-likelihood of each value of the energy under a model of its mean."""
    value: Floats = np.log(model)
    value += sound.energy / model
    value *= -sound.looks
    return value


def best_span(
    better: Floats, at: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return begin and end of the best stretch around ``at`` for each row, and its sum."""
    total = np.zeros((len(better), better.shape[1] + 1))
    np.cumsum(better, axis=1, out=total[:, 1:])
    begin, end = total[:, : at + 1].argmin(1), total[:, at + 1 :].argmax(1) + at + 1
    rows = np.arange(len(better))
    return begin, end, total[rows, end] - total[rows, begin]


def fit(sound: Envelope, voices: list[Voice], rounds: int = 1) -> list[Voice]:
    """Return the bursts with all their numbers fitted together."""
    voices = list(voices)
    for _ in range(rounds):
        parts = np.zeros((len(voices), len(sound.energy)))
        for i, voice in enumerate(voices):
            parts[i] = energy_of(sound, voice)
        for i, voice in enumerate(voices):
            parts[i] = 0.0
            voices[i] = _refit(sound, sound.floor + parts.sum(0), voice)
            parts[i] = energy_of(sound, voices[i])
        voices = _loudness(sound, voices)
    return voices


def _refit(sound: Envelope, others: Floats, voice: Voice) -> Voice:
    """Return a burst with rate, phase and edges fitted while the others stay."""
    # Held at a blow in its middle, a comb's rate and phase can be fitted one beside the other.
    blows = round(((voice.begin + voice.end) / 2 - voice.anchor) * voice.rate)
    voice = replace(voice, anchor=voice.anchor + blows / voice.rate)
    without, base = likelihood(sound, others), others + voice.steady
    for step in range(len(STEPS)):
        combs = sound.near(voice.anchor, voice.rate, step)
        model = combs.shape * voice.blow
        model += base
        better = likelihood(sound, model)
        better -= without
        middle = min(max(round(voice.anchor), voice.begin), max(voice.begin, voice.end - 1))
        begin, end, gain = best_span(better, middle)
        i = int(gain.argmax())
        voice = replace(
            voice, begin=int(begin[i]), end=int(end[i]), anchor=float(combs.anchors[i]),
            rate=float(combs.rates[i]), gain=float(gain[i]),
        )  # fmt: skip
    sound.learn(voice, combs.shape[i].copy())
    return voice


def _loudness(sound: Envelope, voices: list[Voice]) -> list[Voice]:
    """Return the bursts with their energies fitted together.

    Multiplicative updates for the Itakura-Saito divergence, which is what the likelihood of
    energies comes to. Source: C. Fevotte, N. Bertin, J.-L. Durrieu, 2009.
    """
    if not voices:
        return voices
    parts = np.zeros((2 * len(voices), len(sound.energy)))
    for i, voice in enumerate(voices):
        span = slice(voice.begin, voice.end)
        parts[2 * i, span] = 1.0
        parts[2 * i + 1, span] = sound.blows(voice)[span]
    # Where nothing sounds, nothing is learnt.
    heard = parts[::2].any(0)
    parts, energy = np.ascontiguousarray(parts[:, heard]), sound.energy[heard]
    level = np.array([value for voice in voices for value in (voice.steady, voice.blow)])
    level = np.maximum(level, 0.01 * sound.floor)
    for _ in range(12):
        # Not by ``@``: its threads cost more than such small products.
        model = sound.floor + np.einsum("i,ij->j", level, parts)
        inverse = 1.0 / model
        up = np.einsum("ij,j->i", parts, energy * inverse**2)
        down = np.einsum("ij,j->i", parts, inverse)
        level *= np.sqrt(up / np.maximum(down, 1e-30))
    return [
        replace(voice, steady=float(level[2 * i]), blow=float(level[2 * i + 1]))
        for i, voice in enumerate(voices)
    ]
