"""``codefx proxy``: made once, listed with its size, removed; nothing asked is a wrong use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clips import make_clip
from typer.testing import CliRunner, Result

from codefx_desktop.cli import main as codefx_main
from codefx_desktop.cli.app import app
from codefx_desktop.settings.paths import app_paths


def codefx(*words: object) -> Result:
    return CliRunner().invoke(app, ["proxy", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(codefx(*words, "--json").stdout)
    return values


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "lap 12.mp4", seconds=0.5)


def test_it_is_made_once(clip: Path) -> None:
    first, second = answer(clip), answer(clip)
    assert (first["was_there"], second["was_there"]) == (False, True)
    assert (first["frames"], first["width"], first["height"]) == (15, 320, 180)
    assert first["size_bytes"] == Path(first["proxy"]).stat().st_size
    assert Path(first["proxy"]).parent == app_paths().proxies
    assert {**first, "was_there": True, "seconds": 0} == {**second, "seconds": 0}
    assert "15 frames, 320x180" in codefx(clip).stdout


def test_the_list_says_what_they_take(clip: Path) -> None:
    assert answer("--list")["proxies"] == []
    made = answer(clip)
    listed = answer("--list")
    assert listed["size_bytes"] == made["size_bytes"]
    [one] = listed["proxies"]
    assert (one["clip_name"], one["path"], one["is_whole"]) == ("lap 12.mp4", made["proxy"], True)
    text = codefx("--list").stdout
    assert "lap 12.mp4" in text
    assert "1 proxy takes" in text


@pytest.mark.parametrize("is_there", [True, False])
def test_it_is_removed_by_its_clip_or_by_its_name(clip: Path, is_there: bool) -> None:
    made = answer(clip)
    if not is_there:
        clip.unlink()
    asked = clip if is_there else Path(made["proxy"]).name
    assert answer(asked, "--remove")["freed_bytes"] == made["size_bytes"]
    assert answer("--list")["proxies"] == []


def test_removing_what_is_not_there_says_so(clip: Path) -> None:
    assert "has no proxy" in codefx(clip, "--remove").stdout


@pytest.mark.parametrize("words", [(), ("--remove",), ("clip.mp4", "--list")])
def test_a_wrong_use_is_told(words: tuple[str, ...]) -> None:
    result = codefx(*words)
    assert result.exit_code == 2
    assert "Name a clip" in result.stderr


def test_a_clip_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["codefx", "proxy", str(tmp_path / "gone.mp4")])
    with pytest.raises(SystemExit) as stopped:
        codefx_main()
    assert stopped.value.code == 1
    assert "gone.mp4 is not there" in capsys.readouterr().err
