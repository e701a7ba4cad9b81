from __future__ import annotations

import itertools

import pytest

from codefx_desktop.domain.job import JobSpec, Stage
from codefx_desktop.domain.run import RunEvent, StageProgress
from codefx_desktop.jobs.pools import Group
from codefx_desktop.jobs.progress import ProgressMeter


class Ear:
    def __init__(self) -> None:
        self.heard: list[StageProgress] = []

    def __call__(self, event: RunEvent) -> None:
        assert isinstance(event, StageProgress)
        self.heard.append(event)


def meter(ear: Ear, step_s: float = 1.0) -> ProgressMeter:
    ticks = itertools.count()
    return ProgressMeter("job", JobSpec().stages, ear, clock=lambda: next(ticks) * step_s)


def test_overall_is_the_weighted_mean() -> None:
    ear = Ear()
    m = meter(ear)
    m.complete(Stage.IMPORT)
    assert ear.heard[-1].overall == pytest.approx(15 / 105)
    m.expect(100)
    m.advance(Stage.DETECTING, 50)
    assert ear.heard[-1].overall == pytest.approx((15 + 25 / 2) / 105)


def test_stored_stage_is_the_earliest_unfinished() -> None:
    ear = Ear()
    m = meter(ear)
    m.complete(Stage.DETECTING)
    assert ear.heard[-1].stage is Stage.IMPORT
    for stage, _ in JobSpec().stages:
        m.complete(stage)
    assert ear.heard[-1].stage is Stage.COMPLETE
    assert ear.heard[-1].overall == pytest.approx(1.0)


def test_speed_and_eta_come_from_written_frames() -> None:
    ear = Ear()
    m = meter(ear, step_s=0.5)
    m.expect(100)
    for done in (10, 20, 30):
        m.advance(Stage.RENDERING, done)
    last = ear.heard[-1]
    assert last.frames_done == 30
    # Each advance reads the clock twice, one second in all, for ten frames.
    assert last.frames_per_s == pytest.approx(10.0)
    assert last.eta_s == pytest.approx(7.0)


def test_at_most_twenty_a_second() -> None:
    ear = Ear()
    m = meter(ear, step_s=0.001)
    m.expect(1000)
    for done in range(1000):
        m.advance(Stage.DETECTING, done)
    assert len(ear.heard) <= 21


def test_never_falls_whichever_stage_reports_first() -> None:
    ear = Ear()
    m = meter(ear)
    m.expect(200)

    def work(stage: Stage) -> None:
        for done in range(200):
            m.advance(stage, done)

    stages = (Stage.DETECTING, Stage.TRACKING, Stage.RENDERING)
    Group(lambda: None).run([lambda s=s: work(s) for s in stages])  # type: ignore[misc]
    overall = [event.overall for event in ear.heard]
    assert overall == sorted(overall)
    assert len(overall) > 100


def test_the_time_left_is_not_known_after_the_last_frame() -> None:
    """What is left then is not frames: "0 s" would be wrong for as long as the remux takes."""
    ear = Ear()
    m = meter(ear)
    m.expect(30)
    for done in (10, 20, 30):
        m.advance(Stage.RENDERING, done)
    assert ear.heard[-1].eta_s is None
    m.fraction(Stage.TRANSCODING, 0.5)
    assert ear.heard[-1].eta_s is None
    for stage, _ in JobSpec().stages:
        m.complete(stage)
    assert ear.heard[-1].eta_s == 0.0


def test_frames_that_never_came_are_not_waited_for() -> None:
    ear = Ear()
    m = meter(ear)
    m.expect(60)
    for done in (10, 20, 30):
        m.advance(Stage.RENDERING, done)
    m.complete(Stage.RENDERING)
    assert ear.heard[-1].eta_s is None


def test_a_stage_counts_its_own_frames_or_the_clips() -> None:
    ear = Ear()
    m = meter(ear)
    m.expect(100)
    m.of(Stage.DETECTING).advance(25)
    m.of(Stage.RENDERING, 4).advance(1)
    assert ear.heard[-1].stages[Stage.DETECTING] == 0.25
    assert ear.heard[-1].stages[Stage.RENDERING] == 0.25
    m.of(Stage.RENDERING, 0).advance(0)
    m.of(Stage.RENDERING, 4).complete()
    assert ear.heard[-1].stages[Stage.RENDERING] == 1.0


def test_a_stage_that_the_job_does_not_have_is_not_counted() -> None:
    ear = Ear()
    stage = meter(ear).of(Stage.SCENES)
    stage.advance(3, 0.5)
    stage.complete()
    assert ear.heard == []
