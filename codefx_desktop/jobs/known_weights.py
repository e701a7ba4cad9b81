"""What is known about weights files, kept in the cache: a list of them needs no model library.

A file is the same as long as its path, size and time of change are. What was found is looked at
again when this program or the model library is another one: it may load what it could not before.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop import __version__
from codefx_desktop.domain.models import ModelTask, WeightsFacts

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

MOST_FILES: Final = 500
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What a look into a file told: its facts, or why it cannot be used."""

    facts: WeightsFacts | None
    trouble: str = ""


class KnownWeights:
    """Remembers looks. Blocks; any worker.

    Programs that share the cache may overwrite each other's newest look, which is then made again.

    Args:
        cache: The app's cache folder; made if missing.
    """

    def __init__(self, cache: Path) -> None:
        self._file = cache / "models" / "known.json"

    def all(self) -> dict[str, Any]:
        """Return what is kept, to be asked of ``find`` for many files at once."""
        try:
            values = json.loads(self._file.read_text("utf-8"))
            kept = values["files"] if values["made_by"] == _made_by() else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def find(self, path: Path, kept: dict[str, Any] | None = None) -> Known | None:
        """Return what is known about a file as it is now; None if nothing is.

        Args:
            path: The file.
            kept: What ``all`` returned.
        """
        try:
            entry = (self.all() if kept is None else kept)[str(path)]
            if [entry["size_bytes"], entry["mtime_ns"]] != list(_stamp(path)):
                return None
            facts = entry["facts"]
            return Known(None if facts is None else _facts(facts), str(entry["trouble"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, path: Path, known: Known) -> None:
        """Remember a look; a file that went meanwhile is not remembered."""
        try:
            size_bytes, mtime_ns = _stamp(path)
        except OSError:
            return
        entry = {
            "size_bytes": size_bytes,
            "mtime_ns": mtime_ns,
            "facts": None if known.facts is None else asdict(known.facts),
            "trouble": known.trouble,
        }
        kept = self.all()
        kept.pop(str(path), None)
        files = dict([*kept.items(), (str(path), entry)][-MOST_FILES:])
        draft = self._file.with_suffix(f".{os.getpid()}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(
                json.dumps({"made_by": _made_by(), "files": files}, indent=1), encoding="utf-8"
            )
            draft.replace(self._file)
        except OSError as error:
            log.warning("What is known about %s was not kept: %s", path, error)


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _made_by() -> str:
    try:
        library = metadata.version("ultralytics")
    except metadata.PackageNotFoundError:  # a frozen program
        library = ""
    return f"{FORMAT} {__version__} {library}"


def _facts(values: dict[str, Any]) -> WeightsFacts:
    return WeightsFacts(
        ModelTask(values["task"]),
        str(values["kind"]),
        tuple(str(name) for name in values["class_names"]),
        int(values["parameters"]),
        int(values["size_bytes"]),
        str(values["sha256"]),
    )
