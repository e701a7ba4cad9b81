"""``codefx probe``, ``codefx frames`` and ``codefx bench video``: shapes, sentences, exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from clips import make_clip, read_number
from typer.testing import CliRunner, Result

from codefx_desktop.cli import main as codefx_main
from codefx_desktop.cli.app import app
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "verdict",
    "message",
    "frames",
    "width",
    "height",
    "rotation",
    "mirrored",
    "color_transfer",
    "color_primaries",
    "variable_rate",
    "start_ms",
    "duration_ms",
}


def codefx(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(*words: object) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(codefx(*words, "--json").stdout)
    return values


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", seconds=1, rotation=90, audio=True)


def test_probe_tells_the_facts(clip: Path) -> None:
    facts = answer("probe", clip)
    assert set(facts) == KEYS
    assert (facts["verdict"], facts["message"], facts["frames"]) == ("ok", "", 30)
    assert (facts["width"], facts["height"], facts["rotation"]) == (320, 180, 90)
    assert (facts["mirrored"], facts["variable_rate"]) == (False, False)
    assert facts["start_ms"] == 0
    assert facts["duration_ms"] == pytest.approx(1000, abs=0.01)


def test_probe_tells_every_time(tmp_path: Path) -> None:
    times = [0, 40, 90, 200, 700]
    facts = answer("probe", make_clip(tmp_path / "vfr.mp4", times_ms=times), "--times")
    assert set(facts) == KEYS | {"times_ms"}
    assert facts["times_ms"] == pytest.approx(times, abs=0.1)
    assert facts["variable_rate"]


def test_probe_speaks_to_a_person(clip: Path) -> None:
    done = codefx("probe", clip, "--times")
    assert done.exit_code == 0
    assert "clip.mp4: ok." in done.stdout
    assert "30 frames" in done.stdout
    assert "320x180, turned by 90°" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("29\t966.66")


def test_a_damaged_clip_is_partial_and_exit_code_0(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "cut.mkv", seconds=2)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    done = codefx("probe", path, "--json")
    facts = json.loads(done.stdout)
    assert (done.exit_code, facts["verdict"]) == (0, "partial")
    assert facts["message"]
    assert 0 < facts["frames"] < 60


@pytest.mark.parametrize("name", ["nothing.mp4", "empty.mp4", "text.mp4", "folder.mp4"])
def test_a_file_that_is_no_clip_is_exit_code_1_with_the_same_keys(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video")
    (tmp_path / "folder.mp4").mkdir()
    done = codefx("probe", tmp_path / name, "--json", "--times")
    facts = json.loads(done.stdout)
    assert done.exit_code == 1
    assert set(facts) == KEYS | {"times_ms"}
    assert (facts["verdict"], facts["frames"], facts["times_ms"]) == ("error", 0, [])
    assert name in facts["message"]
    plain = codefx("probe", tmp_path / name)
    assert plain.exit_code == 1
    assert name in plain.stderr
    assert plain.stdout == ""


def test_frames_are_exact_and_upright(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    told = answer("frames", clip, "--numbers", "0,10,5,10", "--output", folder)["frames"]
    assert [entry["number"] for entry in told] == [0, 10, 5, 10]
    assert sorted(path.name for path in folder.iterdir()) == [
        "frame_0.png",
        "frame_10.png",
        "frame_5.png",
    ]
    with FrameReader(probe(clip)) as reader:
        frames = list(reader)
    for entry in told:
        frame = frames[entry["number"]]
        pixels = cv2.cvtColor(cv2.imread(entry["path"]), cv2.COLOR_BGR2RGB)
        assert np.array_equal(pixels, frame.pixels)
        assert read_number(pixels) == entry["number"]
        assert entry["time_ms"] == pytest.approx(frame.time.seconds * 1000, abs=1e-6)
        assert entry["pts"] == frame.time.pts


@pytest.mark.parametrize(
    ("numbers", "said"),
    [("0,30", "no frame 30; its frames are 0 to 29"), ("a", "'a'"), ("", "''"), ("1,-2", "-2")],
)
def test_wrong_numbers_are_exit_code_2_and_write_nothing(
    clip: Path, tmp_path: Path, numbers: str, said: str
) -> None:
    folder = tmp_path / "out"
    done = codefx("frames", clip, "--numbers", numbers, "--output", folder)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not folder.exists()


def test_a_place_that_cannot_be_written_to(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    words = ["frames", str(clip), "--numbers", "0", "--output", str(tmp_path / "file" / "in")]
    monkeypatch.setattr("sys.argv", ["codefx", *words])
    with pytest.raises(SystemExit) as ended:
        codefx_main()
    assert ended.value.code == 1
    assert "frame_0.png cannot be written" in capsys.readouterr().err


def test_frames_needs_its_options(clip: Path) -> None:
    assert codefx("frames", clip).exit_code == 2
    assert codefx("frames", clip, "--numbers", "0").exit_code == 2
    assert codefx("bench", "video", "--frames", "0").exit_code == 2
