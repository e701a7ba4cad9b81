"""What the sound says about wheel guns: when they run, one by one and by side where it can tell.

Impact guns are heard above the engine's tones and below what coders leave out, as noise that
hammers. Where the clip has two channels and guns lie in two directions, the two sides are told
apart first.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.gun_model import DECAY, Envelope, Voice, hammers
from codefx_desktop.analysis.gun_voices import tell_apart
from codefx_desktop.domain.observations import Sound
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.run import CancelSignal

Floats = npt.NDArray[np.float64]
Spectra = npt.NDArray[np.complex128]

BAND_HZ: Final = (1000.0, 3600.0)
"""Above the engine's strong tones, below where coders give up phases and sides of a sound."""
WINDOW_S: Final = 0.008
HOP_S: Final = 0.002
STRENGTH_HOPS: Final = 3
"""Hops that make one value of the strength: 6 ms."""
FLOOR_S: Final = 4.0
"""What is usual is told over this long: longer than guns run without a pause."""
LOUD_DB: Final = 5.0
"""How far above what is usual something must be to be looked at."""
JOIN_S: Final = 0.05
SHORTEST_S: Final = 0.06
LONGEST_S: Final = 6.0
"""No guns run for longer without a pause; what does is a car or a crowd."""
MARGIN_S: Final = 0.1
MOST_GUNS: Final = 5
LEAST_RISE: Final = 3.0
"""A blow that is less than this above the floor may be anything."""
FAINT_DB: Final = 8.0
SINGLE: Final = 0.96
"""How far a spot's power must lie in one direction to count as coming from one source."""
NEAR_DEG: Final = 7.0
APART_DEG: Final = 18.0
LOOKS_PER_BIN: Final = 0.14
"""Independent looks per spectral bin: windows overlap in time four times, bins by half."""


def hear_guns(
    samples: npt.NDArray[np.float32], rate_hz: int, cancel: CancelSignal | None = None
) -> Sound:
    """Return when impact guns are heard.

    Args:
        samples: float32 (N,) or (N, 2), -1 to 1; sample ``i`` is heard ``i / rate_hz`` seconds
            from the first picture. Two channels let guns on both sides of the car be told apart.
        rate_hz: Samples a second; at least 8,000.
        cancel: Asked before every stretch that is looked into.

    Raises:
        Cancelled: If ``cancel`` said so.
    """
    channels = samples[:, None] if samples.ndim == 1 else samples
    hop = max(1, round(HOP_S * rate_hz))
    spectra = [_spectra(channels[:, i], rate_hz, hop) for i in range(channels.shape[1])]
    frame_hz = rate_hz / hop
    if len(spectra[0]) < MARGIN_S * frame_hz or not np.any(channels):
        return Sound(frame_hz / STRENGTH_HOPS, np.zeros(0, np.float32), np.zeros((0, 2)))
    energy = np.asarray(sum(np.abs(part) ** 2 for part in spectra), np.float64)
    usual = np.maximum(np.percentile(energy, 30, axis=0), 1e-12 + 1e-6 * energy.mean(0))
    excess = _excess_db((energy / usual).mean(1), frame_hz)
    # A value stands for the middle of its window.
    lead = round(0.5 * WINDOW_S * frame_hz)
    regions = [
        region for region in _loud(excess, frame_hz) if region[1] - region[0] < LONGEST_S * frame_hz
    ]
    sides = _sides(spectra, regions)
    rows: list[tuple[float, ...]] = []
    for region in regions:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        rows += _voices(sides, region, frame_hz)
    voices = np.array(rows, np.float64).reshape(-1, 9)
    # What is much fainter than the rest comes from elsewhere, or is a side's spill into the other.
    voices = voices[voices[:, 8] > voices[:, 8].max(initial=-np.inf) - FAINT_DB]
    voices[:, :6] += lead / frame_hz
    strength = np.concatenate((np.zeros(lead), excess))
    return Sound(
        frame_hz / STRENGTH_HOPS,
        strength[::STRENGTH_HOPS].astype(np.float32),
        _united(voices),
        voices[np.argsort(voices[:, 0], kind="stable")],
    )


def _spectra(samples: npt.NDArray[np.float32], rate_hz: int, hop: int) -> Spectra:
    """Return short spectra in the guns' band, complex128 (frames, bins), one every ``hop``."""
    size = round(WINDOW_S * rate_hz)
    if len(samples) < size:
        return np.zeros((0, 1), np.complex128)
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    band = (hertz >= BAND_HZ[0]) & (hertz < BAND_HZ[1])
    window = np.hanning(size)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    # In parts: windows overlap, all of them at once would be many times the sound.
    parts = [
        np.fft.rfft(pieces[at : at + 4096] * window, axis=1)[:, band]
        for at in range(0, len(pieces), 4096)
    ]
    return np.concatenate(parts)


def _excess_db(energy: Floats, frame_hz: float) -> Floats:
    """Return decibels above what is usual around each value, float64 (T,)."""
    level = 10.0 * np.log10(np.maximum(energy, 1e-12))
    smooth = _smoothed(level, round(0.012 * frame_hz))
    step = max(1, round(0.02 * frame_hz))
    coarse = smooth[::step]
    reach = max(1, round(0.5 * FLOOR_S * frame_hz / step))
    padded = np.pad(coarse, reach, mode="reflect" if len(coarse) > reach else "edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    usual = np.percentile(around, 25, axis=1)
    places = np.arange(len(level)) / step
    excess: Floats = smooth - np.interp(places, np.arange(len(usual)), usual)
    return excess


def _smoothed(values: Floats, width: int) -> Floats:
    width = max(1, min(width, len(values)))
    return np.convolve(np.pad(values, (width // 2, width - 1 - width // 2), mode="edge"),
                       np.full(width, 1.0 / width), mode="valid")  # fmt: skip


def _loud(excess: Floats, frame_hz: float) -> list[tuple[int, int]]:
    """Return stretches that are loud for long enough to be a gun."""
    loud = np.concatenate(([False], excess > LOUD_DB, [False]))
    edges = np.flatnonzero(loud[1:] != loud[:-1]).reshape(-1, 2)
    joined: list[tuple[int, int]] = []
    for begin, end in edges.tolist():
        if joined and begin - joined[-1][1] < JOIN_S * frame_hz:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [(begin, end) for begin, end in joined if end - begin >= SHORTEST_S * frame_hz]


def _sides(spectra: list[Spectra], regions: list[tuple[int, int]]) -> list[tuple[float, Spectra]]:
    """Return what is heard from each direction: pan (-1 left, 1 right, nan unknown), spectra."""
    both = sum(spectra[1:], spectra[0])
    if len(spectra) != 2 or not regions:
        return [(math.nan, both)]
    directions = _directions(spectra[0], spectra[1], regions)
    if directions is None:
        return [(math.nan, both)]
    mixing = np.array([np.cos(directions), np.sin(directions)])
    apart = np.linalg.inv(mixing)
    pans = (np.degrees(directions) - 45.0) / 45.0
    return [(float(pans[i]), apart[i, 0] * spectra[0] + apart[i, 1] * spectra[1]) for i in range(2)]


def _directions(left: Spectra, right: Spectra, regions: list[tuple[int, int]]) -> Floats | None:
    """Return two directions guns are heard from, radians from left, or None if there are not two.

    Wherever one gun alone makes a spot of time and frequency, the two channels' ratio there is
    its direction. Source: O. Yilmaz, S. Rickard, 2004. A stretch that comes from one direction
    only is a car or one gun and has no say.
    """
    angles, weights, votes = [], [], np.zeros(180)
    for begin, end in regions:
        angle, weight = _spots(left[begin:end], right[begin:end])
        counts, _ = np.histogram(angle, np.arange(-45.0, 136.0, 1.0), weights=weight)
        if _two_peaks(counts) is not None:
            angles.append(angle)
            weights.append(weight)
            votes += counts
    peaks = _two_peaks(votes) if angles else None
    if peaks is None:
        return None
    angle, weight = np.concatenate(angles), np.concatenate(weights)
    return np.radians([_middle(angle, weight, place - 44.5) for place in peaks])


def _spots(left: Spectra, right: Spectra) -> tuple[Floats, Floats]:
    """Return direction in degrees from left and weight of spots with a single direction."""
    powers = [
        _over_time(power)
        for power in (np.abs(left) ** 2, np.abs(right) ** 2, (left * right.conj()).real)
    ]
    difference, total = powers[0] - powers[1], powers[0] + powers[1] + 1e-30
    alone = np.hypot(difference, 2.0 * powers[2]) / total > SINGLE
    angle: Floats = np.degrees(0.5 * np.arctan2(2.0 * powers[2], difference))[alone]
    return angle, total[alone]


def _two_peaks(votes: Floats) -> tuple[int, int] | None:
    smooth = _smoothed(votes.astype(np.float64), 5)
    first = int(smooth.argmax())
    far = np.abs(np.arange(len(smooth)) - first) >= APART_DEG
    second = int(np.where(far, smooth, 0.0).argmax())
    low, high = sorted((first, second))
    valley = float(smooth[low : high + 1].min())
    if smooth[second] < 0.15 * smooth[first] or valley > 0.6 * smooth[second]:
        return None
    return low, high


def _over_time(power: Floats) -> Floats:
    padded = np.pad(power, ((1, 1), (0, 0)), mode="edge")
    smooth: Floats = padded[:-2] + padded[1:-1] + padded[2:]
    return smooth


def _middle(angle: Floats, weight: Floats, near_deg: float) -> float:
    close = np.abs(angle - near_deg) < NEAR_DEG
    return float(np.average(angle[close], weights=weight[close]))


def _voices(
    sides: list[tuple[float, Spectra]], region: tuple[int, int], frame_hz: float
) -> Iterator[tuple[float, ...]]:
    """Yield the bursts in a loud stretch as rows of ``Sound.voices``."""
    margin = round(MARGIN_S * frame_hz)
    begin = max(0, region[0] - margin)
    end = min(len(sides[0][1]), region[1] + margin)
    for pan, spectra in sides:
        sound = _envelope(np.abs(spectra) ** 2, (begin, end), frame_hz)
        for voice in tell_apart(sound, MOST_GUNS):
            if _hammers(voice, sound.floor):
                yield _row(voice, begin, frame_hz, pan, sound.floor)


def _hammers(voice: Voice, floor: float) -> bool:
    """Return whether a burst is an impact gun's and not a rough engine's."""
    return voice.steady + voice.blow > LEAST_RISE * floor and hammers(voice)


def _envelope(power: Floats, span: tuple[int, int], frame_hz: float) -> Envelope:
    """Return a stretch's energy over all bins, each weighed by what it tells about guns."""
    part = power[span[0] : span[1]]
    reach = round(0.5 * FLOOR_S * frame_hz)
    around = power[max(0, span[0] - reach) : span[1] + reach]
    quiet = np.maximum(np.percentile(around, 30, axis=0) / 0.36, 1e-20)
    mean = np.maximum(part.mean(0), quiet)
    # A bin in which guns hardly stand out tells little.
    weight = np.maximum(1.0 - quiet / mean, 0.05) / mean
    looks = LOOKS_PER_BIN * float((weight * mean).sum() ** 2 / ((weight * mean) ** 2).sum())
    floor = float((weight * quiet).sum())
    return Envelope(np.maximum(part @ weight, 0.01 * floor), frame_hz, floor, looks)


def _row(voice: Voice, offset: int, frame_hz: float, pan: float, floor: float) -> tuple[float, ...]:
    mean = voice.steady + voice.blow / DECAY
    # A value tells of half a window before and after it: no edge is known better than that.
    blur = 0.5 * WINDOW_S * frame_hz
    places = (
        voice.begin, voice.begin_span[0] - blur, voice.begin_span[1] + blur,
        voice.end, voice.end_span[0] - blur, voice.end_span[1] + blur,
    )  # fmt: skip
    times = [(offset + place) / frame_hz for place in places]
    return (*times, pan, voice.rate * frame_hz, 10.0 * math.log10(max(mean / floor, 1e-6)))


def _united(voices: Floats) -> Floats:
    """Return where any gun sounds, float64 (B, 2)."""
    rows: list[list[float]] = []
    for begin, end in sorted(voices[:, [0, 3]].tolist()):
        if rows and begin <= rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], end)
        else:
            rows.append([begin, end])
    return np.array(rows, np.float64).reshape(-1, 2)
