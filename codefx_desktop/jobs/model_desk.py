"""The models of this machine for the screen: listed, added, fetched and removed on workers."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import AlreadyThere, CodefxError
from codefx_desktop.domain.models import ModelList
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.model_values import (
    BucketModels,
    DeedKind,
    DeedPhase,
    ModelDeed,
    NameTaken,
)
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.models import ModelKept, Transfer
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.model_bucket import ModelBucket
    from codefx_desktop.jobs.model_shelf import ModelShelf

    Tell = Callable[[Transfer], None]
    Work = Callable[[ModelShelf, Tell, threading.Event], ModelKept]

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 3_000


class ModelDesk(QObject):
    """Answers about models; lives in the main thread, works on workers.

    Every call returns at once. A list comes at once, and again whenever a look into a file or
    anything that was done has changed it. Call ``shutdown`` before letting go of it; the hub does
    so for those it made.

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

    _arrived = Signal(object)

    def __init__(
        self,
        shelf_of: Callable[[CancelSignal], ModelShelf],
        bucket_of: Callable[[CancelSignal], ModelBucket],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._shelf_of, self._bucket_of = shelf_of, bucket_of
        # A download waits for no copy, and a list for neither.
        self._lists, self._buckets = NewestCalls(new_pool(1)), NewestCalls(new_pool(1))
        self._files, self._net = new_pool(1), new_pool(1)
        self._deeds: dict[tuple[DeedKind, str], threading.Event] = {}
        self._closing = threading.Event()
        self._looked_at: set[tuple[Path, int]] = set()
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def request_list(self) -> None:
        """Ask what models there are."""
        self._lists.ask("list", self._list)

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
        self._buckets.ask("bucket", lambda: self._list_bucket(target, prefix))

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
        self._do(lambda shelf: shelf.discard(name))

    def remove(self, path: Path) -> None:
        """Remove a file of the person's own folder."""

        def work(shelf: ModelShelf) -> None:
            shelf.remove(path)
            self._tell(path)

        self._do(work)

    def shutdown(self) -> None:
        """Stop everything, wait three seconds at most."""
        if self._closing.is_set():
            return
        self._closing.set()
        for cancel in self._deeds.values():
            cancel.set()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        self._lists.close()
        self._buckets.close()
        pools = (self._files, self._net)
        for pool in pools:
            pool.clear()
        calls = (self._lists, self._buckets)
        ended = [one.wait(deadline.remainingTime()) for one in calls]
        ended += [pool.waitForDone(deadline.remainingTime()) for pool in pools]
        if not all(ended):
            log.warning("A worker of the model desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside: in the main thread -----------------------------------------------------------

    def _begin(self, deed: ModelDeed, work: Work, *, local: bool = False) -> None:
        """Begin something, unless it is being done already."""
        key = (deed.kind, deed.name)
        if key in self._deeds or self._closing.is_set():
            return
        cancel = self._deeds[key] = threading.Event()
        self.deed.emit(deed)
        pool = self._files if local or deed.kind is DeedKind.ADD else self._net
        pool.start(Call(lambda: self._carry_out(deed, work, cancel)))

    def _do(self, work: Callable[[ModelShelf], None]) -> None:
        def call() -> None:
            try:
                work(self._shelf_of(self._closing))
            except Cancelled:
                return
            except CodefxError as error:
                self._tell(str(error))
            except Exception as error:
                log.exception("The model desk failed unexpectedly")
                self._tell(unexpected(error))
            self.request_list()

        if not self._closing.is_set():
            self._files.start(Call(call))

    def _deliver(self, value: object) -> None:
        if isinstance(value, ModelList):
            self.listed.emit(value)
        elif isinstance(value, ModelDeed):
            cancel = self._deeds.get((value.kind, value.name))
            if value.phase.is_final:
                self._deeds.pop((value.kind, value.name), None)
            elif cancel is not None and cancel.is_set():
                return  # said before it was stopped
            self.deed.emit(value)
        elif isinstance(value, NameTaken):
            self.name_taken.emit(value)
        elif isinstance(value, BucketModels):
            self.in_bucket.emit(value)
        elif isinstance(value, str):
            self.trouble.emit(value)
        else:
            self.removed.emit(value)

    # -- inside: on workers -------------------------------------------------------------------

    def _list(self) -> None:
        try:
            shelf = self._shelf_of(self._closing)
            found = shelf.survey()
            self._tell(found)
            new = (one for one in found.models if not one.is_known)
            unknown = next((one for one in new if self._is_new(one.path, one.size_bytes)), None)
            if unknown is not None and not self._closing.is_set():
                shelf.looked_at(unknown)
                self.request_list()
        except Cancelled:
            return
        except CodefxError as error:
            self._tell(str(error))
        except Exception as error:
            log.exception("The models could not be listed")
            self._tell(unexpected(error))

    def _list_bucket(self, target: str, prefix: str) -> None:
        try:
            found = self._bucket_of(self._closing).list(target, prefix)
        except Cancelled:
            return
        except CodefxError as error:
            found = BucketModels(target, prefix, message=str(error))
        except Exception as error:
            log.exception("The models of a target could not be listed")
            found = BucketModels(target, prefix, message=unexpected(error))
        self._tell(found)

    def _is_new(self, path: Path, size_bytes: int) -> bool:
        """Return whether a file has not been looked at: no look is tried twice in vain."""
        is_new = (path, size_bytes) not in self._looked_at
        self._looked_at.add((path, size_bytes))
        return is_new

    def _carry_out(self, deed: ModelDeed, work: Work, cancel: threading.Event) -> None:
        try:
            kept = self._kept(deed, work, cancel)
            end = replace(deed, phase=DeedPhase.DONE, kept=kept)
        except Cancelled:
            end = replace(deed, phase=DeedPhase.STOPPED)
        except CodefxError as error:
            end = replace(deed, phase=DeedPhase.FAILED, message=str(error))
        except Exception as error:
            log.exception("A model could not be kept")
            end = replace(deed, phase=DeedPhase.FAILED, message=unexpected(error))
        self._tell(end)
        self.request_list()

    def _kept(self, deed: ModelDeed, work: Work, cancel: threading.Event) -> ModelKept:
        if cancel.is_set():
            raise Cancelled
        running = replace(deed, phase=DeedPhase.RUNNING)
        self._tell(running)
        shelf = self._shelf_of(cancel)
        return work(shelf, lambda now: self._tell(replace(running, transfer=now)), cancel)

    def _add(
        self, source: Path, name: str, shelf: ModelShelf, tell: Tell, cancel: threading.Event
    ) -> ModelKept:
        """Add a file; ask for another name where its own is taken."""
        try:
            return shelf.add(source, name, tell, cancel)
        except AlreadyThere as error:
            taken = name or source.name
            self._tell(NameTaken(source, taken, shelf.free_name(taken)))
            raise Cancelled from error

    def _tell(self, value: object) -> None:
        if not self._closing.is_set():
            self._arrived.emit(value)
