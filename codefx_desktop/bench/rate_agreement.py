"""The same stop filmed at other rates: whether its times agree within what they claim.

The generator takes pictures of one and the same stop 24, 25, 30, 50 and 60 times a second, and
unevenly as phones do. Two times agree where their uncertainties overlap; the truth is one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.bench.stop_eval import evaluate_all
from codefx_desktop.bench.stop_report import KindScore, kind_score
from codefx_desktop.synthetic.clip import Footage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.bench.stop_eval import StopPlan
    from codefx_desktop.bench.stop_scores import CaseScore, Judged

RATES: Final[Mapping[str, Footage]] = {
    **{str(rate): Footage(rate=Fraction(rate), variable=False, shots=1)
       for rate in (24, 25, 30, 50, 60)},
    "variable 30": Footage(rate=Fraction(30), variable=True, shots=1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One event of one stop at two rates.

    Attributes:
        first: At one rate.
        second: At another.
        rates: Their names.
    """

    first: Judged
    second: Judged
    rates: tuple[str, str]

    @property
    def apart_s(self) -> float:
        """How far their times are from each other, seconds."""
        assert self.first.said_s is not None
        assert self.second.said_s is not None
        return abs(self.first.said_s - self.second.said_s)

    @property
    def agrees(self) -> bool:
        """Whether their uncertainties overlap."""
        first, second = self.first, self.second
        assert first.low_s is not None
        assert first.high_s is not None
        assert second.low_s is not None
        assert second.high_s is not None
        return first.low_s <= second.high_s and second.low_s <= first.high_s


@dataclass(frozen=True, slots=True)
class RateReport:
    """The same stops at all rates.

    Attributes:
        cases: By name of the rate, one for each stop, in the same order.
    """

    cases: Mapping[str, tuple[CaseScore, ...]]

    def by_rate(self) -> dict[str, KindScore]:
        """Return the figures of all events at each rate."""
        return {
            rate: kind_score([row for case in cases for row in case.judged])
            for rate, cases in self.cases.items()
        }

    def pairs(self) -> list[Pair]:
        """Return every event that was reported at two rates, for each two rates."""
        found = []
        for one, other in combinations(self.cases, 2):
            for first, second in zip(self.cases[one], self.cases[other], strict=True):
                rows, others = _reported(first), _reported(second)
                both = [key for key in rows if key in others]
                found += [Pair(rows[key], others[key], (one, other)) for key in both]
        return found

    def agreement(self) -> dict[str, tuple[int, float, float]]:
        """Return by kind: pairs, share of them that agree, mean distance in milliseconds."""
        groups: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs():
            groups[pair.first.kind].append(pair)
        return {
            kind: (
                len(pairs),
                sum(pair.agrees for pair in pairs) / len(pairs),
                1000 * sum(pair.apart_s for pair in pairs) / len(pairs),
            )
            for kind, pairs in sorted(groups.items())
        }

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        pairs = self.pairs()
        return {
            "pairs": len(pairs),
            "agree": sum(pair.agrees for pair in pairs) / len(pairs) if pairs else None,
            "kinds": {
                kind: {"pairs": count, "agree": share, "mean_apart_ms": apart_ms}
                for kind, (count, share, apart_ms) in self.agreement().items()
            },
            "rates": {
                rate: {
                    "recall": score.recall,
                    "mean_error_frames": score.mean_error_frames,
                    "coverage": score.coverage,
                    "half_width_frames": score.half_width_frames,
                    "invented": score.invented,
                }
                for rate, score in self.by_rate().items()
            },
        }


def evaluate_rates(
    seeds: Sequence[int],
    plan: StopPlan,
    *,
    processes: int = 2,
    tell: Callable[[CaseScore], None] = lambda _: None,
) -> RateReport:
    """Return how well the same stops are taken apart at all rates, and whether they agree.

    Args:
        seeds: Of the stops.
        plan: What is evaluated; the size of its pictures counts, not their rate.
        processes: How many clips are looked at side by side.
        tell: Told of each clip as it is done, in any order.

    Raises:
        CodefxError: If a clip cannot be made or kept.
    """
    width, height = plan.footage.width, plan.footage.height
    wanted = [
        (seed, replace(plan, footage=replace(footage, width=width, height=height)))
        for footage in RATES.values()
        for seed in seeds
    ]
    cases = evaluate_all(wanted, processes=processes, tell=tell)
    count = len(seeds)
    return RateReport({rate: cases[at * count : (at + 1) * count] for at, rate in enumerate(RATES)})


def _reported(case: CaseScore) -> dict[tuple[str, str], Judged]:
    return {
        (row.kind, row.place): row
        for row in case.judged
        if row.true_s is not None and row.low_s is not None and row.high_s is not None
    }
