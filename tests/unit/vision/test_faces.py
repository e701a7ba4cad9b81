"""Real faces, no faces, and what the library's cascade breaks on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import models
import numpy as np
import pytest

from codefx_desktop.domain.errors import DeviceError, WeightsMissing, WeightsUnusable
from codefx_desktop.domain.ports import FaceRequest
from codefx_desktop.settings.paths import program_dir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.vision.faces import MtcnnFaceFinder

DEMO_CLIP = program_dir() / "resources" / "demo_clip.mp4"


@pytest.fixture(scope="module")
def finder() -> MtcnnFaceFinder:
    return opened(FaceRequest("cpu"))


def opened(request: FaceRequest) -> MtcnnFaceFinder:
    from codefx_desktop.vision.device import choose_device
    from codefx_desktop.vision.faces import MtcnnFaceFinder

    return MtcnnFaceFinder(request, choose_device("cpu"))


def test_both_faces_of_a_photograph_and_nothing_else(finder: MtcnnFaceFinder) -> None:
    (found,) = finder.find([models.frame(models.zidane())])
    assert len(found) == 2
    assert (found.confidence >= 0.9).all()
    centres = ((found.xyxy[:, :2] + found.xyxy[:, 2:]) / 2).tolist()
    assert centres[0] == pytest.approx([978, 191], abs=15)  # the man who stands
    assert centres[1] == pytest.approx([615, 346], abs=15)  # the man who shouts


def test_the_librarys_own_answer_on_the_same_picture(finder: MtcnnFaceFinder) -> None:
    from facenet_pytorch import MTCNN

    picture = models.zidane()
    boxes, confidence, points = MTCNN(keep_all=True).detect(picture, landmarks=True)
    certain = confidence.astype(float) >= 0.9
    (found,) = finder.find([models.frame(picture)])
    np.testing.assert_allclose(found.xyxy, boxes[certain].astype(float), atol=0.01)
    np.testing.assert_allclose(found.landmarks, points[certain].astype(float), atol=0.01)
    np.testing.assert_allclose(found.confidence, confidence[certain].astype(float), atol=1e-4)


def test_less_certain_ones_when_asked_for() -> None:
    frame = models.frame(models.zidane())
    (some,) = opened(FaceRequest("cpu", confidence=0.75)).find([frame])
    (more,) = opened(FaceRequest("cpu", confidence=0.5)).find([frame])
    assert 2 < len(some) < len(more)
    assert more.confidence.min() < 0.7, "the library's own last threshold is lowered, too"
    assert (more.xyxy >= 0).all()
    assert (more.xyxy <= [1280, 720, 1280, 720]).all()


def test_rendered_pit_stops_show_no_faces(finder: MtcnnFaceFinder) -> None:
    pictures = every_second(DEMO_CLIP)
    assert len(pictures) >= 4
    frames = [models.frame(picture, n) for n, picture in enumerate(pictures[:8])]
    assert [len(found) for found in finder.find(frames)] == [0] * len(frames)


def every_second(clip: Path) -> list[Pixels]:
    import cv2

    capture = cv2.VideoCapture(str(clip))
    rate = capture.get(cv2.CAP_PROP_FPS)
    pictures = []
    while capture.grab():
        if capture.get(cv2.CAP_PROP_POS_FRAMES) % round(rate) == 1:
            pictures.append(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
    capture.release()
    return pictures


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_stripes_break_nothing(finder: MtcnnFaceFinder, seed: int) -> None:
    """Candidates at every edge of small pictures, in batches with and without any."""
    random = np.random.default_rng(seed)
    for _ in range(6):
        size = random.integers(20, 70, 2)
        noise = random.integers(0, 255, (*size, 3), np.uint8)
        block = np.kron(random.integers(0, 255, (9, 9, 3)), np.ones((8, 8, 1)))
        frames = [noise, np.zeros_like(noise), block[: size[0], : size[1]].astype(np.uint8)]
        found = finder.find([models.frame(np.ascontiguousarray(pixels)) for pixels in frames])
        assert len(found) == 3


def test_rows_apart_in_memory_are_read_as_pixels(finder: MtcnnFaceFinder) -> None:
    wide = np.zeros((720, 1408, 3), np.uint8)
    wide[:, :1280] = models.zidane()
    assert len(finder.find([models.frame(wide[:, :1280])])[0]) == 2


def test_another_error_of_the_cascade_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = opened(FaceRequest("cpu"))
    monkeypatch.setattr(finder._cascade, "find", raising(RuntimeError("something else")))
    with pytest.raises(RuntimeError, match="something else"):
        finder.find([models.frame(np.zeros((100, 100, 3), np.uint8))])


def raising(error: Exception) -> object:
    def run(*_: object) -> Sequence[object]:
        raise error

    return run


def test_too_little_memory_halves_the_batch_and_then_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    finder = opened(FaceRequest("cpu"))
    finder._batch_size = 2
    monkeypatch.setattr(finder._cascade, "find", raising(RuntimeError("CUDA out of memory.")))
    with pytest.raises(DeviceError, match="memory"):
        finder.find([models.frame(np.zeros((100, 100, 3), np.uint8))] * 3)
    assert finder.batch_size == 1
    assert any("going on with 1" in message for message in caplog.messages)


def test_a_closed_finder_is_of_no_use() -> None:
    finder = opened(FaceRequest("cpu"))
    with finder:
        pass
    with pytest.raises(ValueError, match="closed"):
        finder.find([models.frame(np.zeros((100, 100, 3), np.uint8))])


def test_weights_that_are_not_there_are_missing(tmp_path: Path) -> None:
    import facenet_pytorch

    from codefx_desktop.vision import faces

    with pytest.raises(WeightsMissing, match=r"pnet\.pt is not there.*Install") as caught:
        faces._load(tmp_path / "pnet.pt", facenet_pytorch.PNet)
    assert caught.value.path == tmp_path / "pnet.pt"


@pytest.mark.parametrize("content", [b"", b"not weights", "half", "rnet.pt"])
def test_damaged_weights_are_told(tmp_path: Path, content: bytes | str) -> None:
    import facenet_pytorch

    from codefx_desktop.vision import faces

    folder = Path(facenet_pytorch.__file__).parent / "data"
    if content == "half":
        content = (folder / "pnet.pt").read_bytes()[:9000]
    elif isinstance(content, str):
        content = (folder / content).read_bytes()
    path = tmp_path / "pnet.pt"
    path.write_bytes(content)
    with pytest.raises(WeightsUnusable, match=r"pnet\.pt is damaged.*Install"):
        faces._load(path, facenet_pytorch.PNet)


def test_nothing_in_a_weights_file_is_run(tmp_path: Path) -> None:
    import os

    import facenet_pytorch
    import torch

    from codefx_desktop.vision import faces

    class Bomb:
        def __reduce__(self) -> tuple:
            return os.mkdir, (str(tmp_path / "was_here"),)

    torch.save({"conv1.weight": Bomb()}, tmp_path / "pnet.pt")
    with pytest.raises(WeightsUnusable):
        faces._load(tmp_path / "pnet.pt", facenet_pytorch.PNet)
    assert not (tmp_path / "was_here").exists()
