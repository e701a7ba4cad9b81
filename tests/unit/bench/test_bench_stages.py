"""``codefx bench stages``: what the limit is made of, and what is said about jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codefx_desktop.bench import stages
from codefx_desktop.bench.spent import peak_bytes, spending, usable_cores
from codefx_desktop.bench.stage_alone import STAGES
from codefx_desktop.bench.stage_job import PLANS
from codefx_desktop.bench.stages import ALONE, JOBS, measure_stages, shares
from codefx_desktop.bench.stops import RATE, stops_clip
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.scene import SceneSettings

CORE_S = {"detect": 0.06, "segment": 0.09, "faces": 0.18, "artifacts": 0.02}
OTHERS_S = 0.01
FPS = {"none": 4.0, "every:15": 3.8, "all": 3.0}


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Sides that say what they are told to; what was asked of them, in order."""
    asked: list[tuple[object, ...]] = []

    def side(module: str, *arguments: object, home: Path) -> dict[str, Any]:
        assert "codefx-bench-" in str(home), "the person's own history stays as it is"
        asked.append((module, *arguments))
        if module == "stage_alone":
            cpu_s = CORE_S.get(str(arguments[0]), OTHERS_S)
            return {"frames": 30, "cpu_s": 30 * cpu_s, "wall_s": 15 * cpu_s}
        slower = sum(one[:3] == (module, *arguments[:2]) for one in asked)
        return {
            "fps": FPS[str(arguments[1])] / slower,
            "frames": 30,
            "cpu_s": 30 * 0.4,
            "artifact_frames": 2,
            "peak_bytes": 1_000_000_000 + slower,
            "stage_s": {"RENDERING": 1.0},
        }

    monkeypatch.setattr(stages, "run_side", side)
    monkeypatch.setattr(stages, "stops_clip", lambda *_: Path("stops.mp4"))
    monkeypatch.setattr(stages, "usable_cores", lambda: 2)
    return asked


def test_the_limit_is_the_cores_over_what_the_stages_of_a_job_take(
    sides: list[tuple[object, ...]],
) -> None:
    report = measure_stages(rounds=1)
    jobs = {(job.plan, job.artifacts): job for job in report.jobs}
    five = 0.06 + 4 * OTHERS_S  # detect; decode, track, render, finalise
    assert jobs["detection", "none"].limit_fps == pytest.approx(2 / five, rel=1e-4)
    everything = five + OTHERS_S + 0.09 + 0.18  # scenes, segment, faces
    assert jobs["everything", "none"].limit_fps == pytest.approx(2 / everything, rel=1e-3)
    assert jobs["everything", "all"].limit_fps == pytest.approx(2 / (everything + 0.02), rel=1e-3)
    two_of_30 = five + OTHERS_S + (0.09 + 0.18 + 0.02) / 15
    some = jobs["everything on artifact frames", "every:15"]
    assert some.limit_fps == pytest.approx(2 / two_of_30, rel=1e-3)
    boxes = jobs["detection", "all"]
    assert boxes.alone_s == pytest.approx(five + OTHERS_S, rel=1e-4), "artifacts of boxes only"
    assert jobs["everything", "none"].ratio == pytest.approx(4.0 / (2 / everything), rel=1e-3)
    assert [one[0] for one in sides].count("stage_alone") == len(ALONE)


def test_jobs_take_turns_and_are_compared_turn_by_turn(sides: list[tuple[object, ...]]) -> None:
    report = measure_stages(rounds=3)
    ran = [one[1:3] for one in sides if one[0] == "stage_job"]
    assert ran == list(JOBS) * 3
    lost, added = report.costs["everything"]["every:15"]
    assert lost == pytest.approx(0.05), "the machine got slower for both alike"
    assert added == pytest.approx(0.0)
    assert report.costs["detection"]["all"][0] == pytest.approx(0.25)
    assert max(job.peak_bytes for job in report.jobs) == 1_000_000_003


@pytest.mark.usefixtures("sides")
def test_the_report_says_everything_to_people_and_programs() -> None:
    report = measure_stages(rounds=2)
    said = "\n".join(report.lines())
    for word in (*ALONE, "ratio", "at least 85%", "at most 10%", "demo_segmenter.pt", "MB at most"):
        assert word in said
    told = json.loads(json.dumps(report.to_dict()))
    assert told["stages"]["faces"]["cpu_s"] == 0.18
    assert told["artifact_costs"]["everything"]["every:15"]["throughput_lost"] == 0.05
    assert len(told["jobs"]) == len(JOBS)


@pytest.mark.usefixtures("sides")
def test_stages_only_when_no_job_is_wanted() -> None:
    report = measure_stages(rounds=0)
    assert report.jobs == ()
    assert not any("job" in line for line in report.lines())


def test_names_agree_between_the_sides() -> None:
    assert tuple(STAGES) == ALONE
    assert {plan for plan, _ in JOBS} == set(PLANS)
    for plan, artifacts in JOBS:
        assert set(shares(plan, artifacts, 60)) <= set(ALONE)


def test_a_clip_of_three_shots_is_made_once(tmp_path: Path) -> None:
    from codefx_desktop.analysis.scenes import SceneFinder
    from codefx_desktop.video.probe import probe
    from codefx_desktop.video.reader import FrameReader

    clip = stops_clip(tmp_path, 2.0)
    made = clip.stat().st_mtime_ns
    assert stops_clip(tmp_path, 2.0) == clip
    assert clip.stat().st_mtime_ns == made
    finder = SceneFinder(SceneSettings())
    with FrameReader(probe(clip)) as reader:
        for frame in reader:
            finder.update(frame)
    assert [scene.first for scene in finder.finish()] == [0, 16, 33]
    assert [path.name for path in tmp_path.iterdir()] == [f"stops_1_{2 * RATE}.mp4"]
    with pytest.raises(CodefxError, match="no frame for each"):
        stops_clip(tmp_path, 0.05)


def test_threads_count_as_processor_time() -> None:
    import hashlib
    import threading

    def work() -> None:
        hashlib.pbkdf2_hmac("sha256", b"a", b"b", 200_000)  # leaves the interpreter to others

    with spending() as spent:
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with spending() as alone:
        work()
    assert spent.cpu_s == pytest.approx(2 * alone.cpu_s, rel=0.5)
    assert peak_bytes() > 10_000_000
    assert usable_cores() >= 1
