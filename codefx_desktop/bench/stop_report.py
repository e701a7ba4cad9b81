"""The figures of many judged events: by kind, place and condition, and the worst of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.bench.track_scores import Identities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.bench.stop_scores import CaseScore, Judged


@dataclass(frozen=True, slots=True)
class KindScore:
    """One kind of events, or one kind at one place.

    Attributes:
        mean_error_frames: Of visible events that were reported; None where there is none.
        p95_error_frames: Likewise, the 95th percentile.
        recall: Share of visible events that were reported within 0.2 s; None where none is.
        count: Visible true events.
        half_width_frames: Median stated uncertainty of visible ones, half its width.
        coverage: Share of reported ones whose uncertainty contains the truth.
        bias_frames: Mean of reported less true, visible ones.
        invented: Reported without being so.
        hidden: True events that cannot be seen.
        hidden_reported: Reported ones of these.
    """

    mean_error_frames: float | None
    p95_error_frames: float | None
    recall: float | None
    count: int
    half_width_frames: float | None
    coverage: float | None
    bias_frames: float | None
    invented: int
    hidden: int
    hidden_reported: int


def kind_score(rows: Sequence[Judged]) -> KindScore:
    """Return the figures of some judged events."""
    visible = [row for row in rows if row.visible]
    errors = np.array([row.error_frames for row in visible if row.error_frames is not None])
    widths = [row.half_width_frames for row in visible if row.half_width_frames is not None]
    said = [row for row in rows if row.said_s is not None]
    hidden = [row for row in rows if row.true_s is not None and not row.visible]
    return KindScore(
        mean_error_frames=float(np.abs(errors).mean()) if len(errors) else None,
        p95_error_frames=float(np.percentile(np.abs(errors), 95)) if len(errors) else None,
        recall=sum(row.near for row in visible) / len(visible) if visible else None,
        count=len(visible),
        half_width_frames=float(np.median(widths)) if widths else None,
        coverage=sum(row.contained for row in said) / len(said) if said else None,
        bias_frames=float(errors.mean()) if len(errors) else None,
        invented=sum(row.invented for row in rows),
        hidden=len(hidden),
        hidden_reported=sum(row.said_s is not None for row in hidden),
    )


@dataclass(frozen=True, slots=True)
class StopReport:
    """All clips together.

    Attributes:
        cases: The clips.
    """

    cases: tuple[CaseScore, ...]

    @property
    def judged(self) -> list[Judged]:
        """All events of all clips."""
        return [row for case in self.cases for row in case.judged]

    @property
    def stationary_within_1_frame(self) -> float | None:
        """Share of the stops that can be seen from their first to their last instant."""
        seen = [case for case in self.cases if case.stationary_visible]
        errors = [case.stationary_error_frames for case in seen]
        good = sum(error is not None and abs(error) <= 1.0 for error in errors)
        return good / len(seen) if seen else None

    def by(self, key: Callable[[Judged], str]) -> dict[str, KindScore]:
        """Return the figures of events grouped by a key, in the order of the keys."""
        groups: dict[str, list[Judged]] = defaultdict(list)
        for row in self.judged:
            groups[key(row)].append(row)
        return {name: kind_score(groups[name]) for name in sorted(groups)}

    def by_condition(self) -> dict[str, KindScore]:
        """Return the figures of events grouped by what their clip is like."""
        groups: dict[str, list[Judged]] = defaultdict(list)
        for case in self.cases:
            for name, value in case.conditions.items():
                groups[f"{name} {value}"] += case.judged
        return {name: kind_score(groups[name]) for name in sorted(groups)}

    def worst(self, most: int) -> list[Judged]:
        """Return the events to work on: invented, outside their uncertainty, missed, far off."""

        def rank(row: Judged) -> tuple[bool, bool, bool, float]:
            wrong = bool(row.reason)
            return (
                not row.invented,
                not wrong or row.missed,
                not wrong,
                -abs(row.error_frames or 0.0),
            )

        return sorted((row for row in self.judged if row.reason or row.visible), key=rank)[:most]

    def tracking(self) -> dict[str, Identities]:
        """Return how well objects were followed in all clips, by class."""
        names = {name: None for case in self.cases for name in case.tracks}
        return {
            name: Identities.sum(case.tracks[name] for case in self.cases if name in case.tracks)
            for name in names
        }

    def to_dict(self, worst: int = 0) -> dict[str, Any]:
        """Return plain values for JSON."""
        rows = self.judged
        whole = kind_score(rows)
        found: dict[str, Any] = {
            "stops": sum(case.stops for case in self.cases),
            "stops_reported": sum(case.found for case in self.cases),
            "invented": whole.invented,
            "stationary_within_1_frame": self.stationary_within_1_frame,
            "stationary_visible": sum(case.stationary_visible for case in self.cases),
            "uncertainty_coverage": whole.coverage,
            "half_width_frames": whole.half_width_frames,
            "all": asdict(whole),
            "kinds": _plain(self.by(lambda row: row.kind)),
            "places": _plain(self.by(lambda row: f"{row.kind} {row.place}".strip())),
            "conditions": _plain(self.by_condition()),
            "tracking": {
                name: {"idf1": score.idf1, **asdict(score)}
                for name, score in self.tracking().items()
            },
        }
        if worst:
            found["worst"] = [
                {
                    "seed": row.seed,
                    "kind": row.kind,
                    "place": row.place,
                    "true_s": row.true_s,
                    "said_s": row.said_s,
                    "error_frames": row.error_frames,
                    "half_width_frames": row.half_width_frames,
                    "visible": row.visible,
                    "source": row.source,
                    "reason": row.reason,
                }
                for row in self.worst(worst)
            ]
        return found


def _plain(scores: Mapping[str, KindScore]) -> dict[str, Any]:
    return {name: asdict(score) for name, score in scores.items()}
