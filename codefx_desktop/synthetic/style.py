"""Kinds of pit stops, by the series that works so."""

from __future__ import annotations

from enum import StrEnum


class Style(StrEnum):
    """How the work is shared out.

    ``f1``: four corners at once, a jack at each end. ``endurance``: fuel and a change of drivers
    first, then air jacks lift the whole car and two people change one wheel after the other.
    ``nascar``: one jack, carried round: the right side, then the left; fuel at the left rear.
    """

    F1 = "f1"
    ENDURANCE = "endurance"
    NASCAR = "nascar"
