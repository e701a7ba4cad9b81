"""How a pit stop is said on screen and on the clipboard; what was not measured, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.stop_times import rounded_up
from codefx_desktop.domain.stop_words import NOT_FOUND, PLACE_WORDS, SPLITS
from codefx_desktop.ui.models.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.breakdown import Breakdown, CriticalPath, GanttBar, MarksHit
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import Duration, Heading, PitStop
    from codefx_desktop.jobs.stop_values import StopShown, StopsRead

CORNERS: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)
_HEADING_WORDS: Final = {
    "arrival": "from the way it came",
    "departure": "from the way it left",
    "camera": "from the camera profile",
    "manual": "as you said",
}
_DIRECTIONS: Final = ("right", "up right", "up", "up left", "left", "down left", "down")


@dataclass(frozen=True, slots=True)
class Split:
    """One figure: ``2.862``, ``±0.027``, and more.

    Attributes:
        text: Seconds, or that it was not found.
        bounds: How far off it may be; empty where it is not known.
        more: For the tooltip: where it comes from.
        is_found: Whether there is a figure.
    """

    text: str
    bounds: str = ""
    more: str = ""
    is_found: bool = True

    @property
    def whole(self) -> str:
        """All of it in one line."""
        if not self.is_found:
            return NOT_FOUND
        return f"{self.text} s {self.bounds}".strip()


def split(one: Duration | None, labels: Mapping[str, str]) -> Split:
    """Return a duration for the screen."""
    if one is None or one.value_s is None:
        return Split(
            NOT_FOUND, more="" if one is None else missing_text(one, labels), is_found=False
        )
    if one.low_s is None or one.high_s is None:
        return Split(f"{one.value_s:.3f}")
    bounds = plus_minus(one.value_s, one.low_s, one.high_s)
    ends = [event_text(end, labels) for end in (one.begins, one.ends) if end is not None]
    between = f"{one.low_s:.3f} to {one.high_s:.3f} s"
    return Split(f"{one.value_s:.3f}", bounds, "\n".join((between, *ends)))


def plus_minus(value: float, low: float, high: float) -> str:
    """Return how far off a value may be; bounds are not always even: the wider side counts."""
    return f"\N{PLUS-MINUS SIGN}{rounded_up(max(value - low, high - value), 3)}"


def event_name(kind: str, place: Place, labels: Mapping[str, str]) -> str:
    """Return an event as it is called: ``Wheel off FL``."""
    return f"{labels.get(kind, kind.replace('_', ' ').capitalize())} {place}".strip()


def event_text(event: Event, labels: Mapping[str, str]) -> str:
    """Return an event with its time in the clip and where that comes from."""
    name = event_name(event.kind, event.place, labels)
    if event.time_s is None or event.status is EventStatus.NOT_FOUND:
        return f"{name}: {NOT_FOUND}"
    source = f", from {event.source}" if event.source else ""
    return f"{name} at {event.time_s:.3f} s of the clip{source}"


def missing_text(one: Duration, labels: Mapping[str, str]) -> str:
    """Return which end of a duration is missing, as far as is known."""
    known = [event_text(end, labels) for end in (one.begins, one.ends) if end is not None]
    return "\n".join((*known, "An end of it was not found." if known else "Neither end was found."))


def sources_text(one: Duration) -> str:
    """Return what a duration was measured from: ``motion``; or what of it was not seen."""
    if one.value_s is None:
        if one.begins is None and one.ends is not None:
            return "begin not seen"
        return "end not seen" if one.begins is not None and one.ends is None else ""
    found = [end.source.value for end in (one.begins, one.ends) if end is not None and end.source]
    return " and ".join(dict.fromkeys(found))


def slowest(corners: Mapping[Place, Duration | None]) -> tuple[Place | None, bool]:
    """Return the corner that took longest, and whether no other may have taken as long.

    None where fewer than two were found.
    """
    found = {p: one for p, one in corners.items() if one is not None and one.value_s is not None}
    if len(found) < 2:
        return None, False
    worst = max(found, key=lambda place: found[place].value_s or 0.0)
    low = found[worst].low_s
    others = [one.high_s for place, one in found.items() if place is not worst]
    return worst, low is not None and all(high is not None and high < low for high in others)


def tyre_times(found: Breakdown) -> Mapping[Place, Duration | None]:
    """Return what each corner took."""
    return {place: found.duration("tyre", place) for place in CORNERS}


def other_splits(found: Breakdown, labels: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return fuel and driver times, where the template has them."""
    wanted = (found.duration(name, Place.NONE) for name in SPLITS)
    shown = ((one.label, split(one, labels)) for one in wanted if one is not None)
    return tuple(Fact(label, one.whole, one.more) for label, one in shown)


def done_facts(found: Breakdown, labels: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return which corner was done first and last, and how even the guns were."""
    facts = []
    for label, corner in (("First corner", found.first_corner), ("Last corner", found.last_corner)):
        if corner is not None:
            word = PLACE_WORDS[corner.place]
            value = f"{corner.place} ({word})"
            if corner.is_sure:
                facts.append(Fact(label, value))
            else:
                more = f"{value}, but another may have been: they are closer than is known."
                facts.append(Fact(label, f"{corner.place} or another", more))
    for one in found.synchrony:
        shown = split(one, labels)
        facts.append(Fact(one.label, shown.whole, shown.more))
    return tuple(facts)


def marks_text(marks: MarksHit) -> tuple[str, str]:
    """Return how the marks were hit, in words, and why it is not known where it is not."""
    told = []
    if marks.long_m is not None:
        told.append(f"{abs(marks.long_m):.2f} m {'long' if marks.long_m >= 0 else 'short'}")
    if marks.lateral_m is not None:
        side = "left" if marks.lateral_m >= 0 else "right"
        told.append(f"{abs(marks.lateral_m):.2f} m to the {side}")
    if marks.angle_deg is not None:
        side = "left" if marks.angle_deg >= 0 else "right"
        told.append(f"turned {abs(marks.angle_deg):.1f}\N{DEGREE SIGN} to the {side}")
    return (", ".join(told), "") if told else (NOT_FOUND, marks.reason)


def direction_word(front_deg: float) -> str:
    """Return where on the picture a car points: ``left``."""
    words = (*_DIRECTIONS, "down right")
    return words[round(front_deg / 45.0) % 8]


def heading_text(heading: Heading) -> str:
    """Return which way the car points on the picture, and how that is known."""
    if heading.front_deg is None:
        return "Which end is the front is not known."
    how = _HEADING_WORDS.get(heading.source, heading.source)
    mirrored = " The picture is mirrored." if heading.mirrored else ""
    return f"Front points {direction_word(heading.front_deg)} on the picture, {how}.{mirrored}"


def stop_name(shown: StopShown, count: int) -> str:
    """Return a stop as in the chooser."""
    stop, one = shown.stop, shown.breakdown.stationary
    said = " ".join(filter(None, (stop.facts.car_number, stop.facts.label)))
    time = NOT_FOUND if one.value_s is None else f"{one.value_s:.2f} s"
    head = f"Stop {stop.number} of {count}"
    return " \N{MIDDLE DOT} ".join(filter(None, (head, said, time)))


def chain_text(path: CriticalPath) -> str:
    """Return the critical tasks one after the other."""
    return " \N{RIGHTWARDS ARROW} ".join(bar.text for bar in path.chain)


def bar_text(bar: GanttBar, begin_s: float, scale: float = 1.0) -> str:
    """Return all figures of a bar.

    Args:
        bar: The bar.
        begin_s: When the car stopped, seconds of the clip.
        scale: Seconds that passed in one of the clip.
    """
    took = (bar.end_s - bar.begin_s) * scale
    low, high = (bar.begin_low - begin_s) * scale, (bar.end_high - begin_s) * scale
    begin, end = (bar.begin_s - begin_s) * scale, (bar.end_s - begin_s) * scale
    lines = [
        f"{bar.text}: {took:.3f} s",
        f"from {begin:.3f} to {end:.3f} s after the stop (at most {low:.3f} to {high:.3f})",
    ]
    if bar.is_critical:
        drag = f": without it {bar.drag_s:.3f} s earlier" if bar.drag_s else ""
        lines.append(f"Critical{drag}")
    elif bar.slack_s is not None:
        lines.append(f"Slack {bar.slack_s:.3f} s")
    else:
        lines.append("Nothing waited for it")
    return "\n".join(lines)


def as_text(read: StopsRead, shown: StopShown, clip: str) -> str:
    """Return a stop as lines of text for the clipboard."""
    stop, found, labels = shown.stop, shown.breakdown, read.labels
    lines = [f"{clip}, {stop_name(shown, len(read.stops))}, {read.template}"]
    lines += _facts_lines(stop)
    lines += [
        f"Stationary\t{split(found.stationary, labels).whole}",
        f"Reaction\t{split(found.reaction, labels).whole}",
    ]
    lines += [f"Tyre {p}\t{split(one, labels).whole}" for p, one in tyre_times(found).items()]
    facts = (*other_splits(found, labels), *done_facts(found, labels))
    lines += [f"{fact.label}\t{fact.value}" for fact in facts]
    lines += [f"Marks\t{' '.join(marks_text(found.marks)).strip()}", heading_text(stop.heading)]
    lines += [line for line in (found.critical.text, chain_text(found.critical)) if line]
    lines += [
        "",
        f"Event\tPlace\t{zero_word(stop)}\t\N{PLUS-MINUS SIGN}\tFrame\tFrom\tStatus\tSure",
    ]
    lines += ["\t".join(event_cells(event, stop, labels)) for event in stop.events]
    lines += [f"Flag\t{flag.kind}\tframe {flag.frame_number}\t{flag.text}" for flag in stop.flags]
    lines += [f"Note\t{note}" for note in (*found.order_breaks, *stop.notes)]
    return "\n".join(lines) + "\n"


def event_cells(event: Event, stop: PitStop, labels: Mapping[str, str]) -> Sequence[str]:
    """Return an event's name, place, time from the stop, bounds, frame, source, status, sureness.

    Times are seconds of the clip where it is not known when the car stopped.
    """
    name, status = labels.get(event.kind, event.kind), event.status.value.replace("_", " ")
    if event.time_s is None or event.status is EventStatus.NOT_FOUND:
        return name, event.place.value, NOT_FOUND, "", "", "", status, ""
    zero = stop.event("stop")
    at = event.time_s
    text = f"{at:.3f}"
    if zero is not None and zero.time_s is not None:
        text = f"{(at - zero.time_s) * stop.time_scale:+.3f}"
    bounds = ""
    if event.earliest_s is not None and event.latest_s is not None:
        bounds = f"{max(at - event.earliest_s, event.latest_s - at) * stop.time_scale:.3f}"
    frame = "" if event.frame_number is None else str(event.frame_number)
    sure = "" if event.confidence is None else f"{event.confidence:.0%}"
    source = "" if event.source is None else event.source.value
    return name, event.place.value, text, bounds, frame, source, status, sure


def zero_word(stop: PitStop) -> str:
    """Return from when the times of a stop's events count."""
    return "Seconds from the stop" if stop.event("stop") else "Seconds of the clip"


def _facts_lines(stop: PitStop) -> list[str]:
    facts = stop.facts
    rows = (
        ("Car", facts.car_number),
        ("Team", facts.team),
        ("Driver in", facts.driver_in),
        ("Driver out", facts.driver_out),
        ("Lap", "" if facts.lap is None else str(facts.lap)),
        ("Label", facts.label),
        ("Tyres", facts.tyre_set),
        *facts.crew.items(),
    )
    return [f"{label}\t{value}" for label, value in rows if value]
