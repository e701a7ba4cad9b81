"""How fast footage plays: the steps, how J, K and L change it, how it is written."""

from __future__ import annotations

from typing import Final

SPEEDS: Final = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_WORDS: Final = {0.125: "1/8x", 0.25: "1/4x", 0.5: "1/2x"}


def faster(speed: float) -> float:
    """Return the next higher speed; the highest stays."""
    return next((one for one in SPEEDS if one > speed), SPEEDS[-1])


def slower(speed: float) -> float:
    """Return the next lower speed; the lowest stays."""
    return next((one for one in reversed(SPEEDS) if one < speed), SPEEDS[0])


def shuttled(rate: float | None, direction: int, chosen: float, *, is_slower: bool) -> float:
    """Return the rate after J or L was pressed.

    The first press plays at the speed that was chosen, every further one doubles or halves it; the
    key of the other direction begins there anew.

    Args:
        rate: At which it plays, below 0 backwards; None while it does not.
        direction: 1 for L, -1 for J.
        chosen: The speed that plain playing has.
        is_slower: Whether Shift was held.
    """
    goes_on = rate is not None and rate * direction > 0
    if goes_on and rate is not None:
        speed = slower(abs(rate)) if is_slower else faster(abs(rate))
    else:
        speed = slower(chosen) if is_slower else chosen
    return direction * speed


def speed_words(rate: float) -> str:
    """Return a rate as it is written: ``1/4x``, ``-2x``."""
    sign = "-" if rate < 0 else ""
    return sign + _WORDS.get(abs(rate), f"{abs(rate):g}x")
