"""One whole job with a given plan; started by ``bench.stages`` in a process of its own."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.bench.spent import peak_bytes
from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, Stage
from codefx_desktop.domain.plan import EVERYTHING, PIT_STOP, StagePlan
from codefx_desktop.domain.run import StageProgress
from codefx_desktop.jobs.work import begin, work_on
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.domain.run import RunEvent

PLANS: dict[str, StagePlan] = {
    "everything": EVERYTHING.plan,
    "everything on artifact frames": replace(EVERYTHING.plan, every_frame=False),
    "detection": PIT_STOP.plan,
}
"""What is looked for, by the name in the report; which frames get artifacts is said apart."""


class Watch:
    """Notes the processor time at the last event before the first frame is on its way.

    Reading the clip and loading models comes before and is no part of the throughput either.
    """

    def __init__(self) -> None:
        self.started_cpu_s = 0.0
        self._is_running = False

    def hear(self, event: RunEvent) -> None:
        """Hear what the run says, on whichever worker says it."""
        if isinstance(event, StageProgress) and not self._is_running:
            others = (done for stage, done in event.stages.items() if stage is not Stage.IMPORT)
            self._is_running = any(others)
        if not self._is_running:
            self.started_cpu_s = time.process_time()


def main(name: str, artifacts: str, clip: Path, segmenter: Path) -> int:
    """Run the job and print its speed, and what processor time and memory it took."""
    choice = ArtifactChoice.parse(artifacts)
    plan = replace(PLANS[name], artifacts=choice, segment_weights=segmenter)
    shop, _ = open_workshop(app_paths(), load_settings())
    shop.vision.device("auto")  # imports outside the measured time
    spec = JobSpec(profile=name[:32], demo_model=True, plan=plan)
    record = begin(shop, clip, spec, JobMetadata())
    watch = Watch()
    finished = work_on(record, shop, watch.hear, threading.Event())
    cpu_s = time.process_time() - watch.started_cpu_s
    if finished.status is not JobStatus.COMPLETE:
        sys.stderr.write(finished.error_message)
        return 1
    figures = {
        "fps": finished.frames_per_s,
        "frames": finished.frames_out,
        "cpu_s": cpu_s,
        "artifact_frames": finished.artifact_frames or 0,
        "peak_bytes": peak_bytes(),
        "stage_s": {str(stage): round(s, 3) for stage, s in finished.stage_seconds.items()},
    }
    sys.stdout.write("\n" + json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(Path, sys.argv[3:5])))
