"""Where weights files are on this machine, and which of them a job takes by itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import WeightsError
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.models import WEIGHTS_SUFFIX, ModelPlace, ModelRole, ModelUse
from codefx_desktop.settings.paths import program_dir, resource
from codefx_desktop.settings.weights import (
    DEMO_MODEL,
    DEMO_SEGMENTER,
    find_segment_weights,
    find_weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.settings import Settings


class Places:
    """Knows the places; a file that is named in several ways is one file.

    Args:
        paths: The app's folders.
        settings: The settings.
    """

    def __init__(self, paths: AppPaths, settings: Settings) -> None:
        self._paths, self._settings = paths, settings

    def all(self, named: Iterable[Path]) -> dict[Path, frozenset[ModelPlace]]:
        """Return every file with the places it is in or named by.

        Args:
            named: Files that jobs name, wherever they are.
        """
        settings = self._settings
        of_settings = (settings.yolo_weights_path, settings.segment_weights_path)
        groups: list[tuple[ModelPlace, Iterable[Path]]] = [
            (ModelPlace.OWN, weights_files(self._paths.weights)),
            (ModelPlace.PROGRAM, weights_files(program_dir() / "model_weights")),
            (ModelPlace.DEMO, _demo()),
            (ModelPlace.SETTINGS, [path for path in of_settings if path is not None]),
            (ModelPlace.JOBS, named),
        ]
        found: dict[str, tuple[Path, set[ModelPlace]]] = {}
        for place, paths in groups:
            for path in map(_plain, paths):
                found.setdefault(_key(path), (path, set()))[1].add(place)
        return {path: frozenset(places) for path, places in found.values()}

    def roles(self) -> dict[ModelRole, Path]:
        """Return what a job that names no file takes."""
        roles = {}
        finders = {
            ModelRole.DETECTOR: find_weights,
            ModelRole.SEGMENTER: find_segment_weights,
        }
        for role, find in finders.items():
            with suppress(WeightsError):
                roles[role] = _plain(find(JobSpec(), self._settings, self._paths).path)
        return roles

    def use(self, path: Path, uses: Mapping[Path, ModelUse]) -> ModelUse:
        """Return the use of a file, however jobs spell its path."""
        same = [use for named, use in uses.items() if same_file(named, path)]
        if not same:
            return ModelUse()
        newest = max(same, key=lambda use: use.last_at.timestamp() if use.last_at else 0.0)
        return ModelUse(
            sum(use.jobs for use in same),
            sum(use.waiting for use in same),
            newest.last_job_id,
            newest.last_clip,
            newest.last_at,
        )


def weights_files(folder: Path) -> list[Path]:
    """Return the weights files of a folder; none if it cannot be read."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    # Names that begin with a dot are none: macOS keeps a file's attributes in "._name".
    return [
        _plain(path)
        for path in inside
        if path.suffix.lower() == WEIGHTS_SUFFIX and path.name[0] != "." and path.is_file()
    ]


def same_file(one: Path, other: Path) -> bool:
    """Return whether two paths are spellings of one, on this system."""
    return _key(_plain(one)) == _key(_plain(other))


def _demo() -> list[Path]:
    with suppress(FileNotFoundError):  # ``codefx doctor`` says so
        return [resource(DEMO_MODEL), resource(DEMO_SEGMENTER)]
    return []


def _plain(path: Path) -> Path:
    """Return an absolute path without ``..``; links stay as they are named."""
    path = path.expanduser().absolute()
    return Path(os.path.normpath(path)) if ".." in path.parts else path


def _key(path: Path) -> str:
    """Return what two spellings of one path share on this system."""
    return os.path.normcase(path)
