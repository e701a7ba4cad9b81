"""An artifact desk without workers: frames that say which they are, answers on the next turn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gui.fake_frames import numbered
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.jobs.artifact_text import anchors, cut, indented
from codefx_desktop.jobs.artifact_values import (
    PICTURES,
    ArtifactFile,
    ArtifactList,
    ArtifactPicture,
    ArtifactState,
    ArtifactText,
    FrameNote,
    FrameNotes,
    FullPicture,
    ShownArtifact,
    empty_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = Path("/data/jobs/a")
ALL = ArtifactFile(63)


class FakeArtifactDesk(QObject):
    """The same signals and calls as ``jobs.artifact_desk.ArtifactDesk``."""

    listed = Signal(object)
    described = Signal(object)
    shown = Signal(object)
    fetched = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.jobs: dict[str, ArtifactList] = {}
        self.broken: dict[int, str] = {}
        self.job_id: str | None = None

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def open(self, job_id: str) -> None:
        self.calls.append(("open", job_id))
        self.job_id = job_id
        nothing = empty_list(job_id, ArtifactState.NONE, "", FOLDER)
        found = self.jobs.get(job_id, nothing)
        self._answer(job_id, lambda: self.listed.emit(replace(found, size_bytes=None)))
        self._answer(job_id, lambda: self.listed.emit(found))

    def close(self) -> None:
        self.calls.append(("close",))
        self.job_id = None

    def is_open(self, job_id: str) -> bool:
        return job_id == self.job_id

    def describe(self, numbers: Sequence[int]) -> None:
        self.calls.append(("describe", tuple(numbers)))
        job_id = self.job_id
        notes = FrameNotes(str(job_id), tuple(self._note(number) for number in numbers))
        self._answer(job_id, lambda: self.described.emit(notes))

    def show(self, number: int, kinds: ArtifactFile, at_most: tuple[int, int]) -> None:
        self.calls.append(("show", number, kinds, at_most))
        job_id = self.job_id
        self._answer(job_id, lambda: self.shown.emit(self._shown(str(job_id), number, kinds)))

    def fetch(self, number: int, kind: ArtifactFile) -> None:
        self.calls.append(("fetch", number, kind))
        job_id = self.job_id
        picture = ArtifactPicture(kind, FOLDER / f"{kind.name}.jpg", numbered(number, 640, 360))
        full = FullPicture(str(job_id), number, picture)
        self._answer(job_id, lambda: self.fetched.emit(full))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def put(self, found: ArtifactList) -> None:
        """Keep what a job has; tell it if the job is open."""
        self.jobs[found.job_id] = found
        if self.job_id == found.job_id:
            self.listed.emit(found)

    def _shown(self, job_id: str, number: int, kinds: ArtifactFile) -> ShownArtifact:
        trouble = self.broken.get(number, "")
        content = {
            "schema": "codefx-frame",
            "frame": {"number": number, "time": clock(number * 40)},
            "detections": [{"track_id": k, "class_name": "car", "x1": 1.5} for k in range(30)],
        }
        text = indented(content)
        toon = "schema: codefx-frame\nframe:\n" + "\n".join(
            [f"  number: {number}", f'  time: "{clock(number * 40)}"', "detections[30]{...}:"]
            + [f"  {k},car,1.5" for k in range(30)]
        )
        pictures = tuple(
            ArtifactPicture(
                kind,
                FOLDER / f"{kind.name}_{number}.jpg",
                None if trouble else numbered(number),
                trouble,
            )
            for kind in PICTURES
            if kind & kinds
        )
        return ShownArtifact(
            job_id,
            number,
            self._note(number),
            pictures,
            ArtifactText(FOLDER / f"frame_{number}.json", 2000, text, cut(text), trouble),
            ArtifactText(FOLDER / f"frame_{number}.toon", 1000, toon, cut(toon)),
            anchors(text, toon),
        )

    def _note(self, number: int) -> FrameNote:
        trouble = self.broken.get(number, "")
        return FrameNote(number, number * 40, number // 100, number % 7, None, 1, trouble)

    def _answer(self, job_id: str | None, act: Callable[[], None]) -> None:
        def tell() -> None:
            if job_id is not None and job_id == self.job_id:
                act()

        QTimer.singleShot(0, self, tell)


def clock(time_ms: int) -> str:
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def artifact_list(
    numbers: Sequence[int] = tuple(range(0, 600, 5)),
    job_id: str = "a",
    state: ArtifactState = ArtifactState.COMPLETE,
    **fields: object,
) -> ArtifactList:
    """Return a list of frames, 100 frames to a scene, 25 to a second; fields as given."""
    known = np.array(numbers, np.int64)
    values: dict[str, object] = {
        "job_id": job_id,
        "state": state,
        "why": "",
        "folder": FOLDER,
        "numbers": known,
        "files": np.full(len(known), int(ALL), np.uint8),
        "times_ms": known * 40,
        "scenes": (known // 100).astype(np.int32),
        "expected": ALL,
        "scene_count": int(known.max()) // 100 + 1 if len(known) else None,
        "size_bytes": 48_200_000,
        "took_s": 0.01,
    }
    return ArtifactList(**{**values, **fields})


def parsed(text: str) -> object:
    """Return what a JSON text says."""
    return json.loads(text)
