"""One review on two machines: pushed, fetched, gone on with on both, and joined."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from folder_places import folder_store
from push_world import JOB_ID, make_job
from pushed_samples import R2
from runs import shop_with

from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.edit import BoxOp, EditOp, EditStep, ThresholdOp
from codefx_desktop.domain.push import PushOptions, PushPart, PushState
from codefx_desktop.jobs import fetching
from codefx_desktop.jobs.fetch_plan import FetchChoice
from codefx_desktop.jobs.fetching import Fetched, fetch, look_at
from codefx_desktop.jobs.pushed_jobs import read_pushed
from codefx_desktop.jobs.pushing import new_pusher, queue
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import Push
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.work import Workshop

CORRECTIONS = PushOptions(frozenset({PushPart.ANALYSIS, PushPart.REPORT}))
BOTH_PLACES = pytest.mark.parametrize("store", ["bucket", "folder"], indirect=True)
FAINT, CLEAR = ThresholdOp(0, 0.2), ThresholdOp(0, 0.8)


@dataclass
class OneTarget:
    """Knows one target, whose place lies in memory."""

    store: ObjectStore

    def find(self, _name: str) -> Target:
        return R2

    def open(self, _target: Target) -> ObjectStore:
        return self.store


class Machine:
    """A laptop with the program on it."""

    def __init__(self, home: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CODEFX_HOME", str(home))
        shop = shop_with(FakeVision())
        self.shop: Workshop = replace(shop, targets=OneTarget(store))  # type: ignore[arg-type]
        self.store = store
        self.layout = JobLayout(shop.paths.data, JOB_ID)

    def analyse(self) -> None:
        record = make_job(self.shop.paths.data)
        write_job_json(record, self.layout)
        self.shop.history.restore([record])

    def edit(self, text: str, *ops: EditOp) -> EditStep:
        with ReviewFile(self.layout.review) as file:
            return file.append(ops or (BoxOp(1, len(text), None),), text, text)

    def held(self) -> str:
        with ReviewFile(self.layout.review) as file:
            return " ".join(step.text for step in file.steps() if not step.is_undone)

    def push(self, options: PushOptions = CORRECTIONS) -> Push:
        record = self.shop.history.get(JOB_ID)
        push = queue(self.shop, record, R2.name, options)
        return self.transfer(push)

    def transfer(self, push: Push) -> Push:
        stop = threading.Event()
        timer = threading.Timer(30, stop.set)
        timer.start()
        new_pusher(self.shop, lambda _: None).run_until_idle(stop)
        timer.cancel()
        return self.shop.outbox.open().push(push.id)

    def fetch(self, *, update: bool = False, parts: frozenset[PushPart] | None = None) -> Fetched:
        choice = FetchChoice() if parts is None else FetchChoice(parts)
        plan = look_at(self.shop, self.store, R2, JOB_ID, choice)
        never = threading.Event()
        return fetch(self.shop, self.store, R2, plan, lambda _: None, never, update=update)

    def log(self) -> str:
        return "\n".join(line.text for _, line in self.shop.history.logs(JOB_ID))


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Return a place: one in memory that goes by the rules of buckets, and a drive."""
    drive = tmp_path / "drive"
    drive.mkdir()
    is_folder = getattr(request, "param", "bucket") == "folder"
    return folder_store(drive) if is_folder else FakeStore()


@pytest.fixture
def machines(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Machine, Machine]]:
    """Two laptops; the first has analysed a job, reviewed and pushed it, the second fetched it."""
    first = Machine(tmp_path / "first", store, monkeypatch)
    second = Machine(tmp_path / "second", store, monkeypatch)
    with closing(first.shop.history), closing(second.shop.history):
        first.analyse()
        first.edit("a")
        assert first.push(PushOptions()).state is PushState.PUSHED
        second.fetch(parts=frozenset({PushPart.ANALYSIS, PushPart.REPORT}))
        yield first, second


def test_a_review_is_fetched_gone_on_with_and_pushed_back(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    assert second.held() == "a"
    second.edit("b")
    assert second.push().revision == 2
    fetched = first.fetch(update=True)
    assert (fetched.review.steps, fetched.review.conflicts) == (1, ())
    assert first.held() == "a b"
    assert "1 change of the review by others came in" in first.log()
    with ReviewFile(first.layout.review) as file:
        assert [step.revision for step in file.steps()] == [1, 2]
    # Nothing is left to do on either side.
    assert first.fetch().review.steps == 0
    assert not first.layout.review_fetched.exists()


def test_steps_that_came_in_are_followed_by_stops(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = machines
    second.edit("b")
    second.push()
    first.edit("mine")
    first.push()
    assert first.shop.unsettled_reviews.get_nowait() == JOB_ID  # once nothing of it is pushed
    settled: list[str] = []
    monkeypatch.setattr(
        fetching, "settle_job", lambda _shop, job_id, _cancel: settled.append(job_id)
    )
    second.fetch(update=True)
    assert settled == [JOB_ID]


def test_who_pushes_corrections_leaves_the_others_files_in_the_job(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    before = {one.rest for one in read_pushed(first.store, R2, JOB_ID).files}
    assert any(rest.startswith("output/") for rest in before)
    second.edit("b")
    second.push()
    assert {one.rest for one in read_pushed(first.store, R2, JOB_ID).files} == before


def test_pushing_once_more_without_a_change_is_no_new_revision(
    machines: tuple[Machine, Machine],
) -> None:
    first, _ = machines
    assert first.push(PushOptions()).revision == 1
    first.edit("c")
    assert first.push(PushOptions()).revision == 2
    assert first.push(PushOptions()).revision == 2
    with ReviewFile(first.layout.review) as file:
        assert [step.revision for step in file.steps()] == [1, 2]


@BOTH_PLACES
def test_a_push_never_writes_over_what_others_pushed_meanwhile(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    first.edit("mine")
    second.edit("theirs")
    assert second.push().state is PushState.PUSHED
    pushed = first.push(PushOptions())
    assert (pushed.state, pushed.revision) == (PushState.PUSHED, 3)
    assert first.held() == "a theirs mine"
    second.fetch(update=True)
    assert second.held() == "a theirs mine"
    # And from then on both have one order.
    second.edit("more")
    second.push()
    assert first.fetch(update=True).review.steps == 1
    assert first.held() == second.held() == "a theirs mine more"


@BOTH_PLACES
def test_a_push_waits_once_for_a_person_where_two_touched_the_same(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    first.edit("mine", FAINT)
    second.edit("theirs", CLEAR)
    second.push()
    stopped = first.push()
    assert stopped.state is PushState.STOPPED
    assert "Two people touched the same: the threshold of class 0" in stopped.reason
    assert "(yours: mine; theirs: theirs)" in stopped.reason
    assert "revision 2" in stopped.reason
    assert first.held() == "a theirs mine"
    with ReviewFile(first.layout.review) as file:
        assert [one.theirs.text for one in file.conflicts()] == ["theirs"]
        file.undo()
    first.shop.outbox.open().retry(stopped.id)
    pushed = first.transfer(stopped)
    assert (pushed.state, pushed.revision) == (PushState.PUSHED, 3)
    second.fetch(update=True)
    assert second.held() == first.held() == "a theirs"


def test_a_fetch_tells_conflicts_and_keeps_both(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    first.edit("mine", FAINT)
    second.edit("theirs", CLEAR)
    second.push()
    fetched = first.fetch(update=True)
    assert fetched.review.conflicts == ("the threshold of class 0 (yours: mine; theirs: theirs)",)
    assert "Decide in Review, at Conflicts." in str(fetched.review)
    assert first.held() == "a theirs mine"
    assert first.push().state is PushState.PUSHED


def test_a_review_here_is_never_replaced_by_an_update(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    second.edit("mine")
    first.edit("theirs")
    first.push()
    # The review alone differs: nothing is lost by taking it in, and nobody is asked.
    assert second.fetch(parts=frozenset({PushPart.ANALYSIS})).review.steps == 1
    assert second.held() == "a theirs mine"


def test_who_has_no_review_leaves_that_of_others_in_the_job(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Machine(tmp_path / "first", store, monkeypatch)
    second = Machine(tmp_path / "second", store, monkeypatch)
    with closing(first.shop.history), closing(second.shop.history):
        first.analyse()
        first.push(PushOptions())
        second.fetch()
        second.edit("b")
        second.push()
        (first.layout.report_dir / "stops.csv").write_bytes(b"changed\n")
        assert first.push(PushOptions()).revision == 3
        assert "analysis/review.sqlite" in {
            one.rest for one in read_pushed(store, R2, JOB_ID).files
        }
        first.fetch(update=True)
        assert first.held() == "b"


def test_a_review_of_a_newer_version_in_the_bucket_stops_the_push(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = machines
    with monkeypatch.context() as newer:
        newer.setattr("codefx_desktop.store.review_tables.EDIT_VERSION", 3)
        second.edit("b")
        second.push()
    first.edit("mine")
    stopped = first.push()
    assert stopped.state is PushState.STOPPED
    assert "a step of version 3; this program knows 2" in stopped.reason
    assert first.held() == "a mine"


def test_the_same_review_is_the_same_bytes_on_every_machine(
    machines: tuple[Machine, Machine],
) -> None:
    _, second = machines
    before = read_pushed(second.store, R2, JOB_ID).manifest
    assert second.push().revision == 1
    assert read_pushed(second.store, R2, JOB_ID).manifest == before
