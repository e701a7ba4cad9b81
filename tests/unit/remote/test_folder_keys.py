"""Which names a folder takes, and that none leads out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from folder_places import DATA, KEY, files, sending

from codefx_desktop.domain.errors import (
    RemoteError,
    UploadGone,
)
from codefx_desktop.remote.folder_keys import trouble_with

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.remote.folder_store import FolderStore


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "jobs/../../x",
        "jobs//x",
        "jobs/./x",
        "jobs/x/",
        "jobs\\..\\x",
        "C:/x",
        "jobs/a:b",
        "jobs/con",
        "jobs/NUL.txt",
        "jobs/com1.mp4",
        "jobs/x.",
        "jobs/x ",
        "jobs/what?.mp4",
        "jobs/\x00",
        "jobs/line\nbreak",
        ".codefx/facts/x",
        ".CodeFx/uploads/x",
        "jobs/" + "x" * 256,
        "jobs/" + "ü" * 128,
    ],
)
def test_keys_that_lead_out_or_cannot_be_everywhere_are_refused(
    place: FolderStore, drive: Path, key: str
) -> None:
    assert trouble_with(key)
    for call in (
        lambda: place.put(key, DATA, sending()),
        lambda: place.begin_upload(key, sending()),
        lambda: place.read(key),
        lambda: place.facts(key),
        lambda: place.delete([key]),
    ):
        with pytest.raises(RemoteError, match="cannot be used in a folder"):
            call()
    assert files(drive) == []


@pytest.mark.parametrize("key", ["jobs/7/console.mp4", "jobs/7/.hidden", "jobs/7/走る 1.mp4"])
def test_harmless_keys_are_not_refused(key: str) -> None:
    assert trouble_with(key) == ""


@pytest.mark.parametrize("prefix", ["../", "/etc/", "jobs/../../"])
def test_a_listing_does_not_lead_out(place: FolderStore, prefix: str) -> None:
    with pytest.raises(RemoteError):
        list(place.list(prefix))


def test_a_link_on_the_drive_does_not_lead_out(place: FolderStore, drive: Path) -> None:
    outside = drive.parent / "outside"
    outside.mkdir()
    (drive / "jobs").symlink_to(outside)
    with pytest.raises(RemoteError, match="leads out of"):
        place.put(KEY, DATA, sending())
    with pytest.raises(RemoteError, match="leads out of"):
        place.delete([KEY])
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("upload_id", ["../../x", "", "a/b", ".."])
def test_an_upload_id_does_not_lead_out(place: FolderStore, drive: Path, upload_id: str) -> None:
    place.put(KEY, DATA, sending())
    place.abort_upload(KEY, upload_id)
    with pytest.raises(UploadGone):
        place.put_part(KEY, upload_id, 1, DATA)
    assert files(drive) == [KEY]
