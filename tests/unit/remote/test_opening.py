"""Targets are opened by what they are, or say what they lack."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import (
    AccessRefused,
    CodefxError,
    SettingsError,
)
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.opening import open_store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore


def test_targets_are_opened_by_their_kind(drive: Path) -> None:
    folder: ObjectStore = open_store(Target("usb", TargetKind.FOLDER, folder=drive), None)
    assert folder.label == f"folder {drive}"
    r2 = Target("r2", TargetKind.R2, bucket="races", account_id="0" * 32, access_key_id="key")
    bucket: ObjectStore = open_store(r2, Access("key", "secret"))
    assert bucket.label == "R2 bucket races"
    bucket.close()


@pytest.mark.parametrize(
    ("target", "access", "kind", "words"),
    [
        (Target("usb", TargetKind.FOLDER), None, SettingsError, "usb is not complete: folder"),
        (Target("r2", TargetKind.R2, bucket="b"), None, SettingsError, "account_id, access_key_id"),
        (
            Target("s3", TargetKind.S3, bucket="b", access_key_id="k"),
            None,
            AccessRefused,
            "No secret is known for target s3",
        ),
        (
            Target("s3", TargetKind.S3, bucket="b", access_key_id="k"),
            Access("k", ""),
            AccessRefused,
            "No secret is known",
        ),
        (
            Target("s3", TargetKind.S3, bucket="b", access_key_id="k", endpoint="not an address"),
            Access("k", "s"),
            SettingsError,
            "not the address of an S3 server",
        ),
    ],
)
def test_targets_that_cannot_be_opened_say_why(
    target: Target, access: Access | None, kind: type[CodefxError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        open_store(target, access)
    assert caught.value.hint


def test_a_bucket_is_named_with_its_server() -> None:
    target = Target(
        "nas", TargetKind.S3, bucket="b", access_key_id="k", endpoint="https://u:p@nas.local:9000"
    )
    place = open_store(target, Access("k", "s"))
    assert place.label == "bucket b at nas.local:9000"
    place.close()
    aws = open_store(replace(target, endpoint=""), Access("k", "s"))
    assert aws.label == "S3 bucket b"
    aws.close()
