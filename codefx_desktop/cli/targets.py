"""``codefx targets``: the places that results are pushed to.

Secrets are typed without being shown, or read from the standard input; there is no option for them,
because other programs see the words of a command.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail, say, say_json
from codefx_desktop.cli.target_adding import add
from codefx_desktop.cli.target_texts import (
    check_dict,
    lifecycle_dict,
    lifecycle_lines,
    row_cells,
    row_dict,
    step_line,
)
from codefx_desktop.cli.target_work import NameArgument, stoppable, worked
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.lifecycle import command_for

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.jobs.target_values import LifecycleView, TargetCheck

app = typer.Typer(help="Places to push to: list, add, test, rules.", no_args_is_help=True)
app.command("add")(add)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("list")
def list_targets(as_json: JsonOption = False) -> None:
    """List the targets, and what each lacks."""
    found = worked(lambda keeper: keeper.survey())
    if as_json:
        rows = [row_dict(row) for row in found.rows]
        say_json({"targets": rows, "troubles": list(found.troubles)})
        return
    console = Console()
    table = Table("Target", "Kind", "Place", "Key", "Secret", "State")
    for row in found.rows:
        if console.is_terminal:
            table.add_row(*map(Text, row_cells(row)))
        else:
            say("\t".join(row_cells(row)))
    if console.is_terminal and found.rows:
        console.print(table)
    if not found.rows:
        say("There is no target yet: codefx targets add NAME --kind r2 (or s3, folder)")
    for trouble in (*found.troubles, *(row.trouble for row in found.rows if row.trouble)):
        fail(trouble)


@app.command("test")
def try_out(name: NameArgument, as_json: JsonOption = False) -> None:
    """Put, read back and delete a small object, look at the clock; exit code 1: not all is well."""
    said = 0

    def work(keeper: TargetKeeper, cancel: threading.Event) -> TargetCheck:
        def tell(check: TargetCheck) -> None:
            nonlocal said
            if cancel.is_set():
                raise Cancelled
            for step in check.steps[said:]:
                if not as_json:
                    say(step_line(step))
            said = len(check.steps)

        return keeper.check(keeper.find(name), tell=tell)

    try:
        check = stoppable(work)
    except Cancelled as error:
        fail("Stopped; the test object was removed.")
        raise typer.Exit(EXIT_FAILED) from error
    if as_json:
        say_json(check_dict(check))
    for key in check.left:
        fail(f"{key} could not be removed from there.")
    if not check.is_passed:
        raise typer.Exit(EXIT_FAILED)


@app.command("lifecycle")
def lifecycle(
    name: NameArgument,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the wanted rules; those of others stay.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write them into a file for another tool instead."),
    ] = None,
    no_expiry: Annotated[
        bool, typer.Option("--no-expiry", help="Only for uploads that never ended.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what the bucket deletes by itself; set it so that it deletes old pushes."""
    if apply and export is not None:
        fail("Give either --apply or --export.")
        raise typer.Exit(EXIT_USAGE)
    if export is not None:
        _export(name, export.expanduser().absolute(), expire=not no_expiry, as_json=as_json)
        return
    if apply:
        view = worked(lambda keeper: keeper.set_lifecycle(name, expire=not no_expiry))
    else:
        view = worked(lambda keeper: keeper.lifecycle(name))
    if as_json:
        say_json(lifecycle_dict(view))
    else:
        _tell_lifecycle(view, is_applied=apply)
    if view.trouble:
        fail(f"{view.trouble} {_EXPORT_HINT}")
        raise typer.Exit(EXIT_FAILED)


@app.command("remove")
def remove(name: NameArgument) -> None:
    """Forget a target and its secret; what was pushed there stays there."""
    target = worked(lambda keeper: keeper.remove(name))
    say(f"Target {target.name} and its secret are forgotten.")


_EXPORT_HINT = "Export the rules (--export FILE) for somebody whose key may set them."


def _export(name: str, file: Path, *, expire: bool, as_json: bool) -> None:
    def work(keeper: TargetKeeper) -> str:
        shape = keeper.export_lifecycle(name, file, expire=expire)
        return command_for(keeper.find(name), shape, file)

    command = worked(work)
    if as_json:
        say_json({"file": file, "command": command})
        return
    say(f"Written to {file}. This sets it, and replaces all rules that the bucket has:")
    say(command)


def _tell_lifecycle(view: LifecycleView, *, is_applied: bool) -> None:
    for line in lifecycle_lines(view):
        say(line)
    if view.lacking and not is_applied and not view.trouble:
        say("Set them: --apply. Expiry deletes what was pushed; without it: --no-expiry")
