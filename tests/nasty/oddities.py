"""Containers that are legal, or nearly so, and that few readers have met."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from nasty.boxes import TABLE, box, changed
from nasty.encoding import (
    BITEXACT,
    BITEXACT_SOUND,
    COUNT,
    FAST,
    MJPEG,
    MPEG4,
    TONE,
    TS,
    encode,
    run,
    x264,
)
from nasty.kinds import add, plain, timed
from nasty.surgery import TS_PACKET, boxes, find_box, ts_keyframes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[bytes], bytes]

NO_B = x264(bf="0")
SEGMENTS = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"]


def _operated(change: Change, **how: object) -> Callable[[Path], None]:
    """Return a maker of a clip whose bytes are changed."""

    def make(out: Path) -> None:
        encode(out, **how)  # type: ignore[arg-type]
        out.write_bytes(change(out.read_bytes()))

    return make


def _last_lasts_nothing(data: bytes) -> bytes:
    """Give the last picture no duration."""

    def change(old: bytes) -> bytes:
        count, step = struct.unpack(">II", old[8:16])
        return old[:4] + struct.pack(">5I", 2, count - 1, step, 1, 0)

    return changed(data, TABLE + "stts", change)


def _without(table: str) -> Change:
    return lambda data: changed(data, TABLE + table, lambda _: None)


def _order_lost(data: bytes) -> bytes:
    """Take away in which order pictures are shown, and the edit that makes up for it."""
    return changed(_without("ctts")(data), "moov/trak/edts", lambda _: None)


def _false_keys(data: bytes) -> bytes:
    """Name every seventh picture a keyframe; they are not."""
    keys = [1, *range(7, COUNT + 1, 7)]
    table = struct.pack(f">II{len(keys)}I", 0, len(keys), *keys)
    return changed(data, TABLE + "stss", lambda _: table)


def _mdat_open(data: bytes) -> bytes:
    """Let the media reach to the end of the file: length 0."""
    start = find_box(data, b"mdat")[0]
    return data[:start] + bytes(4) + data[start + 4 :]


def _mdat_wide(data: bytes) -> bytes:
    """Write the length of the media with 64 bits; the eight bytes before it are free."""
    start, _, end = find_box(data, b"mdat")
    free, _, free_end = find_box(data, b"free")
    assert free_end == start
    assert start - free == 8
    return data[:free] + struct.pack(">I4sQ", 1, b"mdat", end - free) + data[start + 8 :]


def _foreign_boxes(data: bytes) -> bytes:
    """Put boxes nobody knows wherever they may stand."""
    foreign = box(b"uuid", bytes(range(256)) * 2000) + box(b"\x00\xff\x01\x02", b"?" * 30)
    moov = find_box(data, b"moov")[0]
    data = data[:moov] + foreign + struct.pack(">I4sQ", 1, b"free", 16) + data[moov:] + foreign
    for place in ("moov", "moov/trak", "moov/trak/mdia/minf", "moov/trak/mdia/minf/stbl"):
        data = changed(data, place, lambda old: old + box(b"uuid", bytes(40)))
    return data


def _tables() -> None:
    add("last_lasts_nothing.mp4", _operated(_last_lasts_nothing), "a picture without duration")
    add("all_called_keys.mp4", _operated(_without("stss"), codec=NO_B), "no table of keyframes")
    add("false_keys.mp4", _operated(_false_keys, codec=NO_B), "keyframes that are none")
    why = "B-frames whose order of showing was lost: only decoding tells"
    add("order_lost.mp4", _operated(_order_lost), why)
    add("length_open.mp4", _operated(_mdat_open, mux=FAST), "media of length 0: to the end")
    add("length_64bit.mp4", _operated(_mdat_wide, mux=FAST), "media of a 64-bit length")
    add("foreign_boxes.mp4", _operated(_foreign_boxes), "boxes nobody knows, everywhere")
    negative = ["-movflags", "+negative_cts_offsets", "-use_editlist", "0"]
    plain("negative_offsets.m4v", "B-frames by negative offsets, no edit", x264(bf="3"), negative)
    billion = ["-video_track_timescale", "1000000000"]
    plain("billion_ticks.mp4", "a clock of a billion ticks a second", mux=billion)


def _fragments(data: bytes) -> list[bytes]:
    """Return the head of a fragmented clip and its fragments."""
    starts = [start for kind, start, _, _ in boxes(data) if kind == b"moof"]
    ends = [*starts[1:], next((at for kind, at, _, _ in boxes(data) if kind == b"mfra"), len(data))]
    pieces = [data[low:high] for low, high in zip(starts, ends, strict=True)]
    return [data[: starts[0]], *pieces]


def _paused(data: bytes) -> bytes:
    """Take one fragment out; its neighbours say when they are shown."""
    head, first, _, third, fourth = _fragments(data)
    return head + first + third + fourth


def _segment_lost(data: bytes) -> bytes:
    """Lose the last segment of a download; the index in front still promises it."""
    head, *pieces = _fragments(data)
    return head + b"".join(pieces[:-1])


def _live_from_the_middle(data: bytes) -> bytes:
    """Begin with the third fragment, as who joins a broadcast does."""
    head, _, _, *rest = _fragments(data)
    return head + b"".join(rest)


def _fragmented() -> None:
    kept = (*range(15), *range(30, COUNT))
    gap = {"numbers": kept, "rate": None, "times_ms": tuple(n * 1000 / 30 for n in kept)}
    add("paused.mp4", _operated(_paused, mux=SEGMENTS), "fragments with a gap", **gap)
    dash = ["-movflags", "+dash+global_sidx+frag_keyframe"]
    lost = {"count": 45, "verdict": "partial"}
    why = "download that lost its last segment"
    add("segment_lost.mp4", _operated(_segment_lost, mux=dash, codec=NO_B), why, **lost)
    join = {"first": 30, "count": 30}
    live = _operated(_live_from_the_middle, mux=SEGMENTS, codec=NO_B)
    add("live_from_the_middle.mp4", live, "broadcast joined late", **join)


def _pes_swapped(data: bytes) -> bytes:
    """Exchange the decoding times of neighbours; those of showing stay."""
    out = bytearray(data)
    places = []
    for at in range(0, len(data), TS_PACKET):
        start = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
        is_start = data[at + 1] & 0x40 and data[start : start + 4] == b"\x00\x00\x01\xe0"
        if is_start and data[start + 7] & 0xC0 == 0xC0:
            places.append(start + 14)
    for low, high in zip(places[1::2], places[2::2], strict=False):
        out[low : low + 5], out[high : high + 5] = data[high : high + 5], data[low : low + 5]
    return bytes(out)


def _cut_anywhere(data: bytes) -> bytes:
    """Begin in the middle of a packet in the middle of a group."""
    keys = ts_keyframes(data)
    return data[(keys[1] + keys[2]) // 2 // TS_PACKET * TS_PACKET + 77 :]


def _noise_between(data: bytes) -> bytes:
    """Put noise between two pictures: a receiver that lost its lock for a moment."""
    at = ts_keyframes(data)[2]
    return data[:at] + bytes(range(1, 71)) * 9 + data[at:]


def _without_index(data: bytes) -> bytes:
    """Take an AVI's index away and mend the length: a recorder that died, repaired."""
    out = bytearray(data[: data.rindex(b"idx1")])
    struct.pack_into("<I", out, 4, len(out) - 8)
    flags = out.index(b"avih") + 8 + 12
    struct.pack_into("<I", out, flags, struct.unpack_from("<I", out, flags)[0] & ~0x10)
    return bytes(out)


def _refresh_only(out: Path) -> None:
    """A stream that refreshes bit by bit, joined after its only keyframe."""
    encode(out, codec=x264("-x264-params", "intra-refresh=1:keyint=20", bf="0"), mux=TS)
    data = out.read_bytes()
    starts = [at for at in range(0, len(data), TS_PACKET) if _begins_picture(data, at)]
    out.write_bytes(data[: 3 * TS_PACKET] + data[starts[5] :])


def _begins_picture(data: bytes, at: int) -> bool:
    start = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
    return bool(data[at + 1] & 0x40) and data[start : start + 4] == b"\x00\x00\x01\xe0"


def _streams() -> None:
    add("decoding_times_swapped.ts", _operated(_pes_swapped, mux=TS), "clumsy editor")
    clean = {"verdict": "partial", "first": 30, "count": 30}
    add("cut_anywhere.ts", _operated(_cut_anywhere, mux=TS), "begins within a packet", **clean)
    add("noise_between.ts", _operated(_noise_between, mux=TS), "bad reception", verdict="either")
    mpeg4 = [*MPEG4, "-bf", "0"]
    add("index_missing.avi", _operated(_without_index, codec=mpeg4), "AVI without an index")
    held = [n + n // 3 * 2 for n in range(30)]
    clock = "setpts='if(lt(mod(N,3),3),N+floor(N/3)*2,0)'"
    shown = tuple(n * 1000 / 30 for n in held)
    plain(
        "held_pictures.avi",
        "capture card that dropped pictures: empty chunks",
        MJPEG,
        ["-fps_mode", "passthrough"],
        vf=clock,
        n=30,
        rate=None,
        times_ms=shown,
    )
    never = {"verdict": "partial", "first": 5, "count": 55, "fewest": 10, "rate": None}
    add("refresh_only.ts", _refresh_only, "live stream joined: no keyframe at all", **never)


def _late_picture(out: Path) -> None:
    """Sound for three seconds before the first picture."""
    picture = out.with_name("~picture.mp4")
    encode(picture, codec=NO_B)
    sound = [part.format(5) for part in TONE]
    inputs = ["-itsoffset", "3", "-i", str(picture), *sound, "-map", "0:v", "-map", "1:a"]
    codings = ["-c:v", "copy", "-c:a", "mp2", *BITEXACT, *BITEXACT_SOUND]
    run([*inputs, *codings, *TS, str(out)])
    picture.unlink()


def _late_sound(out: Path) -> None:
    """Glue a take with sound to one without: its stream is not announced in front."""
    joined = b""
    for first, more in ((0, []), (30, [part.format(1) for part in TONE])):
        piece = out.with_name("~piece.ts")
        picture = out.with_name("~picture.mp4")
        encode(picture, n=30, first=first, codec=NO_B)
        offset = ["-output_ts_offset", str(1 + first / 30)]
        codings = ["-c:v", "copy", "-c:a", "mp2", *BITEXACT, *BITEXACT_SOUND]
        run(["-i", str(picture), *more, *codings, *TS, *offset, str(piece)])
        joined += piece.read_bytes()
        piece.unlink()
        picture.unlink()
    out.write_bytes(joined)


def _two_angles(out: Path) -> None:
    """Two tracks of the same size; the second is the one to show."""
    pieces = []
    for number, first in enumerate((100, 0)):
        piece = out.with_name(f"~angle{number}.mp4")
        encode(piece, first=first)
        pieces.append(piece)
    inputs = [part for piece in pieces for part in ("-i", str(piece))]
    marks = ["-disposition:v:0", "0", "-disposition:v:1", "default"]
    run([*inputs, "-map", "0", "-map", "1", "-c", "copy", *marks, *BITEXACT, str(out)])
    for piece in pieces:
        piece.unlink()


def _attached_cover(out: Path) -> None:
    picture, cover = out.with_name("~picture.mp4"), out.with_name("~cover.jpg")
    encode(picture)
    run(["-i", str(picture), "-frames:v", "1", str(cover)])
    kind = ["-metadata:s:t", "mimetype=image/jpeg", "-attach", str(cover)]
    run(["-i", str(picture), *kind, "-c", "copy", *BITEXACT, str(out)])
    picture.unlink()
    cover.unlink()


def _grown_size(out: Path) -> None:
    """Three pictures of another size, whose parameters come within the stream."""
    joined = b""
    for first, count, (w, h) in ((0, 30, (320, 180)), (30, 30, (480, 270))):
        piece = out.with_name("~piece.h264")
        encode(piece, w=w, h=h, n=count, first=first, codec=NO_B)
        joined += piece.read_bytes()
        piece.unlink()
    both = out.with_name("~both.h264")
    both.write_bytes(joined)
    run(["-f", "h264", "-framerate", "30", "-i", str(both), "-c", "copy", *BITEXACT, str(out)])
    both.unlink()


def _tracks() -> None:
    add("picture_after_3s.ts", _late_picture, "sound alone for 3 s")
    add("sound_appears.ts", _late_sound, "sound is switched on half way")
    add("two_angles.mkv", _two_angles, "two tracks, the second marked to be shown")
    add("cover_attached.mkv", _attached_cover, "a cover as an attachment")
    add("size_change.mkv", _grown_size, "the size changes in the middle")
    hours = [n * 33 + 9 * 3_600_000 * (n >= 30) for n in range(40)]
    timed("nine_hours.mkv", "two takes in one file, nine hours apart", hours, [], NO_B)


for _register in (_tables, _fragmented, _streams, _tracks):
    _register()
