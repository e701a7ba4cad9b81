"""One measured run of our pipeline; started by ``bench.pipeline`` in a process of its own."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import numpy as np

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.bootstrap import new_vision
from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.jobs.kept_clips import KeptClips, WantedClip
from codefx_desktop.jobs.run import JobTask, run_job
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.weights import FoundWeights
from codefx_desktop.store.detections import DetectionReader


def main(clip: Path, weights: Path, folder: Path) -> int:
    """Run the job and print ``{fps, frames}``; detections go to ``detections.npz``."""
    vision = new_vision(app_paths())
    vision.device("auto")  # imports outside the measured time
    layout = JobLayout(folder, "bench")
    task = JobTask(
        "bench",
        WantedClip(clip),
        JobSpec(weights=weights),
        layout,
        lambda: FoundWeights(weights, "bench", is_demo=False),
        KeptClips(),
    )
    finished = run_job(task, vision, lambda _: None, threading.Event())
    if finished.status is not JobStatus.COMPLETE:
        sys.stderr.write(finished.error_message)
        return 1
    _dump(layout, folder / "detections.npz", finished.frames_out)
    sys.stdout.write(
        json.dumps({"fps": finished.frames_per_s, "frames": finished.frames_out}) + "\n"
    )
    return 0


def _dump(layout: JobLayout, target: Path, frames: int) -> None:
    rows = []
    with DetectionReader(layout.detections) as reader:
        for stored in reader.frames(0, frames, with_outlines=False):
            found = stored.detections
            if found is None:
                continue
            number = np.full((len(found), 1), stored.number, np.float32)
            rows.append(
                np.hstack(
                    [
                        number,
                        found.xyxy,
                        found.confidence[:, None],
                        found.class_id[:, None].astype(np.float32),
                    ]
                )
            )
    np.savez(target, rows=np.concatenate(rows), frames=frames)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
