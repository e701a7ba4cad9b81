"""A fresh history and ways to fill it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec
from codefx_desktop.store.history import History, open_history

if TYPE_CHECKING:
    from pathlib import Path

AddJob = Callable[..., JobRecord]


@pytest.fixture(scope="session")
def empty_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history without jobs, made once: running the migrations takes 0.1 s."""
    path = tmp_path_factory.mktemp("empty") / "history.sqlite"
    open_history(path).history.close()
    return path


@pytest.fixture
def history_path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def history(history_path: Path, empty_history: Path) -> Iterator[History]:
    history_path.parent.mkdir()
    shutil.copy(empty_history, history_path)
    opened = open_history(history_path)
    assert opened.notices == ()
    with opened.history as history:
        yield history


@pytest.fixture
def add_job(history: History, tmp_path: Path) -> AddJob:
    def add(name: str = "stop.mp4", **given: Any) -> JobRecord:  # noqa: ANN401 - as History.add has them
        values: dict[str, Any] = {
            "input_path": tmp_path / "clips" / name,
            "input_size_bytes": 1000,
            "spec": JobSpec(),
            "metadata": JobMetadata(),
            "job_root": history.path.parent,
        }
        return history.add(**(values | given))

    return add
