"""A folder as a place: drives that are missing, full or pulled, and files that people change."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from folder_places import DATA, KEY, files, sending

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ForeignObject,
    Offline,
    RemoteError,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.remote import placing

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.remote.folder_store import FolderStore


def test_objects_are_plain_files_and_nothing_else_is_left(place: FolderStore, drive: Path) -> None:
    place.put(KEY, DATA, sending())
    upload_id = place.begin_upload("jobs/7/input/source.mp4", sending())
    etag = place.put_part("jobs/7/input/source.mp4", upload_id, 1, DATA)
    place.complete_upload("jobs/7/input/source.mp4", upload_id, [etag], sending())
    assert files(drive) == ["jobs/7/input/source.mp4", KEY]
    assert (drive / KEY).read_bytes() == DATA
    place.delete([KEY, "jobs/7/input/source.mp4"])
    assert [path.name for path in drive.iterdir()] == [".codefx"]


def test_a_missing_drive_is_no_empty_folder(place: FolderStore, drive: Path) -> None:
    drive.rmdir()
    calls: list[Callable[[], object]] = [
        lambda: place.put(KEY, DATA, sending()),
        lambda: place.begin_upload(KEY, sending()),
        lambda: place.facts(KEY),
        lambda: list(place.list("")),
        lambda: list(place.open_uploads("")),
        lambda: place.read(KEY),
        lambda: place.delete([KEY]),
        lambda: place.download(KEY, drive.parent / "x", lambda _: None, threading.Event()),
        place.clock_offset_s,
        place.lifecycle,
    ]
    for call in calls:
        with pytest.raises(BucketMissing, match="is not there") as caught:
            call()
        assert "Plug the drive in" in caught.value.hint
    assert not drive.exists()


def test_a_drive_that_is_pulled_while_it_is_written(
    place: FolderStore, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_: int) -> None:
        drive.rename(drive.with_name("pulled"))
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", pulled)
    with pytest.raises(BucketMissing):
        place.put(KEY, DATA, sending())


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, BucketFull, "No space is left"),
        (errno.EDQUOT, BucketFull, "No space is left"),
        (errno.EFBIG, BucketFull, "too large for the drive"),
        (errno.EROFS, AccessRefused, "cannot be written to"),
        (errno.EACCES, AccessRefused, "cannot be written to"),
        (errno.EIO, Offline, "does not answer"),
        (errno.ESTALE, Offline, "does not answer"),
        (errno.EHOSTDOWN, Offline, "does not answer"),
        (errno.EBADMSG, RemoteError, "usb: Bad message"),
    ],
)
def test_what_the_system_says_is_told(
    place: FolderStore,
    drive: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[RemoteError],
    words: str,
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(kind, match=words) as caught:
        place.put(KEY, DATA, sending())
    assert type(caught.value) is kind
    assert caught.value.hint.endswith(".")
    assert files(drive) == []
    monkeypatch.undo()
    place.put(KEY, DATA, sending())
    assert place.read(KEY) == DATA


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_drive_that_is_really_full(place: FolderStore) -> None:
    original = Path.open

    def to_full(self: Path, mode: str = "r", *given: object, **named: object) -> object:
        target = Path("/dev/full") if self.suffix == ".part" else self
        return original(target, mode.replace("x", "w"), *given, **named)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", to_full)
        with pytest.raises(BucketFull, match="No space is left"):
            place.put(KEY, DATA, sending())


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_drives_without_second_names_take_objects_once(
    place: FolderStore, drive: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refused)
    place.put(KEY, DATA, sending())
    with pytest.raises(ForeignObject):
        place.put(KEY, b"other", sending(b"other"))
    assert place.read(KEY) == DATA
    assert files(drive) == [KEY]


def test_a_claim_that_broke_off_is_taken_over(place: FolderStore, drive: Path) -> None:
    (drive / KEY).parent.mkdir(parents=True)
    (drive / KEY).touch()  # a power cut between claiming the name and giving it
    place.put(KEY, DATA, sending())
    assert place.read(KEY) == DATA


def test_an_empty_object_is_no_claim(place: FolderStore) -> None:
    place.put(KEY, b"", sending(b""))
    with pytest.raises(ForeignObject):
        place.put(KEY, DATA, sending())


@pytest.mark.parametrize("in_the_way", ["jobs/7/output/stop_annotated.mp4/x", "jobs/7"])
def test_folders_and_files_in_the_way_are_foreign(
    place: FolderStore, drive: Path, in_the_way: str
) -> None:
    path = drive / in_the_way
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a person's")
    with pytest.raises(ForeignObject):
        place.put(KEY, DATA, sending())
    assert place.facts(KEY) is None
    assert path.read_bytes() == b"a person's"


def test_a_file_that_a_person_put_there_is_an_object(place: FolderStore, drive: Path) -> None:
    (drive / KEY).parent.mkdir(parents=True)
    (drive / KEY).write_bytes(DATA)
    facts = place.facts(KEY)
    assert facts is not None
    assert facts.stored.etag == hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    assert facts.sha256 == sending().sha256
    assert facts.content_type == "video/mp4"
    assert place.put(KEY, DATA, sending()) == facts.stored.etag


def test_a_changed_file_is_seen_by_its_listing(place: FolderStore, drive: Path) -> None:
    etag = place.put(KEY, DATA, sending())
    state = (drive / KEY).stat()
    (drive / KEY).write_bytes(DATA[::-1])
    (seen,) = place.list("jobs/")
    assert seen.etag != etag
    (drive / KEY).write_bytes(DATA)
    os.utime(drive / KEY, ns=(state.st_atime_ns, state.st_mtime_ns - 7_200_000_000_000))
    (seen,) = place.list("jobs/")  # FAT in another time zone: another time, the same bytes
    assert seen.etag == etag
    facts = place.facts(KEY)
    assert facts is not None
    assert facts.content_type == "video/mp4"


@pytest.mark.parametrize("damage", ["lost", "torn", "foreign"])
def test_notes_may_be_lost(place: FolderStore, drive: Path, damage: str) -> None:
    etag = place.put(KEY, DATA, Sending("text/x-special", sending().sha256))
    for note in (drive / ".codefx" / "facts").rglob("*.json"):
        if damage == "lost":
            note.unlink()
        else:
            note.write_bytes(note.read_bytes()[:20] if damage == "torn" else b'{"key": "x"}')
    facts = place.facts(KEY)
    assert facts is not None
    assert (facts.stored.etag, facts.sha256) == (etag, sending().sha256)
    with pytest.raises(ForeignObject):
        place.put(KEY, b"other", sending(b"other"))


def test_a_listing_reads_no_objects(place: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        place.put(f"jobs/7/frames/det/frame_{number}.jpg", b"%d" % number, sending(b""))
    read: list[Path] = []
    monkeypatch.setattr(
        "codefx_desktop.remote.folder_facts.sums", lambda path: read.append(path) or ("", "")
    )
    assert len(list(place.list("jobs/"))) == 20
    assert read == []


def test_a_read_only_drive_can_be_read(
    place: FolderStore, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drive / KEY).parent.mkdir(parents=True)
    (drive / KEY).write_bytes(DATA)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refused)
    assert [one.key for one in place.list("jobs/")] == [KEY]
    assert place.read(KEY) == DATA
    with pytest.raises(AccessRefused):
        place.put(KEY + "2", DATA, sending())


KILLED = """
import os, sys
from pathlib import Path
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore
place = FolderStore(Target("usb", TargetKind.FOLDER, folder=Path(sys.argv[1])))
print("ready", flush=True)
number = 0
while True:
    key = f"jobs/7/frames/det/frame_{number}.jpg"
    place.put(key, bytes(200_000), Sending("image/jpeg", "0" * 64))
    print(number, flush=True)
    number += 1
"""


def test_a_killed_program_leaves_no_half_object(place: FolderStore, drive: Path) -> None:
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(drive)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.strip().isdigit() and int(line) >= 5:
                    process.kill()
                    break
        listed = list(place.list("jobs/"))
        assert len(listed) >= 6
        assert {one.size_bytes for one in listed} == {200_000}
        place.delete([one.key for one in listed])


def test_of_a_folder_there_are_neither_links_nor_rules(place: FolderStore) -> None:
    assert place.lifecycle() == ()
    place.set_lifecycle(())
    assert not place.traits.signs_links
    assert not place.traits.has_lifecycle


def test_where_nothing_can_be_forgotten_bytes_are_still_read(
    place: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put(KEY, DATA, sending())
    monkeypatch.setattr(placing.sys, "platform", "darwin")
    assert place.read(KEY, 3, 9) == DATA[3:9]
