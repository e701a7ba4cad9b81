"""The places that the contract of ``ObjectStore`` is checked on, and room for each test in them."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from fake_store import FakeStore

from codefx_desktop.domain.errors import NotOffered
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore
from codefx_desktop.remote.opening import open_store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from buckets.miniflare import Simulator
    from buckets.openstack import Swift

    from codefx_desktop.domain.object_store import ObjectStore

R2_NAMES: Final = ("R2_ACCOUNT_ID", "R2_BUCKET", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY")
# Taken now: tests run without the person's own variables.
R2_VALUES: Final = [os.environ.get(name, "") for name in R2_NAMES]


def _fake(request: pytest.FixtureRequest) -> ObjectStore:
    return FakeStore()


def _folder(request: pytest.FixtureRequest) -> ObjectStore:
    drive = request.getfixturevalue("tmp_path_factory").mktemp("drive")
    return FolderStore(Target("usb", TargetKind.FOLDER, folder=drive))


def _r2(request: pytest.FixtureRequest) -> ObjectStore:
    simulator: Simulator = request.getfixturevalue("r2")
    return simulator.store()


def _swift(request: pytest.FixtureRequest) -> ObjectStore:
    server: Swift = request.getfixturevalue("swift")
    return server.store()


def _real(request: pytest.FixtureRequest) -> ObjectStore:
    if missing := [name for name, value in zip(R2_NAMES, R2_VALUES, strict=True) if not value]:
        pytest.skip(f"a real bucket is asked for by {', '.join(missing)}")
    account, bucket, key_id, secret = R2_VALUES
    target = Target("real", TargetKind.R2, bucket=bucket, account_id=account, access_key_id=key_id)
    return open_store(target, Access(key_id, secret))


PLACES: Final = {"fake": _fake, "folder": _folder, "r2": _r2, "swift": _swift, "real": _real}


def _names() -> list[object]:
    """Return the places; a real bucket where one is named, so that it is not skipped 30 times."""
    names: list[object] = ["fake", "folder", "r2", "swift"]
    return (
        [*names, pytest.param("real", marks=pytest.mark.integration)] if any(R2_VALUES) else names
    )


@pytest.fixture(params=_names())
def place_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def opened() -> Iterator[dict[str, ObjectStore]]:
    """Return buckets' clients, each made once: that takes longer than many a test."""
    stores: dict[str, ObjectStore] = {}
    yield stores
    for store in stores.values():
        store.close()


@pytest.fixture
def place(
    request: pytest.FixtureRequest, place_name: str, opened: dict[str, ObjectStore]
) -> ObjectStore:
    if place_name in ("fake", "folder"):
        return PLACES[place_name](request)
    if place_name not in opened:
        opened[place_name] = PLACES[place_name](request)
    return opened[place_name]


@pytest.fixture
def prefix(place: ObjectStore, place_name: str) -> Iterator[str]:
    """Return where a test may write: its own job. A real bucket is left as it was found."""
    own = f"jobs/test-{uuid.uuid4().hex}/"
    yield own
    if place_name == "real":
        with suppress(NotOffered):
            for left in place.open_uploads(own):
                place.abort_upload(left.key, left.upload_id)
        place.delete([one.key for one in place.list(own)])
