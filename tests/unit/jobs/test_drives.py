"""Drives that may leave: what the system says of them, and the innermost one counts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psutil
import pytest

from codefx_desktop.jobs import drives
from codefx_desktop.jobs.drives import Drive, is_on_leaving, may_leave

if TYPE_CHECKING:
    from collections.abc import Callable


def of_system(
    monkeypatch: pytest.MonkeyPatch, platform: str, *found: tuple[str, str, str, str]
) -> None:
    names = ("device", "mountpoint", "fstype", "opts")
    parts = [SimpleNamespace(**dict(zip(names, one, strict=True))) for one in found]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_which: parts)
    monkeypatch.setattr(drives.sys, "platform", platform)


@pytest.mark.parametrize(
    ("platform", "device", "folder", "fstype", "opts", "leaves"),
    [
        ("linux", "/dev/nvme0n1p2", "/", "ext4", "rw", False),
        ("linux", "/dev/sdb1", "/run/media/ann/CARD", "exfat", "rw", True),
        ("linux", "nas:/races", "/srv/races", "nfs4", "rw", True),
        ("linux", "tmpfs", "/tmp", "tmpfs", "rw", False),  # noqa: S108 - a mount's name
        ("darwin", "/dev/disk3s1", "/", "apfs", "rw", False),
        ("darwin", "/dev/disk5s1", "/Volumes/CARD", "exfat", "rw", True),
        ("win32", "C:\\", "C:\\", "NTFS", "rw,fixed", False),
        ("win32", "E:\\", "E:\\", "exFAT", "rw,removable", True),
        ("win32", "Z:\\", "Z:\\", "NTFS", "rw,remote", True),
    ],
)
def test_what_may_leave(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    device: str,
    folder: str,
    fstype: str,
    opts: str,
    leaves: bool,
) -> None:
    of_system(monkeypatch, platform, (device, folder, fstype, opts))
    assert drives.drives() == (Drive(Path(folder), leaves),)


@pytest.mark.parametrize(
    ("real", "removable", "leaves"),
    [
        ("devices/pci0000:00/usb2/2-1/block/sdb/sdb1", "0", True),  # a USB disk says it stays
        ("devices/pci0000:00/mmc_host/mmc0/block/mmcblk0/mmcblk0p1", "0", True),
        ("devices/pci0000:00/ata3/block/sdb/sdb1", "1", True),
        ("devices/pci0000:00/ata1/block/sdb/sdb1", "0", False),
    ],
)
def test_linux_tells_how_a_disk_is_reached(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, real: str, removable: str, leaves: bool
) -> None:
    entry = tmp_path / real
    entry.mkdir(parents=True)
    (entry.parent / "removable").write_text(f"{removable}\n")
    known = tmp_path / "class"
    known.mkdir()
    try:
        (known / entry.name).symlink_to(entry)
    except OSError:
        pytest.skip("no links here")
    monkeypatch.setattr(drives, "_BLOCK_DEVICES", known)
    of_system(monkeypatch, "linux", (f"/dev/{entry.name}", "/footage", "exfat", "rw"))
    assert drives.drives()[0].leaves is leaves


def test_the_innermost_drive_counts() -> None:
    known = (Drive(Path("/"), leaves=False), Drive(Path("/card"), leaves=True))
    assert is_on_leaving(Path("/card/a.mp4"), known)
    assert not is_on_leaving(Path("/cards/a.mp4"), known)
    assert not is_on_leaving(Path("/srv/a.mp4"), reversed(known))
    assert not is_on_leaving(Path("/a.mp4"), ())


def test_what_the_system_does_not_tell_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(**_which: bool) -> None:
        raise OSError("no such call")

    monkeypatch.setattr(psutil, "disk_partitions", fails)
    assert not may_leave(tmp_path / "a.mp4")


def test_this_system_answers(tmp_path: Path) -> None:
    found: Callable[[], tuple[Drive, ...]] = drives.drives
    assert all(isinstance(one, Drive) for one in found())
    assert may_leave(tmp_path) in (True, False)
