"""The settings file: what a person chose, checked before anything is written, comments kept."""

from __future__ import annotations

import errno
import tomllib
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import NoSpace, SettingsError
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.settings.settings_file import save_chosen, trouble_with

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_saved_holds_at_the_next_start_and_can_be_taken_back(home: Path) -> None:
    path = app_paths().settings_file
    save_chosen(path, {"yolo_threshold": 0.6, "yolo_weights_path": home / "best.pt"})
    assert load_settings().yolo_threshold == 0.6
    assert load_settings().yolo_weights_path == home / "best.pt"
    save_chosen(path, {"yolo_threshold": None})
    assert load_settings().yolo_threshold == 0.5
    assert tomllib.loads(path.read_text("utf-8")) == {"yolo_weights_path": str(home / "best.pt")}


def test_comments_and_other_lines_of_a_person_stay(home: Path) -> None:
    path = app_paths().settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('# of the garage laptop\ndevice = "cpu"  # no GPU\nmine = 3\n', "utf-8")
    save_chosen(path, {"url_ttl_s": 600})
    text = path.read_text("utf-8")
    assert "# of the garage laptop" in text
    assert 'device = "cpu"  # no GPU' in text
    assert "mine = 3" in text
    assert load_settings().url_ttl_s == 600


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("yolo_threshold", 1.5, "Confidence: Input should be less than or equal to 1"),
        ("device", "gpu", "Device: String should match"),
        ("database_url", "postgres://x", "History database: the history is kept in SQLite"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    home: Path, name: str, value: object, why: str
) -> None:
    path = app_paths().settings_file
    assert trouble_with(name, value).startswith(why)
    with pytest.raises(SettingsError, match=why.partition(":")[0]):
        save_chosen(path, {name: value, "url_ttl_s": 600})
    assert not path.exists()


def test_the_environment_does_not_hide_a_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITSTOP_YOLO_THRESHOLD", "0.4")
    assert trouble_with("yolo_threshold", 7)


def test_a_file_that_cannot_be_read_is_never_replaced(home: Path) -> None:
    path = app_paths().settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("device = = 3\n", "utf-8")
    with pytest.raises(SettingsError, match="cannot be read"):
        save_chosen(path, {"url_ttl_s": 600})
    assert path.read_text("utf-8") == "device = = 3\n"


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("device = 'cpu'\n", "utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoSpace, match="settings could not be written"):
        save_chosen(path, {"url_ttl_s": 600})
    assert path.read_text("utf-8") == "device = 'cpu'\n"
    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]
