"""Objects that come to a folder in parts, each part synced before it is confirmed.

An upload is a folder below ``.codefx/uploads``, so that a program that was killed, or another one,
goes on with it::

    upload.json    key, content type, SHA-256, when it was begun
    object.part    the parts at their places
    part_<n>.json  size and MD5 of a part that is there
    part_<n>.part  a part that came before the first one, whose size tells where it belongs
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

from codefx_desktop.domain.errors import CorruptedInFlight, RemoteError, UploadGone
from codefx_desktop.domain.object_store import OpenUpload, Sending
from codefx_desktop.remote.folder_keys import OWN_FOLDER
from codefx_desktop.remote.placing import forget_cached, sync, write_synced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BLOCK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Assembled:
    """A whole object that has no name yet."""

    path: Path
    md5: str
    sha256: str
    content_type: str


class FolderUploads:
    """The uploads of one folder.

    Args:
        root: The folder that holds the objects.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / OWN_FOLDER / "uploads"

    def begin(self, key: str, sending: Sending) -> str:
        """Begin an upload and return its id."""
        upload_id = uuid.uuid4().hex
        folder = self._folder / upload_id
        folder.mkdir(parents=True)
        begun = datetime.now(UTC).isoformat()
        told = {
            "key": key,
            "begun": begun,
            "content_type": sending.content_type,
            "sha256": sending.sha256,
        }
        (folder / "object.part").touch()
        write_synced(folder / "upload.json", json.dumps(told).encode())
        return upload_id

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """Keep a part and return its MD5.

        Raises:
            UploadGone: If the upload is not known.
            RemoteError: If the part is larger than the first one.
        """
        folder = self._known(key, upload_id)[0]
        part_bytes = len(data) if number == 1 else _size_of(folder, 1)
        loose = folder / f"part_{number}.part"
        loose.unlink(missing_ok=True)
        if part_bytes is None:
            write_synced(loose, data)
        elif len(data) > part_bytes:
            raise RemoteError(f"Part {number} of {key} is larger than the first one.")
        else:
            with (folder / "object.part").open("r+b") as file:
                file.seek((number - 1) * part_bytes)
                file.write(data)
                file.flush()
                sync(file.fileno())
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        _replace(folder / f"part_{number}.json", {"size": len(data), "md5": md5})
        return md5

    def assemble(self, key: str, upload_id: str, etags: Sequence[str]) -> Assembled:
        """Read every part back, and return the whole.

        Raises:
            UploadGone: If the upload, or a part with one of the ETags, is not known.
            CorruptedInFlight: If the drive gives back something else than it was given.
            RemoteError: If the parts are not of one size.
        """
        folder, told = self._known(key, upload_id)
        sizes = _checked_sizes(folder, key, etags)
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        whole = folder / "object.part"
        if not whole.exists():  # it got its name, and the answer was lost
            raise _gone(key)
        with whole.open("r+b") as file:
            forget_cached(file.fileno())
            for number, (etag, size) in enumerate(zip(etags, sizes, strict=True), start=1):
                part = hashlib.md5(usedforsecurity=False)
                for block in _blocks(folder, file, number, sizes):
                    for digest in (part, md5, sha256):
                        digest.update(block)
                if part.hexdigest() != etag:
                    raise _damaged(key)
                file.seek((number - 1) * sizes[0] + size)
            file.truncate(sum(sizes))
            sync(file.fileno())
        if told["sha256"] and told["sha256"] != sha256.hexdigest():
            raise _damaged(key)
        return Assembled(whole, md5.hexdigest(), sha256.hexdigest(), told["content_type"])

    def abort(self, upload_id: str) -> None:
        """Forget an upload and its parts, if it is known."""
        if upload_id.isalnum():
            shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def open(self, prefix: str) -> Iterator[OpenUpload]:
        """Yield uploads that were begun and not ended."""
        for place in sorted(self._folder.glob("*/upload.json")):
            told = _read(place)
            if told is not None and told["key"].startswith(prefix):
                begun = datetime.fromisoformat(told["begun"])
                yield OpenUpload(told["key"], place.parent.name, begun)

    def _known(self, key: str, upload_id: str) -> tuple[Path, dict[str, str]]:
        folder = self._folder / upload_id
        told = _read(folder / "upload.json") if upload_id.isalnum() else None
        if told is None or told["key"] != key:
            raise _gone(key)
        return folder, told


def _checked_sizes(folder: Path, key: str, etags: Sequence[str]) -> list[int]:
    """Return the sizes of the parts that were confirmed with these ETags."""
    sizes: list[int] = []
    for number, etag in enumerate(etags, start=1):
        told = _read(folder / f"part_{number}.json")
        if told is None or told["md5"] != etag:
            raise _gone(key)
        sizes.append(int(told["size"]))
    if not sizes or any(size != sizes[0] for size in sizes[:-1]) or sizes[-1] > sizes[0]:
        raise RemoteError(f"The parts of {key} are not of one size.")
    return sizes


def _blocks(folder: Path, whole: IO[bytes], number: int, sizes: Sequence[int]) -> Iterator[bytes]:
    """Yield a part's bytes; one that came early is put in its place meanwhile."""
    place, left = (number - 1) * sizes[0], sizes[number - 1]
    loose = folder / f"part_{number}.part"
    if loose.exists():
        with loose.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                whole.seek(place)
                whole.write(block)
                place += len(block)
                yield block
        return
    whole.seek(place)
    while left and (block := whole.read(min(BLOCK_BYTES, left))):
        left -= len(block)
        yield block


def _size_of(folder: Path, number: int) -> int | None:
    told = _read(folder / f"part_{number}.json")
    return None if told is None else int(told["size"])


def _replace(place: Path, told: dict[str, str | int]) -> None:
    part = place.with_name(f"{uuid.uuid4().hex}.new")
    write_synced(part, json.dumps(told).encode())
    part.replace(place)


def _read(place: Path) -> dict[str, str] | None:
    with suppress(OSError, ValueError):
        told: dict[str, str] = json.loads(place.read_text("utf-8"))
        return told
    return None


def _gone(key: str) -> UploadGone:
    return UploadGone(
        f"The upload of {key}, or a part of it, is not known any more.",
        hint="It is begun again.",
    )


def _damaged(key: str) -> CorruptedInFlight:
    return CorruptedInFlight(
        f"The drive gave back something else than it was given for {key}.",
        hint="It is sent again; if this comes back, the drive is failing: take another one.",
    )
