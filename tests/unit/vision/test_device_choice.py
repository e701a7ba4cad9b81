from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest

from codefx_desktop.domain.errors import DeviceError

GIB = 2**30


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the module, on a machine that has no GPU whatever this one has."""
    from codefx_desktop.vision import device

    monkeypatch.setattr(device.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(device.torch.backends.mps, "is_available", lambda: False)
    return device


def give_gpus(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch, *memory: int, broken: tuple[int, ...] = ()
) -> None:
    cuda = device.torch.cuda
    monkeypatch.setattr(cuda, "is_available", lambda: True)
    monkeypatch.setattr(cuda, "device_count", lambda: len(memory))
    monkeypatch.setattr(cuda, "get_device_name", lambda i: f"GPU {i}")
    monkeypatch.setattr(
        cuda, "get_device_properties", lambda i: SimpleNamespace(total_memory=memory[i])
    )
    real = device._trouble

    def trouble(name: str) -> str | None:
        kind, _, index = name.partition(":")
        if kind != "cuda":
            return real(name)
        return "no kernel image" if int(index) in broken else None

    monkeypatch.setattr(device, "_trouble", trouble)


def test_without_a_gpu_it_is_the_cpu_and_says_why(device: ModuleType) -> None:
    info = device.choose_device("auto")
    assert info.name == "cpu"
    assert "core" in info.label
    assert "NVIDIA" in info.reason or "CUDA" in info.reason
    assert info.memory_bytes
    assert info.memory_bytes > GIB


def test_the_gpu_with_the_most_memory_is_taken(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_gpus(device, monkeypatch, 8 * GIB, 24 * GIB, 12 * GIB)
    info = device.choose_device("auto")
    assert (info.name, info.label, info.memory_bytes) == ("cuda:1", "GPU 1", 24 * GIB)


def test_a_broken_gpu_is_passed_over(device: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    give_gpus(device, monkeypatch, 8 * GIB, 24 * GIB, broken=(1,))
    assert device.choose_device("auto").name == "cuda:0"


def test_only_broken_gpus_mean_the_cpu_with_the_reason(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_gpus(device, monkeypatch, 8 * GIB, broken=(0,))
    info = device.choose_device("auto")
    assert info.name == "cpu"
    assert "cuda:0 is visible but does not work (no kernel image)" in info.reason


@pytest.mark.parametrize(("wanted", "name"), [("cuda", "cuda:0"), ("cuda:1", "cuda:1")])
def test_a_named_gpu_is_taken(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch, wanted: str, name: str
) -> None:
    give_gpus(device, monkeypatch, 24 * GIB, 8 * GIB)
    assert device.choose_device(wanted).name == name


def test_a_named_gpu_that_is_not_there_is_an_error_that_names_the_others(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_gpus(device, monkeypatch, 24 * GIB)
    with pytest.raises(DeviceError, match="no device cuda:3") as caught:
        device.choose_device("cuda:3")
    assert "cuda:0" in caught.value.hint


def test_a_named_gpu_that_is_broken_is_an_error(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_gpus(device, monkeypatch, 24 * GIB, broken=(0,))
    with pytest.raises(DeviceError, match="no kernel image"):
        device.choose_device("cuda:0")


@pytest.mark.parametrize("wanted", ["cuda:0", "mps", "tpu", "cuda:x", "", "CPU:0"])
def test_what_is_not_there_is_an_error_with_a_hint(device: ModuleType, wanted: str) -> None:
    with pytest.raises(DeviceError) as caught:
        device.choose_device(wanted)
    assert "cpu" in caught.value.hint


def test_apples_gpu_that_does_not_work_falls_to_the_cpu(
    device: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device.torch.backends.mps, "is_built", lambda: True)
    monkeypatch.setattr(device.torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(device, "_trouble", lambda _: "old system")
    info = device.choose_device("auto")
    assert info.name == "cpu"
    assert "Apple's GPU is visible but does not work (old system)" in info.reason


def test_the_trial_really_computes(device: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert device._trouble("cpu") is None
    monkeypatch.setattr(device.torch.nn.functional, "conv2d", lambda picture, _: picture.sum() * 0)
    assert device._trouble("cpu") == "a trial computation gave a wrong result"


def test_a_device_torch_cannot_use_is_a_trouble_in_one_line(device: ModuleType) -> None:
    import torch

    absent = "cuda:0" if torch.cuda.device_count() == 0 else "cuda:99"
    trouble = device._trouble(absent)
    assert trouble
    assert "\n" not in trouble
