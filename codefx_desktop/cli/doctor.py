"""``codefx doctor``: what this machine can do, and where everything is."""

from __future__ import annotations

import platform
import shutil
import threading
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from codefx_desktop import __version__
from codefx_desktop.bootstrap import check_operators, new_vision
from codefx_desktop.cli.output import EXIT_FAILED, say, say_json
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.settings.paths import AppPaths, app_paths, resource
from codefx_desktop.settings.settings import Settings, load_settings
from codefx_desktop.settings.weights import DEMO_CLIP, DEMO_MODEL, DEMO_SEGMENTER, find_weights

if TYPE_CHECKING:
    from collections.abc import Callable

TRIED_SIZE = (1920, 1080)
TRIED_CLOCK = Fraction(1, 90_000)
PACKAGES = (
    "PySide6-Essentials",
    "torch",
    "torchvision",
    "ultralytics",
    "opencv-python",
    "av",
    "numpy",
    "sqlalchemy",
    "alembic",
    "scenedetect",
    "facenet-pytorch",
    "toon-format",
    "boto3",
    "keyring",
)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show versions, device, codecs, disk and paths; exit code 1 if something needed is missing."""
    paths, settings = app_paths(), load_settings()
    report, troubles = _report(paths, settings)
    if as_json:
        say_json({**report, "troubles": troubles})
    else:
        for section, values in report.items():
            say(section)
            for name, value in values.items():
                say(f"  {name:<18} {value}")
        for trouble in troubles:
            say(f"TROUBLE: {trouble}")
        if not troubles:
            say("Everything needed is here.")
    raise typer.Exit(EXIT_FAILED if troubles else 0)


def _report(paths: AppPaths, settings: Settings) -> tuple[dict[str, dict[str, Any]], list[str]]:
    troubles: list[str] = []
    versions = {"codefx-desktop": __version__, "python": platform.python_version()}
    versions["system"] = platform.platform()
    versions |= {name: _version(name, troubles) for name in PACKAGES}
    report = {
        "versions": versions,
        "device": _part(lambda: _device(paths, settings), troubles),
        "operators": _part(lambda: {"torchvision": check_operators(paths)}, troubles),
        "video": _part(_codecs, troubles),
        "encoders": _encoders(paths, settings, troubles),
        "weights": _weights(paths, settings),
        "paths": {
            "data": str(paths.data),
            "history": str(settings.history_path(paths)),
            "settings file": str(paths.settings_file),
            "logs": str(paths.logs),
        },
        "disk": {"free bytes": shutil.disk_usage(_existing(paths.data)).free},
    }
    for name in (DEMO_CLIP, DEMO_MODEL, DEMO_SEGMENTER):
        _part(lambda name=name: {"path": str(resource(name))}, troubles)  # type: ignore[misc]
    return report, troubles


def _version(name: str, troubles: list[str]) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        troubles.append(f"The package {name} is not installed.")
        return "not found"


def _part(make: Callable[[], dict[str, Any]], troubles: list[str]) -> dict[str, Any]:
    try:
        return make()
    except (CodefxError, OSError, ImportError) as error:
        troubles.append(str(error))
        return {"error": str(error)}


def _device(paths: AppPaths, settings: Settings) -> dict[str, Any]:
    info = new_vision(paths).device(settings.device)
    return {
        "name": info.name,
        "label": info.label,
        "reason": info.reason,
        "memory bytes": info.memory_bytes,
    }


def _codecs() -> dict[str, Any]:
    from codefx_desktop.video.codecs import available

    return dict(available())


def _encoders(paths: AppPaths, settings: Settings, troubles: list[str]) -> dict[str, Any]:
    """Try every encoder afresh, as a job of an ordinary clip would use it."""
    from codefx_desktop.jobs.encoder_trials import EncoderTrials
    from codefx_desktop.video.encoders import X264, EncodePlan

    trials = EncoderTrials(settings.video_encoder, paths.cache)
    plan, never = EncodePlan(*TRIED_SIZE, TRIED_CLOCK), threading.Event()
    outcomes = trials.examine(plan, never)
    found = {
        one.name: f"passed its trial ({one.seconds:.1f} s)" if one.passed else one.reason
        for one in outcomes
    }
    if not outcomes[0].passed:
        troubles.append(f"{X264.name} did not pass its trial: {outcomes[0].reason}.")
    return {"tried with": "{} x {}".format(*TRIED_SIZE), **found, "setting": settings.video_encoder}


def _weights(paths: AppPaths, settings: Settings) -> dict[str, Any]:
    try:
        found = find_weights(JobSpec(), settings, paths)
    except CodefxError as error:
        return {"path": "not found", "reason": str(error)}
    return {"path": str(found.path), "reason": found.reason}


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
