"""The log as the window shows it: bounded, by job and by level."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import LogLine
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.run import JobLogged
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import JobLogs, Notice
    from codefx_desktop.ui.models.job_book import JobBook

MOST_LINES = 5_000
CLIP_CHARACTERS = 20
LEVELS = (("All levels", 0), ("Info and above", 20), ("Warnings and errors", 30), ("Errors", 40))


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line ready to show."""

    line: LogLine
    clip: str

    @property
    def level(self) -> int:
        """Its level as a number; an unknown name counts as information."""
        return logging.getLevelNamesMapping().get(self.line.level.upper(), logging.INFO)

    def text(self, *, with_clip: bool) -> str:
        """Return the line as shown and copied."""
        stage = words.stage_word(self.line.stage) if self.line.stage else ""
        clip = f"{words.shortened(self.clip, CLIP_CHARACTERS)}  " if with_clip and self.clip else ""
        head = f"{words.clock_of_day(self.line.time)}  {self.line.level.upper():<8}"
        return f"{head} {stage:<10} {clip}{self.line.text}"


class LogBook(QObject):
    """Lines of all jobs of this run of the program, and whole logs of jobs that are looked at.

    Args:
        hub: Where lines come from.
        book: The jobs, for their names.
    """

    appended = Signal(object)
    """A line that passes the filter was added at the end."""
    replaced = Signal()
    """The lines that pass the filter are others."""
    error_seen = Signal()
    """A line at error level came in, whatever the filter."""

    def __init__(self, hub: Hub, book: JobBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._book = book
        self._all: deque[LogRow] = deque(maxlen=MOST_LINES)
        self._of_job: deque[LogRow] = deque(maxlen=MOST_LINES)
        self.only_selected = False
        self.least_level = 0
        self._job_id: str | None = None
        hub.logged.connect(self._on_logged)
        hub.job_logs.connect(self._on_logs)
        hub.notice.connect(self._on_notice)

    def rows(self) -> list[LogRow]:
        """Return the lines that pass the filter, oldest first."""
        source = self._of_job if self.only_selected else self._all
        return [row for row in source if row.level >= self.least_level]

    def show_job(self, job_id: str | None) -> None:
        """Say which job is selected; its whole log is asked for when it is wanted."""
        if job_id != self._job_id:
            self._job_id = job_id
            self._of_job.clear()
            if self.only_selected:
                self._ask()

    def set_only_selected(self, on: bool) -> None:
        """Show the selected job's log only, or every line of this run of the program."""
        if on != self.only_selected:
            self.only_selected = on
            if on:
                self._ask()
            else:
                self.replaced.emit()

    def set_least_level(self, level: int) -> None:
        """Hide lines below a level."""
        self.least_level = level
        self.replaced.emit()

    def _ask(self) -> None:
        self.replaced.emit()
        if self._job_id is not None:
            self._hub.request_logs(self._job_id)

    def _on_logged(self, event: JobLogged) -> None:
        self._add(event.job_id, event.line)

    def _on_notice(self, notice: Notice) -> None:
        line = LogLine(datetime.now(UTC), notice.level.upper(), notice.text, None, notice.job_id)
        self._add(notice.job_id, line)

    def _add(self, job_id: str | None, line: LogLine) -> None:
        row = LogRow(line, self._name(job_id))
        self._all.append(row)
        of_job = job_id is not None and job_id == self._job_id
        if of_job:
            self._of_job.append(row)
        if row.level >= self.least_level and (of_job or not self.only_selected):
            self.appended.emit(row)
        if row.level >= logging.ERROR:
            self.error_seen.emit()

    def _on_logs(self, logs: JobLogs) -> None:
        if logs.job_id != self._job_id:
            return
        known = {_key(line) for line in logs.lines}
        # Lines that came in after the question was answered are not in the answer.
        later = [row for row in self._of_job if _key(row.line) not in known]
        name = self._name(logs.job_id)
        self._fill([*(LogRow(line, name) for line in logs.lines), *later])
        if self.only_selected:
            self.replaced.emit()

    def _fill(self, rows: Iterable[LogRow]) -> None:
        self._of_job.clear()
        self._of_job.extend(rows)

    def _name(self, job_id: str | None) -> str:
        entry = self._book.get(job_id)
        return entry.record.input_filename if entry else ""


def _key(line: LogLine) -> tuple[int, str, str]:
    """Tell lines apart whichever way they came: a database may keep coarser times."""
    return int(line.time.timestamp() * 1000), line.level, line.text
