"""Writes an untrained segmentation model; started by ``bench.stages`` in a process of its own.

Where no trained weights are at hand: the layers, and so the time they take, are the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from codefx_desktop.bootstrap import prepare_libraries
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.synthetic.scene import CLASSES

LAYOUT = "yolo11n-seg.yaml"


def main(target: Path) -> int:
    """Write the weights as Ultralytics' training does and print where they are."""
    prepare_libraries(app_paths())
    import torch
    from ultralytics.nn.tasks import SegmentationModel

    torch.manual_seed(0)
    model = SegmentationModel(LAYOUT, nc=len(CLASSES), verbose=False)
    model.task, model.names = "segment", dict(enumerate(CLASSES))
    torch.save({"model": model.eval(), "train_args": {"task": model.task}}, target)
    sys.stdout.write('\n{"layout": "' + LAYOUT + '"}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
