"""Clips as particular cameras, phones and recorders write them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from nasty.boxes import as_data_track, box, changed, with_edits
from nasty.encoding import (
    BITEXACT,
    BITEXACT_SOUND,
    COUNT,
    FAST,
    FRAG,
    TONE,
    TS,
    X265_HLG,
    encode,
    run,
    x264,
)
from nasty.kinds import add, clocked, plain, timed
from nasty.pictures import HEIGHT, WIDTH
from nasty.surgery import TS_PACKET, find_box, set_matrix, ts_keyframes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_B = x264(bf="0")
FINE = ["-video_track_timescale", "90000"]
INSTA360_TAIL = b"8db42d694ccc418790edff439fe026bf"


def _cues(out: Path, count: int = 8) -> Path:
    """Write subtitles, four a second: they become a camera's data."""
    path = out.with_name("~cues.srt")
    text = ""
    for n in range(count):
        start, end = n * 250, n * 250 + 249
        text += f"{n + 1}\n00:00:{start // 1000:02},{start % 1000:03} --> "
        text += f"00:00:{end // 1000:02},{end % 1000:03}\nGYRO {n * 7919 % 1000}\n\n"
    path.write_text(text, "utf-8")
    return path


def _with_data(
    kinds: tuple[bytes, ...], first: int, timecode: str, *, sound: bool
) -> Callable[[Path], None]:
    """Return a maker of a clip with tracks of a camera's data, a timecode, its index last."""

    def make(out: Path) -> None:
        picture, cues = out.with_name("~picture.mp4"), _cues(out)
        encode(picture, first=first, codec=x264("-timecode", timecode))
        tone = [part.format(2) for part in TONE] if sound else []
        inputs = ["-i", str(picture), *tone, *["-i", str(cues)] * len(kinds)]
        count = 1 + sound + len(kinds)
        maps = [part for n in range(count) for part in ("-map", f"{n}:v" if n == 0 else str(n))]
        codings = ["-c:v", "copy", "-c:a", "aac", "-c:s", "mov_text", "-timecode", timecode]
        run([*inputs, *maps, *codings, *BITEXACT, *BITEXACT_SOUND, str(out)])
        data = out.read_bytes()
        for number, kind in enumerate(kinds):
            data = as_data_track(data, 1 + sound + number, kind)
        junk = box(
            b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+0.0+0.0/") + box(b"amba", b"?" * 999)
        )
        out.write_bytes(changed(data, "moov", lambda old: old + junk))
        picture.unlink()
        cues.unlink()

    return make


def _insta360(out: Path) -> None:
    """Append a trailer that is no box: what is in it reads as the length of a huge one."""
    encode(out)
    records = bytes(range(255, 0, -1)) * 400
    tail = struct.pack("<II", len(records) + 78, 3) + INSTA360_TAIL
    out.write_bytes(out.read_bytes() + records + tail)


def _cameras() -> None:
    dji = _with_data((b"djmd", b"dbgi"), 0, "00:00:00:00", sound=False)
    add("dji.mp4", dji, "drone: data tracks, timecode, junk in the index, index last")
    for chapter, first in ((1, 0), (2, 60)):
        gopro = _with_data((b"gpmd", b"fdsc"), first, f"12:00:0{2 * chapter}:00", sound=True)
        name = f"GH0{chapter}0123.mp4"
        add(name, gopro, f"action camera: chapter {chapter}, sound, data", first=first)
    add("insta360.mp4", _insta360, "360 degree camera: a trailer behind the last box")


def _iphone_hdr(out: Path) -> None:
    """HEVC, HLG, portrait, with Dolby Vision's box and Apple's metadata."""
    tags = ["-movflags", "use_metadata_tags"]
    for key, value in IPHONE.items():
        tags += ["-metadata", f"{key}={value}"]
    plain_file = out.with_name("~plain.mov")
    encode(plain_file, w=HEIGHT, h=WIDTH, n=30, vf="transpose=cclock", codec=X265_HLG)
    run(["-i", str(plain_file), "-c", "copy", *tags, "-fflags", "+bitexact", str(out)])
    plain_file.unlink()
    set_matrix(out, (0, 1, -1, 0, HEIGHT, 0))
    # Version 1.0, profile 8, level 4, metadata and base layer there, as HLG compatible (4).
    record = bytes([1, 0, 8 << 1, 4 << 3 | 0b101, 4 << 4]) + bytes(19)

    def describe(old: bytes) -> bytes:
        size = struct.unpack(">I", old[8:12])[0]
        entry = old[12 : 8 + size] + box(b"dvvC", record)
        return old[:8] + struct.pack(">I", len(entry) + 4) + entry + old[8 + size :]

    out.write_bytes(changed(out.read_bytes(), "moov/trak/mdia/minf/stbl/stsd", describe))


IPHONE = {
    "com.apple.quicktime.make": "Apple",
    "com.apple.quicktime.model": "iPhone 15 Pro",
    "com.apple.quicktime.creationdate": "2026-11-21T10:00:00+0100",
}


def _edited(edits: list[tuple[int, int]]) -> Callable[[Path], None]:
    """Return a maker of a clip with these edits: milliseconds, and the picture they begin with."""

    def make(out: Path) -> None:
        encode(out, codec=NO_B, mux=["-video_track_timescale", "30000"])
        ticks = [(last, n * 1000 if n >= 0 else n) for last, n in edits]
        out.write_bytes(with_edits(out.read_bytes(), ticks))

    return make


def _phones() -> None:
    add(
        "iphone_hdr.mov",
        _iphone_hdr,
        "phone: HEVC, HLG, Dolby Vision, portrait, Apple's tags",
        count=30,
        size=(HEIGHT, WIDTH),
        rotation=90,
        tags=IPHONE,
    )
    two = (*range(15), *range(30, 45))
    add("edits_two_parts.mov", _edited([(500, 0), (500, 30)]), "phone: cut together", numbers=two)
    lead = (*range(6, 21), *range(33, 48))
    cut = _edited([(500, 6), (500, 33)])
    add("edits_within_groups.mov", cut, "the same, not at keyframes", numbers=lead)
    again = (*range(15, 30), *range(15, 30))
    twice = _edited([(500, 15), (500, 15)])
    add("edits_replay.mov", twice, "phone: the same part twice", numbers=again)
    late = _edited([(250, -1), (1500, 15)])
    trimmed = {"first": 15, "count": 45, "start_ms": 250}
    add("edits_late_and_cut.mov", late, "nothing at first, then from picture 15", **trimmed)
    jitter = [n * 3003 + (n * 7919) % 211 for n in range(COUNT)]
    timed("android.mp4", "phone: 90 kHz, each a bit off", jitter, [*FINE, *FAST], NO_B, 90_000)
    slow = [n * 375 if n < 20 else 7500 + (n - 20) * 3000 for n in range(COUNT)]
    timed("retimed_240.mov", "240 a second, then played slowly", slow, FINE, NO_B, 90_000)


SCREEN = [0]
for _n in range(1, COUNT):  # sixty a second while something moves, then less and less
    SCREEN.append(SCREEN[-1] + (17 if _n % 20 < 12 else 17 * (_n % 20) ** 2))


def _cut_recording(out: Path) -> None:
    """Screen recorder that died: no lengths, no index, the last cluster not whole."""
    vf, clock = clocked(SCREEN)
    whole = out.with_name("~whole.mkv")
    encode(whole, vf=vf, codec=NO_B, mux=[*clock, "-f", "matroska", *LIVE], to_pipe=True)
    data = whole.read_bytes()
    whole.unlink()
    out.write_bytes(data[: len(data) * 3 // 4])


LIVE = ["-cluster_time_limit", "500"]


def _growing_ts(out: Path) -> None:
    """Copy while it is recorded: the end is within the packets of the last picture."""
    encode(out, codec=NO_B, mux=TS)
    data = out.read_bytes()
    start = ts_keyframes(data)[-1]
    out.write_bytes(data[: start + TS_PACKET])


def _growing_mkv(out: Path) -> None:
    """Copy while it is recorded: whole clusters, no length known."""
    encode(out, mux=["-f", "matroska", *LIVE], to_pipe=True, codec=NO_B)
    data = out.read_bytes()
    out.write_bytes(data[: data.rindex(b"\x1f\x43\xb6\x75")])


def _recorders() -> None:
    timed("screen_0_to_60.mkv", "screen recorder: sixty a second or none", SCREEN, [])
    still = [n * 17 + 3_600_000 * (n >= 10) for n in range(20)]
    timed("screen_hour_still.mkv", "screen recorder: nothing for an hour", still, [])
    timed("screen_hour_still.mp4", "the same as MP4", still, [*FINE, *FAST])
    partial = {"verdict": "partial", "rate": None, "times_ms": tuple(map(float, SCREEN))}
    add("obs_died.mkv", _cut_recording, "screen recorder that died", fewest=30, **partial)
    hour = [*TS, "-output_ts_offset", "26000"]
    plain("loop_recorder.ts", "dash camera: seven hours after it was switched on", NO_B, hour)
    # Where the last picture of a transport stream ends is nowhere written.
    growing = {"verdict": "either", "count": 46, "fewest": 45}
    add("growing.ts", _growing_ts, "copied while it was recorded", **growing)
    add("growing.mkv", _growing_mkv, "copied while it was recorded", count=45)
    plain("flight_recorder.mp4", "fragments of a second, without a length", NO_B, FRAG)


def _anamorphic_portrait(out: Path) -> None:
    """Turned, and with pixels that are not square: 90x320 is shown as 320x120."""
    encode(out, w=WIDTH, h=90, vf="transpose=cclock,setsar=4/3")
    set_matrix(out, (0, 1, -1, 0, 90, 0))


def _turned_in_matroska(out: Path) -> None:
    turned = out.with_name("~turned.mp4")
    encode(turned, w=HEIGHT, h=WIDTH, vf="transpose=cclock")
    set_matrix(turned, (0, 1, -1, 0, HEIGHT, 0))
    run(["-i", str(turned), "-c", "copy", *BITEXACT, str(out)])
    turned.unlink()


def _interlaced_upside_down(out: Path) -> None:
    """A camcorder hung from the ceiling."""
    tff = x264("-flags", "+ilme+ildct", "-x264-params", "tff=1", bf="0")
    encode(out, codec=tff, vf="hflip,vflip,setfield=tff")
    set_matrix(out, (-1, 0, 0, -1, WIDTH, HEIGHT))
    assert find_box(out.read_bytes(), b"moov")


def _turned() -> None:
    size = {"size": (WIDTH, 120), "rotation": 90}
    add("anamorphic_portrait.mp4", _anamorphic_portrait, "turned, pixels not square", **size)
    portrait = {"size": (HEIGHT, WIDTH), "rotation": 90}
    add("turned.mkv", _turned_in_matroska, "turned, in Matroska's own words", **portrait)
    down = {"rotation": 180, "interlaced": True}
    add("interlaced_upside_down.mov", _interlaced_upside_down, "fields, turned over", **down)


for _register in (_cameras, _phones, _recorders, _turned):
    _register()
