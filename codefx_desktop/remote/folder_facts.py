"""What is known of each object in a folder, noted beside them so that it need not be read again.

USB drives (FAT, exFAT) and network folders have no extended attributes, so that notes are small
files below ``.codefx/facts``. A note holds nothing that cannot be found out again from the object
itself: one that is lost, or does not fit because somebody changed the object, costs time only.
That is why notes are neither synced to the drive nor missed.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.object_store import ObjectFacts, StoredObject
from codefx_desktop.remote.folder_keys import OWN_FOLDER

if TYPE_CHECKING:
    import os
    from pathlib import Path

BLOCK_BYTES: Final = 1024 * 1024
_CONTENT_TYPES: Final = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".toon": "application/x-toon",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What was found out of an object, and when the object was last changed then.

    Attributes:
        key: Of the object.
        size_bytes: Its size.
        changed_ns: Its time of change as the drive tells it.
        md5: Of its bytes, in hexadecimal; the ETag.
        sha256: Of its bytes, in hexadecimal.
        content_type: Such as ``video/mp4``.
    """

    key: str
    size_bytes: int
    changed_ns: int
    md5: str
    sha256: str
    content_type: str


class Notes:
    """Reads and writes notes.

    Args:
        root: The folder that holds the objects.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / OWN_FOLDER / "facts"

    def write(self, key: str, path: Path, md5: str, sha256: str, content_type: str) -> None:
        """Note what an object is that was just put in place."""
        state = path.stat()
        self._write(Note(key, state.st_size, state.st_mtime_ns, md5, sha256, content_type))

    def forget(self, key: str) -> None:
        """Remove a note, if there is one."""
        with suppress(OSError):
            self._place(key).unlink()

    def is_noted(self, key: str) -> bool:
        """Return whether something is known of what is, or was, under a key."""
        return self._place(key).exists()

    def facts(self, key: str, path: Path) -> ObjectFacts | None:
        """Return what is known of an object, reading it where its note does not fit.

        None where there is no such file.
        """
        try:
            state = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not path.is_file():
            return None
        note = self._read(key)
        # FAT keeps times by two seconds and in local time: another time alone proves nothing.
        if note is None or (note.size_bytes, note.changed_ns) != (state.st_size, state.st_mtime_ns):
            note = self._found_out(key, path, state, note)
        stored = StoredObject(
            key, state.st_size, note.md5, datetime.fromtimestamp(state.st_mtime, UTC)
        )
        return ObjectFacts(stored, note.content_type, note.sha256, {"sha256": note.sha256})

    def _found_out(self, key: str, path: Path, state: os.stat_result, old: Note | None) -> Note:
        md5, sha256 = sums(path)
        content_type = (
            old.content_type
            if old is not None and old.md5 == md5
            else _CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
        )
        note = Note(key, state.st_size, state.st_mtime_ns, md5, sha256, content_type)
        if state.st_size:  # an empty file may be a claim (``placing``), and nothing is known of it
            self._write(note)
        return note

    def _place(self, key: str) -> Path:
        # By sum, not by key: a second tree of long names would not fit in Windows' 260 characters.
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        return self._folder / name[:2] / f"{name}.json"

    def _read(self, key: str) -> Note | None:
        try:
            note = Note(**json.loads(self._place(key).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return note if note.key == key else None

    def _write(self, note: Note) -> None:
        place = self._place(note.key)
        part = place.with_name(f"{uuid.uuid4().hex}.part")
        with suppress(OSError):  # a drive may be full, or for reading only
            place.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(asdict(note)), "utf-8")
            part.replace(place)


def sums(path: Path) -> tuple[str, str]:
    """Return a file's MD5 and SHA-256, in hexadecimal."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            md5.update(block)
            sha256.update(block)
    return md5.hexdigest(), sha256.hexdigest()
