"""What stops took phase by phase, each against one of them; pure values for table and clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.stop_words import NOT_FOUND
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.stop_words import missing_text, plus_minus, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.stop import Duration

NOT_THERE: Final = "\N{EN DASH}"
"""The stop's template has no such phase."""
WITHIN: Final = "within uncertainty"
MINUS: Final = "\N{MINUS SIGN}"
_Key = tuple[str, "Place"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one stop took for one phase.

    Attributes:
        value_s: Seconds; None where an end was not found.
        bounds: How far off it may be, for the screen: ``\N{PLUS-MINUS SIGN}0.020``; or empty.
        delta_s: Against the reference; None for the reference itself, and where either is missing.
        is_beyond: Whether the delta is more than both uncertainties allow.
        is_reference: Whether the stop is the one that others are held against.
        has_phase: Whether its template has the phase.
        more: For the tooltip.
    """

    value_s: float | None = None
    bounds: str = ""
    delta_s: float | None = None
    is_beyond: bool = False
    is_reference: bool = False
    has_phase: bool = True
    more: str = ""

    @property
    def value(self) -> str:
        """The figure in seconds with its bounds, or that it was not found."""
        if not self.has_phase:
            return NOT_THERE
        return NOT_FOUND if self.value_s is None else f"{self.value_s:.3f} {self.bounds}".strip()

    @property
    def delta(self) -> str:
        """The difference with its sign, or that it cannot be told."""
        if self.is_reference:
            return "reference"
        if not self.has_phase:
            return NOT_THERE
        return NOT_FOUND if self.delta_s is None else signed(self.delta_s)

    @property
    def verdict(self) -> str:
        """What the difference says: slower, faster, or within what both may be off."""
        if self.delta_s is None or self.is_reference:
            return ""
        if not self.is_beyond:
            return WITHIN
        return "slower" if self.delta_s > 0 else "faster"


@dataclass(frozen=True, slots=True)
class Row:
    """A phase, and what each stop took for it.

    Attributes:
        name: What it is called, with its place.
        cells: One for each stop, in the order of the panes.
    """

    name: str
    cells: tuple[Cell, ...]


def rows_of(
    breakdowns: Sequence[Breakdown], reference: int, labels: Mapping[str, str]
) -> tuple[Row, ...]:
    """Return a row for each phase of the stops' templates, the reference's first.

    Args:
        breakdowns: Of each stop, in the order of the panes.
        reference: Which of them the others are held against.
        labels: What each kind of event is called.
    """
    if not breakdowns:
        return ()
    phases = [_phases(one) for one in breakdowns]
    order = dict.fromkeys((*phases[reference], *(key for one in phases for key in one)))
    return tuple(_row(key, phases, reference, labels) for key in order)


def as_text(rows: Sequence[Row], names: Sequence[str], aligned: str, panes: Sequence[int]) -> str:
    """Return the table as lines for the clipboard, columns set apart by tabs.

    Args:
        rows: The phases.
        names: What each stop is called.
        aligned: On which event the stops are aligned.
        panes: Numbers of the stops' panes.
    """
    heads = ["Phase"]
    for number in panes:
        heads += [f"{letter(number)} s", f"{letter(number)} delta s", f"{letter(number)} verdict"]
    lines = [f"{letter(number)}\t{name}" for number, name in zip(panes, names, strict=True)]
    lines += [f"Aligned on\t{aligned}", "", "\t".join(heads)]
    for row in rows:
        cells = (text for one in row.cells for text in (one.value, one.delta, one.verdict))
        lines.append("\t".join((row.name, *cells)))
    return "\n".join(lines) + "\n"


def signed(seconds: float) -> str:
    """Return a difference with its sign: ``+0.120``, and ``0.000`` without."""
    text = f"{abs(seconds):.3f}"
    if float(text) == 0.0:
        return text
    return f"{'+' if seconds > 0 else MINUS}{text}"


def _phases(found: Breakdown) -> dict[_Key, Duration]:
    first = (found.stationary, found.reaction)
    everything = (*first, *found.durations, *found.synchrony)
    result: dict[_Key, Duration] = {}
    for one in everything:
        result.setdefault((one.name, one.place), one)
    return result


def _row(
    key: _Key, phases: Sequence[dict[_Key, Duration]], reference: int, labels: Mapping[str, str]
) -> Row:
    held = phases[reference].get(key)
    cells = []
    for number, one in enumerate(phases):
        cells.append(_cell(one.get(key), held, labels, is_reference=number == reference))
    label = next(one[key].label for one in phases if key in one)
    return Row(f"{label} {key[1]}".strip(), tuple(cells))


def _cell(
    one: Duration | None, held: Duration | None, labels: Mapping[str, str], *, is_reference: bool
) -> Cell:
    if one is None:
        more = "The template of this stop has no such phase."
        return Cell(has_phase=False, is_reference=is_reference, more=more)
    if one.value_s is None:
        return Cell(is_reference=is_reference, more=missing_text(one, labels))
    bounds = ""
    if one.low_s is not None and one.high_s is not None:
        bounds = plus_minus(one.value_s, one.low_s, one.high_s)
    delta = None
    if not is_reference and held is not None and held.value_s is not None:
        delta = one.value_s - held.value_s
    beyond = delta is not None and held is not None and _is_beyond(one, held)
    return Cell(one.value_s, bounds, delta, beyond, is_reference, more=split(one, labels).more)


def _is_beyond(one: Duration, held: Duration) -> bool:
    """Return whether what two durations may have been does not overlap; unknown is not beyond."""
    bounds = (one.low_s, one.high_s, held.low_s, held.high_s)
    if any(bound is None for bound in bounds):
        return False
    low, high, held_low, held_high = (float(bound or 0.0) for bound in bounds)
    return low > held_high or high < held_low
