"""``codefx models``: list, info, add, get, and the exit code of each trouble."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from fake_downloads import FakeDownloads
from fake_store import FakeStore
from fakes import FakeVision
from model_shelves import OFFERS, SEGMENTER, SMALL
from pushed_samples import R2
from typer.testing import CliRunner, Result

from codefx_desktop.cli import main as codefx_main
from codefx_desktop.cli.app import app
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.targets import save_target
from codefx_desktop.settings.weights import DEMO_MODEL, DEMO_SEGMENTER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDownloads:
    """The network and the model library are fakes; the program lies in an empty folder."""
    net = FakeDownloads({OFFERS[0].url: SMALL, OFFERS[1].url: SEGMENTER})
    monkeypatch.setattr("codefx_desktop.bootstrap.new_vision", lambda _: FakeVision())
    monkeypatch.setattr("codefx_desktop.bootstrap.new_downloads", lambda: net)
    monkeypatch.setattr("codefx_desktop.jobs.model_shelf.standard_models", lambda: OFFERS)
    for module in ("jobs.model_places", "settings.weights"):
        monkeypatch.setattr(f"codefx_desktop.{module}.program_dir", lambda: tmp_path / "program")
    return net


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "my [best].pt"
    path.write_bytes(b"det mine")
    return path


def codefx(*words: object) -> Result:
    return CliRunner().invoke(app, ["models", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(codefx(*words, "--json").stdout)
    return values


def exit_code(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Return what the whole program ends with."""
    monkeypatch.setattr("sys.argv", ["codefx", "models", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        codefx_main()
    return int(ended.value.code or 0)


def test_the_list_has_what_is_here_and_what_can_be_had(net: FakeDownloads) -> None:
    found = answer("list")
    assert found["folder"] == str(app_paths().weights)
    demo, demo_segmenter = found["models"]
    assert (demo_segmenter["name"], demo_segmenter["task"]) == (DEMO_SEGMENTER, "segment")
    assert (demo["name"], demo["task"], demo["places"]) == (DEMO_MODEL, "detect", ["demo"])
    assert len(demo["classes"]) == 5
    assert [one["name"] for one in found["standard"]] == ["small.pt", "small-seg.pt"]
    assert found["standard"][0]["kept"] is None
    assert found["standard"][0]["sha256"] == OFFERS[0].sha256
    assert DEMO_MODEL in codefx("list").stdout
    assert not net.asked


def test_a_file_is_added_and_then_described(net: FakeDownloads, mine: Path) -> None:
    del net
    [added] = answer("add", mine)["models"]
    kept = app_paths().weights / mine.name
    assert (added["path"], added["was_there"]) == (str(kept), False)
    assert kept.read_bytes() == b"det mine"
    assert "was there already" in codefx("add", mine).stdout
    facts = answer("info", "my [best]")
    assert facts["sha256"] == hashlib.sha256(b"det mine").hexdigest()
    assert (facts["task"], facts["found_as"], facts["use"]["jobs"]) == ("detect", [], 0)
    text = codefx("info", kept).stdout
    assert "task: detection" in text
    assert "classes: 5: car, wheel" in text


def test_what_jobs_take_by_themselves_is_told(net: FakeDownloads, mine: Path) -> None:
    del net
    assert codefx("add", mine, "--name", "best.pt").exit_code == 0
    assert answer("info", "best")["found_as"] == ["detector"]
    assert "take it as detector" in codefx("info", "best").stdout


def test_troubles_of_adding(
    net: FakeDownloads, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del net
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"bad")
    done = codefx("add", bad, mine)
    assert done.exit_code == 1
    assert "bad.pt cannot be loaded" in done.stderr
    assert (app_paths().weights / mine.name).exists()
    assert [one.get("error", "")[:6] for one in answer("add", bad, mine)["models"]] == [
        "bad.pt",
        "",
    ]
    mine.write_bytes(b"det another")
    taken = codefx("add", mine)
    assert taken.exit_code == 1
    assert "such as my [best]-2.pt" in taken.stderr
    assert exit_code(monkeypatch, "add", mine, bad, "--name", "x.pt") == 2
    assert exit_code(monkeypatch, "add", mine, "--name", "x") == 1


def test_troubles_of_info(
    net: FakeDownloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del net
    assert exit_code(monkeypatch, "info", "nothing") == 1
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"bad")
    done = codefx("info", bad, "--json")
    assert done.exit_code == 1
    assert "cannot be loaded" in json.loads(done.stdout)["trouble"]


def test_a_standard_model_is_fetched_once(net: FakeDownloads) -> None:
    first, second = answer("get", "small"), answer("get", "small.pt")
    assert (first["was_there"], second["was_there"]) == (False, True)
    assert first["path"] == str(app_paths().weights / "small.pt")
    assert len(net.asked) == 1
    assert answer("list")["standard"][0]["kept"] == first["path"]
    assert "detection, 5 classes: car" in codefx("get", "small").stdout


def test_a_standard_model_comes_from_a_drive(net: FakeDownloads, tmp_path: Path) -> None:
    (tmp_path / "small-seg.pt").write_bytes(SEGMENTER)
    assert answer("get", "small-seg", "--from", tmp_path)["task"] == "segment"
    assert not net.asked
    wrong = codefx("get", "small", "--from", tmp_path / "small-seg.pt")
    assert wrong.exit_code == 1


def test_troubles_of_getting(net: FakeDownloads, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exit_code(monkeypatch, "get", "huge") == 2
    net.stop_after = 100_000
    assert exit_code(monkeypatch, "get", "small") == 1
    assert answer("list")["standard"][0]["part_bytes"] == 100_000


def test_ctrl_c_keeps_what_came(net: FakeDownloads, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(work: Callable[[threading.Event], object]) -> object:
        cancel = threading.Event()
        cancel.set()
        return work(cancel)

    monkeypatch.setattr("codefx_desktop.jobs.foreground.run_in_foreground", stopped)
    done = codefx("get", "small")
    assert done.exit_code == 1
    assert "the same command goes on" in done.stderr
    assert len(net.asked) == 1


# -- from a bucket --------------------------------------------------------------------------------


def test_weights_of_a_bucket_are_listed_and_fetched(
    net: FakeDownloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeStore()
    monkeypatch.setattr("codefx_desktop.bootstrap.open_store_with", lambda *_: store)
    save_target(app_paths(), R2)
    assert "has no weights (.pt)" in codefx("bucket").stdout
    store.plant("models/tyres.pt", SMALL)
    assert "models/tyres.pt\t" in codefx("bucket").stdout
    assert answer("bucket")["models"][0]["size_bytes"] == len(SMALL)
    kept = answer("bucket", "models/tyres.pt", "--target", "races")["models"][0]
    assert kept["sha256"] == hashlib.sha256(SMALL).hexdigest()
    assert (app_paths().weights / "tyres.pt").read_bytes() == SMALL
    assert "same name and size here" in codefx("bucket").stdout
    store.plant("models/tyres.pt", SEGMENTER)
    assert exit_code(monkeypatch, "bucket", "models/tyres.pt") == 1
    assert codefx("bucket", "models/tyres.pt", "--name", "other.pt").exit_code == 0
    assert (app_paths().weights / "tyres.pt").read_bytes() == SMALL
    assert codefx("bucket", "--name", "other.pt").exit_code == 2
