"""Shows a run in the terminal: bars where there is one, plain lines in a pipe, silence for JSON."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from codefx_desktop.cli.output import counted, say
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import JobLogged, RunEvent, ScenesKnown, StageProgress


class Display(Protocol):
    """Shows run events; ``show`` is called on workers."""

    def show(self, event: RunEvent) -> None:
        """Show one event; returns at once."""
        ...

    def close(self) -> None:
        """Stop drawing."""
        ...

    def __enter__(self) -> Self:
        """Begin drawing."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        ...


class Silent:
    """Shows nothing: the caller prints JSON."""

    def show(self, event: RunEvent) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing."""


class Lines(Silent):
    """Plain lines: the log, and each tenth of the whole."""

    def __init__(self) -> None:
        self._tenth = -1

    def show(self, event: RunEvent) -> None:
        """Print a log line, or progress when another tenth is done."""
        if isinstance(event, JobLogged):
            say(f"{event.line.level}: {event.line.text}")
        elif isinstance(event, StageProgress) and int(event.overall * 10) > self._tenth:
            self._tenth = int(event.overall * 10)
            say(f"{event.overall:4.0%} {event.stage.value} {event.frames_per_s:.1f} frames/s")


class Bars(Silent):
    """One bar per stage and one for the whole.

    Args:
        clip: Named above the bars.
    """

    def __init__(self, clip: Path) -> None:
        self._console = Console()
        self._clip = clip
        self._progress = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
        )
        self._tasks: dict[Stage, TaskID] = {}
        self._whole: TaskID | None = None

    def show(self, event: RunEvent) -> None:
        """Move the bars; print log lines above them."""
        if isinstance(event, JobLogged):
            style = {"ERROR": "red", "WARNING": "yellow"}.get(event.line.level, "dim")
            self._progress.console.print(
                event.line.text, style=style, markup=False, highlight=False
            )
        elif isinstance(event, StageProgress):
            self._move(event)
        elif isinstance(event, ScenesKnown) and Stage.SCENES in self._tasks:
            found = counted(event.count, "scene")
            self._progress.update(self._tasks[Stage.SCENES], speed=found)

    def _move(self, event: StageProgress) -> None:
        for stage, done in event.stages.items():
            if stage not in self._tasks:
                name = stage.value.lower()
                self._tasks[stage] = self._progress.add_task(name, total=1.0, speed="")
            self._progress.update(self._tasks[stage], completed=done)
        if self._whole is None:
            self._whole = self._progress.add_task("[bold]whole", total=1.0, speed="")
        self._progress.update(
            self._whole, completed=event.overall, speed=f"{event.frames_per_s:.1f} frames/s"
        )

    def close(self) -> None:
        """Stop drawing and leave the bars."""
        self._progress.stop()

    def __enter__(self) -> Self:
        """Begin drawing."""
        self._console.print(Text(self._clip.name, style="bold"))  # a name may hold [brackets]
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self.close()


def display_for(clip: Path, *, as_json: bool) -> Display:
    """Return the display that fits where the output goes."""
    if as_json:
        return Silent()
    return Bars(clip) if Console().is_terminal else Lines()
