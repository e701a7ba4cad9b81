"""The README names only what exists: commands, options, settings with their defaults, files."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main
from typer.core import TyperGroup
from typer.testing import CliRunner

from codefx_desktop.cli.app import app
from codefx_desktop.settings.paths import HOME_VARIABLE
from codefx_desktop.settings.push_settings import SECRET_VARIABLES
from codefx_desktop.settings.settings import Settings, environment_names

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROGRAM = re.compile(r"^(?:\.venv/bin/)?codefx (?=\S)")


def snippets() -> list[str]:
    """Return every line of a shell block and every inline code, without comments."""
    blocks = [body for language, body in FENCE.findall(README) if language in ("sh", "powershell")]
    lines = [line for body in blocks for line in body.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", FENCE.sub("", README))
    return [re.sub(r"\s+# .*", "", line).strip() for line in (*lines, *inline)]


def commands(text: list[str]) -> list[str]:
    return sorted({line for line in text if PROGRAM.match(line)})


def complaint(command: str) -> str:
    """Return what the terminal program says against a command; empty if it would run it.

    ``--help`` at its end makes the parser check every name without doing the work.
    """
    words = shlex.split(PROGRAM.sub("", command))
    done = CliRunner().invoke(app, [*words, "--help"])
    return "" if done.exit_code == 0 else done.output


def table(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("command", commands(snippets()))
def test_a_command_of_the_readme_exists(command: str) -> None:
    assert not complaint(command)


def test_a_command_that_is_not_there_is_found_out() -> None:
    assert complaint("codefx fly")
    assert complaint("codefx demo --colour blue")
    assert complaint(".venv/bin/codefx jobs list --limits 3")
    assert not complaint("codefx jobs list --limit 3")


def every_command(group: TyperGroup, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of each command that the program's help shows."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from every_command(command, (*before, name))
        elif not command.hidden:
            yield " ".join((*before, name))


def test_the_readme_shows_every_command() -> None:
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    names = set(every_command(program))
    assert {"demo", "jobs list", "bench video"} <= names
    shown = commands(snippets())
    unseen = {n for n in names if not any(re.search(rf"codefx {n}\b", line) for line in shown)}
    assert not unseen


def test_programs_of_the_readme_are_installed() -> None:
    project = PYPROJECT["project"]
    ours = {*project["scripts"], *project["gui-scripts"]}
    assert set(re.findall(r"\bcodefx(?:-\w+)?\b(?=[` ])", README)) == ours


def test_the_set_up_commands_are_those_of_start() -> None:
    named = re.findall(r"^(?:python3|py) packaging[/\\]start\.py (\w+)", README, re.MULTILINE)
    offered = re.findall(r'add_parser\("(\w+)"', (ROOT / "packaging/start.py").read_text("utf-8"))
    assert set(named) == set(offered)
    assert named[:4] == ["demo", "test", "demo", "test"]


def test_the_ci_runs_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    for command in ("demo", "test"):
        assert re.search(rf"python3 packaging/start\.py {command}$", script, re.MULTILINE)


def test_the_settings_table_is_the_typed_settings() -> None:
    rows = {row[0]: row for row in table("Settings")}
    fields = {env: name for name, env in environment_names().items()}
    assert set(rows) == {HOME_VARIABLE, *SECRET_VARIABLES, *fields}
    assert not any(rows[name][1] for name in SECRET_VARIABLES)
    for env, name in fields.items():
        default = Settings.model_fields[name].default
        assert rows[env][1] == name
        assert rows[env][2] == ("none" if default in (None, "") else str(default)), env
        assert rows[env][3]


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    gone = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not gone
