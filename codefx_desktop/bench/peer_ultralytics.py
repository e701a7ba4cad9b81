"""The peer: ``YOLO.track(stream=True, save=True)``; started in a process of its own.

Its raw detections are noted before its tracker replaces the boxes by smoothed ones.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from codefx_desktop.bootstrap import prepare_libraries
from codefx_desktop.settings.paths import app_paths

TRACKER = """tracker_type: bytetrack
track_high_thresh: 0.25
track_low_thresh: 0.1
new_track_thresh: 0.25
track_buffer: 30
match_thresh: 0.8
fuse_score: True
"""


def main(clip: Path, weights: Path, folder: Path) -> int:
    """Run the peer and print ``{fps, frames}``; detections go to ``detections.npz``."""
    prepare_libraries(app_paths())
    from ultralytics import YOLO

    tracker = folder / "tracker.yaml"
    tracker.write_text(TRACKER, encoding="utf-8")
    rows: list[Any] = []
    model = YOLO(weights)
    model.add_callback("on_predict_postprocess_end", lambda p: _note(p.results, rows))
    model.predict(np.zeros((720, 1280, 3), np.uint8), imgsz=640, verbose=False)  # warm-up
    rows.clear()
    frames = 0
    start = time.perf_counter()
    for _ in model.track(
        source=str(clip),
        stream=True,
        save=True,
        conf=0.05,
        iou=0.5,
        imgsz=640,
        tracker=str(tracker),
        project=str(folder),
        verbose=False,
    ):
        frames += 1
    seconds = time.perf_counter() - start
    found = [np.hstack([np.full((len(r), 1), i, np.float32), r]) for i, r in enumerate(rows)]
    np.savez(folder / "detections.npz", rows=np.concatenate(found), frames=frames)
    sys.stdout.write("\n" + json.dumps({"fps": frames / seconds, "frames": frames}) + "\n")
    return 0


def _note(results: list[Any], rows: list[Any]) -> None:
    rows.extend(result.boxes.data[:, :6].cpu().numpy().copy() for result in results)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
