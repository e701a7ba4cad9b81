"""Which device the models run on, and why."""

from __future__ import annotations

import logging
import os
import platform
import re
from pathlib import Path

import psutil
import torch

from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.domain.ports import DeviceInfo

log = logging.getLogger(__name__)

CPU_HINT = "Choose auto, or cpu."
_NAMED_CUDA = re.compile(r"cuda(?::(\d+))?")
_CPU_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


def choose_device(wanted: str) -> DeviceInfo:
    """Choose a device and try it.

    ``auto`` takes the working CUDA device with the most memory, else Apple's GPU, else the CPU; a
    GPU that is visible but broken counts as absent, and the reason says so.

    Args:
        wanted: ``auto``, ``cpu``, ``mps``, ``cuda`` or ``cuda:N``.

    Raises:
        DeviceError: If a device was named that is not there or does not work.
    """
    if wanted == "auto":
        return _best()
    if wanted == "cpu":
        return _cpu("chosen by name")
    if wanted == "mps":
        return _named_mps()
    match = _NAMED_CUDA.fullmatch(wanted)
    if match is None:
        raise DeviceError(
            f"There is no kind of device called {wanted}.",
            hint="Choose auto, cpu, mps, or cuda:0 for the first NVIDIA GPU.",
        )
    return _named_cuda(int(match[1] or 0))


def _best() -> DeviceInfo:
    troubles = []
    for index in sorted(range(_cuda_count()), key=_cuda_memory, reverse=True):
        trouble = _trouble(f"cuda:{index}")
        if trouble is None:
            return _cuda(index, "an NVIDIA GPU that works was found")
        troubles.append(f"cuda:{index} is visible but does not work ({trouble})")
    if not troubles:
        troubles.append(_why_no_cuda())
    if _mps_there():
        trouble = _trouble("mps")
        if trouble is None:
            return _mps("Apple's GPU was found")
        troubles.append(f"Apple's GPU is visible but does not work ({trouble})")
    return _cpu("; ".join(troubles))


def _named_cuda(index: int) -> DeviceInfo:
    count = _cuda_count()
    if index >= count:
        there = ", ".join(f"cuda:{i}" for i in range(count))
        raise DeviceError(
            f"There is no device cuda:{index}: {_why_no_cuda()}."
            if not count
            else f"There is no device cuda:{index}; there is {there}.",
            hint=f"Choose {there or 'auto'}, or cpu.",
        )
    if trouble := _trouble(f"cuda:{index}"):
        raise DeviceError(
            f"The device cuda:{index} does not work: {trouble}.",
            hint=f"Check the NVIDIA driver. {CPU_HINT}",
        )
    return _cuda(index, "chosen by name")


def _named_mps() -> DeviceInfo:
    if not _mps_there():
        raise DeviceError("This machine has no Apple GPU that torch can use.", hint=CPU_HINT)
    if trouble := _trouble("mps"):
        raise DeviceError(f"Apple's GPU does not work: {trouble}.", hint=CPU_HINT)
    return _mps("chosen by name")


def _trouble(name: str) -> str | None:
    """Try a convolution there; return what went wrong, in one line, or None.

    A driver that is too old, a GPU this torch has no kernels for or a full memory all show only
    when something is computed.
    """
    try:
        with torch.inference_mode():
            picture = torch.ones((1, 3, 8, 8), device=name)
            total = torch.nn.functional.conv2d(picture, torch.ones((4, 3, 3, 3), device=name))
            right = bool((total == 27.0).all())
    except (RuntimeError, AssertionError) as error:  # asserted: that torch was built for it
        log.debug("trial on %s", name, exc_info=True)
        return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return None if right else "a trial computation gave a wrong result"


def _cuda_count() -> int:
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _cuda_memory(index: int) -> int:
    return int(torch.cuda.get_device_properties(index).total_memory)


def _why_no_cuda() -> str:
    if torch.version.cuda is None and torch.version.hip is None:
        return "this installation of torch has no CUDA"
    return "no NVIDIA GPU with a working driver was found"


def _mps_there() -> bool:
    return torch.backends.mps.is_built() and torch.backends.mps.is_available()


def _cuda(index: int, reason: str) -> DeviceInfo:
    label = torch.cuda.get_device_name(index)
    return DeviceInfo(f"cuda:{index}", label, reason, _cuda_memory(index))


def _mps(reason: str) -> DeviceInfo:
    label = f"Apple GPU ({platform.machine()})"
    return DeviceInfo("mps", label, reason, psutil.virtual_memory().total)


def _cpu(reason: str) -> DeviceInfo:
    cores = usable_cores()
    label = f"{_cpu_model()}, {cores} core{'s' if cores > 1 else ''}"
    return DeviceInfo("cpu", label, reason, psutil.virtual_memory().total)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu_model() -> str:
    """Return the processor's name; Linux keeps it in a file, others tell Python."""
    try:
        match = _CPU_MODEL.search(Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        match = None
    return match[1].strip() if match else platform.processor() or platform.machine() or "CPU"
