"""Each command of the terminal explains itself, and refuses what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from codefx_desktop.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's own classes
    """Yield the words and the command of each, groups included."""
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, (*path, name))


EVERY = list(commands(get_command(app)))


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) for path, _ in EVERY])
def test_a_command_explains_itself(path: tuple[str, ...], command: Any) -> None:  # noqa: ANN401
    assert command.help
    unexplained = [one.name for one in command.params if not getattr(one, "help", None)]
    assert not unexplained
    done = CliRunner().invoke(app, [*path, "--help"])
    assert (done.exit_code, "Usage:" in done.stdout) == (0, True)


@pytest.mark.parametrize("path", [path for path, _ in EVERY], ids=" ".join)
def test_an_unknown_option_is_wrong_use(path: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*path, "--nonsense"]).exit_code == 2
