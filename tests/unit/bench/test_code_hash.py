"""Kept results are stale when the code that made them means something else, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bench import code_hash as module
from codefx_desktop.bench.code_hash import code_hash, short_hash

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    folder = tmp_path / "analysis"
    folder.mkdir()
    (tmp_path / "__init__.py").touch()
    (folder / "first.py").write_text("from codefx_desktop.analysis.second import b\na = b + 1\n")
    (folder / "second.py").write_text("b = 1\n")
    return folder


def test_it_changes_with_the_code_and_with_what_that_imports(room: Path) -> None:
    before = code_hash("analysis.first")
    assert code_hash("analysis.first") == before
    (room / "second.py").write_text("b = 2\n")
    after = code_hash("analysis.first")
    assert after != before
    (room / "first.py").write_text("from codefx_desktop.analysis.second import b\na = b + 2\n")
    assert code_hash("analysis.first") not in (before, after)


def test_comments_layout_and_other_modules_do_not_count(room: Path) -> None:
    before = code_hash("analysis.first")
    (room / "second.py").write_text("# one\nb = (\n    1\n)\n")
    (room / "third.py").write_text("c = 1\n")
    assert code_hash("analysis.first") == before


def test_a_module_that_is_not_there_is_told(room: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"analysis\.fourth"):
        code_hash("analysis.fourth")


def test_without_source_the_version_stands_for_it(room: Path) -> None:
    (room.parent / "__init__.py").unlink()
    assert code_hash("analysis.first") == code_hash("analysis.anything")


def test_parts_cannot_run_into_each_other() -> None:
    assert short_hash("ab", "c") != short_hash("a", "bc")


def test_it_is_true_of_our_own_code() -> None:
    assert code_hash("analysis.scenes") != code_hash("synthetic.clip")
