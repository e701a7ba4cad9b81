"""The seven classic times of a stop, as the history has always kept them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_S: Final = 86_400.0
"""No stop takes longer than a day: what does is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class ClassicTimes:
    """The seven times; None where either end was not found.

    Attributes:
        fuel_time_s: ``probe_in`` to ``probe_out``.
        front_left_tyre_time_s: ``loosen_start`` to ``tighten_end`` of that corner.
        front_right_tyre_time_s: Likewise.
        back_left_tyre_time_s: Likewise.
        back_right_tyre_time_s: Likewise.
        driver_out_time_s: ``stop`` to ``driver_out``: the leaving driver is clear of the car.
        driver_in_time_s: From there to ``helper_clear``: the last helper is clear.
    """

    fuel_time_s: float | None = None
    front_left_tyre_time_s: float | None = None
    front_right_tyre_time_s: float | None = None
    back_left_tyre_time_s: float | None = None
    back_right_tyre_time_s: float | None = None
    driver_out_time_s: float | None = None
    driver_in_time_s: float | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ValueError: If a time is no number, below 0 or beyond a day.
        """
        for name, value in self.values().items():
            if value is not None and not (isfinite(value) and 0.0 <= value <= LONGEST_S):
                raise ValueError(f"{name} must be between 0 and {LONGEST_S:.0f} seconds")

    def values(self) -> Mapping[str, float | None]:
        """Return the times by name, in the classic order."""
        return {name: getattr(self, name) for name in CLASSIC_NAMES}

    def with_value(self, name: str, value_s: float | None) -> ClassicTimes:
        """Return the same times but one.

        Raises:
            ValueError: If there is no such time, or the value cannot be one.
        """
        if name not in CLASSIC_NAMES:
            raise ValueError(f"{name} is none of {', '.join(CLASSIC_NAMES)}")
        return replace(self, **{name: value_s})


CLASSIC_NAMES: Final = tuple(field.name for field in fields(ClassicTimes))
"""Names of the seven columns, in the classic order."""
