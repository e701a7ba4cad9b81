"""Weights files in a target: listed under a prefix, fetched, and checked before they get a name.

What proves a file is, in this order: the SHA-256 that the object carries as metadata (what this
program pushed does), an object ``<key>.sha256`` beside it as ``sha256sum`` writes it, or an ETag
that is the MD5 of the whole. Without one of these nothing is kept: weights are code to be trusted.
"""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import DownloadDamaged, NotWritable, ObjectMissing
from codefx_desktop.domain.models import WEIGHTS_SUFFIX, Transfer
from codefx_desktop.jobs.model_folder import file_size, remove_file
from codefx_desktop.jobs.model_values import BucketModel, BucketModels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.models import ModelKept
    from codefx_desktop.domain.object_store import ObjectFacts, ObjectStore
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.model_shelf import ModelShelf
    from codefx_desktop.jobs.target_keeper import TargetKeeper

    Tell = Callable[[Transfer], None]

USUAL_PREFIX: Final = "models/"
MOST_LISTED: Final = 1000
TELL_S: Final = 0.1
_BESIDE_BYTES: Final = 1024
_SHA256: Final = re.compile(r"([0-9a-fA-F]{64})(\s|$)")
_MD5: Final = re.compile(r"[0-9a-f]{32}")


class ModelBucket:
    """Lists and fetches weights of targets. Blocks; belongs on a worker.

    Args:
        targets: Finds and opens targets.
        shelf: Where fetched files go.
        cache: Folder for what is on its way; a fetch that broke off goes on from there.
    """

    def __init__(self, targets: TargetKeeper, shelf: ModelShelf, cache: Path) -> None:
        self._targets, self._shelf = targets, shelf
        self._cache = cache / "models" / "fetching"

    def list(self, target_name: str, prefix: str = USUAL_PREFIX) -> BucketModels:
        """Return the weights files whose keys begin with a prefix, by key.

        Raises:
            SettingsError: If there is no such target, or it lacks something.
            RemoteError: If it cannot be asked.
        """
        target = self._targets.find(target_name)
        found: list[BucketModel] = []
        with closing(self._targets.open(target)) as store:
            for one in store.list(prefix.lstrip("/")):
                name = name_of(one.key)
                if not name.lower().endswith(WEIGHTS_SUFFIX) or not one.size_bytes:
                    continue
                is_here = file_size(self._shelf.folder / name) == one.size_bytes
                found.append(BucketModel(one.key, name, one.size_bytes, one.modified, is_here))
                if len(found) == MOST_LISTED:
                    break
        return BucketModels(target.name, prefix, tuple(found))

    def free_name(self, key: str) -> str:
        """Return a name for a file of a bucket that no model here has."""
        return self._shelf.free_name(name_of(key))

    def get(
        self, target_name: str, key: str, name: str, tell: Tell, cancel: CancelSignal
    ) -> ModelKept:
        """Fetch a weights file into the person's own folder; nothing there is ever overwritten.

        Args:
            target_name: Where it is.
            key: Of the object.
            name: Its name here; empty: the key's own.
            tell: Told how far it is.
            cancel: Ends it; what came stays for the next time.

        Raises:
            SettingsError: If there is no such target, or it lacks something.
            ObjectMissing: If there is no such object.
            RemoteError: If the target cannot be asked.
            DownloadDamaged: If nothing proves the file, or it is not what was promised.
            AlreadyThere: If another file has the name.
            WeightsError: If it cannot be loaded safely, no job can use it, or the name is none.
            OutputError: If it cannot be written.
            Cancelled: If the signal was seen.
        """
        target, name = self._targets.find(target_name), name or name_of(key)
        with closing(self._targets.open(target)) as store:
            facts = store.facts(key)
            if facts is None:
                raise ObjectMissing(
                    f"There is no {key} in the {store.label}.", hint="List what there is."
                )
            proof = _proof(store, facts)
            size_bytes = facts.stored.size_bytes
            if proof.sha256 and (kept := self._shelf.kept_as(size_bytes, proof.sha256)):
                return kept
            self._shelf.require_free(name)
            part = self._part(target.name, key, name)
            _make(part.parent)
            store.download(key, part, _Told(tell, size_bytes), cancel)
        if file_size(part) != size_bytes or not proof.holds(part):
            remove_file(part)
            raise DownloadDamaged(
                f"{key} did not arrive as {proof.source} says.",
                hint="Fetch it again; if that does not help, put it into the bucket anew.",
            )
        kept = self._shelf.add(part, name, lambda _copied: None, cancel)
        remove_file(part)
        with suppress(OSError):
            part.parent.rmdir()
        return kept

    def _part(self, target_name: str, key: str, name: str) -> Path:
        """Return where a file lies meanwhile; its name was looked at."""
        place = hashlib.sha256(f"{target_name}\n{key}".encode()).hexdigest()[:16]
        return self._cache / place / name


def name_of(key: str) -> str:
    """Return the file's name in a key."""
    return key.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class _Proof:
    """What the bytes must hash to, and who says so."""

    source: str
    sha256: str = ""
    md5: str = ""

    def holds(self, path: Path) -> bool:
        kind, wanted = ("sha256", self.sha256) if self.sha256 else ("md5", self.md5)
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: _new(kind)).hexdigest() == wanted


def _new(kind: str) -> hashlib._Hash:
    return hashlib.new(kind, usedforsecurity=kind != "md5")


def _proof(store: ObjectStore, facts: ObjectFacts) -> _Proof:
    """Return what a file is checked against.

    Raises:
        DownloadDamaged: If nothing tells.
    """
    key = facts.stored.key
    if match := _SHA256.match(facts.sha256):
        return _Proof("its SHA-256 in the bucket", match[1].lower())
    with suppress(ObjectMissing):
        beside = store.read(f"{key}.sha256", 0, _BESIDE_BYTES).decode("ascii", "replace")
        if match := _SHA256.match(beside.strip()):
            return _Proof(f"{name_of(key)}.sha256", match[1].lower())
    if _MD5.fullmatch(facts.stored.etag):
        return _Proof("its MD5 in the bucket", md5=facts.stored.etag)
    raise DownloadDamaged(
        f"Nothing in the {store.label} tells what {key} should hash to, so it is not fetched.",
        hint=f"Put its SHA-256 beside it: sha256sum {name_of(key)} > {name_of(key)}.sha256",
    )


class _Told:
    """Hands on how many bytes are there, several times a second, with their speed."""

    def __init__(self, tell: Tell, total_bytes: int) -> None:
        self._tell, self._total_bytes = tell, total_bytes
        self._began: tuple[float, int] | None = None
        self._told_s = float("-inf")

    def __call__(self, there: int) -> None:
        now = time.monotonic()
        began_s, began_bytes = self._began = self._began or (now, there)
        if there < self._total_bytes and now - self._told_s < TELL_S:
            return
        self._told_s = now
        rate = (there - began_bytes) / (now - began_s) if now > began_s else 0.0
        self._tell(Transfer(there, self._total_bytes, rate))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(
            f"{folder} cannot be made: {error.strerror or error}.",
            hint="Change the permissions of the app's cache folder.",
            path=folder,
        ) from error
