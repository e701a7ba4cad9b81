"""What the contract cannot ask: memory, broken devices, and how the library is driven."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import models
import numpy as np
import pytest

from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.domain.ports import DetectorRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import torch

    from codefx_desktop.vision.detector import UltralyticsDetector


@pytest.fixture
def detector(weights_file: Path) -> UltralyticsDetector:
    from codefx_desktop.vision.detector import UltralyticsDetector
    from codefx_desktop.vision.device import choose_device
    from codefx_desktop.vision.weights import load_detection_weights

    return UltralyticsDetector(
        load_detection_weights(weights_file),
        DetectorRequest(weights_file, iou=0.5, image_size_px=160, device="cpu"),
        choose_device("cpu"),
    )


def failing(
    detector: UltralyticsDetector, error: Exception, from_batch: int
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the model, but failing for batches of this size and more."""
    model = detector._model

    def run(batch: torch.Tensor) -> torch.Tensor:
        if len(batch) >= from_batch:
            raise error
        return model(batch)

    return run


def out_of_memory() -> list[Exception]:
    import torch

    return [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried ..."),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        MemoryError(),
    ]


@pytest.mark.parametrize("kind", range(4))
def test_a_batch_that_does_not_fit_is_halved_and_stays_so(
    detector: UltralyticsDetector, caplog: pytest.LogCaptureFixture, kind: int
) -> None:
    frames = [models.frame(models.blobs(90, 160, n), n) for n in range(11)]
    expected = [detector.detect([frame])[0] for frame in frames]
    detector._batch_size = 8
    detector._model = failing(detector, out_of_memory()[kind], from_batch=3)
    with caplog.at_level(logging.WARNING):
        found = detector.detect(frames)
    assert detector.batch_size == 2
    assert [m for m in caplog.messages if "going on with" in m] == [
        f"{detector.info.device.label}: 8 pictures at once do not fit in memory; going on with 4",
        f"{detector.info.device.label}: 4 pictures at once do not fit in memory; going on with 2",
    ]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.xyxy, other.xyxy, atol=0.1)
    caplog.clear()
    detector.detect(frames)
    assert not caplog.messages


@pytest.mark.parametrize("kind", range(4))
def test_one_picture_that_does_not_fit_is_a_device_error(
    detector: UltralyticsDetector, kind: int
) -> None:
    detector._model = failing(detector, out_of_memory()[kind], from_batch=1)
    with pytest.raises(DeviceError, match="memory") as caught:
        detector.detect([models.frame(models.blobs(90, 160))] * 2)
    assert "CPU" in caught.value.hint
    assert caught.value.__cause__ is not None


def test_a_gpu_that_breaks_is_a_device_error(detector: UltralyticsDetector) -> None:
    import torch

    model = failing(
        detector, RuntimeError("CUDA error: an illegal memory access\nCompile with ..."), 1
    )
    frames = [models.frame(models.blobs(90, 160))]
    detector._model = model
    with pytest.raises(RuntimeError):  # on a CPU that would be a bug of ours, not of the device
        detector.detect(frames)
    detector._device = torch.device("cuda:0")
    detector._input = lambda pictures, _: torch.zeros(len(pictures), 3, 96, 160)
    with pytest.raises(DeviceError, match=r"cuda:0 broke.*illegal memory access Run") as caught:
        detector.detect(frames)
    assert caught.value.hint


def test_a_closed_detector_is_of_no_use(detector: UltralyticsDetector) -> None:
    with detector:
        assert detector.detect([models.frame(models.blobs(90, 160))])
    with pytest.raises(ValueError, match="closed"):
        detector.detect([models.frame(models.blobs(90, 160))])


def test_the_input_is_channels_last_without_a_transpose(detector: UltralyticsDetector) -> None:
    import torch

    seen = []
    model = detector._model
    detector._model = lambda batch: (seen.append(batch), model(batch))[1]
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[..., 0] = 255
    detector.detect([models.frame(pixels)])
    (batch,) = seen
    assert batch.shape == (1, 3, 96, 160)
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)
    picture = batch[0, :, 3:-3]
    assert (picture[0] == 1).all()  # red stays first
    assert (picture[1:] == 0).all()
    assert torch.allclose(batch[0, :, 0], torch.tensor(114 / 255))


def test_every_real_core_works_on_a_cpu(detector: UltralyticsDetector) -> None:
    import psutil
    import torch

    from codefx_desktop.vision.device import usable_cores

    assert torch.get_num_threads() == min(psutil.cpu_count(logical=False), usable_cores())


@pytest.mark.parametrize(
    ("real", "usable", "at_once", "threads"),
    [
        *((2, 2, 1, 2), (2, 2, 2, 1), (2, 2, 3, 1), (4, 8, 1, 4), (8, 8, 3, 3), (8, 6, 2, 3)),
        *((None, 4, 1, 1), (1, 1, 3, 1)),
    ],
)
def test_models_at_the_same_time_share_the_cores(
    monkeypatch: pytest.MonkeyPatch, real: int | None, usable: int, at_once: int, threads: int
) -> None:
    from codefx_desktop.vision import batched

    monkeypatch.setattr(batched.psutil, "cpu_count", lambda *, logical: None if logical else real)
    monkeypatch.setattr(batched, "usable_cores", lambda: usable)
    assert batched._inference_threads(at_once) == threads


def test_a_slow_machine_loses_no_picture_of_a_batch(
    detector: UltralyticsDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library stops suppressing after some time and leaves the rest of a batch empty."""
    from ultralytics.utils import nms

    clock = iter(range(0, 10**6, 100))
    monkeypatch.setattr(nms.time, "time", lambda: next(clock))
    detector._batch_size = 4
    frames = [models.frame(models.blobs(90, 160, n), n) for n in range(4)]
    assert all(len(found) for found in detector.detect(frames))


def test_an_input_size_is_rounded_up_to_the_stride(weights_file: Path) -> None:
    from codefx_desktop.vision.detector import UltralyticsDetector
    from codefx_desktop.vision.device import choose_device
    from codefx_desktop.vision.weights import load_detection_weights

    request = DetectorRequest(weights_file, iou=0.5, image_size_px=100, device="cpu")
    weights = load_detection_weights(weights_file)
    assert UltralyticsDetector(weights, request, choose_device("cpu")).info.image_size_px == 128
