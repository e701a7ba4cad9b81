"""Pictures through a model in batches that fit in memory, on a device that may break."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

import psutil
import torch

from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.vision.device import usable_cores

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from types import TracebackType

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.ports import DeviceInfo

log = logging.getLogger(__name__)

_MEMORY_WORDS = ("out of memory", "can't allocate memory", "not enough memory")
_DEVICE_WORDS = ("CUDA", "cuDNN", "cuBLAS", "HIP", "MPS", "Metal")

Found = TypeVar("Found")


class BatchedModel(ABC, Generic[Found]):
    """What models have in common: batches, memory, a device.

    Args:
        device: Where it runs.
        batch_sizes: Pictures per call at first, by type of device.
        at_once: How many models work at the same time.
    """

    def __init__(
        self, device: DeviceInfo, batch_sizes: Mapping[str, int], at_once: int = 1
    ) -> None:
        self._label = device.label
        self._device = torch.device(device.name)
        self._batch_size = batch_sizes[self._device.type]
        if self._device.type == "cpu":
            torch.set_num_threads(_inference_threads(at_once))

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring; halved when the memory did not hold them."""
        return self._batch_size

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the device's memory; the model is of no use afterwards."""
        self._forget_model()
        self._forget_batch()
        self._release_memory()

    @abstractmethod
    def _kind(self, size: tuple[int, int]) -> Hashable:
        """Return what pictures, by (height, width), must have in common to share a batch."""

    @abstractmethod
    def _run(self, pictures: Sequence[Pixels]) -> list[Found]:
        """Return what is found in pictures of one kind."""

    @abstractmethod
    def _forget_model(self) -> None:
        """Drop the model."""

    def _forget_batch(self) -> None:
        """Drop what is kept on the device between batches."""

    def _run_all(self, pictures: Sequence[Pixels]) -> list[Found]:
        """Return what is found in each picture; they may differ in size and number.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        kinds = [self._kind((p.shape[0], p.shape[1])) for p in pictures]
        found: dict[int, Found] = {}
        for kind in dict.fromkeys(kinds):
            waiting = [i for i, other in enumerate(kinds) if other == kind]
            while waiting:
                batch = waiting[: self._batch_size]
                results = self._try_batch([pictures[i] for i in batch])
                if results is None:
                    self._halve(len(batch))
                    continue
                found.update(zip(batch, results, strict=True))
                del waiting[: len(batch)]
        return [found[i] for i in range(len(pictures))]

    def _try_batch(self, pictures: Sequence[Pixels]) -> list[Found] | None:
        """Return what is found, or None when the batch does not fit in memory."""
        try:
            return self._run(pictures)
        except (RuntimeError, MemoryError) as error:
            if len(pictures) > 1 and _is_memory(error):
                return None  # the traceback holds the batch's tensors: free it before trying again
            if translated := self._translate(error):
                raise translated from error
            raise

    def _halve(self, batch: int) -> None:
        self._batch_size = max(1, batch // 2)
        self._forget_batch()
        self._release_memory()
        log.warning(
            "%s: %d pictures at once do not fit in memory; going on with %d",
            self._label,
            batch,
            self._batch_size,
        )

    def _release_memory(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        elif self._device.type == "mps":
            torch.mps.empty_cache()

    def _translate(self, error: BaseException) -> DeviceError | None:
        """Return what a device's trouble means to a person; None if it is none of the device."""
        if _is_memory(error):
            return DeviceError(
                f"The memory of {self._device} does not hold the model and one picture.",
                hint="Close other programs, choose a smaller input size, or choose the CPU.",
            )
        if self._device.type != "cpu" and any(word in str(error) for word in _DEVICE_WORDS):
            first = (str(error).strip().splitlines() or [""])[0]
            return DeviceError(
                f"The device {self._device} broke while working: {first}",
                hint="Run the job again; if it happens again, choose the CPU.",
            )
        return None


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(w in str(error) for w in _MEMORY_WORDS)


def _inference_threads(at_once: int) -> int:
    """Return one thread per real core: a second one on the same core only waits for its memory.

    Models that work at the same time share the cores: threads of one model wait for each other,
    and would wait for a core that another model has.

    Source: measured on 2 cores with YOLO11n at 384x640, 34 ms a picture with two threads and
    60 ms with the one that Ultralytics leaves. Detector, segmenter and faces together with two
    threads each 279 ms of processor time a frame, with one each 245.
    """
    cores = max(1, min(psutil.cpu_count(logical=False) or 1, usable_cores()))
    return -(-cores // max(1, at_once))
