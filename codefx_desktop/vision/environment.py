"""Keeps the model libraries quiet, offline and inside our folders.

They read the environment once, while they are imported, and write files of their own: hence the
order here. ``prepare`` first (it imports nothing), then the libraries, then their leftovers are
put right.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.errors import NoSpace, NotWritable
from codefx_desktop.settings.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.settings.paths import AppPaths

QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
OMP_THREADS = "OMP_NUM_THREADS"

_SWITCHES = {
    "YOLO_AUTOINSTALL": "false",  # it would pip-install what it misses at run time
    "YOLO_OFFLINE": "true",
    "YOLO_VERBOSE": "false",  # its log goes to stdout, which belongs to the terminal program
    "ULTRALYTICS_SAFE_LOAD": "1",  # weights must not run code; ``weights`` checks that it took
    "WANDB_MODE": "disabled",
}
_WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}
"""Inference threads sleep while they wait for each other, instead of spinning.

Decoding and encoding run beside them; on busy cores a spinning thread holds up the one it waits
for. Source: measured with YOLO11n at 384x640, two threads on 2 cores with 4 other busy
processes: 650-900 ms a picture spinning (420-500 ms of CPU), 150 ms sleeping (61-73 ms of CPU).
"""
_FOLDERS = {
    "YOLO_CONFIG_DIR": ".",
    "TORCH_HOME": "torch",
    "MPLCONFIGDIR": "matplotlib",
    "TORCHINDUCTOR_CACHE_DIR": "torch/inductor",
    "TRITON_CACHE_DIR": "torch/triton",
    "PYTORCH_KERNEL_CACHE_PATH": "torch/kernels",
    "CUDA_CACHE_PATH": "cuda",
}
_SETTINGS_OFF = (
    *("sync", "clearml", "comet", "dvc", "mlflow", "raytune", "tensorboard", "wandb"),
    *("vscode_msg", "openvino_msg"),
)
_SETTINGS_FOLDERS = ("datasets_dir", "weights_dir", "runs_dir")


def prepare(paths: AppPaths) -> None:
    """Set the environment that the libraries read when they are imported.

    Imports none of them. What a person has set for these names does not count: the promise that
    nothing is sent, installed or written elsewhere is ours.

    Raises:
        NotWritable: If their folder cannot be made or written to.
        NoSpace: If the disk is full.
    """
    folder = paths.libraries
    os.environ.update(_SWITCHES)
    for name, value in _WAITING.items():
        os.environ.setdefault(name, value)
    os.environ.update({name: str(folder / part) for name, part in _FOLDERS.items()})
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write_first_settings(folder)


def open_libraries(paths: AppPaths) -> None:
    """Import OpenCV, torch and Ultralytics, and undo what importing them does to the process.

    Seconds at the first call, nothing later.

    Raises:
        NotWritable: If their folder cannot be made or written to.
        NoSpace: If the disk is full.
    """
    prepare(paths)
    before = {name: os.environ.get(name) for name in (*QT_VARIABLES, OMP_THREADS)}
    import cv2

    threads = cv2.getNumThreads()
    import torch  # noqa: F401 - before Ultralytics, which would hold OpenMP to one thread
    import ultralytics.utils

    # Ultralytics turns OpenCV's threads off for its data loader, and tells every child process
    # that OpenMP has one thread.
    cv2.setNumThreads(threads)
    _put_back(OMP_THREADS, before.pop(OMP_THREADS))
    restore_qt_variables(before, Path(cv2.__file__).parent)
    with _writing(paths.libraries):
        _settle(ultralytics.utils.SETTINGS, paths.libraries)
    _hand_over_log(logging.getLogger(ultralytics.utils.LOGGING_NAME))


def restore_qt_variables(before: dict[str, str | None], cv2_folder: Path) -> None:
    """Put back Qt's variables that importing OpenCV pointed at its own, foreign Qt.

    Args:
        before: Values before the import; None where there was none.
        cv2_folder: Folder of the package ``cv2``; values inside it are never kept.
    """
    for name, value in before.items():
        foreign = value is not None and Path(value).is_relative_to(cv2_folder)
        _put_back(name, None if foreign else value)


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _wanted_settings(folder: Path) -> dict[str, Any]:
    return {
        **dict.fromkeys(_SETTINGS_OFF, False),
        **{name: str(folder / name.removesuffix("_dir")) for name in _SETTINGS_FOLDERS},
    }


def _write_first_settings(folder: Path) -> None:
    """Write Ultralytics' settings before it makes its own, which would have its sync on."""
    file = folder / "Ultralytics" / "settings.json"
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(_wanted_settings(folder)), encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        kind = NoSpace if error.errno == errno.ENOSPC else NotWritable
        raise kind(
            f"The model libraries' folder {folder} cannot be written to: "
            f"{error.strerror or error}.",
            hint=f"Free some space, or name another folder with {HOME_VARIABLE}.",
            path=folder,
        ) from error


def _settle(settings: Any, folder: Path) -> None:  # noqa: ANN401 - an untyped library's dict
    """Switch off in a settings file that was already there what must be off."""
    wanted = _wanted_settings(folder)
    if any(settings.get(name) != value for name, value in wanted.items()):
        settings.update({name: value for name, value in wanted.items() if name in settings})


def _hand_over_log(log: logging.Logger) -> None:
    """Let the library's warnings reach our log instead of stdout."""
    log.handlers.clear()
    log.propagate = True
    log.setLevel(logging.WARNING)
