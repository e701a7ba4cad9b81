"""Numbers and texts as artifacts hold them, made once, before any format is written.

Pixels have 2 decimals, confidences 4; what is whole is an int, so that every format and every
reader has the same value of the same type. NaN and infinities are refused: no format can hold
them, and a box that is nowhere is a fault to be heard of.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Final

import numpy as np
import numpy.typing as npt

Number = int | float

PIXEL_DECIMALS: Final = 2
CONFIDENCE_DECIMALS: Final = 4
MEASURED_DECIMALS: Final = 4
"""Of seconds a tenth of a millisecond, far below any uncertainty."""
MAX_PIXEL: Final = 2**24
"""Beyond this float32 cannot tell neighbouring pixels apart."""


def pixels(values: npt.NDArray[np.float32]) -> list[Number]:
    """Return coordinates, float32 of any shape, as a flat list rounded to 2 decimals.

    Raises:
        ValueError: If one is no number, or farther out than any picture is large.
    """
    if not (np.abs(values) <= MAX_PIXEL).all():
        raise ValueError(f"a coordinate is not within {MAX_PIXEL} pixels, or no number")
    return _rounded(values, PIXEL_DECIMALS)


def confidences(values: npt.NDArray[np.float32]) -> list[Number]:
    """Return confidences, float32 (N,), rounded to 4 decimals.

    Raises:
        ValueError: If one is no number from 0 to 1.
    """
    rounded = _rounded(values, CONFIDENCE_DECIMALS)
    if not all(0 <= value <= 1 for value in rounded):
        raise ValueError("a confidence is not between 0 and 1, or no number")
    return rounded


def setting(value: float) -> Number:
    """Return one setting's value as a person gave it, up to 6 decimals.

    Raises:
        ValueError: If it is no finite number.
    """
    if not np.isfinite(value):
        raise ValueError(f"a setting is {value}")
    return _plain(round(float(value), 6))


def measured(value: float | None) -> Number | None:
    """Return what was measured of a stop or a zone, rounded to 4 decimals; None stays None.

    Raises:
        ValueError: If it is no finite number.
    """
    return None if value is None else setting(round(value, MEASURED_DECIMALS))


def clock(seconds: Fraction) -> str:
    """Return a time as ``HH:MM:SS.mmm``, rounded to the nearest millisecond, halves up.

    Raises:
        ValueError: If it is negative.
    """
    if seconds < 0:
        raise ValueError(f"{seconds} s is before the first picture")
    whole, ms = divmod(floor(seconds * 1000 + Fraction(1, 2)), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{ms:03}"


def fraction(value: Fraction) -> str:
    """Return a fraction as ``num/den``, also where it is whole."""
    return f"{value.numerator}/{value.denominator}"


def text(value: str) -> str:
    """Return a text that every format can hold.

    Bytes of a file name that are no text become U+FFFD: Python keeps them as lone surrogates,
    which UTF-8 does not know.
    """
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _rounded(values: npt.NDArray[np.float32], decimals: int) -> list[Number]:
    # In float64: rounded in float32, 0.1 would come out as 0.10000000149.
    exact = np.round(values.astype(np.float64), decimals).ravel()
    numbers: list[Number] = exact.tolist()
    whole = np.isfinite(exact) & (exact == np.floor(exact))
    for place in np.flatnonzero(whole).tolist():  # few, of many
        numbers[place] = int(numbers[place])
    return numbers


def _plain(value: float) -> Number:
    return int(value) if value.is_integer() else float(value)
