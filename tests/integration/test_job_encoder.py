"""Which encoder a whole job uses, what its log says about it, and what happens when it fails."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av
import av.error
import pytest
from clips import make_clip
from fakes import FakeVision
from runs import Ear, run_clip, shop_with

from codefx_desktop.domain.errors import EncodeError
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, QualityPreset, Stage
from codefx_desktop.domain.run import Cancelled, CancelSignal, JobLogged
from codefx_desktop.jobs.work import begin, work_on
from codefx_desktop.video.encoders import (
    ENCODERS,
    EncodePlan,
    Encoder,
    EncoderChoice,
    TrialOutcome,
    choose,
)
from codefx_desktop.video.probe import probe
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.run import JobFinished


class Chip(Encoder):
    """libx264 in the place of a hardware encoder."""

    @property
    def is_hardware(self) -> bool:
        return True


CHIP = Chip("libx264", "A chip", "nv12")


@dataclass
class Trials:
    """Gives the job one encoder, and keeps what it was asked and told."""

    encoder: Encoder
    plans: list[EncodePlan] = field(default_factory=list)
    blamed: list[tuple[Encoder, EncodePlan, str]] = field(default_factory=list)

    def choose(self, plan: EncodePlan, cancel: CancelSignal) -> EncoderChoice:
        self.plans.append(plan)
        if cancel.is_set():
            raise Cancelled
        return choose("auto", (self.encoder,), lambda one: TrialOutcome(one.name, passed=True))

    def distrust(self, encoder: Encoder, plan: EncodePlan, reason: str) -> None:
        self.blamed.append((encoder, plan, reason))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "stop.mp4", times_ms=[n * 33 + n % 5 for n in range(40)])


def given(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> Trials:
    trials = Trials(encoder)
    monkeypatch.setattr("codefx_desktop.jobs.work.EncoderTrials", lambda *_given: trials)
    return trials


def said(ear: Ear, stage: Stage = Stage.RENDERING) -> list[tuple[str, str]]:
    return [(e.line.level, e.line.text) for e in ear.of(JobLogged) if e.line.stage is stage]


def test_the_log_names_the_encoder_and_the_quality(clip: Path, weights: Path) -> None:
    finished, ear, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE
    (line,) = said(ear)
    assert line[0] == "INFO"
    assert line[1].startswith("Encoder: ")
    assert line[1].endswith("; quality: standard")


def test_a_named_one_that_is_not_there_is_a_warning(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEFX_ENCODER", "h264_vaapi")
    monkeypatch.setattr("codefx_desktop.jobs.encoder_trials.hindrance", lambda _one: "no driver")
    finished, ear, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE
    assert said(ear) == [
        (
            "WARNING",
            "Encoder: libx264 (instead of what is set: h264_vaapi: no driver); quality: standard",
        )
    ]


def test_one_that_passed_is_used_with_the_jobs_own_plan(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = given(monkeypatch, CHIP)
    finished, ear, _, record = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert said(ear) == [("INFO", "Encoder: libx264 (A chip, passed its trial); quality: standard")]
    source = probe(clip)
    rate = source.info.average_rate
    assert rate is not None
    assert trials.plans == [EncodePlan(320, 180, source.index.time_base, rate)]
    assert trials.blamed == []
    assert record.output is not None
    written = probe(record.output.path).index
    assert [written.time(n).exact_s for n in range(40)] == [
        source.index.time(n).exact_s for n in range(40)
    ]


def test_one_that_does_not_open_in_the_job_gives_way_with_a_warning(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of NVENC's sessions in use, say: here an encoder that no FFmpeg has."""
    monkeypatch.setattr("codefx_desktop.video.writer.options", lambda *_given: {})
    trials = given(monkeypatch, Encoder("h264_magic", "Magic"))
    finished, ear, _, _ = run_clip(clip, weights)
    assert (finished.status, finished.frames_out) == (JobStatus.COMPLETE, 40)
    level, text = said(ear)[1]
    assert level == "WARNING"
    assert text.startswith("The encoder h264_magic could not be opened")
    assert text.endswith("libx264 is used instead.")
    assert trials.blamed == []


def test_one_that_fails_in_the_middle_fails_the_job_and_is_not_used_again(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = VideoWriter._encode

    def failing(self: VideoWriter, frame: VideoFrame | None) -> object:
        if self._frames < 7:
            return encode(self, frame)
        raise self._failed("failed after 7 frames", av.error.ExternalError(1, "device lost"))

    monkeypatch.setattr(VideoWriter, "_encode", failing)
    trials = given(monkeypatch, CHIP)
    finished, _, _, record = run_clip(clip, weights)
    assert finished.status is JobStatus.FAILED
    assert finished.error_message == (
        "The encoder libx264 failed after 7 frames: device lost. "
        "Run the job again; it will be encoded with libx264."
    )
    ((encoder, plan, reason),) = trials.blamed
    assert (encoder, plan) == (CHIP, trials.plans[0])
    assert reason.startswith("it failed a job: The encoder libx264 failed after 7 frames")
    assert not list(record.job_dir.rglob("*.part"))


def test_one_whose_output_does_not_verify_is_not_used_again(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unverified(*_given: object, **_more: object) -> None:
        raise EncodeError("The output did not verify: times are off by up to 5.00 ms.")

    monkeypatch.setattr("codefx_desktop.jobs.encoding.finalise", unverified)
    trials = given(monkeypatch, CHIP)
    assert run_clip(clip, weights)[0].status is JobStatus.FAILED
    assert [reason for _, _, reason in trials.blamed] == [
        "it failed a job: The output did not verify: times are off by up to 5.00 ms."
    ]
    software = given(monkeypatch, ENCODERS["libx264"])
    assert run_clip(clip, weights)[0].status is JobStatus.FAILED
    assert software.blamed == [], "there is nothing behind libx264"


def test_one_that_gave_way_is_not_blamed_for_what_follows(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unverified(*_given: object, **_more: object) -> None:
        raise EncodeError("The output did not verify: 3 of 40 frames can be read back.")

    monkeypatch.setattr("codefx_desktop.jobs.encoding.finalise", unverified)
    monkeypatch.setattr("codefx_desktop.video.writer.options", lambda *_given: {})
    trials = given(monkeypatch, Encoder("h264_magic", "Magic"))
    assert run_clip(clip, weights)[0].status is JobStatus.FAILED
    assert trials.blamed == []


def test_cancel_while_encoders_are_tried(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()

    class Slow(Trials):
        def choose(self, plan: EncodePlan, cancel: CancelSignal) -> EncoderChoice:
            stop.set()
            return super().choose(plan, cancel)

    monkeypatch.setattr("codefx_desktop.jobs.work.EncoderTrials", lambda *_given: Slow(CHIP))
    assert run_clip(clip, weights, cancel=stop)[0].status is JobStatus.CANCELLED


def test_the_specs_quality_reaches_the_file(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "stop.mp4", seconds=1)

    def run(quality: QualityPreset) -> JobFinished:
        shop, ear = shop_with(FakeVision()), Ear()
        record = begin(shop, clip, JobSpec(weights=weights, quality=quality), JobMetadata())
        finished = work_on(record, shop, ear, threading.Event())
        assert said(ear)[0][1].endswith(f"quality: {quality}")
        assert shop.history.get(record.id).spec.quality is quality
        return finished

    sizes = []
    for quality in QualityPreset:
        output = run(quality).output
        assert output is not None
        sizes.append(output.size_bytes)
    assert sizes == sorted(set(sizes))
