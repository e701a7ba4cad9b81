"""Pictures to train on: read, moved, flipped and recoloured at random, with labels and masks."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import torch

from codefx_desktop.domain.raster import inside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Pixels = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.uint8]

MASK_CELL_PX = 4
"""Side of a mask's cell in pixels of the input: that of the network's own masks."""
_STRIDE = 32
_GREY = 114
_FINE = 8
"""Masks are drawn so many times finer than their cells, to know how much of each is covered."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One picture as it is trained on.

    Attributes:
        picture: RGB uint8 (H, W, 3), sides multiples of 32.
        labels: float32 (N, 5): class, then centre x, centre y, width, height as fractions of the
            picture.
        masks: uint8 (N, H / 4, W / 4): how much of a cell the object covers, 0 to 255; of no
            objects where masks were not asked for.
    """

    picture: Pixels
    labels: npt.NDArray[np.float32]
    masks: Masks


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a picture lies on its canvas: ``scale`` times as large, its corner at left, top."""

    scale: float
    left: float
    top: float
    canvas: tuple[int, int]


def load_sample(
    data_dir: Path, name: str, size: int, rng: np.random.Generator, *, with_masks: bool = False
) -> Sample:
    """Return a picture, changed at random, with its labels and, if wanted, its masks.

    Args:
        data_dir: The data set.
        name: The picture's name without its ending.
        size: Longer side of the result.
        rng: Decides the changes.
        with_masks: Whether masks are wanted.
    """
    data = np.fromfile(data_dir / "images" / f"{name}.jpg", np.uint8)
    picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)
    text = (data_dir / "labels" / f"{name}.txt").read_text(encoding="ascii")
    rows = np.array([line.split() for line in text.splitlines()], np.float32).reshape(-1, 6)
    height, width = picture.shape[:2]
    place = _choose_place((width, height), size, rng)
    half = place.scale / 2 - 0.5
    matrix = np.array(
        [[place.scale, 0, place.left + half], [0, place.scale, place.top + half]], np.float64
    )
    moved = cv2.warpAffine(
        picture, matrix, place.canvas, flags=cv2.INTER_LINEAR, borderValue=(_GREY,) * 3
    )
    labels, kept = _moved_labels(rows, (width, height), place)
    masks = np.zeros((0, 0, 0), np.uint8)
    if with_masks:
        masks = _moved_masks(data_dir / "outlines" / f"{name}.json", kept, width, place)
    sample = _flipped(np.asarray(moved, np.uint8), labels, masks, rng)
    return Sample(_recoloured(sample.picture, rng), sample.labels, sample.masks)


def _choose_place(source: tuple[int, int], size: int, rng: np.random.Generator) -> _Place:
    width, height = source
    canvas_h = math.ceil(size * height / width / _STRIDE) * _STRIDE
    scale = size / width
    if rng.random() < 0.5:
        scale *= float(rng.uniform(0.8, 1.25))
    shift = rng.uniform(-0.08, 0.08, 2) * (size, canvas_h) * (rng.random() < 0.5)
    left = (size - scale * width) / 2 + float(shift[0])
    top = (canvas_h - scale * height) / 2 + float(shift[1])
    return _Place(scale, left, top, (size, canvas_h))


def _moved_labels(
    rows: npt.NDArray[np.float32], source: tuple[int, int], place: _Place
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return labels on the canvas, and of which rows.

    Those too hidden, too small or cut off are left out.
    """
    canvas, corner = place.canvas, (place.left, place.top)
    span = np.array(source) * place.scale
    low = (rows[:, 1:3] - rows[:, 3:5] / 2) * span + corner
    high = (rows[:, 1:3] + rows[:, 3:5] / 2) * span + corner
    whole = np.maximum(high - low, 1e-6).prod(axis=1)
    low, high = np.clip(low, 0, canvas), np.clip(high, 0, canvas)
    sides = high - low
    inside = sides.prod(axis=1) / whole
    keep = (rows[:, 5] * inside >= 0.3) & (sides.min(axis=1) >= 5.0 * canvas[0] / 640)
    boxes = np.concatenate(((low + high) / 2, sides), axis=1) / (*canvas, *canvas)
    labels = np.concatenate((rows[:, :1], boxes), axis=1)[keep]
    return labels.astype(np.float32), keep


def _moved_masks(path: Path, keep: npt.NDArray[np.bool_], width: int, place: _Place) -> Masks:
    """Return the masks on the canvas of those objects of a picture that are kept."""
    content = json.loads(path.read_text(encoding="ascii"))
    scale = place.scale * width / content["size"][0]
    objects = [parts for parts, kept in zip(content["objects"], keep, strict=True) if kept]
    shape = place.canvas[1] // MASK_CELL_PX, place.canvas[0] // MASK_CELL_PX
    masks = np.zeros((len(objects), *shape), np.uint8)
    for mask, parts in zip(masks, objects, strict=True):
        draw_mask(mask, [_placed(part, scale, place) for part in parts])
    return masks


def _placed(part: list[float], scale: float, place: _Place) -> npt.NDArray[np.float64]:
    corners = np.array(part, np.float64).reshape(-1, 2) * scale
    corners += (place.left, place.top)
    return corners


def draw_mask(mask: Masks, polygons: Sequence[npt.NDArray[np.float64]]) -> None:
    """Draw how much of each cell an object covers.

    Args:
        mask: uint8 (h, w), zeros; gets 0 to 255.
        polygons: The object's parts, float64 (P, 2) each, pixels of the input from its corner.
    """
    if not polygons:
        return
    cells = [part / MASK_CELL_PX for part in polygons]
    stacked = np.concatenate(cells)
    limits = np.array(mask.shape[::-1])
    low = np.clip(np.floor(stacked.min(axis=0)), 0, limits).astype(int)
    high = np.clip(np.ceil(stacked.max(axis=0)), 0, limits).astype(int)
    width, height = (int(side) for side in high - low)
    if width < 1 or height < 1:
        return
    fine = inside([(part - low) * _FINE for part in cells], width * _FINE, height * _FINE)
    cover = fine.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3), dtype=np.float32)
    mask[low[1] : high[1], low[0] : high[0]] = np.round(255 * cover).astype(np.uint8)


def _flipped(
    picture: Pixels, labels: npt.NDArray[np.float32], masks: Masks, rng: np.random.Generator
) -> Sample:
    for axis, column in ((1, 1), (0, 2)):
        if rng.random() < 0.5:
            picture, masks = np.flip(picture, axis), np.flip(masks, axis + 1)
            labels[:, column] = 1.0 - labels[:, column]
    return Sample(np.ascontiguousarray(picture), labels, np.ascontiguousarray(masks))


def _recoloured(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """Return other liveries and another exposure."""
    if rng.random() < 0.3:
        picture = np.ascontiguousarray(picture[..., rng.permutation(3)])
    gain = rng.uniform(0.75, 1.25) * rng.uniform(0.94, 1.06, 3)
    steps = np.arange(256)[:, None] * gain
    table = np.clip(steps, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def collate(samples: Sequence[Sample]) -> dict[str, torch.Tensor]:
    """Return one batch as the loss wants it.

    Returns:
        ``img`` uint8 (B, 3, H, W); of all N objects of the batch ``batch_idx`` (N,), ``cls``
        (N, 1), ``bboxes`` (N, 4) and ``masks`` uint8 (N, h, w), 0 to 255; no ``masks`` where the
        samples have none.
    """
    pixels = np.stack([sample.picture.transpose(2, 0, 1) for sample in samples])
    counts = [len(sample.labels) for sample in samples]
    labels = torch.from_numpy(np.concatenate([sample.labels for sample in samples]))
    owner = torch.repeat_interleave(torch.arange(len(samples)), torch.tensor(counts))
    batch = {
        "img": torch.from_numpy(pixels),
        "batch_idx": owner.float(),
        "cls": labels[:, :1],
        "bboxes": labels[:, 1:],
    }
    if samples[0].masks.size or samples[0].masks.shape[1]:
        batch["masks"] = torch.from_numpy(np.concatenate([sample.masks for sample in samples]))
    return batch
