"""Takes kept stops apart as the product does, and says how right it was."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.bench.stop_report import StopReport
from codefx_desktop.bench.stop_scores import CaseScore, score_case
from codefx_desktop.bench.stop_set import SECONDS, StopSet, set_folder
from codefx_desktop.bench.stop_zones import drawn_camera
from codefx_desktop.bench.track_scores import can_score, score_tracks
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import DEFAULT_NAME, find_template
from codefx_desktop.synthetic.clip import Footage
from codefx_desktop.synthetic.dataset import KEPT_SEEDS
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

STOP_SEEDS: Final = KEPT_SEEDS[100:150]
"""Figures about events are measured on these; nothing was tuned or trained on them."""
STYLES: Final[Mapping[str, Style]] = {"imsa": Style.ENDURANCE, "nascar": Style.NASCAR}
"""Kind of stops that a template is for, where that is not Formula 1's."""


@dataclass(frozen=True, slots=True)
class StopPlan:
    """What is evaluated.

    Attributes:
        weights: Whether the bundled demo model looks at the clips.
        template: Name of the template of the stops.
        folder: Where stops are kept.
        seconds: Length of each clip; None is as long as its stop takes.
        footage: What clips are asked to be.
        style: Kind of stops.
    """

    weights: bool = True
    template: str = DEFAULT_NAME
    folder: Path = field(default_factory=set_folder)
    seconds: float | None = SECONDS
    footage: Footage = field(default_factory=Footage)
    style: Style = Style.F1


def evaluate_seed(seed: int, plan: StopPlan) -> CaseScore:
    """Return how well one stop was taken apart.

    Raises:
        CodefxError: If the stop cannot be made or kept, or there is no such template.
    """
    template = find_template(app_paths(), plan.template)
    with StopSet(plan.folder, plan.seconds, plan.footage, plan.style) as stops:
        case = stops.load(seed, weights=plan.weights)
    began_s = time.perf_counter()
    camera = drawn_camera(case.truth, weights=plan.weights)
    found = find_stops(case.observations, template, camera)
    spent_s = time.perf_counter() - began_s
    tracks = score_tracks(case.observations, case.truth) if plan.weights and can_score() else {}
    return score_case(seed, case.truth, found, analysis_s=spent_s, tracks=tracks)


def evaluate_stops(
    seeds: Iterable[int],
    plan: StopPlan,
    *,
    processes: int = 2,
    tell: Callable[[CaseScore], None] = lambda _: None,
) -> StopReport:
    """Return how well stops were taken apart.

    Args:
        seeds: Of the stops.
        plan: What is evaluated.
        processes: How many stops are looked at side by side.
        tell: Told of each stop as it is done, in any order.

    Raises:
        CodefxError: If a stop cannot be made or kept.
    """
    return StopReport(
        evaluate_all([(seed, plan) for seed in seeds], processes=processes, tell=tell)
    )


def evaluate_all(
    wanted: Sequence[tuple[int, StopPlan]],
    *,
    processes: int,
    tell: Callable[[CaseScore], None] = lambda _: None,
) -> tuple[CaseScore, ...]:
    """Return how well each of some stops was taken apart, in their order; see ``evaluate_stops``.

    Raises:
        CodefxError: If a stop cannot be made or kept.
    """
    if processes == 1 or len(wanted) == 1:
        alone = []
        for seed, plan in wanted:
            alone.append(evaluate_seed(seed, plan))
            tell(alone[-1])
        return tuple(alone)
    # Spawned, not forked: a process that has loaded torch does not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        waiting = [pool.submit(evaluate_seed, seed, plan) for seed, plan in wanted]
        try:
            for done in as_completed(waiting):
                tell(done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return tuple(done.result() for done in waiting)
