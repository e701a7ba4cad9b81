"""The manifest: what is written is read back, and nothing that leads elsewhere is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from codefx_desktop.artifacts.manifest import (
    Manifest,
    ManifestEntry,
    manifest_bytes,
    read_manifest,
)
from codefx_desktop.domain.errors import RemoteError

JOB = "0123abcd"
ENTRIES = tuple(
    ManifestEntry(f"jobs/{JOB}/{name}", size, digit * 64, kind)
    for name, size, digit, kind in (
        ("frames/original/frame_1.jpg", 0, "a", "image/jpeg"),
        ("output/Grand Prix é_annotated.mp4", 2**40, "b", "video/mp4"),
    )
)
MANIFEST = Manifest(JOB, 3, datetime(2026, 5, 1, 12, tzinfo=UTC), "1.2", ENTRIES)


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    assert read_manifest(manifest_bytes(MANIFEST), JOB) == MANIFEST
    assert manifest_bytes(read_manifest(manifest_bytes(MANIFEST))) == manifest_bytes(MANIFEST)


def test_the_format_is_what_the_module_says() -> None:
    values = json.loads(manifest_bytes(MANIFEST))
    assert values["version"] == 1
    assert (values["job_id"], values["revision"], values["app_version"]) == (JOB, 3, "1.2")
    assert values["created"] == "2026-05-01T12:00:00+00:00"
    assert values["entries"][0] == {
        "key": f"jobs/{JOB}/frames/original/frame_1.jpg",
        "size": 0,
        "sha256": "a" * 64,
        "content_type": "image/jpeg",
    }


def test_an_empty_manifest_is_one() -> None:
    empty = Manifest(JOB, 1, MANIFEST.created, "1.2", ())
    assert read_manifest(manifest_bytes(empty)) == empty


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "version is 2"),
        ({"job_id": "other"}, "of job other"),
        ({"revision": -1}, "revision is -1"),
        ({"revision": True}, "revision is True"),
        ({"created": "2026-05-01T12:00:00"}, "no zone"),
        ({"entries": 5}, "not iterable"),
        ({"entries": [5]}, "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, object], told: str) -> None:
    values = json.loads(manifest_bytes(MANIFEST)) | change
    with pytest.raises(RemoteError, match=told):
        read_manifest(json.dumps(values).encode(), JOB)


@pytest.mark.parametrize("name", ["version", "job_id", "revision", "created", "entries"])
def test_what_is_missing_is_named(name: str) -> None:
    values = json.loads(manifest_bytes(MANIFEST))
    del values[name]
    with pytest.raises(RemoteError, match=f"{name} is missing"):
        read_manifest(json.dumps(values).encode(), JOB)


@pytest.mark.parametrize(
    "key",
    [
        "jobs/other/output/x.mp4",
        f"jobs/{JOB}/../../etc/passwd",
        f"jobs/{JOB}/",
        f"jobs/{JOB}//x",
        f"jobs/{JOB}/a\\..\\b",
        f"jobs/{JOB}/C:x",
        "/etc/passwd",
        5,
    ],
)
def test_keys_that_lead_elsewhere_are_refused(key: object) -> None:
    values = json.loads(manifest_bytes(MANIFEST))
    values["entries"][0]["key"] = key
    with pytest.raises(RemoteError):
        read_manifest(json.dumps(values).encode(), JOB)


@pytest.mark.parametrize(
    ("field", "value"), [("sha256", "A" * 64), ("sha256", ""), ("size", -1), ("size", 1.5)]
)
def test_entries_that_could_not_be_checked_are_refused(field: str, value: object) -> None:
    values = json.loads(manifest_bytes(MANIFEST))
    values["entries"][0][field] = value
    with pytest.raises(RemoteError):
        read_manifest(json.dumps(values).encode(), JOB)


def test_an_object_that_is_named_twice_is_refused() -> None:
    twice = Manifest(JOB, 1, MANIFEST.created, "1.2", ENTRIES[:1] * 2)
    with pytest.raises(RemoteError, match="twice"):
        read_manifest(manifest_bytes(twice))


@pytest.mark.parametrize("data", [b"", b"<html>", b"[1]", b"null", b"[" * 100_000, b"\xff\xfe"])
def test_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(RemoteError, match="cannot be read"):
        read_manifest(data)
