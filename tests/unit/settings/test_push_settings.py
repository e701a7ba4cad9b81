"""Settings of pushing: their names, their ranges, and no secret in the settings file."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "canary-4f1c"  # noqa: S105 - a made-up one


def test_defaults() -> None:
    settings = load_settings()
    assert settings.storage_backend == "local"
    assert (settings.s3_region, settings.s3_bucket) == ("us-east-1", "")
    assert (settings.s3_input_prefix, settings.s3_output_prefix) == ("input/", "output/")
    assert (settings.url_ttl_s, settings.retention_days) == (3600, 7)
    assert settings.abort_multipart_days == 1
    assert settings.cleanup_local_video_after_upload is True
    assert (settings.push_workers, settings.push_workers_during_job) == (32, 2)
    assert settings.push_limit_mbit == 0


@pytest.mark.parametrize(
    ("given", "used"),
    [("raw", "raw/"), ("raw/", "raw/"), ("/a/b", "a/b/"), ("/", ""), (" raw ", "raw/")],
)
def test_a_prefix_ends_with_a_slash(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    monkeypatch.setenv("AWS_S3_INPUT_PREFIX", given)
    assert load_settings().s3_input_prefix == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORAGE_BACKEND", "cloud"),
        ("AWS_S3_OUTPUT_PREFIX", "a//b"),
        ("R2_URL_TTL_SECONDS", "604801"),
        ("R2_URL_TTL_SECONDS", "0"),
        ("R2_RETENTION_DAYS", "0"),
        ("R2_ABORT_MULTIPART_DAYS", "soon"),
        ("CODEFX_PUSH_WORKERS", "0"),
        ("CODEFX_PUSH_LIMIT_MBIT", "-1"),
        ("CODEFX_PUSH_LIMIT_MBIT", "inf"),
        ("CLEANUP_LOCAL_VIDEO_AFTER_UPLOAD_DEFAULT", "perhaps"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_copies_of_sources(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load_settings().temp_media(app_paths()) == home / "tmp_media"
    monkeypatch.setenv("TEMP_MEDIA_DIR", str(tmp_path / "media"))
    assert load_settings().temp_media(app_paths()) == tmp_path / "media"


@pytest.mark.parametrize(
    "line",
    [
        "R2_SECRET_ACCESS_KEY",
        "r2_secret_access_key",
        "aws_secret_access_key",
        "AWS_SESSION_TOKEN",
        "s3_secret",
    ],
)
@pytest.mark.parametrize("table", ["", "[r2]\n"])
def test_a_secret_in_the_settings_file_is_refused_and_not_told(
    home: Path, line: str, table: str
) -> None:
    (home / "settings.toml").write_text(f'{table}{line} = "{SECRET}"\n')
    with pytest.raises(SettingsError, match="holds a secret") as caught:
        load_settings()
    assert line in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_secret_in_the_wrong_variable_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("R2_URL_TTL_SECONDS", SECRET)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert SECRET not in "".join(traceback.format_exception(caught.value))
