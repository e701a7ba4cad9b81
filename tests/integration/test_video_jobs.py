"""What a job makes of a clip: its frames, at its times, upright, with its sound."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from clips import read_number
from fakes import FakeScript, FakeVision, detections
from nasty.encoding import Tool
from nasty.facts import Facts, the_further, the_set
from nasty.further import FURTHER
from nasty.registry import CLIPS
from runs import run_clip

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.audio import read_samples
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame

A_DOZEN = (
    "plain_h264.mp4",
    "vfr_phone.mp4",
    "edit_list_trim.mp4",
    "video_starts_late.mp4",
    "clock_resets.ts",
    "rotated_90.mp4",
    "mirrored.mp4",
    "interlaced.ts",
    "anamorphic_sar.mp4",
    "hevc_10bit_hlg.mp4",
    "mpeg4_bframes.avi",
    "same_time_twice.mkv",
)
A_FEW_MORE = ("sound_later.mov", "sound_earlier.ts", "fields_h264.ts", "edits_within_groups.mov")
WHOLE = tuple(name for name, recipe in CLIPS.items() if recipe.expected == "ok")
FURTHER_WHOLE = tuple(
    name for name, clip in FURTHER.items() if clip.verdict == "ok" and clip.has_barcode
)
ROUNDING_MS = 0.0005
"""Clocks faster than a microsecond are rounded to it; all others are kept exactly."""
RATE_HZ = 16_000
TITLE = (
    "| clip | frames of the source | of the output | variable | worst time off, ms | "
    "output upright and in order | sound |\n|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Line:
    """What became of one clip."""

    name: str
    frames: tuple[int, int]
    is_variable: bool
    off_ms: float
    in_order: bool
    sound: str

    def __str__(self) -> str:
        """Return a line of a table."""
        cells = (
            f"`{self.name[:50]}`",
            *map(str, self.frames),
            "yes" if self.is_variable else "",
            f"{self.off_ms:g}",
            "yes" if self.in_order else "**no**",
            self.sound,
        )
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    return tmp_path_factory.mktemp("jobs")


@pytest.fixture(scope="module")
def a_few(folder: Path) -> dict[str, Facts]:
    clips = (*the_set(folder / "few", A_DOZEN), *the_further(folder / "few", A_FEW_MORE))
    return {facts.name: facts for facts in clips}


@pytest.fixture(scope="module")
def everything(folder: Path) -> dict[str, Facts]:
    clips = (*the_set(folder / "set"), *the_further(folder / "further"))
    return {facts.name: facts for facts in clips}


@pytest.fixture(scope="module")
def table() -> Iterator[list[Line]]:
    """Collect lines; ``CODEFX_JOB_TABLE`` names a file to write them to."""
    lines: list[Line] = []
    yield lines
    if target := os.environ.get("CODEFX_JOB_TABLE"):
        Path(target).write_text(TITLE + "".join(map(str, lines)), "utf-8")


def below_the_barcode(frame: Frame) -> Detections:
    """Find something where a box covers no barcode and no label does."""
    height, width, _ = frame.pixels.shape
    return detections([[width * 0.6, height * 0.6, width * 0.8, height * 0.8]])


def run(facts: Facts, weights: Path) -> Line:
    """Run a job and compare what it made with its source."""
    vision = FakeVision(FakeScript(boxes=below_the_barcode))
    finished, _, _, record = run_clip(facts.path, weights, vision)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert record.output is not None
    source, output = probe(facts.path), probe(record.output.path)
    assert (finished.frames_in, finished.frames_out) == (len(source.index),) * 2
    with DetectionReader(layout_of(record).detections) as reader:
        assert reader.count() == len(source.index)
    with FrameReader(output) as frames:
        numbers = tuple(read_number(frame.pixels) for frame in frames)
    return Line(
        facts.name,
        (len(source.index), len(output.index)),
        source.info.variable_rate,
        off_ms(source, output),
        numbers == facts.numbers and output.info.rotation == 0 and not output.info.mirrored,
        sound(source, output),
    )


def off_ms(source: ProbedClip, output: ProbedClip) -> float:
    """Return how far the farthest frame is from its place."""
    pairs = zip(range(len(source.index)), range(len(output.index)), strict=True)
    offs = (abs(output.index.time(b).exact_s - source.index.time(a).exact_s) for a, b in pairs)
    return float(max(offs) * 1000)


def sound(source: ProbedClip, output: ProbedClip) -> str:
    """Say how alike both sound at the same times: 1 is the same; empty if there is none."""
    if not source.info.has_audio:
        return "" if not output.info.has_audio else "out of nowhere"
    if not output.info.has_audio:
        return "lost"
    end_s = min(source.info.duration_s, 20.0)
    here, there = (
        read_samples(clip.info.path, rate_hz=RATE_HZ, end_s=end_s) for clip in (source, output)
    )
    both = float(np.sqrt(np.sum(here**2) * np.sum(there**2)))
    return f"{float(np.sum(here * there)) / both:.3f}" if both else "silent"


def check(line: Line) -> None:
    assert line.frames[0] == line.frames[1]
    assert line.off_ms <= ROUNDING_MS
    assert line.in_order
    assert line.sound in ("", "silent") or float(line.sound) > 0.97, line.sound


@pytest.mark.parametrize("name", [*A_DOZEN, *A_FEW_MORE])
def test_a_job_keeps_frames_times_orientation_and_sound(
    a_few: dict[str, Facts], name: str, weights: Path
) -> None:
    check(run(a_few[name], weights))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*WHOLE, *FURTHER_WHOLE])
def test_a_job_keeps_them_on_every_clip(
    everything: dict[str, Facts],
    name: str,
    weights: Path,
    table: list[Line],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAX_FILE_SIZE_MB", "6000")  # one is larger than is usual
    line = run(everything[name], weights)
    table.append(line)
    check(line)
