"""The libraries open no socket, write only where they are told, and leave the process as it was.

In a process of its own: what is asked happens while libraries are imported, and Ultralytics
behaves differently when it sees pytest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import models
import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, os, socket, sys
from fractions import Fraction
from pathlib import Path

tried = []

def refuse(*args, **kwargs):
    tried.append(repr(args))
    raise OSError("no network here")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = socket.create_connection = refuse

from codefx_desktop.settings.paths import app_paths
from codefx_desktop.vision import Vision

big = ("torch", "ultralytics", "cv2", "facenet_pytorch")
loaded_by_door = [name for name in big if name in sys.modules]
before = {name: value for name, value in os.environ.items()}

import numpy as np
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.ports import DetectorRequest, FaceRequest, SegmenterRequest

vision = Vision(app_paths())
request = DetectorRequest(Path(sys.argv[1]), 0.5, 320, "auto")
pixels = np.random.default_rng(0).integers(0, 255, (180, 320, 3), np.uint8)
with vision.detector(request) as detector:
    (found,) = detector.detect([Frame(0, FrameTime(0, Fraction(1, 30)), pixels)])
tracked = vision.tracker(30.0).update(found, 0.0)
with vision.segmenter(SegmenterRequest(Path(sys.argv[2]), 0.5, 320, "auto")) as segmenter:
    (segments,) = segmenter.segment([Frame(0, FrameTime(0, Fraction(1, 30)), pixels)])
import ultralytics
photo = Path(ultralytics.__file__).parent / "assets" / "zidane.jpg"
import cv2
pixels = cv2.imread(str(photo), cv2.IMREAD_COLOR_RGB)
with vision.face_finder(FaceRequest("auto")) as finder:
    (faces,) = finder.find([Frame(0, FrameTime(0, Fraction(1, 30)), pixels)])
faces = vision.face_tracker().update(faces, 0.0)

import cv2, torch
from ultralytics.utils import SETTINGS, TESTS_RUNNING
from ultralytics.utils.events import events

print(json.dumps({
    "tried": tried,
    "loaded_by_door": loaded_by_door,
    "found": len(tracked),
    "segments": len(segments),
    "faces": faces.track_id.tolist(),
    "sync": SETTINGS["sync"],
    "events": events.enabled,
    "seen_as_test": TESTS_RUNNING,
    "safe": os.environ["ULTRALYTICS_SAFE_LOAD"],
    "qt": [name for name in os.environ if name.startswith("QT_QPA") and name not in before],
    "omp": os.environ.get("OMP_NUM_THREADS"),
    "cv2_threads": cv2.getNumThreads(),
    "torch_threads": torch.get_num_threads(),
}))
"""


@pytest.fixture
def quiet(tmp_path: Path) -> tuple[subprocess.CompletedProcess[str], Path, Path]:
    """Run the program with an empty home; return what it said, the home and our folder."""
    (tmp_path / "weights").mkdir()
    weights = models.save_untrained(tmp_path / "weights" / "best.pt")
    outlines = models.save_untrained(tmp_path / "weights" / "best-seg.pt", "yolo11n-seg.yaml")
    home, ours, work = (tmp_path / name for name in ("home", "ours", "work"))
    for folder in (home, work):
        folder.mkdir()
    env = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    env |= {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "CODEFX_HOME": str(ours),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(weights), str(outlines)],
        env=env,
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    return done, home, work


def test_no_socket_no_foreign_file_no_trace_in_the_process(
    quiet: tuple[subprocess.CompletedProcess[str], Path, Path],
) -> None:
    done, home, work = quiet
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 1, "a library wrote to stdout"
    said = json.loads(lines[0])
    assert said["tried"] == []
    assert list(home.rglob("*")) == []
    assert list(work.rglob("*")) == []
    assert said["loaded_by_door"] == []
    assert said["found"] > 0
    assert said["segments"] > 0
    assert said["faces"] == [1, 2]
    assert said["seen_as_test"] is False, "the library must not be on its best behaviour"
    assert said["sync"] is False
    assert said["events"] is False
    assert said["safe"] == "1"
    assert said["qt"] == []
    assert said["omp"] is None
    assert said["cv2_threads"] > 0
    assert said["torch_threads"] >= 1
