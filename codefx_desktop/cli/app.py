"""The command tree, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper

import typer

from codefx_desktop import __version__
from codefx_desktop.cli import (
    artifacts,
    bench,
    bench_review,
    bench_signals,
    deleting,
    doctor,
    events,
    export,
    fetch,
    footage,
    history,
    links,
    models,
    outbox,
    proxy,
    push,
    run,
    stats,
    targets,
    trial,
    video,
)
from codefx_desktop.cli import eval as evaluation
from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail
from codefx_desktop.domain.errors import CodefxError, SettingsError, UnknownJob

_CANNOT_WRITE = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EBADF)

app = typer.Typer(
    name="codefx",
    help="Takes pit stops apart on video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(run.demo)
app.command("run")(run.run)
app.add_typer(history.app, name="jobs")
app.command("artifacts")(artifacts.artifacts)
app.command("events")(events.events)
app.command("stats")(stats.stats)
app.command("export")(export.export)
app.add_typer(models.app, name="models")
app.add_typer(targets.app, name="targets")
app.command("push")(push.push)
app.command("outbox")(outbox.outbox)
app.command("links")(links.links)
app.command("fetch")(fetch.fetch)
app.command("delete")(deleting.delete)
app.command("doctor")(doctor.doctor)
app.command("probe")(video.probe)
app.command("frames")(video.frames)
app.command("proxy")(proxy.proxy)
app.command("try-encoder", hidden=True)(trial.try_encoder)
app.command("synth")(footage.synth)
app.command("train-demo")(footage.train_demo)
bench.app.command("review")(bench_review.review)
bench.app.command("signals")(bench_signals.signals)
app.add_typer(bench.app, name="bench")
app.add_typer(evaluation.app, name="eval")


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the terminal program."""
    for stream in (sys.stdout, sys.stderr):
        # A clip's name may hold what the terminal's encoding has not.
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (UnknownJob, SettingsError) as error:
        fail(str(error))
        sys.exit(EXIT_USAGE)
    except CodefxError as error:
        fail(str(error))
        sys.exit(EXIT_FAILED)
    except OSError as error:
        # Rooms translate what goes wrong with files, whose names stand in the error, too.
        if error.errno not in _CANNOT_WRITE or error.filename is not None:
            raise
        fail(f"The answer cannot be written: {error.strerror}. Is the disk full that it goes to?")
        # Python would write what is left at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
