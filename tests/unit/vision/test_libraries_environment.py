from __future__ import annotations

import errno
import json
import logging
import os
from typing import TYPE_CHECKING

import models
import pytest

from codefx_desktop.domain.errors import NoSpace, NotWritable
from codefx_desktop.vision import environment

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_libraries_write_is_in_our_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    environment.prepare(models.folders(tmp_path))
    for name in environment._FOLDERS:
        assert os.environ[name].startswith(str(tmp_path)), name
    settings = json.loads((tmp_path / "cache/libraries/Ultralytics/settings.json").read_text())
    assert settings["sync"] is False
    assert settings["runs_dir"].startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YOLO_OFFLINE", "true"),
        ("YOLO_AUTOINSTALL", "false"),
        ("ULTRALYTICS_SAFE_LOAD", "1"),
        ("YOLO_VERBOSE", "false"),
    ],
)
def test_a_promise_is_kept_whatever_the_person_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, name: "something else"})
    environment.prepare(models.folders(tmp_path))
    assert os.environ[name] == value


def test_a_way_of_waiting_that_a_person_chose_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, "OMP_WAIT_POLICY": "ACTIVE"})
    environment.prepare(models.folders(tmp_path))
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"


def test_settings_of_an_earlier_run_are_switched_off_too(tmp_path: Path) -> None:
    class Settings(dict):  # as the library's: unknown names are an error
        def update(self, values: dict[str, object]) -> None:
            assert set(values) <= set(self)
            super().update(values)

    settings = Settings(sync=True, wandb=True, runs_dir="/elsewhere", api_key="kept")
    environment._settle(settings, tmp_path)
    assert settings == {
        "sync": False,
        "wandb": False,
        "runs_dir": str(tmp_path / "runs"),
        "api_key": "kept",
    }


def test_qt_is_not_sent_to_the_libraries_of_opencv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins, fonts = environment.QT_VARIABLES
    cv2_folder = tmp_path / "cv2"
    monkeypatch.setenv(plugins, str(cv2_folder / "qt/plugins"))
    monkeypatch.setenv(fonts, str(cv2_folder / "qt/fonts"))
    environment.restore_qt_variables(
        {plugins: None, fonts: str(cv2_folder / "qt/fonts")}, cv2_folder
    )
    assert plugins not in os.environ
    assert fonts not in os.environ
    monkeypatch.setenv(plugins, str(cv2_folder / "qt/plugins"))
    environment.restore_qt_variables({plugins: "/opt/qt/plugins"}, cv2_folder)
    assert os.environ[plugins] == "/opt/qt/plugins"


def test_the_librarys_log_goes_to_ours(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("ultralytics")
    assert not log.handlers
    with caplog.at_level(logging.WARNING):
        log.warning("NMS time limit exceeded")
    assert "NMS time limit exceeded" in caplog.messages


def test_a_cache_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    (tmp_path / "cache").write_text("no folder")
    with pytest.raises(NotWritable, match="CODEFX_HOME"):
        environment.prepare(models.folders(tmp_path))


def test_a_full_disk_is_told_and_leaves_no_half_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_args: object, **_named: object) -> None:
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(NoSpace):
        environment.prepare(models.folders(tmp_path))
    assert not list((tmp_path / "cache/libraries/Ultralytics").iterdir())
