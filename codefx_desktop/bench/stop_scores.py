"""How well stops were taken apart: reported events beside the true ones of rendered stops.

Rules, as strict as they can be read:

- Each reported event is paired with at most one true event of its kind and place, the nearest
  first. One that has no partner, or none within 0.2 s, is **invented**; so is a second report of
  the same event, and an event that the truth marks as hidden, unless the reported uncertainty
  contains it.
- **Recall** counts the visible true events that were reported within 0.2 s. **Errors** are those
  of all visible true events that have a partner, however far away it is.
- **Coverage** is the share of all reported events whose uncertainty contains their partner; one
  without a partner counts as missed.
- A frame is the clip's average interval between pictures.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.events import Event, EventStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codefx_desktop.bench.track_scores import Identities
    from codefx_desktop.domain.stop import PitStop

NEAR_S: Final = 0.2
_HAIR_S: Final = 1e-6
"""The truth is written to the microsecond."""


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """An event as the truth has it.

    Attributes:
        kind: From the table of event kinds.
        place: Which corner or end, or empty.
        time_s: Exact, seconds from the first picture.
        visible: Whether the nearest picture shows it.
    """

    kind: str
    place: str
    time_s: float
    visible: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One true event, one reported event, or both, if they belong together.

    Attributes:
        seed: Of the clip.
        kind: Of the event.
        place: Of the event, or empty.
        frame_s: The clip's average interval.
        true_s: When it happened; None where nothing did.
        visible: Whether it can be seen.
        said_s: When it was reported; None where it was not.
        low_s: Earliest that the report allows.
        high_s: Latest.
        source: What it was measured from.
    """

    seed: int
    kind: str
    place: str
    frame_s: float
    true_s: float | None = None
    visible: bool = False
    said_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None
    source: str = ""

    @property
    def error_s(self) -> float | None:
        """Reported less true, seconds; None where either is missing."""
        return None if self.true_s is None or self.said_s is None else self.said_s - self.true_s

    @property
    def error_frames(self) -> float | None:
        """The same in frames."""
        return None if self.error_s is None else self.error_s / self.frame_s

    @property
    def half_width_frames(self) -> float | None:
        """Half of the stated uncertainty in frames; None where nothing was reported."""
        if self.low_s is None or self.high_s is None:
            return None
        return (self.high_s - self.low_s) / 2 / self.frame_s

    @property
    def near(self) -> bool:
        """Whether it was reported within 0.2 s of the truth."""
        return self.error_s is not None and abs(self.error_s) <= NEAR_S

    @property
    def contained(self) -> bool:
        """Whether the reported uncertainty contains the truth."""
        if self.true_s is None or self.low_s is None or self.high_s is None:
            return False
        return self.low_s - _HAIR_S <= self.true_s <= self.high_s + _HAIR_S

    @property
    def invented(self) -> bool:
        """Whether something was reported that did not happen so, or could not be known so."""
        if self.said_s is None:
            return False
        return not self.near or (not self.visible and not self.contained)

    @property
    def missed(self) -> bool:
        """Whether it can be seen and was not reported."""
        return self.visible and self.said_s is None

    @property
    def reason(self) -> str:
        """What is wrong with it, for a person; empty where nothing is."""
        if self.said_s is None:
            return "missed: visible, not reported" if self.visible else ""
        if self.true_s is None:
            return "invented: there is no such event, or it was reported before"
        if not self.near:
            return "invented: more than 0.2 s away"
        if self.contained:
            return ""
        if self.visible:
            return "not within its uncertainty"
        return "invented: hidden, and not within its uncertainty"


@dataclass(frozen=True, slots=True)
class CaseScore:
    """One clip.

    Attributes:
        seed: Its seed.
        judged: All its events.
        stops: Stops that the truth has.
        found: Stops that were reported.
        stationary_error_frames: Reported time of standing less the true one; None where it was
            not reported, or cannot be because one of its ends is hidden.
        stationary_visible: Whether both its ends can be seen.
        conditions: What it was like: light, fault, rate, shots.
        analysis_s: How long finding its stops took.
        tracks: How well objects were followed, by class; empty where nobody looked.
    """

    seed: int
    judged: tuple[Judged, ...]
    stops: int
    found: int
    stationary_error_frames: float | None
    stationary_visible: bool
    conditions: Mapping[str, str]
    analysis_s: float
    tracks: Mapping[str, Identities]


def true_events(truth: Mapping[str, Any]) -> tuple[TrueEvent, ...]:
    """Return the events of a truth file."""
    return tuple(
        TrueEvent(row["kind"], row["place"], float(row["time_s"]), bool(row["visible"]))
        for row in truth["events"]
    )


def score_case(
    seed: int,
    truth: Mapping[str, Any],
    stops: Sequence[PitStop],
    *,
    analysis_s: float = 0.0,
    tracks: Mapping[str, Identities] | None = None,
) -> CaseScore:
    """Compare what was reported of a clip with what is true about it.

    Args:
        seed: Of the clip.
        truth: Its truth file.
        stops: What was reported.
        analysis_s: How long finding them took.
        tracks: How well objects were followed, by class.
    """
    frame_s = truth["rate"][1] / truth["rate"][0]
    happened = true_events(truth)
    said = [
        event
        for stop in stops
        for event in stop.events
        if event.status is not EventStatus.NOT_FOUND and event.time_s is not None
    ]
    judged = tuple(_judge(seed, frame_s, happened, said))
    error, visible = _stationary(judged)
    conditions = {
        "light": str(truth["light"]),
        "fault": str(truth["fault"] or "none"),
        "rate": "variable" if truth["variable_rate"] else f"{1 / frame_s:.0f}",
        "shots": str(len(truth["cuts"]) + 1),
    }
    true_stops = sum(event.kind == "stop" for event in happened)
    return CaseScore(
        seed=seed,
        judged=judged,
        stops=true_stops,
        found=len(stops),
        stationary_error_frames=error,
        stationary_visible=visible,
        conditions=conditions,
        analysis_s=analysis_s,
        tracks=tracks or {},
    )


def _judge(
    seed: int, frame_s: float, happened: Sequence[TrueEvent], said: Sequence[Event]
) -> Iterable[Judged]:
    reports: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in said:
        reports[event.kind, event.place.value].append(event)
    truths: dict[tuple[str, str], list[TrueEvent]] = defaultdict(list)
    for true in happened:
        truths[true.kind, true.place].append(true)
    for kind, place in sorted({*reports, *truths}):
        for true_one, report in _pairs(truths[kind, place], reports[kind, place]):
            yield Judged(
                seed,
                kind,
                place,
                frame_s,
                true_one.time_s if true_one else None,
                true_one.visible if true_one else False,
                report.time_s if report else None,
                report.earliest_s if report else None,
                report.latest_s if report else None,
                report.source.value if report and report.source else "",
            )


def _pairs(
    truths: Sequence[TrueEvent], reports: Sequence[Event]
) -> Iterable[tuple[TrueEvent | None, Event | None]]:
    """Yield true and reported events, the nearest together, then what is left of both."""
    apart = sorted(
        (abs((report.time_s or 0.0) - true.time_s), t, r)
        for t, true in enumerate(truths)
        for r, report in enumerate(reports)
    )
    free_truths, free_reports = set(range(len(truths))), set(range(len(reports)))
    for _, t, r in apart:
        if t in free_truths and r in free_reports:
            free_truths.remove(t)
            free_reports.remove(r)
            yield truths[t], reports[r]
    yield from ((truths[t], None) for t in sorted(free_truths))
    yield from ((None, reports[r]) for r in sorted(free_reports))


def _stationary(judged: Iterable[Judged]) -> tuple[float | None, bool]:
    ends = {
        row.kind: row for row in judged if row.kind in ("stop", "go") and row.true_s is not None
    }
    if len(ends) < 2:
        return None, False
    stop, go = ends["stop"], ends["go"]
    visible = stop.visible and go.visible
    if stop.error_s is None or go.error_s is None:
        return None, visible
    return (go.error_s - stop.error_s) / go.frame_s, visible
