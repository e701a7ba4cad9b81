"""Targets: a person's own and those of the environment, found, kept, and their troubles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.settings.targets import (
    LoadedTargets,
    delete_target,
    find_target,
    load_targets,
    save_target,
    targets_file,
)

if TYPE_CHECKING:
    from codefx_desktop.settings.paths import AppPaths

TEAM = Target("Team R2", TargetKind.R2, "races", "0123", access_key_id="key", url_ttl_s=60)
NAS = Target(
    "nas",
    TargetKind.S3,
    "races",
    endpoint="https://nas.lan:9000",
    region="eu-west-1",
    access_key_id="key",
    input_prefix="in/",
    output_prefix="out/",
    retention_days=30,
)
USB = Target("usb", TargetKind.FOLDER, folder=Path("/media/usb/r\udcffaces"))


@pytest.fixture
def paths() -> AppPaths:
    return app_paths()


def loaded() -> LoadedTargets:
    return load_targets(app_paths(), load_settings())


def put(paths: AppPaths, *targets: object) -> Path:
    path = targets_file(paths)
    path.write_text(json.dumps({"version": 1, "targets": list(targets)}))
    return path


def test_nothing_is_there_at_first(paths: AppPaths) -> None:
    assert loaded() == LoadedTargets()
    assert not targets_file(paths).exists()
    with pytest.raises(SettingsError, match="no target to push to"):
        find_target(paths, load_settings())


def test_targets_come_back_whole(paths: AppPaths) -> None:
    for target in (TEAM, NAS, USB):
        save_target(paths, target)
    assert loaded() == LoadedTargets((TEAM, NAS, USB))
    assert [path.name for path in paths.settings_file.parent.iterdir()] == ["targets.json"]


def test_a_name_in_any_case_is_the_same(paths: AppPaths) -> None:
    save_target(paths, TEAM)
    save_target(paths, NAS)
    again = Target("TEAM r2", TargetKind.FOLDER, folder=Path("/x"))
    save_target(paths, again)
    assert loaded().targets == (again, NAS)
    assert find_target(paths, load_settings(), "team R2") == again
    delete_target(paths, "Team R2")
    assert loaded().targets == (NAS,)
    assert find_target(paths, load_settings()) == NAS


def test_of_several_one_must_be_named(paths: AppPaths) -> None:
    save_target(paths, TEAM)
    save_target(paths, NAS)
    with pytest.raises(
        SettingsError,
        match=r"several targets\. There are Team R2, nas\. Say which: --target NAME\.",
    ):
        find_target(paths, load_settings())
    with pytest.raises(SettingsError, match=r"no target usb\. There are Team R2, nas"):
        find_target(paths, load_settings(), "usb")


def test_a_damaged_file_is_kept_aside_and_told(paths: AppPaths) -> None:
    path = targets_file(paths)
    path.write_text("{")
    (trouble,) = loaded().troubles
    assert "is damaged" in trouble
    assert "targets.json.damaged" in trouble
    assert path.with_name("targets.json.damaged").read_text() == "{"
    save_target(paths, USB)
    assert loaded() == LoadedTargets((USB,))


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ({"name": "a", "kind": "ftp"}, "kind is none of r2, s3, folder"),
        ({"name": "a", "kind": ["s3"]}, "kind is none of"),
        ({"name": "a"}, "kind is none of"),
        ({"kind": "s3"}, "a target has no name"),
        ({"name": "a/b", "kind": "s3"}, "name has"),
        ({"name": "a", "kind": "s3", "bucket": 7}, "bucket is no text"),
        ({"name": "a", "kind": "s3", "url_ttl_s": True}, "url_ttl_s is no number"),
        ({"name": "a", "kind": "s3", "url_ttl_s": 10**6}, "7 days"),
        ({"name": "a", "kind": "folder", "folder": 1}, "folder is no text"),
        ({"name": "a", "kind": "s3", "endpoint": "nas.lan"}, "must look like https"),
        ({"name": "NAS", "kind": "s3"}, "there twice"),
        ("nas", "no name"),
    ],
)
def test_what_is_good_in_a_damaged_file_is_used(paths: AppPaths, raw: object, word: str) -> None:
    good = {"name": "nas", "kind": "s3", "bucket": "races", "colour": "blue"}
    put(paths, good, raw)
    found = loaded()
    assert found.targets == (Target("nas", TargetKind.S3, "races"),)
    (trouble,) = found.troubles
    assert word in trouble
    assert loaded() == LoadedTargets(found.targets)


@pytest.mark.parametrize(
    "endpoint",
    ["nas.lan", "ftp://nas", "https://me:canary@nas", "https://nas/?key=canary", "https://nas:x"],
)
def test_an_endpoint_is_an_address_without_password(paths: AppPaths, endpoint: str) -> None:
    target = Target("nas", TargetKind.S3, "races", endpoint=endpoint)
    with pytest.raises(ValueError, match="must look like https") as caught:
        save_target(paths, target)
    assert "canary" not in str(caught.value)
    assert not targets_file(paths).exists()


def test_r2_of_the_environment(monkeypatch: pytest.MonkeyPatch, paths: AppPaths) -> None:
    for name in ("ACCOUNT_ID", "BUCKET", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"R2_{name}", name.lower())
    monkeypatch.setenv("R2_URL_TTL_SECONDS", "60")
    made = Target(
        "R2",
        TargetKind.R2,
        "bucket",
        "account_id",
        access_key_id="access_key_id",
        url_ttl_s=60,
        is_from_environment=True,
    )
    assert loaded() == LoadedTargets((made,))
    with pytest.raises(ValueError, match="made by the environment"):
        save_target(paths, made)


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ("R2_BUCKET", "R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY are not set"),
        ("R2_SECRET_ACCESS_KEY", "R2_ACCOUNT_ID, R2_BUCKET and R2_ACCESS_KEY_ID are not set"),
    ],
)
def test_what_a_begun_r2_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, given: str, lacking: str
) -> None:
    monkeypatch.setenv(given, "races")
    found = loaded()
    assert found.troubles == (f"Target R2 was begun, but {lacking}.",)
    assert found.targets[0].missing


def test_how_long_and_how_many_begin_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("R2_URL_TTL_SECONDS", "60")
    monkeypatch.setenv("R2_RETENTION_DAYS", "60")
    monkeypatch.setenv("AWS_S3_BUCKET", "races")  # of other programs, as long as nobody says s3
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    assert loaded() == LoadedTargets()


def test_s3_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_BACKEND", "s3")
    lacks = "AWS_S3_BUCKET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"
    assert loaded().troubles == (f"Target S3 was begun, but {lacks}.",)
    monkeypatch.setenv("AWS_S3_BUCKET", "races")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    assert loaded().troubles == ("Target S3 was begun, but AWS_ACCESS_KEY_ID is not set.",)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_S3_OUTPUT_PREFIX", "results")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://nas.lan")
    (target,) = loaded().targets
    assert not loaded().troubles
    assert target.key("jobs/7/input/source.mp4") == "input/jobs/7/input/source.mp4"
    assert target.key("jobs/7/job.json") == "results/jobs/7/job.json"
    assert (target.used_region, target.used_endpoint) == ("us-east-1", "https://nas.lan")


def test_s3_with_the_standard_credentials_lacks_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = key\naws_secret_access_key = canary\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("STORAGE_BACKEND", "s3")
    monkeypatch.setenv("AWS_S3_BUCKET", "races")
    assert not loaded().troubles
    assert loaded().targets[0].missing == ()


def test_the_environment_wins_over_an_own_target(
    monkeypatch: pytest.MonkeyPatch, paths: AppPaths
) -> None:
    save_target(paths, Target("r2", TargetKind.R2, "mine"))
    monkeypatch.setenv("R2_BUCKET", "theirs")
    found = loaded()
    assert [one.bucket for one in found.targets] == ["theirs"]
    assert "Your own target r2 is hidden" in found.troubles[-1]


def test_an_endpoint_of_the_environment_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STORAGE_BACKEND", "s3")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://me:canary@nas.lan")
    found = loaded()
    assert not found.targets
    assert "Target S3 cannot be used: the endpoint must look like" in found.troubles[0]
    assert "canary" not in found.troubles[0]


def test_a_secret_written_into_the_file_is_named_not_used_and_never_told(
    paths: AppPaths, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "canary-secret-51d0"
    entry = {"name": "Team R2", "kind": "r2", "bucket": "races", "access_key_id": "key"}
    path = put(
        paths,
        {**entry, "secret_access_key": canary},
        {**entry, "name": "Two", "R2_SECRET_ACCESS_KEY": canary, "session_token": canary},
    )
    found = loaded()
    assert [target.name for target in found.targets] == ["Team R2", "Two"]
    one, two = found.troubles
    assert one.startswith(f"Target Team R2: secret_access_key is in {path}")
    assert "R2_SECRET_ACCESS_KEY and session_token are in" in two
    assert "system keyring" in one
    assert "delete it from the file" in one
    assert canary not in f"{found} {caplog.text}"
    save_target(paths, found.targets[0])  # what is written anew has no room for one
    assert canary not in path.read_text()
    assert loaded().troubles == ()
