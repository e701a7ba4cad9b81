"""The video bench: numbered clips, what is counted, the report's shape. Small, so no figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.bench import video
from codefx_desktop.bench.numbered import read_number, write_numbered
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from pathlib import Path


def test_pictures_carry_their_numbers(tmp_path: Path) -> None:
    path = write_numbered(
        tmp_path / "clip.mp4", size=(320, 180), frames=40, rate=60, keyframe_distance=15
    )
    clip = probe(path)
    assert np.flatnonzero(clip.index.keyframe).tolist() == [0, 15, 30]
    with FrameReader(clip) as reader:
        assert [read_number(frame.pixels) for frame in reader] == list(range(40))
    assert read_number(np.zeros((180, 320, 3), np.uint8)) is None
    with pytest.raises(ValueError, match="4096"):
        write_numbered(path, size=(320, 180), frames=4097, rate=60, keyframe_distance=15)


def test_a_wrong_frame_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_numbered(
        tmp_path / "clip.mp4", size=(320, 180), frames=20, rate=60, keyframe_distance=10
    )
    clip = probe(path)
    ours, wrong, theirs, their_wrong = video._seeks(clip, [3, 19, 0])
    assert (len(ours), wrong, len(theirs), their_wrong) == (3, 0, 3, 0)
    monkeypatch.setattr(video, "_opencv_seek", lambda capture, _: capture.read())
    _, wrong, _, their_wrong = video._seeks(clip, [3, 19, 0])
    assert (wrong, their_wrong) == (0, 3)


@pytest.mark.usefixtures("qapp")  # else the bench makes one without widgets, for all later tests
def test_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "STEPS_PER_S", 1000)
    report = video.measure_video(frames=30, passes=1, seeks=4, size=(320, 180))
    values = json.loads(json.dumps(report.to_dict()))
    assert [clip["keyframe_distance"] for clip in values["clips"]] == [250, 60]
    for clip in values["clips"]:
        assert (clip["frames"], clip["width"], clip["height"]) == (30, 320, 180)
        assert clip["seeks_wrong"] == 0
        assert 0 < clip["cache_peak_bytes"] <= clip["cache_limit_bytes"]
        for name in ("forward_step", "backward_step", "seek", "opencv_seek", "keyframe"):
            spread = clip[f"{name}_ms"]
            assert 0 < spread["median"] <= spread["p95"]
        assert clip["ratio"]["median"] == pytest.approx(
            clip["ours_fps"]["median"] / clip["opencv_fps"]["median"], rel=0.01
        )
    assert [server["keyframe_distance"] for server in values["server"]] == [250, 60]
    for server in values["server"]:
        assert server["served_wrong"] == 0
        assert server["drag_shown_per_s"] > 0
        for name in ("forward_step_ms", "backward_step_ms", "preview_ms", "exact_ms"):
            assert 0 < server[name]["median"] <= server[name]["p95"]
    assert [one["rate"] for one in values["playing"]] == [1, -1]  # half a second of footage
    for one in values["playing"]:
        assert one["wrong"] == 0
        assert one["footage_per_s"] * one["rate"] > 0
    proxy = values["proxy"]
    assert proxy["seeks_wrong"] == 0
    assert min(proxy["make_s"], proxy["real_time"], proxy["open_ms"], proxy["size_bytes"]) > 0
    for name in ("seek_ms", "clip_seek_ms", "drag_ms", "clip_drag_ms"):
        assert 0 < proxy[name]["median"] <= proxy[name]["p95"]
    assert proxy["clip_drag_off_frames"]["p95"] > 10  # the clip has but one keyframe
    text = "\n".join(report.lines())
    assert "a keyframe every 250" in text
    assert "0 of 4 wrong" in text
    assert "playing at  -1x" in text
