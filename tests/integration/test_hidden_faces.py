"""Faces that are to be hidden cannot be recognised in anything the job writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from clips import make_clip
from fake_values import faces
from fakes import FakeVision
from stage_runs import plan_of, run_plan

from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import JobLogged, PreviewPicture
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.outlines import Faces

SIZE = (320, 180)
FACE = (96, 40, 152, 110)
"""Over the moving stripes: there is detail to be lost."""
SHOWN_FROM, SHOWN_TO, MISSED = 20, 50, (30, 31, 32)


def shown_for_a_while(frame: Frame) -> Faces:
    """A face that appears, is missed for three frames, and goes."""
    there = SHOWN_FROM <= frame.number < SHOWN_TO and frame.number not in MISSED
    return faces([FACE] if there else [])


def detail(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return what makes a face recognisable: how its brightness differs from place to place."""
    x1, y1, x2, y2 = FACE
    region = cv2.cvtColor(np.ascontiguousarray(pixels[y1:y2, x1:x2]), cv2.COLOR_RGB2GRAY)
    return np.asarray(region.astype(np.float64) - cv2.blur(region, (15, 15)))


def likeness(pixels: Pixels, sharp: Pixels) -> float:
    """Return how much of a face's detail is in a picture: 1 all, 0 none, whatever is painted."""
    one, other = detail(pixels), detail(sharp)
    return float((one * other).sum() / (other * other).sum())


def is_hidden(pixels: Pixels, sharp: Pixels) -> bool:
    return likeness(pixels, sharp) < 0.25


def read_jpeg(path: Path) -> Pixels:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def pictures(clip: Path) -> list[Pixels]:
    with FrameReader(probe(clip)) as reader:
        return [frame.pixels for frame in reader]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    return make_clip(folder / "faces.mp4", seconds=3, size=SIZE, options={"crf": "12"})


def test_a_found_face_is_hidden_in_every_picture_and_the_video_around_the_time_it_is_seen(
    clip: Path, weights: Path
) -> None:
    vision = FakeVision(faces=shown_for_a_while)
    plan = plan_of("DF", "every:5", blur=True)
    finished, ear, record, layout = run_plan(plan, clip, weights, vision, wants_preview=True)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert record.output is not None
    source, video = pictures(clip), pictures(record.output.path)
    assert len(video) == len(source) == 90
    hidden = {n for n in range(90) if is_hidden(video[n], source[n])}
    assert hidden >= set(range(SHOWN_FROM, SHOWN_TO)), "also where it is missed for a moment"
    assert hidden >= set(range(SHOWN_FROM - 12, SHOWN_FROM)), "0.4 s before it is first found"
    assert hidden >= set(range(SHOWN_TO, SHOWN_TO + 12)), "0.4 s after it was last found"
    assert hidden <= set(range(SHOWN_FROM - 13, SHOWN_TO + 13)), "and not for ever"

    for number in range(0, 90, 5):
        for kind in (FrameKind.ORIGINAL, FrameKind.DETECTED):
            picture = read_jpeg(layout.frame(kind, number))
            assert is_hidden(picture, source[number]) == (number in hidden), (kind, number)
    for event in ear.of(PreviewPicture):
        shown = is_hidden(event.pixels, source[event.frame_number])
        assert shown == (event.frame_number in hidden)
    text = " ".join(event.line.text for event in ear.of(JobLogged))
    assert "A face that is never found is not hidden" in text


def test_models_see_the_sharp_pictures(clip: Path, weights: Path) -> None:
    seen: list[float] = []

    def look(frame: Frame) -> Faces:
        seen.append(float(np.abs(detail(frame.pixels)).mean()))
        return shown_for_a_while(frame)

    vision = FakeVision(faces=look)
    run_plan(plan_of("DF", "every:5", blur=True), clip, weights, vision)
    assert min(seen) > 0.8 * np.median(seen)
    assert len(seen) == 90, "in every frame, whichever get artifacts"


def test_pictures_of_scenes_are_hidden_as_the_video_is(clip: Path, weights: Path) -> None:
    """The middle of the only scene is frame 44; the face is found up to frame 37."""

    def earlier(frame: Frame) -> Faces:
        return faces([FACE] if 20 <= frame.number < 38 else [])

    def later(frame: Frame) -> Faces:
        return faces([FACE] if 50 <= frame.number < 60 else [])

    def never(_frame: Frame) -> Faces:
        return faces([])

    source = pictures(clip)[44]

    def hidden_in_middle(script: Callable[[Frame], Faces]) -> set[FrameKind]:
        vision = FakeVision(faces=script)
        plan = plan_of("SDF", "scenes", blur=True)
        finished, _, _, layout = run_plan(plan, clip, weights, vision)
        assert finished.status is JobStatus.COMPLETE, finished.error_message
        assert vision.face_finders[0].seen == list(range(90)), "once, not again"
        kinds = (FrameKind.ORIGINAL, FrameKind.DETECTED)
        return {kind for kind in kinds if is_hidden(read_jpeg(layout.frame(kind, 44)), source)}

    both = {FrameKind.ORIGINAL, FrameKind.DETECTED}
    assert hidden_in_middle(earlier) == both
    assert hidden_in_middle(later) == both
    assert hidden_in_middle(never) == set()
