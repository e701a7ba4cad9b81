"""HDR and wide-gamut pictures as BT.709 SDR: the formulas, and FFmpeg filters that follow them.

HLG and PQ are brought to the light that BT.2100's reference display of 1,000 cd/m² would show.
An SDR display whose white is BT.2408's reference white, 203 cd/m², stands for all SDR displays;
what is brighter has to fit below it, so light is compressed by the EETF of BT.2408 and BT.2390 on
the largest of R, G and B, which leaves hue and saturation as they are. Up to 93 cd/m² (skin,
asphalt, grey cards) light stays as it is, reference white comes out at 90 % of the signal, and
what BT.709's primaries cannot show is clipped. SDR of wider primaries is only brought to BT.709's.

Sources: ITU-R BT.2100-2 (tables 4 and 5), BT.2408-7 (section 2.1; annex 5: EETF, maxRGB),
BT.2390-11 (section 5.4.1), BT.1886 (gamma 2.4), BT.2407-0 (section 2: matrix and clipping).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.video.colour import BT709, BT2020, HLG, P3, PQ

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Values = npt.NDArray[np.float64]

PEAK: Final = 1000.0
"""cd/m²; BT.2100's nominal peak. PQ pictures that were graded brighter are clipped there."""
WHITE: Final = 203.0
"""cd/m²; reference white. Source: BT.2408-7, section 2.1."""
GAMMA: Final = 2.4
"""An SDR display's. Source: BT.1886."""
NODES: Final = 33
PQ_GAMMA: Final = 3.2
"""Of what goes into the table instead of PQ: errors are least with it (2.4 to 3.6 were tried)."""
LOWEST: Final = -0.7
"""Tables hold light down to here: BT.2020's cyan has -0.66 of BT.709's red."""

# CIE x, y of red, green and blue; all three have D65 as white. Source: H.273, table 2.
_CORNERS: Final = {
    BT709: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    P3: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_D65: Final = (0.3127, 0.3290)
_LUMA: Final = np.array([0.2627, 0.6780, 0.0593])  # of BT.2100's primaries

# BT.2100-2, table 4.
_M1: Final = 2610 / 16384
_M2: Final = 2523 / 4096 * 128
_C1: Final = 3424 / 4096
_C2: Final = 2413 / 4096 * 32
_C3: Final = 2392 / 4096 * 32


def filters(transfer: int, table: Path) -> list[tuple[str, dict[str, str]]]:
    """Return FFmpeg filters that turn R'G'B' into that of BT.709 SDR, planar RGB of 16 bits.

    A table of 33 nodes a side is exact enough only for smooth functions, so it leads to linear
    light, out-of-gamut values included; clipping and gamma come after it. PQ, which is steep,
    becomes a gamma curve before it. Greys come out within 1 level of 255 (3 below level 20),
    colours within 5 where no channel is below 24; near black, a channel of a saturated colour
    may be 18 off (measured on 130,000 colours of BT.709 in each transfer).

    Args:
        transfer: ``PQ``, ``HLG``, or ``BT709`` for SDR.
        table: A file that holds the ``cube`` until the filters are made.
    """
    shown = f"65535*pow(max(val/65535*{1 - LOWEST}+{LOWEST},0),1/{GAMMA})"
    steps = [("lut3d", {"file": str(table), "interp": "tetrahedral"}), _each_channel(shown)]
    if transfer == PQ:
        root = f"pow(val/65535,{1 / _M2})"
        light = f"pow(max({root}-{_C1},0)/({_C2}-{_C3}*{root}),{1 / _M1})*{10000 / PEAK}"
        steps.insert(0, _each_channel(f"65535*pow(min({light},1),1/{PQ_GAMMA})"))
    return steps


@lru_cache(maxsize=4)
def cube(transfer: int, primaries: int) -> str:
    """Return the table for ``filters``, as the text of a ``.cube`` file, red fastest."""
    axis = np.linspace(0, 1, NODES)
    signal = _pq_inverse_eotf(PEAK * axis**PQ_GAMMA) if transfer == PQ else axis
    blue, green, red = np.meshgrid(signal, signal, signal, indexing="ij")
    light = _sdr_light(np.stack([red, green, blue], axis=-1), transfer, primaries)
    nodes = np.clip((light - LOWEST) / (1 - LOWEST), 0, 1).reshape(-1, 3).tolist()
    rows = "\n".join([f"{red:.6f} {green:.6f} {blue:.6f}" for red, green, blue in nodes])
    return f"LUT_3D_SIZE {NODES}\n{rows}\n"


def _each_channel(expression: str) -> tuple[str, dict[str, str]]:
    return ("lutrgb", dict.fromkeys("rgb", expression))


def _sdr_light(signal: Values, transfer: int, primaries: int) -> Values:
    """Return linear light of BT.709's primaries, 1 is white; outside 0 to 1 it cannot be shown."""
    if transfer not in (PQ, HLG):
        return _turned(signal**GAMMA, primaries, BT709)
    if transfer == PQ:
        light = _turned(np.minimum(_pq_eotf(signal), PEAK), primaries, BT2020)
    else:
        light = _hlg_ootf(_turned(_hlg_inverse_oetf(signal), primaries, BT2020))
    brightest = np.max(light, axis=-1, keepdims=True)
    fitting = light * (_eetf(brightest) / np.maximum(brightest, 1e-9))
    return _turned(fitting, BT2020, BT709) / WHITE


def _eetf(light: Values) -> Values:
    """Compress 0 to ``PEAK`` cd/m² into 0 to ``WHITE``; both blacks are 0, so none is lifted."""
    peak, white = _pq_inverse_eotf(np.array([PEAK, WHITE]))
    most = white / peak
    knee = 1.5 * most - 0.5
    level = np.minimum(_pq_inverse_eotf(light) / peak, 1)
    t = (level - knee) / (1 - knee)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (3 * t**2 - 2 * t**3) * most
    )
    return _pq_eotf(peak * np.where(level < knee, level, spline))


def _pq_eotf(signal: Values) -> Values:
    """Return cd/m²."""
    root = signal ** (1 / _M2)
    light: Values = 10000 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1)
    return light


def _pq_inverse_eotf(light: Values) -> Values:
    power = (light / 10000) ** _M1
    signal: Values = ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2
    return signal


def _hlg_inverse_oetf(signal: Values) -> Values:
    """Return the light of the scene, 0 to 1. Source: BT.2100-2, table 5."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)


def _hlg_ootf(scene: Values) -> Values:
    """Return cd/m² of a display of ``PEAK``. Source: BT.2100-2, table 5."""
    luma = np.maximum(scene @ _LUMA, 0)[..., None]
    light: Values = PEAK * luma**0.2 * scene
    return light


def _turned(light: Values, source: int, target: int) -> Values:
    """Bring linear RGB from one set of primaries to another. Source: SMPTE RP 177."""
    if source == target:
        return light
    turned: Values = light @ np.linalg.solve(_to_xyz(target), _to_xyz(source)).T
    return turned


def _to_xyz(primaries: int) -> Values:
    x, y = np.array(_CORNERS[primaries]).T
    corners = np.stack([x / y, np.ones(3), (1 - x - y) / y])
    white = np.array([_D65[0] / _D65[1], 1, (1 - sum(_D65)) / _D65[1]])
    scaled: Values = corners * np.linalg.solve(corners, white)
    return scaled
