"""The places that the contract of ``ObjectStore`` is checked on, and room for each test in them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from buckets.miniflare import Simulator

    from codefx_desktop.domain.object_store import ObjectStore


def _fake(request: pytest.FixtureRequest) -> ObjectStore:
    return FakeStore()


def _folder(request: pytest.FixtureRequest) -> ObjectStore:
    tmp_path: Path = request.getfixturevalue("tmp_path_factory").mktemp("drive")
    return FolderStore(Target("usb", TargetKind.FOLDER, folder=tmp_path))


def _r2(request: pytest.FixtureRequest) -> ObjectStore:
    simulator: Simulator = request.getfixturevalue("r2")
    return simulator.store()


PLACES = {"fake": _fake, "folder": _folder, "r2": _r2}


@pytest.fixture(params=list(PLACES))
def place(request: pytest.FixtureRequest) -> Iterator[ObjectStore]:
    store = PLACES[request.param](request)
    yield store
    store.close()


@pytest.fixture
def prefix() -> str:
    """Return where a test may write: its own job."""
    return f"jobs/{uuid.uuid4().hex}/"
