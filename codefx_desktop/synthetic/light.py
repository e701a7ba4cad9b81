"""Light and sensor: day or night, sun or lamps, wet or dry, clean or noisy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.seeds import stream

if TYPE_CHECKING:
    from codefx_desktop.synthetic.shapes import Floats


@dataclass(frozen=True, slots=True)
class Shade:
    """One light that throws shadows: metres of shadow per metre of height, and its darkness."""

    reach: tuple[float, float]
    dark: float


@dataclass(frozen=True, slots=True)
class Light:
    """How a scene is lit and what the sensor makes of it.

    Attributes:
        kind: day, overcast, dusk or night.
        tint: RGB gain of everything.
        shades: Lights that throw shadows.
        blur_m: Softness of the shadows' edges.
        pools: Lamps' pools on the ground at night: x, y, radius in metres and gain.
        wet: Strength of reflections on the ground, 0 dry.
        noise: Sensor noise, standard deviation in 8-bit steps.
        vignette: Darkening of the picture's corners, 0 to 1.
        softness_px: Blur of the lens at 1280 pixels of width.
        shutter_s: Exposure time: longer blurs motion more.
    """

    kind: str
    tint: tuple[float, float, float]
    shades: tuple[Shade, ...]
    blur_m: float
    pools: tuple[tuple[float, float, float, float], ...]
    wet: float
    noise: float
    vignette: float
    softness_px: float
    shutter_s: float

    def gain(self, xy_m: Floats) -> Floats:
        """Return brightness, float64 (N,), at ground places, float64 (N, 2)."""
        if not self.pools:
            return np.ones(len(xy_m))
        total = np.full(len(xy_m), 0.55)
        for x, y, radius, gain in self.pools:
            square = (xy_m[:, 0] - x) ** 2 + (xy_m[:, 1] - y) ** 2
            total += gain * np.exp(-square / (2 * radius * radius))
        limited: Floats = np.minimum(total, 1.25)
        return limited


def choose_light(seed: int, shot: int = 0) -> Light:
    """Return the light of a clip; the sensor's part differs from shot to shot."""
    rng = stream(seed, "light")
    kind = str(rng.choice(["day", "overcast", "dusk", "night"], p=[0.45, 0.2, 0.1, 0.25]))
    azimuth = float(rng.uniform(0, 2 * math.pi))
    wet = float(rng.uniform(0.12, 0.35)) if rng.random() < 0.25 else 0.0
    shades: tuple[Shade, ...]
    pools: tuple[tuple[float, float, float, float], ...] = ()
    if kind == "night":
        wet = max(wet, 0.06)
        lamps = int(rng.integers(2, 4))
        shades = tuple(
            _shade(azimuth + lamp * 2 * math.pi / lamps, float(rng.uniform(0.25, 0.6)), 0.28)
            for lamp in range(lamps)
        )
        pools = tuple(
            (float(x), float(y), float(r), float(g))
            for x, y, r, g in zip(
                rng.uniform(-7, 7, 3), rng.uniform(-4, 4, 3),
                rng.uniform(2.5, 4.5, 3), rng.uniform(0.3, 0.6, 3), strict=True,
            )
        )  # fmt: skip
        tint = tuple(float(v) for v in rng.uniform(0.72, 0.95) * np.array([1.0, 0.98, 0.94]))
    elif kind == "overcast":
        shades = (_shade(azimuth, 0.12, 0.3),)
        tint = tuple(float(v) for v in rng.uniform(0.85, 1.0) * np.array([0.97, 1.0, 1.03]))
    else:
        long = rng.uniform(1.0, 1.8) if kind == "dusk" else rng.uniform(0.25, 0.9)
        shades = (_shade(azimuth, float(long), float(rng.uniform(0.4, 0.6))),)
        warm = (1.08, 0.95, 0.8) if kind == "dusk" else (1.02, 1.0, 0.97)
        tint = tuple(float(v) for v in rng.uniform(0.9, 1.08) * np.array(warm))
    sensor = stream(seed, "sensor", shot)
    dark = kind in {"night", "dusk"}
    return Light(
        kind=kind,
        tint=(tint[0], tint[1], tint[2]),
        shades=shades,
        blur_m={"day": 0.05, "dusk": 0.08, "night": 0.06, "overcast": 0.22}[kind],
        pools=pools,
        wet=wet,
        noise=float(sensor.uniform(2.5, 6.0) if dark else sensor.uniform(0.8, 3.2)),
        vignette=float(sensor.uniform(0.05, 0.3)),
        softness_px=float(sensor.choice([0.0, 0.6, 1.0])),
        shutter_s=float(sensor.uniform(0.006, 0.016) if dark else sensor.uniform(0.001, 0.006)),
    )


def _shade(azimuth: float, reach: float, dark: float) -> Shade:
    return Shade((reach * math.cos(azimuth), reach * math.sin(azimuth)), dark)
