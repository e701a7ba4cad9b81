"""What is no clip is refused after a look, with a sentence, and without a look at anything else.

The folder is watched while it happens: the kernel tells which of its files were opened, by
Python or by FFmpeg, and an address on this machine tells whether anybody called.
"""

from __future__ import annotations

import io
import os
import re
import socket
import stat
import struct
import sys
import zipfile
from typing import TYPE_CHECKING

import psutil
import pytest
from clips import make_clip, read_number
from nasty.boxes import box, changed
from watching import watched

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import ClipError, ClipLost, ClipMissing
from codefx_desktop.video import container
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.thumbnail import thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

A_LOOK_BYTES = 2 << 20
"""So much is read at most to find that a file is no clip; most take a few thousand bytes."""
DECOYS = ("decoy.mp4", "decoy.ts", "decoy.mkv")
TERABYTE = 1 << 40


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    for name in DECOYS:
        make_clip(folder / name, seconds=0.5)
    return folder


@pytest.fixture
def address() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def folder(tmp_path: Path, good: Path) -> Path:
    """Return a folder with clips that a hostile file may name."""
    place = tmp_path / "footage"
    place.mkdir()
    for name in DECOYS:
        (place / name).write_bytes((good / name).read_bytes())
    return place


def refused(path: Path, most_bytes: int = A_LOOK_BYTES) -> ClipError:
    """Check that every way in is shut after a look, and return what is said."""
    for way in (probe, thumbnail):
        before = _read_bytes()
        with pytest.raises(ClipError) as caught:
            way(path)
        assert _read_bytes() - before < most_bytes
        error = caught.value
        assert error.message.endswith(".")
        assert error.hint
        assert path.name in error.message
    return error


def _read_bytes() -> int:
    """Return how much this process has read, as Linux counts it for whom it belongs to."""
    if sys.platform != "linux" or os.geteuid() != os.getuid():
        return 0
    return int(psutil.Process().io_counters().read_chars)


SCRIPTS = {
    "playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\ndecoy.ts\n#EXT-X-ENDLIST\n",
    "playlist with a mark": "\ufeff#EXTM3U\n#EXTINF:2,\ndecoy.ts\n#EXT-X-ENDLIST\n",
    "playlist of an address": "#EXTM3U\n#EXTINF:2.0,\nhttp://{address}/a.ts\n#EXT-X-ENDLIST\n",
    "playlist in another tongue": "#EXTM3U\n#EXTINF:2.0,Größe\ndecoy.ts\n#EXT-X-ENDLIST\n",
    "playlist after empty lines": "\n\n#EXTM3U\n#EXTINF:2,\ndecoy.ts\n#EXT-X-ENDLIST\n",
    "key at an address": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="http://{address}/k"\ndecoy.ts\n',
    "script": "ffconcat version 1.0\nfile decoy.mp4\n",
    "script with a long name": "ffconcat version 1.0\n# é\nfile {folder}/decoy.mp4\n",
    "list": "[playlist]\nFile1=http://{address}/a.mp4\nNumberOfEntries=1\n",
    "manifest": '<?xml version="1.0"?><MPD><BaseURL>http://{address}/</BaseURL></MPD>',
    "manifest without a head": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "session": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    "pointer": "[Reference]\r\nRef1=http://{address}/decoy.ts\r\n",
    "subtitles": "1\n00:00:00,000 --> 00:00:01,000\nLap 1\n",
    "scene": "<smil><body><video src='decoy.mp4'/></body></smil>",
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="decoy.mp4"/></svg>',
}

CONTENTS: dict[str, bytes] = {
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(500),
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + bytes(500),
    "gif": b"GIF89a\1\0\1\0\x80\0\0" + bytes(500),
    "bmp": b"BM" + struct.pack("<IIIIiiHH", 654, 0, 54, 40, 1, 1, 1, 24) + bytes(600),
    "webp": b"RIFF" + struct.pack("<I", 520) + b"WEBPVP8 " + bytes(508),
    "tiff": b"II*\0\x08\0\0\0" + bytes(500),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500),
    "wave": b"RIFF" + struct.pack("<I", 536) + b"WAVEfmt \x10\0\0\0\1\0\1\0" + bytes(512),
    "mp3": b"ID3\3\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 400,
    "ogg": b"OggS\0\2" + bytes(500),
    "flv": b"FLV\1\5\0\0\0\x09" + bytes(500),
    "windows media": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(500),
    "gzip": b"\x1f\x8b\x08" + bytes(500),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(500),
    "rar": b"Rar!\x1a\7\1\0" + bytes(500),
    "pdf": b"%PDF-1.7\n" + bytes(500),
    "program": b"\x7fELF\2\1\1" + bytes(500),
    "database": b"SQLite format 3\0" + bytes(500),
    "zeros": bytes(500_000),
    "one byte": b"\0",
    "nothing": b"",
}


@pytest.mark.skipif(sys.platform != "linux", reason="watches files as Linux does")
@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("suffix", [".mp4", ".ts", ".mkv"])
def test_a_script_opens_nothing(
    folder: Path, address: socket.socket, name: str, suffix: str
) -> None:
    path = folder / f"lap{suffix}"
    where = "{}:{}".format(*address.getsockname())
    words = SCRIPTS[name].replace("{address}", where).replace("{folder}", str(folder))
    path.write_text(words, "utf-8")
    with watched(folder) as watch:
        refused(path)
        assert watch.opened() <= {path.name}
    with pytest.raises(BlockingIOError):
        address.accept()


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("suffix", [".mp4", ".avi", ".ts"])
def test_other_contents_are_refused(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"lap{suffix}"
    path.write_bytes(CONTENTS[name])
    refused(path)


def test_an_archive_of_clips_is_refused(tmp_path: Path, good: Path) -> None:
    path, packed = tmp_path / "lap.mp4", io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(good / "decoy.mp4", "decoy.mp4")
    path.write_bytes(packed.getvalue())
    assert "zip" in refused(path).message


def _alias(to: bytes) -> bytes:
    """Return a data reference to another file, as QuickTime's reference films have."""
    head = bytes(10) + b"\4disk" + bytes(23) + bytes(12)
    name = bytes([len(to)]) + to + bytes(63 - len(to)) + bytes(16)
    levels = struct.pack(">HH", 1, 1) + bytes(16)
    path = struct.pack(">HH", 2, len(to)) + to + bytes(len(to) % 2) + b"\xff\xff\0\0"
    return struct.pack(">II", 0, 1) + box(b"alis", bytes(4) + head + name + levels + path)


@pytest.mark.skipif(sys.platform != "linux", reason="watches files as Linux does")
def test_a_film_that_refers_to_another_file_does_not_open_it(folder: Path) -> None:
    data = (folder / "decoy.mp4").read_bytes()
    data = changed(data, "moov/trak/mdia/minf/dinf/dref", lambda _: _alias(b"decoy.mp4"))
    path = folder / "reference.mov"
    path.write_bytes(data[: data.index(b"mdat") - 4] + data[data.index(b"moov") - 4 :])
    with watched(folder) as watch:
        refused(path)
        assert watch.opened() <= {path.name}


@pytest.mark.skipif(sys.platform != "linux", reason="watches files as Linux does")
def test_a_good_clip_opens_itself_alone(folder: Path) -> None:
    for name in DECOYS:
        path = folder / f"lap%03d{name[5:]}"
        (folder / name).rename(path)
        with watched(folder) as watch:
            clip = probe(path)
            fingerprint(path)
            with FrameReader(clip) as reader:
                assert len(list(reader)) == 15
            assert watch.opened() == {path.name}


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _device(name: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(name)


SPECIAL: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "folder": lambda path: path.mkdir(),
    "zeros for ever": _device("/dev/zero"),
    "noise for ever": _device("/dev/urandom"),
    "the void": _device("/dev/null"),
    "the screen": _device("/dev/tty"),
    "standard input": _device("/dev/stdin"),
    "a list of processes": _device("/proc"),
    "a file of the kernel": _device("/proc/self/maps"),
    "nowhere": _device("no such file.mp4"),
    "itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.skipif(os.name == "nt", reason="such files are not there")
@pytest.mark.parametrize("name", SPECIAL)
@pytest.mark.parametrize("through", [False, True], ids=["itself", "through a link"])
@pytest.mark.timeout(20)
def test_what_is_no_file_is_not_opened(
    tmp_path: Path, name: str, through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    path = tmp_path / "lap.mp4"
    SPECIAL[name](path if name != "socket" else path.relative_to(tmp_path))
    if through:
        link = tmp_path / "link.mp4"
        link.symlink_to(path)
        path = link
    with watched(tmp_path) as watch:
        error = refused(path)
        # Only a file is opened: nothing may wait on a pipe or feed on a device.
        assert name == "a file of the kernel" or not watch.opened()
    assert not re.search(r"Errno|\[|Traceback", error.message)
    with pytest.raises(ClipError):
        fingerprint(path)


@pytest.mark.skipif(os.name == "nt", reason="no sparse files by seeking there")
@pytest.mark.parametrize(
    ("suffix", "head"),
    [
        (".mp4", b""),
        (".mp4", box(b"ftyp", b"isom\0\0\0\0")),
        (".mp4", box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4sQ", 1, b"mdat", 1 << 62)),
        (".mp4", box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4sQ", 1, b"moov", 1 << 62)),
        (".mp4", box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 0, b"mdat")),
        (".avi", b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\x7fmovi"),
        (".mkv", bytes.fromhex("1a45dfa3a3428288") + b"matroska" + bytes.fromhex("18538067")),
        (".ts", b"\x47\x1f\xff\x10" + bytes(184)),
    ],
)
@pytest.mark.timeout(30)
def test_a_huge_hollow_file_is_refused(
    tmp_path: Path, suffix: str, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terabyte that takes no place: nobody reads through it to find nothing."""
    monkeypatch.setattr(container, "OPEN_LIMIT_S", 0.5)
    # FFmpeg looks for AVI's next picture until it is told to stop.
    most_bytes = 1 << 30 if suffix == ".avi" else A_LOOK_BYTES
    refused(hollow(tmp_path / f"lap{suffix}", head), most_bytes)


@pytest.mark.skipif(os.name == "nt", reason="no sparse files by seeking there")
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".avi"])
@pytest.mark.timeout(30)
def test_a_hollow_end_hides_nothing(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorder set a terabyte aside and died: what it wrote is delivered, the rest is told."""
    monkeypatch.setattr(container, "OPEN_LIMIT_S", 0.5)
    monkeypatch.setattr(container, "READ_LIMIT_S", 0.5)
    codec = {"codec": "mpeg4"} if suffix == ".avi" else {}
    good = make_clip(tmp_path / f"good{suffix}", seconds=0.5, b_frames=0, **codec)  # type: ignore[arg-type]
    head = good.read_bytes()
    if suffix == ".avi":  # no index, and no length that would end it
        movi = head.index(b"movi") - 8
        head = head[: head.rindex(b"idx1")]
        head = head[:4] + bytes(4) + head[8:movi] + b"LIST" + bytes(4) + head[movi + 8 :]
    clip = probe(hollow(tmp_path / f"lap{suffix}", head))
    with FrameReader(clip) as reader:
        numbers = [read_number(frame.pixels) for frame in reader]
    assert numbers[:14] == list(range(14))  # the end of the last one may not be known
    assert clip.info.verdict is Verdict.PARTIAL or (len(numbers) == 15 and suffix == ".mp4")


def hollow(path: Path, head: bytes) -> Path:
    """Write a file that begins so and is a terabyte long, nearly all of it never written."""
    with path.open("wb") as file:
        file.write(head)
        try:
            file.truncate(TERABYTE)
        except OSError:
            pytest.skip("this file system has no files of that size")
    return path


@pytest.mark.parametrize("claim", [1 << 62, (1 << 63) - 1, (1 << 64) - 1])
def test_a_claim_beyond_every_disk_does_not_hide_the_pictures(
    tmp_path: Path, good: Path, claim: int
) -> None:
    data = (good / "decoy.mp4").read_bytes()
    path = tmp_path / "lap.mp4"
    moov = data.index(b"moov") - 4
    huge = struct.pack(">I4sQ", 1, b"mdat", claim) + data[moov - 200 : moov]
    path.write_bytes(data[:moov] + data[moov:] + huge)
    info = probe(path).info
    assert (info.frames, info.verdict) == (15, Verdict.PARTIAL)
    path.write_bytes(data[:32] + huge)
    refused(path)


def test_a_clip_that_vanishes_between_look_and_open(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lap.mp4"
    look = probe_module.check_file

    def look_and_lose(*arguments: object) -> os.stat_result:
        found = look(*arguments)  # type: ignore[arg-type]
        path.unlink()
        return found

    path.write_bytes((good / "decoy.mp4").read_bytes())
    monkeypatch.setattr(probe_module, "check_file", look_and_lose)
    with pytest.raises((ClipLost, ClipMissing)) as caught:
        probe(path)
    assert path.name in caught.value.message


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_a_clip_that_may_not_be_read(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "lap.mp4"
    path.write_bytes((good / "decoy.mp4").read_bytes())
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:  # for whom every file is open
        os.seteuid(65534)
    try:
        error = refused(path)
    finally:
        if is_root:
            os.seteuid(0)
        path.chmod(stat.S_IRWXU)
    assert "Permission denied" in error.message


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed there")
@pytest.mark.parametrize(
    "name",
    [
        "lap\n1.mp4",
        "lap\t1\r.mp4",
        "🏁 赛车.mp4",
        "-lap.mp4",
        "--help.mp4",
        "-.mp4",
        " lap .mp4",
        "concat:decoy.mp4|decoy.mp4",
        "http:lap.mp4",
        "file:lap.mp4",
        "pipe:0.mp4",
        "subfile,,start,0,end,9,,:lap.mp4",
        "lap\\1.mp4",
        "%s%n.mp4",
        "$(touch x).mp4",
        "lap.mp4.MP4",
        os.fsdecode(b"lap\xff\xfe.mp4"),
    ],
)
def test_an_odd_name_is_but_a_name(tmp_path: Path, good: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((good / "decoy.mp4").read_bytes())
    clip = probe(path)
    with FrameReader(clip) as reader:
        assert [read_number(frame.pixels) for frame in reader] == list(range(15))
    assert fingerprint(path) == fingerprint(good / "decoy.mp4")
    path.write_bytes(b"no clip at all\n" * 99)
    refused(path)
