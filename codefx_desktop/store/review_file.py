"""The log of a job's review, in ``analysis/review.sqlite``: every step is on the disk at once.

The log is only added to: taking a step back is an entry of its own. What is shown follows from the
entries (``domain.edit_log``), so undo and redo go on after a restart where they were.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import uuid
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from codefx_desktop.domain.edit_log import LogDeed, LogEntry, next_redo, next_undo, steps_of
from codefx_desktop.domain.edit_merge import merged
from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.store.connection import translated
from codefx_desktop.store.detection_format import transaction
from codefx_desktop.store.review_opening import DAMAGE_HINT, connect, connect_fixed, is_empty
from codefx_desktop.store.review_tables import (
    APPLICATION_ID,
    SCHEMA,
    VERSION,
    add_conflicts,
    add_entries,
    generation,
    move_rest,
    read_conflicts,
    read_entries,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.edit_merge import Conflict, Merge

log = logging.getLogger(__name__)

PUSHED_NAME: Final = ".review.pushed"
"""Beside the file; a name that begins with a dot is never pushed."""


class StepIsAnother(HistoryError):  # noqa: N818 # as the errors of the domain are named
    """The step that undo or redo is about is not the one that the person means."""


class ReviewFile:
    """Reads and adds to the log of one job; a context manager, used by one worker at a time.

    Several programs may have the same file open. It is made with the first step; where there is
    none, there are no steps.

    Args:
        path: The file.

    Raises:
        HistoryError: On entering, if it is damaged, of a newer version or of another program.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._is_ours_to_write = False
        self._entries: list[LogEntry] = []
        self._generation = 0

    def __enter__(self) -> Self:
        """Open the file if it is there."""
        if self._path.exists():
            self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        connection, self._connection = self._connection, None
        self._entries = []
        if connection is not None:
            with suppress(sqlite3.Error):  # all that matters was committed long before
                connection.close()

    def entries(self) -> tuple[LogEntry, ...]:
        """Return the whole audit, in order.

        Raises:
            HistoryError: If the file cannot be read.
        """
        if self._connection is None and self._path.exists():
            self._open()  # made by another program meanwhile
        if self._connection is None:
            return ()
        with (
            translated(self._path, DAMAGE_HINT),
            self._legible(),
            transaction(self._connection, "DEFERRED") as connection,
        ):
            self._refresh(connection)
        return self._with_revisions()

    def steps(self) -> tuple[EditStep, ...]:
        """Return all steps in order, those that were taken back too.

        Raises:
            HistoryError: If the file cannot be read.
        """
        return steps_of(self.entries())

    def append(
        self, ops: Sequence[EditOp], text: str, who: str, run: str = "", key: str = ""
    ) -> EditStep:
        """Add a step; it is on the disk when this returns.

        Steps that were taken back stay in the audit and cannot be done again any more.

        Args:
            ops: What it does, in order.
            text: What was done, for the undo menu and the audit.
            who: The person.
            run: Which run of the job found the boxes and tracks that are named; empty: not known.
            key: The entry's own, and the step's; empty: a new one. One that is there is not added
                once more.

        Raises:
            ValueError: If it does nothing.
            HistoryError: If the file is damaged, of a newer version or of another program.
            NotWritable: If it cannot be written.
            NoSpace: If the disk is full; then the step was not done.
        """
        if not ops:
            raise ValueError("a step does something")
        key = key or _new_key()
        with self._writing() as connection:
            if not self._has(key):
                entry = LogEntry(key, _now(), who, LogDeed.DO, key, text, tuple(ops), run=run)
                self._add(connection, entry)
        return next(step for step in steps_of(self._entries) if step.key == key)

    def undo(self, who: str = "", text: str = "", key: str = "") -> EditStep | None:
        """Take the last step back; return it, or None where there is none.

        Args:
            who: The person.
            text: What the step did, as the person sees it; empty: whatever it did.
            key: The entry's own; empty: a new one. Where it is there nothing is taken back.

        Raises:
            StepIsAnother: If the last step is another: somebody else went on meanwhile.
            CodefxError: As ``append`` does.
        """
        return self._turn(LogDeed.UNDO, who, text, key)

    def redo(self, who: str = "", text: str = "", key: str = "") -> EditStep | None:
        """Do again what was taken back last; return it, or None where there is nothing.

        Args:
            who: The person.
            text: As for ``undo``.
            key: Likewise.

        Raises:
            StepIsAnother: As ``undo`` does.
            CodefxError: As ``append`` does.
        """
        return self._turn(LogDeed.REDO, who, text, key)

    def conflicts(self, steps: Sequence[EditStep] | None = None) -> tuple[Conflict, ...]:
        """Return the steps of two people that touch the same, of which neither was taken back.

        Args:
            steps: All of the file, where they were read a moment ago.

        Raises:
            HistoryError: If the file cannot be read.
        """
        steps = self.steps() if steps is None else steps
        if self._connection is None:
            return ()
        with translated(self._path, DAMAGE_HINT), self._legible():
            found = read_conflicts(self._connection, steps)
        return tuple(one for one in found if not (one.mine.is_undone or one.theirs.is_undone))

    def take_in(self, entries: Sequence[LogEntry], revision: int) -> Merge:
        """Make a pushed log the beginning of this one: what only this one has follows it.

        Args:
            entries: The pushed log, whole.
            revision: Which revision of the job it came with.

        Returns:
            What came of it, also where that is nothing new.

        Raises:
            CodefxError: As ``append`` does.
        """
        with self._writing() as connection:
            merge = merged(self._entries, entries)
            if merge.theirs:
                move_rest(connection, merge.common, merge.entries[merge.common :])
                add_conflicts(connection, merge.conflicts)
                self._refresh(connection)
        if entries:
            self.note_pushed(revision, entries[-1].key)
        return merge

    def note_pushed(self, revision: int, last_key: str) -> None:
        """Note that a revision of the job has the log up to an entry.

        The note lies beside the file, which is the same on every machine that has these entries.
        It only says which steps others have: where it cannot be written, nothing is lost.
        """
        try:
            with self._pushed.open("a", encoding="utf-8") as notes:
                notes.write(f"{revision} {last_key}\n")
        except OSError as error:
            log.warning("%s was not written: %s", self._pushed, error)

    def _with_revisions(self) -> tuple[LogEntry, ...]:
        """Return the entries with the first revision that is known to have each."""
        try:
            lines = self._pushed.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError):
            return tuple(self._entries)
        place = {entry.key: n for n, entry in enumerate(self._entries, start=1)}
        notes = [line.split() for line in lines]
        pushed = sorted(
            (int(revision), place[key])
            for revision, key in (note for note in notes if len(note) == 2)
            if revision.isdecimal() and key in place
        )
        told: list[LogEntry] = []
        for revision, until in pushed:
            told += [replace(one, revision=revision) for one in self._entries[len(told) : until]]
        return (*told, *self._entries[len(told) :])

    def _turn(self, deed: LogDeed, who: str, text: str, key: str) -> EditStep | None:
        with self._writing() as connection:
            if self._has(key):
                return None
            find = next_undo if deed is LogDeed.UNDO else next_redo
            step = find(self._entries)
            if text and (step is None or step.text != text):
                raise StepIsAnother(
                    "The review was changed elsewhere meanwhile.",
                    hint="It is shown as it is now; look at it, then try again.",
                    path=self._path,
                )
            if step is None:
                return None
            self._add(connection, LogEntry(key or _new_key(), _now(), who, deed, step.key))
        return replace(step, is_undone=deed is LogDeed.UNDO)

    def _has(self, key: str) -> bool:
        return any(entry.key == key for entry in self._entries)

    def _add(self, connection: sqlite3.Connection, entry: LogEntry) -> None:
        add_entries(connection, [entry])
        self._refresh(connection)

    def _refresh(self, connection: sqlite3.Connection) -> None:
        """Read what was added since the last time, by whomever."""
        now = generation(connection)
        if now != self._generation:
            self._generation, self._entries = now, []
        self._entries = [*self._entries, *read_entries(connection, len(self._entries))]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction with all entries known; it is on the disk when this ends."""
        if self._connection is None:
            self._make()
        connection = self._connection
        if connection is None or not self._is_ours_to_write:
            raise NotWritable(
                f"{self._path} cannot be written.",
                hint="Change the permissions of its folder to go on with the review.",
                path=self._path,
            )
        known = self._entries
        try:
            with translated(self._path, DAMAGE_HINT), self._legible(), transaction(connection):
                self._refresh(connection)
                yield connection
        except BaseException:
            self._entries = known  # what was not committed was not done
            raise

    @contextmanager
    def _legible(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, TypeError) as error:
            raise HistoryError(
                f"The review in {self._path} cannot be read: {error}.",
                hint=DAMAGE_HINT,
                path=self._path,
            ) from error

    def _open(self) -> None:
        """Open a file that is there, for writing if that can be."""
        self._is_ours_to_write = all(os.access(one, os.W_OK) for one in (self._path, self._folder))
        with translated(self._path, DAMAGE_HINT):
            if is_empty(self._path, is_fixed=not self._is_ours_to_write):
                return  # a program died while it made it
            self._connection = (
                connect(self._path) if self._is_ours_to_write else connect_fixed(self._path)
            )

    def _make(self) -> None:
        """Make the file, or open the one that another program made meanwhile."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritable(
                f"{self._folder} cannot be written: {error.strerror or error}.",
                hint="Change the permissions of the job's folder.",
                path=self._folder,
            ) from error
        with translated(self._path, DAMAGE_HINT):
            connection = connect(self._path)
            try:
                with transaction(connection, "EXCLUSIVE"):
                    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                        for statement in SCHEMA:
                            connection.execute(statement)
                        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                        connection.execute(f"PRAGMA user_version = {VERSION}")
            finally:
                connection.close()
        self._open()

    @property
    def _pushed(self) -> Path:
        return self._path.with_name(PUSHED_NAME)

    @property
    def _folder(self) -> Path:
        return self._path.parent


def _new_key() -> str:
    return uuid.uuid4().hex


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
