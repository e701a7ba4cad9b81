"""Where the app keeps its data, and where its resources are."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "CodeFx Desktop"
HOME_VARIABLE = "CODEFX_HOME"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Folders of the app. Nothing is created by asking.

    Attributes:
        data: Root of everything that is kept: history, jobs, weights.
        settings_file: The settings file (TOML).
        logs: Log and crash files.
        cache: What can be made again (thumbnails, library caches).
    """

    data: Path
    settings_file: Path
    logs: Path
    cache: Path

    @property
    def history(self) -> Path:
        """The history database."""
        return self.data / "history.sqlite"

    @property
    def outbox(self) -> Path:
        """The outbox database: what is to be pushed."""
        return self.data / "outbox.sqlite"

    @property
    def staging(self) -> Path:
        """Folder of what is made for pushing only."""
        return self.data / "staging"

    @property
    def weights(self) -> Path:
        """Folder in which a person keeps weights."""
        return self.data / "model_weights"

    @property
    def proxies(self) -> Path:
        """Folder of proxies.

        Not in the cache, although a proxy can be made again: that takes minutes, and systems
        empty caches when a disk fills up, which is when a person at the track needs them.
        """
        return self.data / "proxies"

    @property
    def libraries(self) -> Path:
        """Folder that libraries are told to keep their files in."""
        return self.cache / "libraries"


def app_paths() -> AppPaths:
    """Return the app's folders; ``CODEFX_HOME`` moves all of them to one place."""
    home = os.environ.get(HOME_VARIABLE, "").strip()
    if home:
        root = Path(home).expanduser().absolute()
        return AppPaths(root, root / "settings.toml", root / "logs", root / "cache")
    dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
    return AppPaths(
        Path(dirs.user_data_dir),
        Path(dirs.user_config_dir) / "settings.toml",
        Path(dirs.user_log_dir),
        Path(dirs.user_cache_dir),
    )


def program_dir() -> Path:
    """Return the folder of the checkout, or of the frozen program."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """Return the path of a bundled resource.

    In a wheel and in a frozen program the folder is inside the package; in a checkout beside it.

    Raises:
        FileNotFoundError: If the installation lacks it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "resources", package.parent / "resources"):
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation lacks resources/{name}; install the program again")
