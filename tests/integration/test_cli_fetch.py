"""Links to a pushed job, and the job opened on another laptop, in the terminal."""

from __future__ import annotations

import json
import re
import ssl
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import cv2
import numpy as np
import pytest
from fake_store import FakeStore
from fakes import FakeVision
from pushed_samples import FILES, JOB, NOW, R2, SOURCE, job_json, push_by_hand

from codefx_desktop.artifacts.formats import read_json, read_toon, same_content
from codefx_desktop.cli import main
from codefx_desktop.domain.errors import Offline
from codefx_desktop.domain.object_store import StoreTraits
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.targets import save_target

if TYPE_CHECKING:
    from buckets.miniflare import Simulator

Codefx = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeStore:
    """Return the place of every target, with a pushed job in it."""
    made = FakeStore()
    push_by_hand(made, R2, {"job.json": job_json(tmp_path / "far"), **FILES, **SOURCE})
    monkeypatch.setattr("codefx_desktop.bootstrap.open_store_with", lambda *_: made)
    return made


@pytest.fixture
def codefx(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], home: Path
) -> Codefx:
    monkeypatch.setattr("codefx_desktop.bootstrap.new_vision", lambda _paths: FakeVision())
    save_target(app_paths(), R2)

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfdbinary.readouterr()
        return int(ended.value.code or 0), said.out.decode(), said.err.decode()

    return call


def test_a_job_opens_on_another_laptop(codefx: Codefx, store: FakeStore, home: Path) -> None:
    code, out, _ = codefx("fetch", JOB[:6])
    assert code == 0
    assert "lap12.mp4, GT3, Spa: COMPLETE" in out
    assert f"since {NOW.astimezone():%Y-%m-%d %H:%M}, revision 1" in out
    assert "  source    1 file, 1.6 MB, 0 chosen" in out
    assert "Fetched and checked: 10 files, 2.8 MB." in out
    shown = json.loads(codefx("jobs", "show", JOB[:6], "--json")[1])
    assert shown["status"] == "COMPLETE"
    video = Path(codefx("jobs", "output", JOB[:6])[1].strip())
    assert video.read_bytes() == FILES["output/lap12_annotated.mp4"]
    assert video.is_relative_to(home)
    code, out, _ = codefx("fetch", JOB[:6], "--json")
    told = json.loads(out)
    assert told["fetched"] == {
        "files": 0,
        "size_bytes": 0,
        "files_here": 10,
        "is_new": False,
        "review": {"changes_taken_in": 0, "conflicts": []},
    }


def test_no_name_commands_the_terminal(codefx: Codefx, store: FakeStore, tmp_path: Path) -> None:
    data = job_json(tmp_path / "far").replace(b"lap12.mp4", rb"\u001b[2Jlap.mp4")
    push_by_hand(store, R2, {"job.json": data, "report/a.csv": b"1"}, JOB)
    code, out, _ = codefx("fetch", JOB[:6], "--dry-run")
    assert code == 0
    assert "_[2Jlap.mp4" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    "address",
    [
        f"s3://races/jobs/{JOB}/manifest.json",
        f"https://{R2.account_id}.r2.cloudflarestorage.com/races/jobs/{JOB}/manifest.json?s=5ecre7",
    ],
)
def test_an_address_names_the_job_and_its_target(
    codefx: Codefx, store: FakeStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEFX_LOG_LEVEL", "DEBUG")
    save_target(app_paths(), Target("usb", TargetKind.FOLDER, folder=Path("/media/usb")))
    code, out, err = codefx("fetch", address, "--parts", "report", "--json")
    assert code == 0
    assert json.loads(out)["parts"]["report"] == {"files": 1, "size_bytes": 6, "chosen": 1}
    logged = "".join(path.read_text() for path in app_paths().logs.glob("*.log"))
    assert "5ecre7" not in out + err + logged
    code, _, err = codefx("fetch", address.replace("races", "elsewhere"))
    assert code == 2
    assert "no target of this machine" in err
    assert "5ecre7" not in err


def test_looking_brings_nothing(codefx: Codefx, store: FakeStore, home: Path) -> None:
    code, out, _ = codefx("fetch", JOB[:6], "--dry-run", "--frames", "15", "--parts", "frames")
    assert code == 0
    assert "  frames    3 files, 14 B, 1 chosen" in out
    assert not (home / "jobs").exists()
    assert json.loads(codefx("fetch", JOB[:6], "--dry-run", "--json")[1])["fetched"] is None


def test_wrong_use_is_told(codefx: Codefx, store: FakeStore) -> None:
    for words, said in (
        ((JOB[:6], "--frames", "9-3"), "--frames: '9-3' is no frame number and no range"),
        ((JOB[:6], "--parts", "videos"), "There is no part videos"),
        (("9999",), "begins with 9999"),
        (("https://example.com/x",), "This is no address of a pushed job"),
    ):
        code, _, err = codefx("fetch", *words)
        assert code == 2
        assert said in err


def test_a_network_that_is_away_is_told_and_the_next_time_goes_on(
    codefx: Codefx, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.fetch_files.LONGEST_WAIT_S", 0.001)
    store.fail("download", Offline("No network.", hint="Try later."), times=100)
    code, out, err = codefx("fetch", JOB[:6])
    assert code == 1
    assert "waiting: No network." in out
    assert "No network. Try later." in err
    store._faults.clear()
    code, out, _ = codefx("fetch", JOB[:6])
    assert code == 0
    assert "Fetched and checked: 1 file, 2.8 MB; 9 files had been here." in out


def test_a_local_job_that_changed_is_left_as_it_is(codefx: Codefx, store: FakeStore) -> None:
    codefx("fetch", JOB[:6])
    text = app_paths().data / "jobs" / JOB / "report" / "mot.txt"
    text.write_text("mine")
    code, _, err = codefx("fetch", JOB[:6])
    assert code == 1
    assert "report/mot.txt. Nothing was changed." in err
    assert text.read_text() == "mine"
    code, out, _ = codefx("fetch", JOB[:6], "--update")
    assert code == 0
    assert "Fetched and checked: 1 file" in out
    assert text.read_bytes() == FILES["report/mot.txt"]


@pytest.mark.parametrize("says_yes", [True, False])
def test_whoever_sits_at_a_terminal_is_asked_about_an_update(
    codefx: Codefx, store: FakeStore, monkeypatch: pytest.MonkeyPatch, says_yes: bool
) -> None:
    codefx("fetch", JOB[:6])
    text = app_paths().data / "jobs" / JOB / "report" / "mot.txt"
    text.write_text("mine")
    asked: list[str] = []
    monkeypatch.setattr("typer.confirm", lambda told: asked.append(told) or says_yes)
    monkeypatch.setattr("codefx_desktop.cli.fetch.is_asked", lambda: True)
    code, _, err = codefx("fetch", JOB[:6])
    assert code == (0 if says_yes else 1)
    assert "report/mot.txt" in err
    assert asked == ["Replace them by the pushed ones? What was changed in them here is lost."]
    assert (text.read_text() == "mine") is not says_yes


def test_links_are_told_in_two_formats_that_say_the_same(codefx: Codefx, store: FakeStore) -> None:
    before = datetime.now(UTC)
    contents = []
    for kind, read in (("json", read_json), ("toon", read_toon)):
        code, out, _ = codefx("links", JOB[:6], "--ttl", "7200", "--format", kind)
        assert code == 0
        contents.append(read(out.encode()))
    for content in contents:
        until = datetime.fromisoformat(content.pop("expires_at"))
        assert until - before >= timedelta(seconds=7199)
        assert datetime.fromisoformat(content.pop("expires_at_local")) == until
        content.pop("signed_at")
    assert same_content(*contents)
    assert len(contents[0]["files"]) == len(FILES) + 3


def test_links_for_a_person_say_until_when(codefx: Codefx, store: FakeStore) -> None:
    code, out, _ = codefx("links", JOB[:6])
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == f"fake place, job {JOB}"
    assert re.match(
        r"They work until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d{4}-.* here\.", lines[1]
    )
    assert lines[3] == (
        "output/lap12_annotated.mp4\t2.8 MB\t"
        f"https://fake.example/jobs/{JOB}/output/lap12_annotated.mp4?ttl=3600"
    )


def test_the_qr_code_is_the_videos_link(codefx: Codefx, store: FakeStore) -> None:
    code, out, _ = codefx("links", JOB[:6], "--qr")
    assert code == 0
    drawn = out[out.rindex("output/lap12_annotated.mp4\n") :].splitlines()[1:]
    read, _, _ = cv2.QRCodeDetector().detectAndDecode(picture(drawn))
    assert read == f"https://fake.example/jobs/{JOB}/output/lap12_annotated.mp4?ttl=3600"


def picture(lines: list[str]) -> np.ndarray:
    """Return what half blocks show in a terminal with light letters on dark ground."""
    shades = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines if line]
    rows = [[shades[letter][half] for letter in line] for line in plain for half in (0, 1)]
    width = max(map(len, rows))
    light = np.array([row + [0] * (width - len(row)) for row in rows], np.uint8) * 255
    return np.kron(np.pad(light, 4, constant_values=255), np.ones((6, 6), np.uint8))


@pytest.mark.parametrize(
    ("words", "said", "exit_code"),
    [
        (("--ttl", "0"), "Links cannot work for 0 seconds.", 2),
        (("--ttl", "604801"), "604800 seconds (7 days)", 2),
        (("--qr", "--format", "json"), "--qr goes with --format text.", 2),
        (("--target", "nowhere"), "There is no target nowhere.", 2),
    ],
)
def test_links_that_cannot_be_made_are_told(
    codefx: Codefx, store: FakeStore, words: tuple[str, ...], said: str, exit_code: int
) -> None:
    code, out, err = codefx("links", JOB[:6], *words)
    assert (code, out) == (exit_code, "")
    assert said in err


def test_a_folder_has_no_links(
    codefx: Codefx, store: FakeStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store._traits = StoreTraits(signs_links=False)
    save_target(app_paths(), Target("usb", TargetKind.FOLDER, folder=tmp_path))
    code, _, err = codefx("links", JOB[:6], "--target", "usb")
    assert code == 1
    assert str(tmp_path) in err


def test_all_of_it_on_cloudflares_simulator(
    codefx: Codefx, r2: Simulator, monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    """Push on one laptop, open a link, fetch on another, delete there."""
    save_target(app_paths(), r2.target(name="races"))
    monkeypatch.setattr("codefx_desktop.bootstrap.open_store_with", lambda *_: r2.store())
    here = r2.store()
    push_by_hand(here, R2, {"job.json": job_json(tmp_path / "far"), **FILES})
    assert codefx("fetch", f"s3://{r2.bucket}/jobs/{JOB}/manifest.json")[0] == 0
    # Pushed again from this one, all of it is there already.
    code, out, _ = codefx("push", JOB[:6], "--wait", "--json")
    assert code == 0
    assert json.loads(out)["pushes"][0]["state"] == "pushed"
    links = json.loads(codefx("links", JOB[:6], "--format", "json", "--ttl", "60")[1])
    url = {one["name"]: one["url"] for one in links["files"]}
    context = ssl.create_default_context(cafile=str(r2.certificate))
    with urlopen(url["report/mot.txt"], context=context) as answer:  # noqa: S310 - our own
        assert answer.read() == FILES["report/mot.txt"]
        assert answer.headers["Content-Type"] == "text/plain"
    monkeypatch.setenv("CODEFX_HOME", str(tmp_path / "other"))
    save_target(app_paths(), r2.target(name="races"))
    code, out, err = codefx("fetch", url["manifest.json"])
    assert (code, err) == (0, "")
    assert (tmp_path / "other" / "jobs" / JOB / "report" / "mot.txt").read_bytes() == b"1,2,3\n"
    assert codefx("delete", JOB[:6], "--remote", "--yes")[0] == 0
    assert list(here.list(f"jobs/{JOB}/")) == []
    here.close()
