"""What the boom's microphone hears: the lane, engines, gun bursts at their true instants."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.seeds import stream

if TYPE_CHECKING:
    from codefx_desktop.synthetic.scene import Scene

Samples = npt.NDArray[np.float32]
RATE_HZ = 48_000
HAMMER_HZ = 27.0
"""Blows per second of an impact gun's hammer."""


def make_sound(scene: Scene, seconds: float) -> Samples:
    """Return the clip's sound, float32 (N, 2), -1 to 1, at 48 kHz.

    A gun's burst begins and ends within a millisecond of its true instants.
    """
    count = round(seconds * RATE_HZ)
    times = np.arange(count) / RATE_HZ
    left = _ambience(scene.seed, count, "left")
    right = 0.5 * left + 0.5 * _ambience(scene.seed, count, "right")
    mix = np.stack((left, right), axis=1)
    mix += _engine(scene, times)[:, None] * 0.3
    for corner in scene.corners:
        pan = 0.5 + 0.2 * corner.side
        voice = _gun_noise(stream(scene.seed, "gun noise", corner.name))
        for begin, end in (*corner.plan.loosen, *corner.plan.tighten):
            _add(mix, begin, _burst(voice, end - begin), (pan, 1.0 - pan))
    thud = _thud(stream(scene.seed, "thud"))
    for time_s in (*scene.plan.jack_up, *scene.plan.jack_down):
        _add(mix, time_s, thud, (0.25, 0.25))
    peak = float(np.abs(mix).max())
    return np.asarray(mix * (0.85 / max(peak, 0.85)), np.float32)


def _shaped(
    rng: np.random.Generator, count: int, low_hz: float, high_hz: float
) -> npt.NDArray[np.float64]:
    """Return noise between two frequencies, standard deviation 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    shape = 1 / (1 + (hertz / high_hz) ** 4) * (hertz / low_hz) ** 2 / (1 + (hertz / low_hz) ** 2)
    noise = np.fft.irfft(spectrum * shape, count)
    scaled: npt.NDArray[np.float64] = noise / max(float(noise.std()), 1e-9)
    return scaled


def _ambience(seed: int, count: int, ear: str) -> npt.NDArray[np.float64]:
    rng = stream(seed, "ambience", ear)
    second = min(count, 4 * RATE_HZ)
    air = 0.012 * _shaped(rng, second, 60.0, 700.0) + 0.004 * _shaped(rng, second, 500.0, 4000.0)
    # The loop's ends are faded into each other, or every round would click.
    fade = np.linspace(0.0, 1.0, min(2400, second // 4))
    body = air[: second - len(fade)].copy()
    body[: len(fade)] = body[: len(fade)] * fade + air[second - len(fade) :] * (1.0 - fade)
    return np.resize(body, count)


def _engine(scene: Scene, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the car: revolutions follow its speed, loudness its distance."""
    plan = scene.plan
    coarse = np.arange(0.0, float(times[-1]) + 0.02, 0.01)
    way = np.array([scene.car.travel(float(t)) for t in coarse])
    speed = np.gradient(way, coarse)
    racing = np.where((coarse > plan.release_s - 0.5) & (coarse < plan.go_s), 3500.0, 0.0)
    turns = np.interp(times, coarse, 4200.0 + 330.0 * speed + racing) / 60.0
    loud = np.interp(times, coarse, 1.0 / (1.0 + (np.abs(way) / 6.0) ** 2) * (0.35 + speed / 30.0))
    phase = 2 * math.pi * np.cumsum(3.0 * turns) / RATE_HZ
    tone = sum(math.sin(3.1 * n) / n * np.sin(n * phase + n) for n in range(1, 7))
    rough = _shaped(stream(scene.seed, "exhaust"), min(len(times), RATE_HZ), 80.0, 1800.0)
    voice: npt.NDArray[np.float64] = loud * (
        0.5 * np.asarray(tone) + 0.12 * np.resize(rough, len(times))
    )
    return voice


def _gun_noise(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return four seconds of an impact gun that never stops."""
    count = 4 * RATE_HZ
    times = np.arange(count) / RATE_HZ
    pitch = float(rng.uniform(0.9, 1.12))
    blow = np.exp(-((times * HAMMER_HZ * pitch) % 1.0) * 5.0)
    hiss = _shaped(rng, count, 1500.0, 9000.0)
    whine = np.sin(2 * math.pi * 620.0 * pitch * times + 2.0 * np.sin(2 * math.pi * 9.0 * times))
    clang = _shaped(rng, count, 900.0, 3500.0)
    gun: npt.NDArray[np.float64] = 0.12 * hiss + 0.08 * whine + 0.5 * blow * clang
    return 0.35 * gun


def _burst(voice: npt.NDArray[np.float64], length_s: float) -> npt.NDArray[np.float64]:
    burst = np.resize(voice, max(96, round(length_s * RATE_HZ))).copy()
    edge = np.linspace(0.0, 1.0, 48)
    burst[:48] *= edge
    burst[-48:] *= edge[::-1]
    return burst


def _thud(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    times = np.arange(RATE_HZ // 5) / RATE_HZ
    body = np.sin(2 * math.pi * (90.0 - 120.0 * times) * times) * np.exp(-times * 28.0)
    knock: npt.NDArray[np.float64] = body + 0.15 * rng.standard_normal(len(times)) * np.exp(
        -times * 90.0
    )
    return knock


def _add(
    mix: npt.NDArray[np.float64],
    begin_s: float,
    voice: npt.NDArray[np.float64],
    ears: tuple[float, float],
) -> None:
    first = round(begin_s * RATE_HZ)
    skip = max(0, -first)
    part = voice[skip : max(0, len(mix) - first)]
    if len(part):
        mix[max(0, first) : max(0, first) + len(part)] += part[:, None] * np.array(ears)
