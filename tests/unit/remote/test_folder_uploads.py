"""Objects that come to a folder in parts: gone on with, read back, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from folder_places import DATA, KEY, files, folder_store, sending

from codefx_desktop.domain.errors import (
    CorruptedInFlight,
    RemoteError,
)
from codefx_desktop.domain.object_store import Sending

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.remote.folder_store import FolderStore


def test_an_upload_is_gone_on_with_by_another_program(place: FolderStore, drive: Path) -> None:
    first, second = DATA, DATA[:77]
    whole = first + second
    upload_id = place.begin_upload(KEY, sending(whole))
    etags = [place.put_part(KEY, upload_id, 1, first)]
    # A kill in the middle of the second part: some bytes are there and were never confirmed.
    with (drive / ".codefx" / "uploads" / upload_id / "object.part").open("ab") as file:
        file.write(b"half of the second part, and more" * 100)
    again = folder_store(drive)
    (seen,) = again.open_uploads("jobs/7/")
    assert seen.upload_id == upload_id
    etags.append(again.put_part(KEY, upload_id, 2, second))
    again.complete_upload(KEY, upload_id, etags, sending(whole))
    assert again.read(KEY) == whole
    assert files(drive) == [KEY]


def test_parts_are_written_once_when_they_come_in_order(place: FolderStore, drive: Path) -> None:
    upload_id = place.begin_upload(KEY, sending(DATA * 3))
    etags = [place.put_part(KEY, upload_id, number, DATA) for number in (1, 2, 3)]
    part, *_ = (name for name in files(drive) if name.endswith(".part"))
    assert (drive / part).stat().st_size == len(DATA) * 3
    number = (drive / part).stat().st_ino
    place.complete_upload(KEY, upload_id, etags, sending(DATA * 3))
    assert (drive / KEY).stat().st_ino == number  # renamed, not copied
    assert place.read(KEY) == DATA * 3


@pytest.mark.parametrize("sha256", ["", sending(DATA * 2).sha256])
def test_a_drive_that_gives_back_something_else_is_found(
    place: FolderStore, drive: Path, sha256: str
) -> None:
    upload_id = place.begin_upload(KEY, Sending("video/mp4", sha256))
    etags = [place.put_part(KEY, upload_id, number, DATA) for number in (1, 2)]
    path = drive / ".codefx" / "uploads" / upload_id / "object.part"
    damaged = bytearray(path.read_bytes())
    damaged[len(DATA) + 5] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(CorruptedInFlight, match="gave back something else"):
        place.complete_upload(KEY, upload_id, etags, sending(DATA * 2))
    assert place.facts(KEY) is None
    etags[1] = place.put_part(KEY, upload_id, 2, DATA)
    place.complete_upload(KEY, upload_id, etags, sending(DATA * 2))
    assert place.read(KEY) == DATA * 2


def test_an_object_that_is_not_what_was_announced_is_not_taken(place: FolderStore) -> None:
    upload_id = place.begin_upload(KEY, sending(b"something else"))
    etag = place.put_part(KEY, upload_id, 1, DATA)
    with pytest.raises(CorruptedInFlight):
        place.complete_upload(KEY, upload_id, [etag], sending())
    assert place.facts(KEY) is None


def test_parts_of_several_sizes_are_refused(place: FolderStore) -> None:
    upload_id = place.begin_upload(KEY, sending())
    place.put_part(KEY, upload_id, 1, DATA)
    with pytest.raises(RemoteError, match="larger than the first"):
        place.put_part(KEY, upload_id, 2, DATA + b"x")
    etags = [place.put_part(KEY, upload_id, n, DATA[: -n + 1 or None]) for n in (1, 2, 3)]
    with pytest.raises(RemoteError, match="not of one size"):
        place.complete_upload(KEY, upload_id, etags, sending())
