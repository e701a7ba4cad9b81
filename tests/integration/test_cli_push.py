"""The terminal's pushes: queued, sent, stopped, listed; exit codes and words for each."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from pushed_samples import FILES, JOB, record_of
from runs import shop_with

from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.cli import main
from codefx_desktop.domain.errors import AccessRefused, Offline
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.targets import save_target

if TYPE_CHECKING:
    from fake_store import Call

Codefx = Callable[..., tuple[int, str, str]]
OTHER = f"77a0{JOB[4:]}"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    """Return the place of every target."""
    made = FakeStore()
    monkeypatch.setattr("codefx_desktop.bootstrap.open_store_with", lambda *_: made)
    return made


@pytest.fixture
def codefx(
    store: FakeStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Codefx:
    monkeypatch.setattr("codefx_desktop.bootstrap.new_vision", lambda _paths: FakeVision())

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def job(home: Path, tmp_path: Path) -> str:
    """Put a finished job into the history, and a target beside it; return the job's beginning."""
    add_job(JOB, tmp_path)
    add_target("team")
    return JOB[:6]


def add_job(job_id: str, folder: Path) -> JobLayout:
    shop = shop_with(FakeVision())
    layout = JobLayout(shop.paths.data, job_id)
    clip = folder / "lap12.mp4"
    clip.write_bytes(b"clip" * 1000)
    record = record_of(layout, clip=clip)
    for rest, data in FILES.items():
        path = layout.dir / rest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write_job_json(record, layout)
    shop.history.restore([record])
    shop.history.close()
    return layout


def add_target(name: str, kind: TargetKind = TargetKind.R2, **fields: object) -> None:
    if kind is TargetKind.R2:
        fields = {"bucket": "races", "account_id": "0" * 32, "access_key_id": "key", **fields}
    save_target(app_paths(), Target(name, kind, **fields))


def test_without_wait_it_is_queued_and_the_outbox_sends_it(
    codefx: Codefx, store: FakeStore, job: str
) -> None:
    code, out, _ = codefx("push", job)
    assert code == 0
    assert "Queued lap12.mp4 for team: 11 objects" in out
    assert "codefx outbox --run" in out
    assert store.keys() == []
    code, out, _ = codefx("outbox")
    assert code == 0
    assert "lap12.mp4\tteam\t0/11" in out
    code, out, _ = codefx("outbox", "--run")
    assert code == 0
    assert "pushed, 11 objects verified" in out
    assert f"jobs/{JOB}/manifest.json" in store.keys()  # noqa: SIM118 - no dict


def test_with_wait_it_ends_when_all_is_verified(codefx: Codefx, store: FakeStore, job: str) -> None:
    code, out, _ = codefx("push", job, "--wait", "--json")
    assert code == 0
    (push,) = json.loads(out)["pushes"]
    assert (push["state"], push["job_id"], push["target"]) == ("pushed", JOB, "team")
    assert push["files"] == push["files_sent"] == push["files_verified"] == 11
    assert push["parts"] == ["report", "analysis", "frames", "output"]
    assert push["sent_bytes"] == push["size_bytes"] > 0
    assert store.content(f"jobs/{JOB}/report/mot.txt") == FILES["report/mot.txt"]
    calls = len(store.calls)
    code, out, _ = codefx("push", job, "--wait")
    assert code == 0
    assert "Pushed and verified: 1 job to team." in out
    sent = [one for one in store.calls[calls:] if one.size_bytes and "manifest" not in one.key]
    assert sent == []  # nothing that was verified goes twice


def test_only_chosen_parts_go(codefx: Codefx, store: FakeStore, job: str) -> None:
    code, _, _ = codefx("push", job, "--wait", "--parts", "report, SOURCE")
    assert code == 0
    assert store.keys() == [
        f"jobs/{JOB}/{name}"
        for name in ("input/source.mp4", "job.json", "manifest.json", "report/mot.txt")
    ]


def test_a_dry_run_tells_and_sends_nothing(codefx: Codefx, store: FakeStore, job: str) -> None:
    code, out, _ = codefx("push", job, "--dry-run")
    assert code == 0
    assert "  frames    3 files" in out
    assert "source    1 file, 4.0 kB, not chosen" in out
    code, out, _ = codefx("push", job, "--dry-run", "--json", "--parts", "output")
    (told,) = json.loads(out)["jobs"]
    assert told["parts"]["output"]["is_chosen"]
    assert not told["parts"]["frames"]["is_chosen"]
    assert codefx("outbox", "--json")[1] == '{"pushes": []}\n'
    assert store.calls == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parts", "pictures"), "There is no part pictures; there are report, analysis"),
        (("--parts", ","), "No part is named"),
        (("--target", "elsewhere"), "There is no target elsewhere. There are team."),
    ],
)
def test_wrong_use_queues_nothing(
    codefx: Codefx, job: str, words: tuple[str, ...], said: str
) -> None:
    code, _, err = codefx("push", job, *words)
    assert code == 2
    assert said in err
    assert codefx("outbox", "--json")[1] == '{"pushes": []}\n'


def test_a_job_that_is_not_known_keeps_the_others_from_the_outbox(codefx: Codefx, job: str) -> None:
    assert codefx("push", job, "9999")[0] == 2
    assert codefx("outbox", "--json")[1] == '{"pushes": []}\n'


def test_several_targets_are_listed_where_none_is_named(codefx: Codefx, job: str) -> None:
    add_target("usb", TargetKind.FOLDER, folder=Path("/media/usb"))
    code, _, err = codefx("push", job)
    assert code == 2
    assert "There are several targets. There are team, usb." in err
    assert codefx("push", job, "--target", "TEAM", "--wait")[0] == 0


def test_a_target_that_lacks_something_is_told(codefx: Codefx, job: str) -> None:
    add_target("half", bucket="")
    code, _, err = codefx("push", job, "--target", "half")
    assert code == 2
    assert "Target half is not complete: bucket missing." in err


def test_no_target_at_all_says_how_to_add_one(codefx: Codefx, tmp_path: Path) -> None:
    add_job(JOB, tmp_path)
    code, _, err = codefx("push", JOB[:4])
    assert code == 2
    assert "codefx targets add" in err


def test_several_jobs_each_once(codefx: Codefx, job: str, tmp_path: Path) -> None:
    add_job(OTHER, tmp_path)
    code, out, _ = codefx("push", job, OTHER[:4], job, "--wait", "--json")
    assert code == 0
    assert [one["job_id"] for one in json.loads(out)["pushes"]] == [JOB, OTHER]


def test_a_wrong_secret_is_told_and_retried_when_it_is_right(
    codefx: Codefx, store: FakeStore, job: str
) -> None:
    store.offline = AccessRefused("The secret is wrong.", hint="Enter it again.")
    code, _, err = codefx("push", job, "--wait")
    assert code == 1
    assert "lap12.mp4 is not pushed: stopped: The secret is wrong. Enter it again." in err
    code, out, _ = codefx("outbox", "--json")
    assert code == 1
    (push,) = json.loads(out)["pushes"]
    assert push["state"] == "stopped"
    store.offline = None
    code, out, _ = codefx("outbox", "--retry", str(push["id"]), "--run", "--json")
    assert code == 0
    assert json.loads(out)["pushes"][0]["state"] == "pushed"


def interrupt_when(store: FakeStore, seen: Callable[[Call], bool]) -> None:
    """Press Ctrl+C when the place is asked for something."""
    pressed = threading.Event()

    def look(call: Call) -> None:
        if seen(call) and not pressed.is_set():
            pressed.set()
            os.kill(os.getpid(), signal.SIGINT)

    store.on_call = look


@pytest.mark.skipif(os.name == "nt", reason="no signals to oneself there")
def test_ctrl_c_leaves_a_push_that_goes_on(codefx: Codefx, store: FakeStore, job: str) -> None:
    store.fail("put", Offline("No network."), times=10_000, key="frames/")
    interrupt_when(store, lambda call: "frames/" in call.key)
    code, _, err = codefx("push", job, "--wait")
    assert code == 1
    assert "Stopped. What was sent stays" in err
    assert "codefx outbox --run" in err
    code, out, _ = codefx("outbox", "--json")
    (push,) = json.loads(out)["pushes"]
    assert push["state"] == "waiting"
    store._faults.clear()
    store.on_call = lambda _: None
    code, out, _ = codefx("outbox", "--run")
    assert code == 0
    assert "11/11" in out


def test_a_push_is_paused_cancelled_and_forgotten(
    codefx: Codefx, store: FakeStore, job: str
) -> None:
    codefx("push", job)
    code, out, _ = codefx("outbox", "--pause", "1")
    assert (code, "paused" in out) == (0, True)
    codefx("outbox", "--run")
    assert store.keys() == []
    assert "waiting" in codefx("outbox", "--resume", "1")[1]
    assert "cancelled" in codefx("outbox", "--cancel", "1")[1]
    code, out, _ = codefx("outbox", "--forget", "1")
    assert "The outbox is empty" in out
    code, _, err = codefx("outbox", "--pause", "1")
    assert code == 1
    assert "no push 1" in err


def test_what_is_to_become_of_the_source_copy_is_kept(codefx: Codefx, job: str) -> None:
    for words, kept in (
        ((), None),
        (("--remove-source-copy",), True),
        (("--keep-source-copy",), False),
    ):
        (push,) = json.loads(codefx("push", job, *words, "--json")[1])["pushes"]
        assert push["remove_source_copy"] is kept


def test_deleting_a_job_drops_its_pushes_and_leaves_the_bucket(
    codefx: Codefx, store: FakeStore, job: str
) -> None:
    codefx("push", job, "--wait")
    there = store.keys()
    code, out, _ = codefx("delete", job, "--yes")
    assert (code, out) == (0, f"Deleted {JOB}\n")
    assert store.keys() == there
    assert codefx("outbox", "--json")[1] == '{"pushes": []}\n'


def test_a_bucket_is_emptied_of_a_job_only_when_asked(
    codefx: Codefx, store: FakeStore, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codefx("push", job, "--wait")
    store.plant(f"jobs/{OTHER}/job.json", b"1")
    asked: list[str] = []

    def refuse(text: str, **_: object) -> None:
        asked.append(text)
        raise SystemExit(1)

    monkeypatch.setattr("typer.confirm", refuse)
    assert codefx("delete", job, "--remote")[0] == 1
    assert "Delete 11 objects" in asked[0]
    assert "in the fake place" in asked[0]
    assert len(store.keys()) == 12
    code, out, _ = codefx("delete", job, "--remote", "--keep-local", "--yes")
    assert code == 0
    assert f"Deleted 11 objects of {JOB} in the fake place" in out
    assert store.keys() == [f"jobs/{OTHER}/job.json"]
    assert codefx("jobs", "show", job)[0] == 0
    assert codefx("outbox", "--json")[1] == '{"pushes": []}\n'
    assert codefx("push", job, "--wait")[0] == 0
    assert codefx("jobs", "delete", job, "--remote", "--yes")[0] == 0
    assert store.keys() == [f"jobs/{OTHER}/job.json"]
    assert codefx("jobs", "show", job)[0] == 2


def test_a_job_that_only_the_bucket_has_can_be_deleted_there(
    codefx: Codefx, store: FakeStore, job: str
) -> None:
    codefx("push", job, "--wait")
    codefx("delete", job, "--yes")
    assert codefx("delete", job, "--yes")[0] == 2
    assert codefx("delete", job, "--remote", "--yes")[0] == 0
    assert store.keys() == []


def test_remote_options_need_remote(codefx: Codefx, job: str) -> None:
    for words in (("--keep-local",), ("--target", "team")):
        code, _, err = codefx("delete", job, *words, "--yes")
        assert code == 2
        assert "need --remote" in err
    assert codefx("jobs", "show", job)[0] == 0


def with_copy(job_id: str, data: bytes) -> Path:
    """Put a copy of a job's source where fetching puts it."""
    copy = app_paths().data / "tmp_media" / job_id / "input" / "source.mp4"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(data)
    return copy


@pytest.mark.parametrize("option", ["--remove-source-copy", "--keep-source-copy"])
def test_a_source_whose_clip_is_away_is_pushed_from_its_copy(
    codefx: Codefx, store: FakeStore, job: str, tmp_path: Path, option: str
) -> None:
    clip = tmp_path / "lap12.mp4"
    copy = with_copy(JOB, clip.read_bytes())
    clip.unlink()
    code, _, _ = codefx("push", job, "--wait", "--parts", "source", option)
    assert code == 0
    assert store.content(f"jobs/{JOB}/input/source.mp4") == b"clip" * 1000
    assert copy.exists() == (option == "--keep-source-copy")


def test_the_footage_itself_never_goes(
    codefx: Codefx, store: FakeStore, job: str, tmp_path: Path
) -> None:
    codefx("push", job, "--wait", "--parts", "source,output", "--remove-source-copy")
    assert (tmp_path / "lap12.mp4").read_bytes() == b"clip" * 1000
    assert len(FILES) == 9


def test_footage_is_copied_first_on_request(
    codefx: Codefx, store: FakeStore, job: str, tmp_path: Path
) -> None:
    clip = tmp_path / "lap12.mp4"
    data = clip.read_bytes()
    code, out, _ = codefx("push", job, "--copy-source", "--keep-source-copy")
    assert code == 0
    copy = app_paths().data / "tmp_media" / JOB / "input" / "source.mp4"
    assert f"Copy of lap12.mp4: {copy}" in out
    clip.rename(tmp_path / "away.mp4")
    code, out, _ = codefx("outbox", "--run")
    assert code == 0
    assert store.read(f"jobs/{JOB}/input/source.mp4") == data
    assert copy.read_bytes() == data
    assert json.loads(copy.with_name("source.mp4.kept.json").read_text())["reason"] == "policy"


def test_a_copy_of_footage_that_is_away_queues_nothing(
    codefx: Codefx, job: str, tmp_path: Path
) -> None:
    (tmp_path / "lap12.mp4").unlink()
    code, _, err = codefx("push", job, "--copy-source")
    assert code == 1
    assert "is not there" in err
    _, out, _ = codefx("outbox", "--json")
    assert json.loads(out) == {"pushes": []}


@pytest.mark.parametrize("switch", ["--sweep", "--run"])
def test_the_outbox_sweeps_what_was_left_over(codefx: Codefx, job: str, switch: str) -> None:
    home = app_paths().data / "tmp_media" / JOB / "input"
    home.mkdir(parents=True)
    for name in ("source.mp4", "source.mp4.part"):
        (home / name).write_bytes(b"x")
        os.utime(home / name, (1, 1))
    code, out, _ = codefx("outbox", switch)
    assert code == 0
    assert "Removed 1 file that copying and fetching had left over." in out
    assert [path.name for path in home.iterdir()] == ["source.mp4"]
