"""Stops of the history told apart by series, race, car, crew or whatever else is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.statistics import GroupBy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.statistics import TimedStop

UNKNOWN: Final = "not said"
"""Name of the group of those stops of which nobody said it."""
ALL: Final = "All stops"


def group_names(one: TimedStop, by: GroupBy) -> tuple[str, ...]:
    """Return the groups that a duration of a stop is in; of crews it is in several.

    Args:
        one: The duration.
        by: What stops are told apart by.
    """
    if by in _SEVERAL:
        names = tuple(name for name in dict.fromkeys(_SEVERAL[by](one)) if name)
        return names or (UNKNOWN,)
    return (_SINGLE[by](one) or UNKNOWN,)


def grouped(rows: Sequence[TimedStop], by: GroupBy) -> dict[str, list[int]]:
    """Return which rows are in which group; groups in order of name, that of the unknown last.

    Args:
        rows: Durations of stops.
        by: What they are told apart by.

    Returns:
        Places in ``rows``, ascending, by name of group; one that is in several is in each.
    """
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for name in group_names(row, by):
            found.setdefault(name, []).append(place)
    return dict(sorted(found.items(), key=lambda item: (item[0] == UNKNOWN, _natural(item[0]))))


def _natural(name: str) -> tuple[int, int, str]:
    """Return what car 4 comes before car 10 by."""
    return (0, int(name), name) if name.isdecimal() else (1, 0, name.casefold())


_SINGLE: Final[Mapping[GroupBy, Callable[[TimedStop], str]]] = {
    GroupBy.NONE: lambda _: ALL,
    GroupBy.SERIES: lambda one: one.stop.series,
    GroupBy.RACE: lambda one: one.stop.race,
    GroupBy.SESSION: lambda one: one.stop.session,
    GroupBy.MONTH: lambda one: f"{one.stop.day:%Y-%m}",
    GroupBy.CAR: lambda one: one.stop.facts.car_number,
    GroupBy.TEAM: lambda one: one.stop.facts.team,
    GroupBy.DRIVER_IN: lambda one: one.stop.facts.driver_in,
    GroupBy.DRIVER_OUT: lambda one: one.stop.facts.driver_out or one.stop.facts.driver_in,
    GroupBy.TYRES: lambda one: one.stop.facts.tyre_set,
    GroupBy.CORNER: lambda one: one.place.value or "car",
    GroupBy.TEMPLATE: lambda one: one.stop.template_label or one.stop.template,
}
_SEVERAL: Final[Mapping[GroupBy, Callable[[TimedStop], Sequence[str]]]] = {
    GroupBy.POSITION: lambda one: [
        f"{position}: {name}" for position, name in one.stop.facts.crew.items() if name
    ],
    GroupBy.MEMBER: lambda one: list(one.stop.facts.crew.values()),
}
