"""What linters cannot say about the house: room cards, file lengths, no path of one machine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "codefx_desktop"
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
SOURCES = sorted(
    path
    for folder in ("codefx_desktop", "tests", "packaging")
    for path in (ROOT / folder).rglob("*.py")
)
TEXTS = [
    *SOURCES,
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "pyproject.toml", ".gitignore")),
    *sorted((ROOT / ".ci").iterdir()),
    *sorted((ROOT / "packaging").glob("*.spec")),
    *sorted((ROOT / "resources").glob("*.json")),
]
LONGEST = 400
LENGTH_REASON = "lines because"
HOME_PATH = re.compile(r"(?<![\w.}/])(/home/\w|/root\b/|/Users/\w|[A-Z]:\\+Users\\)")
COMMENTARY = re.compile(r'""".*?"""|#[^\n]*', re.DOTALL)
POOL_WORDS = re.compile(r"\b(QThreadPool|QRunnable|QtConcurrent|QProcess)\b")


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_its_card(room: Path) -> None:
    card = docstring(room / "__init__.py")
    missing = [word for word in ("Lives here:", "May import:", "Tests:") if word not in card]
    assert not missing, f"the card of {room.name} lacks {missing}"
    assert re.search(r"^Threads?:", card, re.MULTILINE), f"the card of {room.name} lacks Thread:"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_the_tests_a_card_names_are_there(room: Path) -> None:
    named = re.findall(r"``(tests/[^`]+)``", docstring(room / "__init__.py"))
    gone = [path for path in named if not any(ROOT.glob(path))]
    assert not gone, f"the card of {room.name} names {gone}"


def too_long(source: str) -> bool:
    lines = source.count("\n")
    return lines > LONGEST and LENGTH_REASON not in (ast.get_docstring(ast.parse(source)) or "")


def test_a_long_file_says_why() -> None:
    assert too_long('"""Long."""\n' + "x = 1\n" * LONGEST)
    assert not too_long('"""Over 400 lines because it is a table."""\n' + "x = 1\n" * LONGEST)
    assert not [path for path in SOURCES if too_long(path.read_text("utf-8"))]


def test_no_file_names_the_home_of_a_person() -> None:
    home = "/".join(("", "home", "somebody"))
    assert HOME_PATH.search(f'open("{home}/clip.mp4")')
    assert not HOME_PATH.search("${ROOT}/home/x and " + "/".join(("docs", "root", "y")))
    assert not [path for path in TEXTS if HOME_PATH.search(path.read_text("utf-8"))]


def names_a_pool(source: str) -> bool:
    """Tell whether code, not a comment or docstring, names Qt's pools or processes."""
    return POOL_WORDS.search(COMMENTARY.sub("", source)) is not None


def test_pools_and_processes_of_qt_live_in_jobs() -> None:
    """Import-linter sees PySide6 as one module; these names need a look of their own."""
    assert names_a_pool("from PySide6.QtCore import QThreadPool")
    assert not names_a_pool('"""Never a QThreadPool."""  # QRunnable')
    sources = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "jobs"]
    assert not [path for path in sources if names_a_pool(path.read_text("utf-8"))]


def test_packaging_does_not_hide_the_library_of_that_name() -> None:
    """A folder without ``__init__.py`` loses against ``site-packages``; with one it would win."""
    assert not (ROOT / "packaging" / "__init__.py").exists()
