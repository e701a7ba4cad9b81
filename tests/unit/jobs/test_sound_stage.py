"""Guns are heard beside the pictures; whoever waits for the run to end is not kept waiting."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from clips import make_clip

from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.progress import ProgressMeter
from codefx_desktop.jobs.sound_stage import LONGEST_SOUND_S, SoundStage
from codefx_desktop.video import audio
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.task import Run
    from codefx_desktop.video.probe import ProbedClip

PROGRESS = ProgressMeter("job", [(Stage.EVENTS, 1)], lambda _: None).of(Stage.EVENTS)


@pytest.fixture
def clip(tmp_path: Path) -> ProbedClip:
    """A clip of hissing blows, 25 a second, between 0.8 and 1.4 s."""
    rng = np.random.default_rng(5)
    times = np.arange(round(2.2 * 44_100)) / 44_100
    blows = np.exp(-9.0 * ((times * 25.0) % 1.0)) * ((times > 0.8) & (times < 1.4))
    noise = rng.standard_normal(len(times)) * (0.002 + 0.2 * blows)
    return probe(make_clip(tmp_path / "clip.mp4", sound=noise.astype(np.float32)))


def run_of(said: list[str]) -> tuple[Run, threading.Event]:
    """Return what a stage needs of a run, and what cancels it."""
    cancel = threading.Event()
    run = SimpleNamespace(cancel=cancel, say=lambda text, **_: said.append(text))
    return cast("Run", run), cancel


def test_what_is_heard_is_there_when_the_worker_has_ended(clip: ProbedClip) -> None:
    said: list[str] = []
    stage = SoundStage(run_of(said)[0], clip)
    stage.work(PROGRESS)
    sound = stage.sound()
    assert sound is not None
    assert sound.bursts == pytest.approx(np.array([[0.8, 1.4]]), abs=0.05)
    assert not said


def test_where_the_pictures_begin_is_not_looked_for_again(
    clip: ProbedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path) -> None:
        pytest.fail(f"{path.name} was decoded to find its first picture, which is known")

    monkeypatch.setattr(audio, "first_picture_s", opened)
    stage = SoundStage(run_of([])[0], clip)
    stage.work(PROGRESS)
    assert stage.sound() is not None


@pytest.mark.parametrize("who", ["person", "another stage"])
def test_an_early_end_is_heard(clip: ProbedClip, who: str) -> None:
    run, cancel = run_of([])
    stage = SoundStage(run, clip)
    (cancel.set if who == "person" else stage.stop)()
    with pytest.raises(Cancelled):
        stage.work(PROGRESS)


def test_a_clip_that_cannot_be_heard_goes_by_sight(clip: ProbedClip) -> None:
    said: list[str] = []
    run, _ = run_of(said)
    for changed in (
        replace(clip.info, has_audio=False),
        replace(clip.info, duration_s=LONGEST_SOUND_S + 1),
        replace(clip.info, path=clip.info.path.with_name("gone.mp4")),
    ):
        stage = SoundStage(run, replace(clip, info=changed))
        stage.work(PROGRESS)
        assert stage.sound() is None
    assert ["longer than an hour" in said[0], "cannot be read" in said[1]] == [True, True]
    assert len(said) == 2
