"""Weights from a target: what is listed, what proves a file, and what is never kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from model_shelves import SEGMENTER, SMALL, Shelf
from pushed_samples import R2

from codefx_desktop.domain.errors import (
    AlreadyThere,
    DownloadDamaged,
    ObjectMissing,
    Offline,
    WeightsError,
    WeightsUnusable,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from codefx_desktop.domain.models import ModelKept
    from codefx_desktop.jobs.model_bucket import ModelBucket

KEY = "models/tyres.pt"
SHA256 = hashlib.sha256(SMALL).hexdigest()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def bucket(shelf: Shelf, store: FakeStore) -> ModelBucket:
    return shelf.bucket(store)


def get(bucket: ModelBucket, shelf: Shelf, key: str = KEY, name: str = "") -> ModelKept:
    return bucket.get(R2.name, key, name, shelf.told.append, shelf.cancel)


def in_parts(store: FakeStore, key: str, data: bytes, sha256: str = "") -> None:
    """Put an object whose ETag is no MD5 of the whole."""
    upload = store.begin_upload(key, Sending("application/octet-stream", sha256))
    etag = store.put_part(key, upload, 1, data)
    store.complete_upload(key, upload, [etag], Sending("application/octet-stream", sha256))


def test_weights_under_a_prefix_are_listed(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore
) -> None:
    for key in ("models/b.pt", "models/old/a.PT", "models/notes.txt", "models/b.pt.sha256"):
        store.plant(key, SMALL)
    store.plant("jobs/x.pt", SMALL)
    store.plant("models/empty.pt", b"")
    shelf.put("b.pt", SMALL)
    found = bucket.list("RACES")
    assert [(one.key, one.name, one.is_here) for one in found.models] == [
        ("models/b.pt", "b.pt", True),
        ("models/old/a.PT", "a.PT", False),
    ]
    assert found.models[0].size_bytes == len(SMALL)
    assert [one.key for one in bucket.list(R2.name, "/jobs/").models] == ["jobs/x.pt"]


@pytest.mark.parametrize("proof", ["metadata", "beside", "md5"])
def test_a_file_is_proven_and_kept(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore, proof: str
) -> None:
    if proof == "md5":
        store.plant(KEY, SMALL)
    else:
        in_parts(store, KEY, SMALL, SHA256 if proof == "metadata" else "")
    if proof == "beside":
        store.plant(f"{KEY}.sha256", f"{SHA256.upper()}  tyres.pt\n".encode())
    kept = get(bucket, shelf)
    assert kept.path == shelf.paths.weights / "tyres.pt"
    assert kept.path.read_bytes() == SMALL
    assert kept.facts.sha256 == SHA256
    assert shelf.told[-1].done_bytes == len(SMALL)
    assert not list((shelf.paths.cache / "models" / "fetching").glob("*"))


@pytest.mark.parametrize("proof", ["metadata", "beside"])
def test_what_is_not_as_promised_is_not_kept(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore, proof: str
) -> None:
    wrong = "ab" * 32
    store.plant(KEY, SMALL, wrong if proof == "metadata" else "")
    if proof == "beside":
        store.plant(f"{KEY}.sha256", wrong.encode())
    with pytest.raises(DownloadDamaged, match="did not arrive as"):
        get(bucket, shelf)
    assert shelf.names() == []
    assert not list((shelf.paths.cache / "models").rglob("tyres.pt"))


def test_what_nothing_proves_is_not_fetched(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore
) -> None:
    in_parts(store, KEY, SMALL)
    with pytest.raises(DownloadDamaged, match="Nothing in the fake place tells") as told:
        get(bucket, shelf)
    assert "sha256sum tyres.pt" in told.value.hint
    assert store.count("download") == 0


def test_nothing_is_overwritten(bucket: ModelBucket, shelf: Shelf, store: FakeStore) -> None:
    mine = shelf.put("tyres.pt", SEGMENTER)
    store.plant(KEY, SMALL, SHA256)
    with pytest.raises(AlreadyThere):
        get(bucket, shelf)
    assert store.count("download") == 0
    kept = get(bucket, shelf, name=bucket.free_name(KEY))
    assert kept.path.name == "tyres-2.pt"
    assert mine.read_bytes() == SEGMENTER
    again = get(bucket, shelf, name="third.pt")
    assert again.was_there
    assert again.path == kept.path
    assert store.count("download") == 1


def test_what_no_job_can_use_is_not_kept(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore
) -> None:
    store.plant(KEY, b"bad weights")
    with pytest.raises(WeightsUnusable):
        get(bucket, shelf)
    assert shelf.names() == []
    store.plant("models/no name", SMALL)
    with pytest.raises(WeightsError):
        get(bucket, shelf, "models/no name")


def test_a_fetch_goes_on_where_it_was_stopped(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore
) -> None:
    data = b"det" + bytes(700_000)
    store.plant(KEY, data)
    shelf.cancel.set()
    with pytest.raises(Cancelled):
        get(bucket, shelf)
    (part,) = (shelf.paths.cache / "models" / "fetching").glob("*/tyres.pt")
    assert part.stat().st_size < len(data)
    shelf.cancel.clear()
    assert get(bucket, shelf).path.read_bytes() == data


def test_troubles_of_the_place_are_told(
    bucket: ModelBucket, shelf: Shelf, store: FakeStore
) -> None:
    with pytest.raises(ObjectMissing, match="no models/tyres"):
        get(bucket, shelf)
    store.fail("list", Offline("Nobody answers at the fake place."))
    with pytest.raises(Offline):
        bucket.list(R2.name)
