"""The loop of a stage in which a model looks at frames."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_values import detections, faces, rectangles
from fakes import FakeScript, FakeVision

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.ports import FaceRequest
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.looking import (
    Look,
    Seen,
    detecting,
    finding_faces,
    look_at_all,
    segmenting,
)
from codefx_desktop.jobs.progress import ProgressMeter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.run import RunEvent

PICTURE = np.zeros((40, 40, 3), np.uint8)


class Model:
    """Finds as many things as the frame's number says; remembers its batches."""

    def __init__(self, batch_size: int = 4) -> None:
        self.batch_size = batch_size
        self.batches: list[list[int]] = []

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        self.batches.append([frame.number for frame in frames])
        return [detections([[0, 0, 9, 9]] * frame.number) for frame in frames]


def seen(number: int) -> Seen:
    time = FrameTime(number, Fraction(1, 25))
    return Seen(Frame(number, time, PICTURE), FrameFindings(number, time))


def run(
    model: Model, count: int, wanted: set[int] | None = None
) -> tuple[list[Seen], list[RunEvent]]:
    heard: list[RunEvent] = []
    meter = ProgressMeter("job", [(Stage.DETECTING, 1)], heard.append)
    meter.expect(count)
    inbox: Channel[Seen] = Channel(count + 1)
    outbox: Channel[Seen] = Channel(count + 1)
    for number in range(count):
        inbox.put(seen(number))
    inbox.close()
    look = detecting(model)  # type: ignore[arg-type]
    look = Look(look.stage, look.model, look.find, look.note, wanted)
    look_at_all(look, inbox, outbox, meter.of(Stage.DETECTING), threading.Event())
    return list(outbox), heard


def test_all_frames_go_on_in_order_with_what_was_found() -> None:
    model = Model()
    passed, heard = run(model, 10)
    assert [item.frame.number for item in passed] == list(range(10))
    assert [len(item.found.detections or ()) for item in passed] == list(range(10))
    assert model.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert heard[-1].stages == {Stage.DETECTING: 1.0}  # type: ignore[union-attr]


def test_a_batch_is_made_of_the_wanted_frames_and_nobody_looked_at_the_others() -> None:
    model = Model()
    passed, _ = run(model, 10, {1, 2, 8})
    assert model.batches == [[1, 2], [8]]
    looked = [item.frame.number for item in passed if item.found.detections is not None]
    assert looked == [1, 2, 8]
    assert len(passed) == 10


def test_a_model_may_change_its_batch_size() -> None:
    model = Model()
    detect = model.detect

    def detect_and_shrink(frames: Sequence[Frame]) -> list[Detections]:
        model.batch_size = 1
        return detect(frames)

    model.detect = detect_and_shrink  # type: ignore[method-assign]
    run(model, 6)
    assert model.batches == [[0, 1, 2, 3], [4], [5]]


def test_a_cancel_is_seen_between_batches() -> None:
    cancel = threading.Event()
    cancel.set()
    inbox: Channel[Seen] = Channel(4)
    inbox.put(seen(0))
    inbox.close()
    progress = ProgressMeter("job", [], lambda _: None).of(Stage.DETECTING)
    model = Model()
    with pytest.raises(Cancelled):
        look_at_all(detecting(model), inbox, Channel(4), progress, cancel)  # type: ignore[arg-type]
    assert model.batches == []


def test_each_look_adds_its_own_findings() -> None:
    vision = FakeVision(
        FakeScript(
            segments=lambda _: rectangles([[1, 1, 9, 9]]), faces=lambda _: faces([[1, 1, 30, 30]])
        )
    )
    finder = vision.face_finder(FaceRequest("cpu"))
    with finder:
        (item,) = finding_faces(finder, None).at([seen(3)])
    assert item.found.faces is not None
    assert len(item.found.faces) == 1
    assert item.found.segments is None

    class Segmenter:
        batch_size = 1

        def segment(self, frames: Sequence[Frame]) -> list[object]:
            return [rectangles([[1, 1, 9, 9]]) for _ in frames]

    (both,) = segmenting(Segmenter(), {3}).at([item])  # type: ignore[arg-type]
    assert both.found.faces is item.found.faces
    assert both.found.segments is not None
