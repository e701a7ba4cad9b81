"""Pictures with labels and outlines, to train a detector or a segmenter on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np

from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.scene import CLASSES, Scene
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.writing import writing_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.synthetic.ground import Pixels
    from codefx_desktop.synthetic.outline import Outlines

RENDER_SIZE = (1280, 720)
STORED_SIZE = (640, 360)
CLIP_SECONDS = 10.0

KEPT_SEEDS = range(900_000, 901_000)
"""Never trained on and never tuned on: all figures are measured on some of these."""
EVALUATION_SEEDS = KEPT_SEEDS[:20]
"""Figures about a model are measured on these."""

_TOLERANCE_PX = 0.75
"""How far a stored outline may lie from the truth's, in pixels of the rendered picture: under half
a pixel of the stored one. It saves a quarter of the corners."""


def _ignore_progress(_done: int) -> None:
    return


def write_dataset(
    folder: Path,
    seeds: Iterable[int],
    frames_per_seed: int,
    *,
    progress: Callable[[int], None] = _ignore_progress,
) -> int:
    """Write pictures and labels; what is there already is kept, so it can be resumed.

    ``images/<seed>_<frame>.jpg`` is 640x360; ``labels/<seed>_<frame>.txt`` has a line per object:
    class, centre x, centre y, width, height as fractions of the picture, visible fraction.
    ``outlines/<seed>_<frame>.json`` has the size its pixels count in and, for the object of each
    line, the polygons of the whole object (also what is hidden behind others) as flat lists
    x1, y1, x2, y2, ... from the picture's upper left corner. ``classes.json`` names the classes.

    Args:
        folder: Where to; made when missing.
        seeds: One scene each; ``KEPT_SEEDS`` are left out.
        frames_per_seed: Instants per scene, most of them while the car stands.
        progress: Called after each scene with the number of scenes done.

    Returns:
        The number of pictures of these seeds.

    Raises:
        NotWritable: If the folder cannot be written to.
        NoSpace: If the disk is full.
    """
    with writing_to(folder):
        return _write_all(folder, seeds, frames_per_seed, progress)


def _write_all(
    folder: Path, seeds: Iterable[int], frames_per_seed: int, progress: Callable[[int], None]
) -> int:
    images, labels, lines = folder / "images", folder / "labels", folder / "outlines"
    for each in (images, labels, lines):
        each.mkdir(parents=True, exist_ok=True)
    (folder / "classes.json").write_text(json.dumps(list(CLASSES)) + "\n", encoding="utf-8")
    total = 0
    for done, seed in enumerate((s for s in seeds if s not in KEPT_SEEDS), start=1):
        last = f"{seed:07d}_{frames_per_seed - 1:03d}"
        if not ((labels / f"{last}.txt").exists() and (lines / f"{last}.json").exists()):
            quality = stream(seed, "jpeg")
            for frame, (pixels, outlines) in enumerate(frames_of(seed, frames_per_seed)):
                name = f"{seed:07d}_{frame:03d}"
                _write_picture(images / f"{name}.jpg", pixels, int(quality.integers(72, 97)))
                text = json.dumps(_flat_outlines(outlines), separators=(",", ":"))
                (lines / f"{name}.json").write_text(text, encoding="ascii")
                text = "".join(_label_lines(outlines))
                (labels / f"{name}.txt").write_text(text, encoding="ascii")
        total += frames_per_seed
        progress(done)
    return total


def frames_of(seed: int, count: int) -> Iterable[tuple[Pixels, Outlines]]:
    """Yield pictures, RGB (720, 1280, 3), of one scene at random instants, with their outlines."""
    scene = Scene(seed, CLIP_SECONDS)
    light = choose_light(seed, 0)
    painter = Painter(scene, choose_camera(seed, 0), light, RENDER_SIZE)
    rng = stream(seed, "instants")
    for frame in range(count):
        if rng.random() < 0.75:
            time_s = rng.uniform(scene.plan.stop_s - 0.6, scene.plan.go_s + 0.6)
        else:
            time_s = rng.uniform(0.0, CLIP_SECONDS)
        yield painter.paint(float(time_s), frame)


def _write_picture(path: Path, pixels: Pixels, quality: int) -> None:
    small = cv2.resize(pixels, STORED_SIZE, interpolation=cv2.INTER_LINEAR)
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not done:
        raise ValueError(f"a picture could not be encoded for {path}")
    path.write_bytes(data.tobytes())


def _label_lines(outlines: Outlines) -> list[str]:
    size = np.array([*RENDER_SIZE, *RENDER_SIZE], float)
    lines = []
    for class_id, box, visible in zip(
        outlines.class_id, outlines.xyxy / size, outlines.visible, strict=True
    ):
        x, y, w, h = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]
        lines.append(f"{class_id} {x:.6f} {y:.6f} {w:.6f} {h:.6f} {visible:.3f}\n")
    return lines


def _flat_outlines(outlines: Outlines) -> dict[str, object]:
    return {
        "size": RENDER_SIZE,
        "objects": [[_flat(part) for part in parts] for parts in outlines.polygons],
    }


def _flat(part: npt.NDArray[np.float32]) -> list[float]:
    fewer = cv2.approxPolyDP(part, _TOLERANCE_PX, closed=True).reshape(-1, 2)
    corners: list[float] = (fewer if len(fewer) >= 3 else part).ravel().tolist()
    return corners
