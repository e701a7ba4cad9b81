"""Safe loading: nothing in a weights file may run, and a wrong file is a clear sentence."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import models
import pytest

from codefx_desktop.domain.errors import WeightsMissing, WeightsUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.vision.weights import LoadedWeights


def load(path: Path) -> LoadedWeights:
    from codefx_desktop.vision.weights import load_detection_weights

    return load_detection_weights(path)


def load_for_segmentation(path: Path) -> LoadedWeights:
    from codefx_desktop.vision.weights import load_segmentation_weights

    return load_segmentation_weights(path)


def refused(path: Path, words: str, how: Callable[[Path], LoadedWeights] = load) -> None:
    with pytest.raises(WeightsUnusable, match=words) as caught:
        how(path)
    assert path.name in caught.value.message
    assert caught.value.hint
    assert caught.value.path == path
    assert "\n" not in str(caught.value)


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.target),)


def test_good_weights_are_described(weights_file: Path) -> None:
    weights = load(weights_file)
    assert weights.class_names == ("0", "1", "2", "3", "4")
    assert weights.sha256 == hashlib.sha256(weights_file.read_bytes()).hexdigest()
    assert weights.stride == 32
    assert not weights.end2end


def test_a_relative_path_and_capitals_are_weights_too(
    weights_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yolo11n.PT").write_bytes(weights_file.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert load(Path("yolo11n.PT")).class_names


def test_of_two_heads_the_one_with_suppression_is_used(tmp_path: Path) -> None:
    assert not load(models.save(models.untrained("yolo26n.yaml"), tmp_path / "best.pt")).end2end


def test_a_model_with_only_the_other_head_is_known_as_such(tmp_path: Path) -> None:
    model = models.untrained("yolo26n.yaml")
    model.end2end = True
    assert load(models.save(model.fuse(verbose=False), tmp_path / "best.pt")).end2end


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        load(tmp_path / "best.pt")
    with pytest.raises(FileNotFoundError):
        load(Path("yolo11n.pt"))  # a name that the library would go and download
    with pytest.raises(WeightsMissing):
        load(tmp_path / ("x" * 300) / "best.pt")  # a place that cannot even be looked at


@pytest.mark.parametrize("wrap", ["bare", "model", "ema", "train_args"])
def test_nothing_in_a_file_is_run(tmp_path: Path, wrap: str) -> None:
    import torch

    target = tmp_path / "was_here"
    bomb = Bomb(target)
    content = bomb if wrap == "bare" else {"model": None, wrap: bomb}
    path = tmp_path / "best.pt"
    torch.save(content, path)
    refused(path, "could run code|cannot be loaded")
    assert not target.exists()
    torch.load(path, weights_only=False)  # the bomb does work
    assert target.exists()


def test_nothing_in_a_plain_pickle_is_run(tmp_path: Path) -> None:
    path = tmp_path / "best.pt"
    path.write_bytes(pickle.dumps(Bomb(tmp_path / "was_here")))
    refused(path, "not a weights file")
    assert not (tmp_path / "was_here").exists()


def test_a_bomb_inside_a_good_model_does_not_run(weights_file: Path, tmp_path: Path) -> None:
    model = models.untrained()
    model.model[0].surprise = Bomb(tmp_path / "was_here")
    refused(models.save(model, tmp_path / "best.pt"), "could run code")
    assert not (tmp_path / "was_here").exists()


def test_a_model_that_carries_code_as_text_does_not_run_it(tmp_path: Path) -> None:
    """Activations of a yaml are evaluated by the library when a model is built from it."""
    model = models.untrained()
    target = tmp_path / "was_here"
    model.yaml["activation"] = f"__import__('os').mkdir({str(target)!r})"
    load(models.save(model, tmp_path / "best.pt"))
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("best.pt", b"", "is empty"),
        ("best.pt", b"these are not the weights", "not a weights file"),
        ("best.pt", Path(models.__file__).read_bytes(), "not a weights file"),
        ("best.pt", b"nc: 5\nbackbone: []\nhead: []\n", "not a weights file"),
        ("best.yaml", b"nc: 5\n", r"not a \.pt file"),
        ("best.onnx", b"PK\x03\x04", r"not a \.pt file"),
        ("best.pt", b"PK\x03\x04 and no more", "cut short or damaged"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, words)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_file_is_refused(weights_file: Path, tmp_path: Path, share: float) -> None:
    whole = weights_file.read_bytes()
    path = tmp_path / "best.pt"
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, "cut short or damaged")


def test_a_file_with_its_middle_overwritten_is_refused(weights_file: Path, tmp_path: Path) -> None:
    content = bytearray(weights_file.read_bytes())
    content[200:4000] = bytes(3800)
    path = tmp_path / "best.pt"
    path.write_bytes(content)
    refused(path, "cannot be loaded|holds more")


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "best.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("letter.txt", "hello")
    refused(path, "cannot be loaded")


def test_bare_tensors_are_refused(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "best.pt"
    torch.save({"layer.weight": torch.zeros(3)}, path)
    refused(path, "cannot be loaded|holds more")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.pt").mkdir()
    refused(tmp_path / "folder.pt", "not a file")
    os.mkfifo(tmp_path / "pipe.pt")
    refused(tmp_path / "pipe.pt", "not a file")


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("yolo11n-seg.yaml", "is a segmentation model; detection weights are wanted"),
        ("yolo11n-cls.yaml", "is a classification model"),
        ("yolo11n-pose.yaml", "is a pose model"),
        ("yolo11n-obb.yaml", "is an oriented box model"),
    ],
)
def test_a_model_of_another_task_is_refused_by_name(tmp_path: Path, yaml: str, words: str) -> None:
    refused(models.save(models.untrained(yaml), tmp_path / "best.pt"), words)


def test_a_segmentation_model_that_calls_itself_detection_is_refused(tmp_path: Path) -> None:
    model = models.untrained("yolo11n-seg.yaml")
    model.task = "detect"
    refused(models.save(model, tmp_path / "best.pt"), "detection weights are wanted")


def test_segmentation_weights_are_described(tmp_path: Path) -> None:
    path = models.save(models.untrained("yolo11n-seg.yaml"), tmp_path / "best.pt")
    weights = load_for_segmentation(path)
    assert weights.task == "segment"
    assert weights.class_names == ("0", "1", "2", "3", "4")
    assert weights.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_detection_model_is_refused_for_segmentation(weights_file: Path) -> None:
    words = r"is a detection model; segmentation weights are wanted\. Choose segmentation weights"
    refused(weights_file, words, load_for_segmentation)


@pytest.mark.parametrize("yaml", ["yolo11n-pose.yaml", "yolo11n-cls.yaml"])
def test_other_models_are_refused_for_segmentation(tmp_path: Path, yaml: str) -> None:
    path = models.save(models.untrained(yaml), tmp_path / "best.pt")
    refused(path, "segmentation weights are wanted", load_for_segmentation)


def test_nothing_in_a_file_is_run_for_segmentation_either(tmp_path: Path) -> None:
    model = models.untrained("yolo11n-seg.yaml")
    model.model[0].surprise = Bomb(tmp_path / "was_here")
    path = models.save(model, tmp_path / "best.pt")
    refused(path, "could run code", load_for_segmentation)
    assert not (tmp_path / "was_here").exists()


@pytest.mark.parametrize("names", [{}, [], None])
@pytest.mark.parametrize("yaml", ["yolo11n.yaml", "yolo11n-seg.yaml"])
def test_weights_without_classes_are_refused(tmp_path: Path, yaml: str, names: object) -> None:
    model = models.untrained(yaml)
    model.names = names
    how = load_for_segmentation if "seg" in yaml else load
    refused(models.save(model, tmp_path / "best.pt"), "which classes it knows", how)


def test_a_class_without_a_name_is_called_by_its_number(tmp_path: Path) -> None:
    model = models.untrained()
    model.names = {0: "car", 3: "jack"}
    names = load(models.save(model, tmp_path / "best.pt")).class_names
    assert names == ("car", "class 1", "class 2", "jack", "class 4")


def test_a_model_for_other_channels_is_refused(tmp_path: Path) -> None:
    model = models.untrained()
    model.yaml["channels"] = 6
    refused(models.save(model, tmp_path / "best.pt"), "6 channels")


def test_a_model_that_does_not_run_is_refused(tmp_path: Path) -> None:
    model = models.untrained()
    del model.model[3]
    refused(models.save(model, tmp_path / "best.pt"), "does not run")


@pytest.mark.parametrize("version", ["2.5.1", "1.13.0+cu117"])
def test_an_old_torch_loads_nothing(
    weights_file: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """The library would fall back to careless loading there without a word."""
    from codefx_desktop.vision import weights

    monkeypatch.setattr(weights.torch, "__version__", version)
    with pytest.raises(WeightsUnusable, match="cannot load weights safely"):
        load(weights_file)


@pytest.mark.parametrize("missing", ["SUPPORTED", "SAFE_LOAD", "_SafeLoad"])
def test_without_restricted_loading_nothing_is_loaded(
    weights_file: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    from ultralytics.nn import tasks

    if missing == "SUPPORTED":
        monkeypatch.setattr(tasks._SafeLoad, "SUPPORTED", False)
    elif missing == "SAFE_LOAD":
        monkeypatch.setattr(tasks, "SAFE_LOAD", False)
    else:
        monkeypatch.delattr(tasks, "_SafeLoad")
    with pytest.raises(WeightsUnusable, match=r"safely|Safe loading"):
        load(weights_file)


def test_a_look_runs_nothing_in_a_file(tmp_path: Path) -> None:
    from codefx_desktop.vision.weights import inspect_weights

    model = models.untrained("yolo11n-pose.yaml")
    model.model[0].surprise = Bomb(tmp_path / "was_here")
    with pytest.raises(WeightsUnusable, match="could run code"):
        inspect_weights(models.save(model, tmp_path / "best.pt"))
    assert not (tmp_path / "was_here").exists()


def test_a_look_refuses_what_a_job_would_refuse(tmp_path: Path) -> None:
    from codefx_desktop.vision.weights import inspect_weights

    model = models.untrained("yolo11n-seg.yaml")
    del model.model[3]
    with pytest.raises(WeightsUnusable, match="does not run"):
        inspect_weights(models.save(model, tmp_path / "best-seg.pt"))
    model = models.untrained()
    model.yaml["channels"] = 6
    with pytest.raises(WeightsUnusable, match="6 channels"):
        inspect_weights(models.save(model, tmp_path / "best.pt"))
