"""Boxes and outlines as YOLO text files, with their pictures a set to train on.

::

    yolo/data.yaml, yolo/classes.txt
    yolo/labels/frame_<N>.txt           class id, centre x, centre y, width, height
    yolo/images/frame_<N>.jpg           where pictures are wanted
    yolo-seg/...                        the same; class id x1 y1 x2 y2 ... for each object

All but the class id are shares of the picture; an empty file says that nothing was found. Where
nobody looked there is no file: Ultralytics would take that frame for one without objects. Outlines
have a folder of their own, as a training set holds rows of one kind only, and its labels must be
in a folder ``labels`` beside ``images``. An object in several parts is one row, its parts joined by
bridges without width.

Source: the formats as Ultralytics documents and reads them (8.4).
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.artifacts.export_boxes import (
    ExportClip,
    Exported,
    class_name,
    clipped,
    copy,
    signed_area,
)
from codefx_desktop.artifacts.files import told, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.outlines import Polygon, Segments

OURS: Final = ("frame_*.txt", "frame_*.jpg")
"""Names of the files in ``labels`` and ``images``, of this export or an earlier one."""


def export_yolo(
    boxes: Path | None,
    outlines: Path | None,
    clip: ExportClip,
    frames: Iterable[FrameFindings],
    picture: Callable[[int], Path] | None = None,
    *,
    link: bool = False,
) -> Exported:
    """Write labels, of boxes and of outlines each to a folder of its own.

    What an earlier export left in these folders is removed first.

    Args:
        boxes: The folder of boxes; None: not wanted.
        outlines: The folder of outlines; None: not wanted.
        clip: What they are about.
        frames: What was found, in order.
        picture: Gives a frame's picture, which is put beside its labels; frames whose picture is
            not there are left out. None: labels alone.
        link: Let a set's picture be another name of the same bytes where the disk can do that.
            Not for a folder of a person's: who changes the picture there would change the job's.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If a folder cannot be written to.
    """
    made = {folder: _Set(folder, link=link) for folder in (boxes, outlines) if folder is not None}
    count = 0
    for frame in frames:
        source = None if picture is None else picture(frame.number)
        if source is not None and not source.is_file():
            continue
        count += 1
        if boxes is not None and frame.detections is not None:
            made[boxes].add(frame.number, _box_rows(frame.detections, clip), source)
        if outlines is not None and frame.segments is not None:
            made[outlines].add(frame.number, _outline_rows(frame.segments, clip), source)
    total = Exported(frames=count)
    for folder, names in ((boxes, clip.class_names), (outlines, clip.segment_names)):
        if folder is not None:
            total += made[folder].finish(names)
    return total


class _Set:
    """One folder in the making. Its ``data.yaml`` comes last: without it the set is not whole."""

    def __init__(self, folder: Path, *, link: bool) -> None:
        self._folder = folder
        self._link = link
        self._done = Exported()
        self._classes = 0
        with told(folder):
            (folder / "data.yaml").unlink(missing_ok=True)
            for inner in ("labels", "images"):
                for pattern in OURS:
                    for old in (folder / inner).glob(pattern):
                        old.unlink()

    def add(
        self, number: int, rows: Iterable[tuple[int, list[float]]], picture: Path | None
    ) -> None:
        lines = []
        for class_id, shares in rows:
            self._classes = max(self._classes, class_id + 1)
            lines.append(f"{class_id} {' '.join(f'{share:.6f}' for share in shares)}\n")
        self._write(f"labels/frame_{number}.txt", "".join(lines), len(lines))
        if picture is not None:
            target = self._folder / "images" / f"frame_{number}.jpg"
            _put_beside(picture, target, link=self._link)
            self._done += Exported(1, target.stat().st_size)

    def finish(self, known: tuple[str, ...]) -> Exported:
        """Write the names of all classes; return what was written in all."""
        names = [class_name(known, number) for number in range(max(self._classes, len(known)))]
        self._write("classes.txt", "".join(f"{name}\n" for name in names))
        # JSON texts are YAML texts, whatever is in a name. Without "path" the folder is the one
        # that this file is in.
        listed = "".join(f"  {number}: {json.dumps(name)}\n" for number, name in enumerate(names))
        head = "train: images\nval: images\nnames:"
        self._write("data.yaml", f"{head}\n{listed}" if names else f"{head} {{}}\n")
        return self._done

    def _write(self, name: str, content: str, objects: int = 0) -> None:
        data = content.encode("utf-8", "replace")
        write_whole(self._folder / name, data)
        self._done += Exported(1, len(data), 0, objects)


def _box_rows(found: Detections, clip: ExportClip) -> Iterator[tuple[int, list[float]]]:
    boxes = clipped(found.xyxy, clip)
    shares = np.stack(
        (
            (boxes.left + boxes.width / 2) / clip.width,
            (boxes.top + boxes.height / 2) / clip.height,
            boxes.width / clip.width,
            boxes.height / clip.height,
        ),
        axis=1,
    )
    yield from zip(found.class_id[boxes.rows].tolist(), shares.tolist(), strict=True)


def _outline_rows(found: Segments, clip: ExportClip) -> Iterator[tuple[int, list[float]]]:
    size = np.array((clip.width, clip.height), np.float32)
    for class_id, parts in zip(found.class_id.tolist(), found.polygons, strict=True):
        if parts:
            corners = np.clip(joined(parts) / size, 0, 1)
            yield class_id, corners.ravel().tolist()


def joined(parts: tuple[Polygon, ...]) -> Polygon:
    """Return separate parts, each float32 (P, 2), as one polygon of the same area.

    Each part is entered and left again at the pair of corners that lie nearest to each other.
    All run the same way round: a part against the others would count as a hole.
    """
    whole, *others = (part if signed_area(part) >= 0 else part[::-1] for part in parts)
    for part in others:
        gaps = ((whole[:, None] - part[None]) ** 2).sum(axis=2)
        here, there = np.unravel_index(int(np.argmin(gaps)), gaps.shape)
        tour = np.roll(part, -int(there), axis=0)
        whole = np.concatenate(
            (whole[: here + 1], tour, tour[:1], whole[here : here + 1], whole[here + 1 :])
        )
    return whole


def _put_beside(source: Path, target: Path, *, link: bool) -> None:
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if link:
            with suppress(OSError):  # a file system without second names
                os.link(source, target)
                return
        copy(source, target)
