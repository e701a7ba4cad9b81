"""What bursts of impact guns sound like together, and how their numbers are fitted to a sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

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


def hammers(voice: Voice) -> bool:
    """Return whether a burst's blows stand out as an impact gun's do."""
    return voice.blow > HAMMERS * voice.steady


def shape_of(count: int, anchors: Floats, rates: Floats) -> Floats:
    """Return blows of height 1 for combs (C,), as they are measured, float64 (C, count)."""
    # Twice as fine as the envelope: a blow sets in faster than the window that measures it.
    times = np.arange(-3, 2 * count + 2) / 2.0
    phase = (times[None, :] - anchors[:, None]) * rates[:, None]
    phase -= np.floor(phase)
    blow = np.exp(-DECAY * phase)
    wide: Floats = sum(part * blow[:, i : i + 2 * count - 1 : 2] for i, part in enumerate(WINDOW))
    return wide


def energy_of(voice: Voice, count: int) -> Floats:
    """Return a burst's energy, float64 (T,)."""
    shape = shape_of(count, np.array([voice.anchor]), np.array([voice.rate]))
    energy: Floats = voice.steady + voice.blow * shape[0]
    energy[: voice.begin] = 0.0
    energy[voice.end :] = 0.0
    return energy


def sum_of(sound: Envelope, voices: list[Voice]) -> Floats:
    """Return the energy of the floor and all bursts, float64 (T,)."""
    total = np.full(len(sound.energy), sound.floor)
    for voice in voices:
        total += energy_of(voice, len(total))
    return total


def likelihood(sound: Envelope, model: Floats) -> Floats:
    """Return the log-likelihood of each value of the energy under a model of its mean."""
    value: Floats = -sound.looks * (np.log(model) + sound.energy / model)
    return value


def best_span(
    better: Floats, at: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return begin and end of the best stretch around ``at`` for each row, and its sum."""
    total = np.concatenate((np.zeros((len(better), 1)), better.cumsum(1)), axis=1)
    places = np.arange(total.shape[1])[None, :]
    before = np.where(places <= at[:, None], total, np.inf)
    after = np.where(places > at[:, None], total, -np.inf)
    begin, end = before.argmin(1), after.argmax(1)
    rows = np.arange(len(better))
    return begin, end, total[rows, end] - total[rows, begin]


def fit(sound: Envelope, voices: list[Voice], rounds: int = 1) -> list[Voice]:
    """Return the bursts with all their numbers fitted together."""
    voices = list(voices)
    for _ in range(rounds):
        for i, voice in enumerate(voices):
            others = sum_of(sound, voices[:i] + voices[i + 1 :])
            voices[i] = _refit(sound, others, voice)
        voices = _loudness(sound, voices)
    return voices


def _refit(sound: Envelope, others: Floats, voice: Voice) -> Voice:
    """Return a burst with rate, phase and edges fitted while the others stay."""
    # Held at a blow in its middle, a comb's rate and phase can be fitted one beside the other.
    blows = round(((voice.begin + voice.end) / 2 - voice.anchor) * voice.rate)
    voice = replace(voice, anchor=voice.anchor + blows / voice.rate)
    for hertz, shifts in STEPS:
        near = np.array(hertz) / sound.rate_hz + voice.rate
        rates, anchors = (
            grid.ravel() for grid in np.meshgrid(near, np.array(shifts) + voice.anchor)
        )
        model = others + voice.steady + voice.blow * shape_of(len(others), anchors, rates)
        better = likelihood(sound, model) - likelihood(sound, others)
        middle = np.clip(round(voice.anchor), voice.begin, max(voice.begin, voice.end - 1))
        begin, end, gain = best_span(better, np.full(len(rates), int(middle)))
        i = int(gain.argmax())
        voice = replace(
            voice, begin=int(begin[i]), end=int(end[i]), anchor=float(anchors[i]),
            rate=float(rates[i]), gain=float(gain[i]),
        )  # fmt: skip
    return voice


def _loudness(sound: Envelope, voices: list[Voice]) -> list[Voice]:
    """Return the bursts with their energies fitted together.

    Multiplicative updates for the Itakura-Saito divergence, which is what the likelihood of
    energies comes to. Source: C. Fevotte, N. Bertin, J.-L. Durrieu, 2009.
    """
    if not voices:
        return voices
    count = len(sound.energy)
    parts = np.stack(
        [
            energy_of(replace(voice, steady=steady, blow=blow), count)
            for voice in voices
            for steady, blow in ((1.0, 0.0), (0.0, 1.0))
        ]
    )
    level = np.array([value for voice in voices for value in (voice.steady, voice.blow)])
    level = np.maximum(level, 0.01 * sound.floor)
    for _ in range(12):
        model = sound.floor + level @ parts
        up, down = parts @ (sound.energy / model**2), parts @ (1.0 / model)
        level *= np.sqrt(up / np.maximum(down, 1e-30))
    return [
        replace(voice, steady=float(level[2 * i]), blow=float(level[2 * i + 1]))
        for i, voice in enumerate(voices)
    ]
