"""Testing the connection: what a push does, with an object that is always removed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore

from codefx_desktop.domain.errors import AccessRefused, NotOffered, Offline, RemoteError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_check import check_target
from codefx_desktop.jobs.target_values import CheckName, CheckState
from codefx_desktop.remote.folder_store import FolderStore

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.object_store import Sending
    from codefx_desktop.jobs.target_values import TargetCheck

R2 = Target("R2", TargetKind.R2, "races", "0123", access_key_id="key")
S3 = Target("S3", TargetKind.S3, "races", input_prefix="in/", output_prefix="out/")
REFUSED = AccessRefused("The key may not do this.", hint="Ask for more.")


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def states(check: TargetCheck) -> dict[CheckName, CheckState]:
    return {step.name: step.state for step in check.steps}


def message(check: TargetCheck, name: CheckName) -> str:
    return next(step.message for step in check.steps if step.name is name)


def test_all_is_well(store: FakeStore) -> None:
    said: list[TargetCheck] = []
    check = check_target(R2, store, said.append)
    assert check.is_passed
    assert set(states(check).values()) == {CheckState.PASSED}
    assert CheckName.SOURCES not in states(check)
    assert all(step.milliseconds >= 0 and not step.message for step in check.steps)
    assert [len(one.steps) for one in said] == [1, 2, 3, 4, 5, 6, 6]
    assert [one.is_over for one in said] == [False] * 6 + [True]
    assert store.keys() == []
    assert {call.key.rpartition("/")[0] for call in store.calls if call.key} == {".codefx-check"}


def test_the_keys_of_s3_are_behind_its_prefixes(store: FakeStore) -> None:
    check = check_target(S3, store)
    assert check.is_passed
    assert states(check)[CheckName.SOURCES] is CheckState.PASSED
    put = [call.key for call in store.calls if call.name == "put"]
    assert all(key.startswith(("in/.codefx-check/", "out/.codefx-check/")) for key in put)
    assert store.keys() == []


def test_a_folder_passes_and_is_empty_again(tmp_path: Path) -> None:
    usb = Target("usb", TargetKind.FOLDER, folder=tmp_path)
    check = check_target(usb, FolderStore(usb))
    assert check.is_passed
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_no_network_ends_it_at_once(store: FakeStore) -> None:
    store.offline = Offline("Nobody answers.", hint="Connect to a network.")
    check = check_target(R2, store)
    assert not check.is_passed
    assert message(check, CheckName.CLOCK) == "Nobody answers. Connect to a network."
    assert [step.state for step in check.steps[1:]] == [CheckState.SKIPPED] * 5
    assert len(store.calls) == 1
    assert check.left == ()


@pytest.mark.parametrize(
    ("offset_s", "state", "words"),
    [
        (30, CheckState.PASSED, ""),
        (-200, CheckState.PASSED, "3 minutes fast"),
        (1300, CheckState.FAILED, "21 minutes slow. Set it"),
        (-86400 * 3, CheckState.FAILED, "3 days fast"),
    ],
)
def test_a_clock_that_is_off(
    store: FakeStore, offset_s: float, state: CheckState, words: str
) -> None:
    store.clock_s = offset_s
    check = check_target(R2, store)
    assert states(check)[CheckName.CLOCK] is state
    assert words in message(check, CheckName.CLOCK)
    assert check.is_passed == (state is CheckState.PASSED)


def test_a_place_that_does_not_tell_its_time_may_do_the_rest(store: FakeStore) -> None:
    store.fail("clock_offset_s", NotOffered("It does not tell its time."))
    check = check_target(R2, store)
    assert states(check)[CheckName.CLOCK] is CheckState.SKIPPED
    assert check.is_passed


@pytest.mark.parametrize("call", ["put", "read", "facts", "list", "delete"])
def test_whatever_is_refused_is_told_and_nothing_is_left(store: FakeStore, call: str) -> None:
    store.fail(call, REFUSED)
    check = check_target(R2, store)
    told = [step for step in check.steps if step.state is CheckState.FAILED]
    assert [step.message for step in told] == [str(REFUSED)]
    assert not check.is_passed
    assert check.left == ()
    assert store.keys() == []


def test_what_cannot_be_removed_is_named(store: FakeStore) -> None:
    store.fail("delete", REFUSED, times=2)
    check = check_target(R2, store)
    assert list(check.left) == store.keys()
    assert check.left
    assert not replace(check, steps=()).is_passed


def test_a_put_whose_answer_was_lost_is_removed(store: FakeStore) -> None:
    store.fail("put", Offline("The answer was lost."), done_anyway=True)
    check = check_target(R2, store)
    assert states(check)[CheckName.PUT] is CheckState.FAILED
    assert store.keys() == []


def test_whoever_ends_it_finds_nothing_left(store: FakeStore) -> None:
    def tell(check: TargetCheck) -> None:
        if check.steps[-1].name is CheckName.READ:
            raise Cancelled

    with pytest.raises(Cancelled):
        check_target(S3, store, tell)
    assert store.count("put") == 1
    assert store.keys() == []


class Careless(FakeStore):
    """Replaces what it should not, or keeps something else."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        if self.fault == "replaces":
            sending = replace(sending, only_new=False)
        if self.fault == "forgets sums":
            sending = replace(sending, sha256="")
        return super().put(key, data[1:] if self.fault == "cuts" else data, sending)

    def delete(self, keys: object) -> None:
        if self.fault != "keeps":
            super().delete(keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        ("replaces", CheckName.CONDITION, "replaced although"),
        ("cuts", CheckName.READ, "Something else came back"),
        ("forgets sums", CheckName.READ, "was not kept"),
        ("keeps", CheckName.DELETE, "still there"),
    ],
)
def test_a_careless_place_is_found_out(fault: str, step: CheckName, words: str) -> None:
    check = check_target(R2, Careless(fault))
    assert [one.name for one in check.steps if one.state is CheckState.FAILED] == [step]
    assert words in message(check, step)


def test_what_is_not_listed_is_found_out(store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "list", lambda _: iter(()))
    assert "not listed" in message(check_target(R2, store), CheckName.LIST)


def test_a_bug_is_not_hidden_and_still_nothing_is_left(store: FakeStore) -> None:
    store.fail("read", RemoteError("odd"))
    store._faults[0].error = ZeroDivisionError()  # type: ignore[assignment]
    with pytest.raises(ZeroDivisionError):
        check_target(R2, store)
    assert store.keys() == []
