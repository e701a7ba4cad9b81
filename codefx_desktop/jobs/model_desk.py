"""The models of this machine for the screen: listed, added, fetched and removed on workers."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from codefx_desktop.domain.errors import AlreadyThere
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.model_values import (
    BucketModels,
    DeedKind,
    DeedPhase,
    ModelDeed,
    NameTaken,
)
from codefx_desktop.jobs.pools import Pool, new_pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.models import ModelKept, Transfer
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.model_bucket import ModelBucket
    from codefx_desktop.jobs.model_shelf import ModelShelf

    Tell = Callable[[Transfer], None]
    Work = Callable[[ModelShelf, Tell, threading.Event], ModelKept]


class ModelDesk(Desk):
    """Answers about models; lives in the main thread, works on workers.

    Every call returns at once. A list comes at once, and again whenever a look into a file or
    anything that was done has changed it.

    Args:
        shelf_of: Returns the shelf. Called on a worker; may block until the signal it is given
            is set.
        bucket_of: Returns what lists and fetches models of targets, likewise.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    listed = Signal(object)
    """``ModelList``"""
    deed = Signal(object)
    """``ModelDeed``: each step of adding and fetching; exactly one final phase ends it."""
    name_taken = Signal(object)
    """``NameTaken``"""
    in_bucket = Signal(object)
    """``BucketModels``"""
    removed = Signal(object)
    """Path of a file that is gone."""
    trouble = Signal(str)
    """Why something that has no deed could not be done."""

    def __init__(
        self,
        shelf_of: Callable[[CancelSignal], ModelShelf],
        bucket_of: Callable[[CancelSignal], ModelBucket],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._shelf_of, self._bucket_of = shelf_of, bucket_of
        # A download waits for no copy, and a list for neither.
        self._lists, self._buckets = self._newest_calls(), self._newest_calls()
        self._files, self._net = self._queued_calls(), self._queued_calls()
        self._deeds: dict[tuple[DeedKind, str], threading.Event] = {}
        self._looked_at: set[tuple[Path, int]] = set()

    def request_list(self) -> None:
        """Ask what models there are."""
        self._do(self._lists, "list", self._list, self.trouble.emit)

    def add(self, source: Path, name: str = "") -> None:
        """Copy a file into the folder of the person's own models.

        Args:
            source: The file.
            name: Its new name; empty keeps its own.
        """
        deed = ModelDeed(DeedKind.ADD, str(source))
        self._begin(deed, partial(self._add, source, name))

    def get(self, name: str) -> None:
        """Fetch a standard model from the network, or go on with it."""
        deed = ModelDeed(DeedKind.GET, name)
        self._begin(deed, lambda shelf, tell, cancel: shelf.get(name, tell, cancel))

    def get_from(self, name: str, place: Path) -> None:
        """Take a standard model from a file or folder."""
        deed = ModelDeed(DeedKind.GET, name)
        self._begin(
            deed, lambda shelf, tell, cancel: shelf.get_from(name, place, tell, cancel), local=True
        )

    def list_bucket(self, target: str, prefix: str) -> None:
        """Ask which weights a target has; ``in_bucket`` answers, the newest request wins."""
        self._ask(
            self._buckets,
            "bucket",
            lambda: self._bucket_of(self.closing).list(target, prefix),
            self.in_bucket.emit,
            lambda why: BucketModels(target, prefix, message=why),
        )

    def get_from_bucket(self, target: str, key: str) -> None:
        """Fetch weights from a target; where the name is taken here they get another one."""

        def work(shelf: ModelShelf, tell: Tell, cancel: threading.Event) -> ModelKept:
            del shelf
            bucket = self._bucket_of(cancel)
            return bucket.get(target, key, bucket.free_name(key), tell, cancel)

        self._begin(ModelDeed(DeedKind.BUCKET, key), work)

    def cancel(self, kind: DeedKind, name: str) -> None:
        """Stop adding or fetching; what was fetched stays."""
        if (cancel := self._deeds.get((kind, name))) is not None:
            cancel.set()
            self.deed.emit(ModelDeed(kind, name, DeedPhase.STOPPING))

    def discard(self, name: str) -> None:
        """Throw away what was fetched of a standard model."""
        self._change("discard", lambda shelf: shelf.discard(name))

    def remove(self, path: Path) -> None:
        """Remove a file of the person's own folder."""

        def work(shelf: ModelShelf) -> None:
            shelf.remove(path)
            self._tell(self.removed.emit, path)

        self._change("remove", work)

    # -- inside: in the main thread -----------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        for cancel in self._deeds.values():
            cancel.set()

    def _begin(self, deed: ModelDeed, work: Work, *, local: bool = False) -> None:
        """Begin something, unless it is being done already."""
        key = (deed.kind, deed.name)
        if key in self._deeds or self.closing.is_set():
            return
        cancel = self._deeds[key] = threading.Event()
        self.deed.emit(deed)
        self._ask(
            self._files if local or deed.kind is DeedKind.ADD else self._net,
            f"{deed.kind} {deed.name}",
            lambda: self._done(deed, work, cancel),
            self._on_end,
            lambda why: replace(deed, phase=DeedPhase.FAILED, message=why),
        )

    def _change(self, what: str, work: Callable[[ModelShelf], None]) -> None:
        self._do(
            self._files,
            what,
            lambda: work(self._shelf_of(self.closing)),
            self.trouble.emit,
            after=self.request_list,
        )

    def _on_step(self, now: ModelDeed) -> None:
        cancel = self._deeds.get((now.kind, now.name))
        if cancel is None or not cancel.is_set():  # otherwise it was said before it was stopped
            self.deed.emit(now)

    def _on_end(self, end: ModelDeed) -> None:
        self._deeds.pop((end.kind, end.name), None)
        self.deed.emit(end)
        self.request_list()

    # -- inside: on workers -------------------------------------------------------------------

    def _list(self) -> None:
        shelf = self._shelf_of(self.closing)
        found = shelf.survey()
        self._tell(self.listed.emit, found)
        new = (one for one in found.models if not one.is_known)
        unknown = next((one for one in new if self._is_new(one.path, one.size_bytes)), None)
        if unknown is not None and not self.closing.is_set():
            shelf.looked_at(unknown)
            self._tell(self.request_list)

    def _is_new(self, path: Path, size_bytes: int) -> bool:
        """Return whether a file has not been looked at: no look is tried twice in vain."""
        is_new = (path, size_bytes) not in self._looked_at
        self._looked_at.add((path, size_bytes))
        return is_new

    def _done(self, deed: ModelDeed, work: Work, cancel: threading.Event) -> ModelDeed:
        try:
            return replace(deed, phase=DeedPhase.DONE, kept=self._kept(deed, work, cancel))
        except Cancelled:
            return replace(deed, phase=DeedPhase.STOPPED)

    def _kept(self, deed: ModelDeed, work: Work, cancel: threading.Event) -> ModelKept:
        if cancel.is_set():
            raise Cancelled
        running = replace(deed, phase=DeedPhase.RUNNING)
        self._tell(self._on_step, running)
        shelf = self._shelf_of(cancel)

        def tell(now: Transfer) -> None:
            self._tell(self._on_step, replace(running, transfer=now))

        return work(shelf, tell, cancel)

    def _add(
        self, source: Path, name: str, shelf: ModelShelf, tell: Tell, cancel: threading.Event
    ) -> ModelKept:
        """Add a file; ask for another name where its own is taken."""
        try:
            return shelf.add(source, name, tell, cancel)
        except AlreadyThere as error:
            taken = name or source.name
            self._tell(self.name_taken.emit, NameTaken(source, taken, shelf.free_name(taken)))
            raise Cancelled from error
