"""What a target has of a job is deleted, and nothing else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fake_store import Call, FakeStore
from pushed_samples import FILES, JOB, R2, S3, SOURCE, push_by_hand

from codefx_desktop.domain.errors import AccessRefused, NotOffered
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.remote_deleting import delete_remote, remote_files

if TYPE_CHECKING:
    from codefx_desktop.domain.target import Target

OTHER = f"{JOB[:-1]}2"
SENDING = Sending("video/mp4", "")
NEVER = threading.Event()


def filled(target: Target) -> FakeStore:
    store = FakeStore()
    for job_id in (JOB, OTHER):
        push_by_hand(store, target, {"job.json": b"{}", **FILES, **SOURCE}, job_id)
    store.plant(target.key(f"jobs/{JOB}/report/of nobody.csv"), b"1")
    store.plant("elsewhere/a.txt", b"1")
    return store


@pytest.mark.parametrize("target", [R2, S3], ids=["R2", "S3 with prefixes"])
def test_all_of_one_job_goes_and_nothing_else(target: Target) -> None:
    store, told = filled(target), []
    count = len(remote_files(store, target, JOB).keys)
    assert count == len(FILES) + 4
    assert delete_remote(store, target, JOB, told.append, NEVER) == count
    assert told[-1] == count
    assert not [key for key in store.keys() if JOB in key]  # noqa: SIM118 - no dict
    assert len([key for key in store.keys() if OTHER in key]) == len(FILES) + 3  # noqa: SIM118
    assert "elsewhere/a.txt" in store.keys()  # noqa: SIM118


def test_the_manifest_goes_first() -> None:
    store = filled(R2)
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        delete_remote(store, R2, JOB, lambda _: cancel.set(), cancel)
    keys = [key for key in store.keys() if JOB in key]  # noqa: SIM118
    assert len(keys) == len(FILES) + 3
    assert f"jobs/{JOB}/manifest.json" not in keys
    assert delete_remote(store, R2, JOB, lambda _: None, NEVER) == len(keys)


def test_uploads_that_were_begun_are_dropped() -> None:
    store = filled(R2)
    for job_id in (JOB, OTHER):
        store.begin_upload(f"jobs/{job_id}/output/x.mp4", SENDING)
    delete_remote(store, R2, JOB, lambda _: None, NEVER)
    assert [one.key for one in store.open_uploads("jobs/")] == [f"jobs/{OTHER}/output/x.mp4"]


def test_a_place_that_does_not_list_uploads_is_deleted_from_all_the_same() -> None:
    store = filled(R2)
    store.fail("open_uploads", NotOffered("It does not tell."), times=10)
    assert delete_remote(store, R2, JOB, lambda _: None, NEVER)


def test_what_arrives_meanwhile_goes_too() -> None:
    store = filled(R2)

    def arrives(call: Call) -> None:
        if call.name == "delete":
            store.on_call = lambda _: None
            store.plant(f"jobs/{JOB}/output/late.mp4", b"late")

    store.on_call = arrives
    delete_remote(store, R2, JOB, lambda _: None, NEVER)
    assert not [key for key in store.keys() if JOB in key]  # noqa: SIM118


def test_what_is_not_allowed_is_said() -> None:
    store = filled(R2)
    store.fail("delete", AccessRefused("The key may not delete objects."))
    with pytest.raises(AccessRefused):
        delete_remote(store, R2, JOB, lambda _: None, NEVER)


@pytest.mark.parametrize("job_id", ["", "..", "a/b", "../x", "."])
def test_what_is_no_job_deletes_nothing(job_id: str) -> None:
    store = filled(R2)
    before = store.keys()
    with pytest.raises(ValueError, match="cannot be the id"):
        delete_remote(store, R2, job_id, lambda _: None, NEVER)
    assert store.keys() == before
