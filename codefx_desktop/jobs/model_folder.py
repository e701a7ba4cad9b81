"""The folder in which a person keeps models: what is in it, which names are free."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from codefx_desktop.domain.errors import AlreadyThere, NotWritable, WeightsError
from codefx_desktop.domain.models import WEIGHTS_SUFFIX, check_model_name
from codefx_desktop.jobs.model_places import weights_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.jobs.known_weights import KnownWeights
    from codefx_desktop.settings.paths import AppPaths

WAIT_S: Final = 10.0
"""Adding a file takes seconds; so long another program's is waited for."""


class ModelFolder:
    """Nothing in it is ever overwritten. Blocks; any worker.

    Args:
        paths: The app's folders.
        known: What is known about files.
    """

    def __init__(self, paths: AppPaths, known: KnownWeights) -> None:
        self.path = paths.weights
        self._locks = paths.cache / "models"
        self._known = known

    def same(self, size_bytes: int, sha256: str) -> Path | None:
        """Return the file that has these very bytes."""
        kept = self._known.all()
        for path in weights_files(self.path):
            if file_size(path) != size_bytes:
                continue
            known = self._known.find(path, kept)
            facts = known.facts if known else None
            if (facts.sha256 if facts else file_sha256(path)) == sha256:
                return path
        return None

    def free(self, name: str, hint: str = "") -> Path:
        """Return where a new file of this name goes.

        Args:
            name: The file's.
            hint: What to do if it is taken; by default to give it another name.

        Raises:
            WeightsError: If it cannot be a weights file's name.
            AlreadyThere: If another file has it, in whatever case of letters.
        """
        try:
            check_model_name(name)
        except ValueError as error:
            text = str(error)
            raise WeightsError(
                f"{text[0].upper()}{text[1:]}.", hint="Give it another name."
            ) from error
        if name.lower() in self._names():
            raise AlreadyThere(
                f"There is another model of the name {name}.",
                hint=hint or f"Give it another name, such as {self.free_name(name)}.",
                path=self.path / name,
            )
        return self.path / name

    def free_name(self, name: str) -> str:
        """Return a name that no file of the folder has: ``best-2.pt``."""
        taken, stem = self._names(), name[: -len(WEIGHTS_SUFFIX)]
        number = 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}{WEIGHTS_SUFFIX}", number + 1
        return name

    @contextmanager
    def alone(self, what: str, trouble: str, *, wait_s: float = WAIT_S) -> Iterator[None]:
        """Be the only one, among all programs that share the folder, that does this.

        Raises:
            NotWritable: If another one does.
        """
        lock = self._locks / f"{what}.lock"
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            held = FileLock(lock).acquire(timeout=wait_s)
        except Timeout as error:
            raise NotWritable(trouble, hint="Wait until it is done.") from error
        except OSError as error:
            raise NotWritable(
                f"The folder {lock.parent} cannot be written to: {error.strerror or error}.",
                hint="Change its permissions.",
                path=lock.parent,
            ) from error
        with held:
            yield

    def _names(self) -> set[str]:
        return {path.name.lower() for path in weights_files(self.path)}


def file_size(path: Path) -> int | None:
    """Return a file's size; None if it is not there."""
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def file_sha256(path: Path) -> str:
    """Return the hash of a file's bytes; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def remove_file(path: Path) -> None:
    """Remove a file, if it is there.

    Raises:
        NotWritable: If it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritable(
            f"{path} cannot be removed: {error.strerror or error}.",
            hint="Close programs that use it, or change its permissions.",
            path=path,
        ) from error
