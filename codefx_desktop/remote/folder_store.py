"""A folder on a USB drive or a NAS, with the layout of a bucket.

Objects are plain files under their keys, so that a person finds ``jobs/<id>/output/...`` without
this program. Whatever is not whole lies below ``.codefx`` on the same drive, and gets its name when
the drive has it. An ETag is the MD5 of the bytes, for objects that came in parts too.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import ForeignObject, NotOffered, ObjectMissing, RemoteError
from codefx_desktop.domain.object_store import LONGEST_LINK_S, StoreTraits
from codefx_desktop.remote.folder_errors import at_the_door, require_folder
from codefx_desktop.remote.folder_facts import Notes
from codefx_desktop.remote.folder_keys import OWN_FOLDER, key_of, path_of
from codefx_desktop.remote.folder_uploads import Assembled, FolderUploads
from codefx_desktop.remote.partial import BLOCK_BYTES, Partial
from codefx_desktop.remote.placing import (
    put_in_free_place,
    put_in_place,
    read_from_drive,
    write_synced,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.object_store import (
        LifecycleRule,
        ObjectFacts,
        OpenUpload,
        Sending,
        StoredObject,
    )
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target

_TRAITS: Final = StoreTraits(
    smallest_part_bytes=1, most_parts=1_000_000, signs_links=False, has_lifecycle=False, workers=4
)
_TRIES: Final = 3
"""Somebody else may remove a folder, or an object, between two steps."""


class FolderStore:
    """A place that is a folder; an ``ObjectStore``.

    Args:
        target: A target of kind folder.

    Raises:
        ValueError: If the target names no folder.
    """

    def __init__(self, target: Target) -> None:
        if target.folder is None:
            raise ValueError(f"target {target.name} names no folder")
        self._root = target.folder
        self._notes = Notes(self._root)
        self._uploads = FolderUploads(self._root)

    @property
    def label(self) -> str:
        """The folder, for a person."""
        return f"folder {self._root}"

    @property
    def traits(self) -> StoreTraits:
        """What a folder can do: neither links nor rules."""
        return _TRAITS

    def pace_with(self, pace: Callable[[int], None]) -> None:
        """Do nothing: a drive takes a part at once."""

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        """See ``ObjectStore.put``."""
        with at_the_door(self._root):
            path = self._path(key)
            part = self._root / OWN_FOLDER / "parts" / f"{uuid.uuid4().hex}.part"
            part.parent.mkdir(parents=True, exist_ok=True)
            md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
            sha256 = hashlib.sha256(data).hexdigest()
            whole = Assembled(part, md5, sha256, sending.content_type)
            try:
                write_synced(part, data)
                return self._place(key, path, whole, sending)
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)

    def begin_upload(self, key: str, sending: Sending) -> str:
        """See ``ObjectStore.begin_upload``."""
        with at_the_door(self._root):
            self._path(key)
            return self._uploads.begin(key, sending)

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """See ``ObjectStore.put_part``."""
        with at_the_door(self._root):
            self._path(key)
            return self._uploads.put_part(key, upload_id, number, data)

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        """See ``ObjectStore.complete_upload``."""
        with at_the_door(self._root):
            path = self._path(key)
            whole = self._uploads.assemble(key, upload_id, etags)
            etag = self._place(key, path, whole, sending)
            self._uploads.abort(upload_id)
            return etag

    def abort_upload(self, key: str, upload_id: str) -> None:
        """See ``ObjectStore.abort_upload``."""
        with at_the_door(self._root):
            self._path(key)
            self._uploads.abort(upload_id)

    def open_uploads(self, prefix: str) -> Iterator[OpenUpload]:
        """See ``ObjectStore.open_uploads``."""
        require_folder(self._root)
        with at_the_door(self._root):
            found = list(self._uploads.open(prefix))
        return iter(found)

    def facts(self, key: str) -> ObjectFacts | None:
        """See ``ObjectStore.facts``."""
        with at_the_door(self._root):
            return self._notes.facts(key, self._path(key))

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """See ``ObjectStore.list``; files that changed since they were noted are read."""
        require_folder(self._root)
        with at_the_door(self._root):
            keys = sorted(_keys_below(self._root, prefix), key=str.encode)
            found = [self._notes.facts(key, path_of(self._root, key)) for key in keys]
        return iter([one.stored for one in found if one is not None])

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """See ``ObjectStore.read``."""
        with at_the_door(self._root):
            path = self._path(key)
            _require_object(path, key)
            return read_from_drive(path, start, stop)

    def download(
        self, key: str, path: Path, progress: Callable[[int], None], cancel: CancelSignal
    ) -> None:
        """See ``ObjectStore.download``."""
        facts = self.facts(key)
        if facts is None:
            raise _object_missing(key)
        partial = Partial(path, facts.stored, progress, cancel)
        partial.begin()
        partial.append(self._blocks(self._path(key), partial.there))
        if not partial.is_whole:
            raise RemoteError(f"{key} changed while it was read.", hint="Try again.")
        partial.end()

    def delete(self, keys: Sequence[str]) -> None:
        """See ``ObjectStore.delete``; folders that are empty then go too."""
        for key in keys:
            with at_the_door(self._root):
                path = self._path(key)
                with suppress(FileNotFoundError, NotADirectoryError):
                    path.unlink()
                self._notes.forget(key)
                _remove_empty(path.parent, self._root)

    def signed_link(self, key: str, ttl_s: int) -> str:
        """Raise: a folder has no addresses."""
        if not 1 <= ttl_s <= LONGEST_LINK_S:
            raise ValueError(f"a link works for 1 to {LONGEST_LINK_S} seconds, not {ttl_s}")
        raise NotOffered(
            f"Nobody can be given a link to {key}: {self._root} is a folder, not a bucket.",
            hint="Push the job to a bucket, or hand over the drive.",
        )

    def lifecycle(self) -> tuple[LifecycleRule, ...]:
        """Return no rules: a folder has none."""
        require_folder(self._root)
        return ()

    def set_lifecycle(self, rules: Sequence[LifecycleRule]) -> None:
        """Raise, where there are any: a folder deletes nothing by itself."""
        if rules:
            raise NotOffered(
                f"{self._root} is a folder and deletes nothing by itself.",
                hint="Delete old jobs there by hand.",
            )

    def clock_offset_s(self) -> float:
        """Return 0: a folder signs nothing, and its clock does not matter."""
        require_folder(self._root)
        return 0.0

    def close(self) -> None:
        """Do nothing: no file is held open between two calls."""

    def _path(self, key: str) -> Path:
        require_folder(self._root)
        return path_of(self._root, key)

    def _place(self, key: str, path: Path, whole: Assembled, sending: Sending) -> str:
        """Give a whole object its name, if it may have it, and note what it is."""
        for _ in range(_TRIES):
            with suppress(FileNotFoundError):  # ``delete`` took the folder away meanwhile
                path.parent.mkdir(parents=True, exist_ok=True)
                if not sending.only_new and not sending.replaces:
                    put_in_place(whole.path, path)
                elif not self._place_where_allowed(key, path, whole, sending):
                    continue
                self._notes.write(key, path, whole.md5, whole.sha256, whole.content_type)
                return whole.md5
        raise RemoteError(f"{key} keeps changing in {self._root}.", hint="Try again.")

    def _place_where_allowed(
        self, key: str, path: Path, whole: Assembled, sending: Sending
    ) -> bool:
        """Return whether the object is there; False where what was in the way has gone."""
        try:
            put_in_free_place(whole.path, path)
        except FileExistsError:
            there = self._notes.facts(key, path)
            if there is None and not path.is_dir():
                return False
            if there is None or not self._may_be_replaced(there, whole, sending):
                raise ForeignObject(
                    f"Something else is at {path}; it was not replaced.",
                    hint="Look at it, and move it away if nobody needs it.",
                    path=path,
                ) from None
            if there.stored.etag != whole.md5:
                put_in_place(whole.path, path)
        return True

    def _may_be_replaced(self, there: ObjectFacts, whole: Assembled, sending: Sending) -> bool:
        """Return whether what is there is the same, ours to replace, or a claim that broke off."""
        if there.stored.etag in (whole.md5, sending.replaces):
            return True
        return there.stored.size_bytes == 0 and not self._notes.is_noted(there.stored.key)

    def _blocks(self, path: Path, start: int) -> Iterator[bytes]:
        with at_the_door(self._root), path.open("rb") as file:
            file.seek(start)
            while block := file.read(BLOCK_BYTES):
                yield block


def _keys_below(root: Path, prefix: str) -> Iterator[str]:
    """Yield the keys of files whose keys begin with ``prefix``, not going where none can be."""
    folder = prefix.rpartition("/")[0]
    top = path_of(root, folder) if folder else root
    for place, folders, names in os.walk(top, onerror=_raise_unless_gone):
        here = root / place
        if here == root:
            folders[:] = [name for name in folders if name.casefold() != OWN_FOLDER]
        keys = (key_of(root, here / name) for name in names)
        yield from (key for key in keys if key is not None and key.startswith(prefix))


def _raise_unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders that hold nothing, as a bucket has none."""
    with suppress(OSError):  # not empty, or gone
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _require_object(path: Path, key: str) -> None:
    if not path.is_file():
        raise _object_missing(key)


def _object_missing(key: str) -> ObjectMissing:
    return ObjectMissing(
        f"There is no {key} in the folder.", hint="It may have been deleted, or never pushed."
    )
