"""Damaged and hostile files, awkward names, and what is made on request."""

from __future__ import annotations

import os
import random
import shutil
import struct
from typing import TYPE_CHECKING

from nasty.encoding import BITEXACT_SOUND, COUNT, FAST, MJPEG, TONE, encode, run, whole_packets
from nasty.registry import Base, Facts, Maker, clip, write
from nasty.surgery import TS_PACKET, find_box, flip_bytes, to_5gb, ts_keyframes, zeroed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTHING: Facts = {"frames_encoded": 0, "frames_shown": 0}
HEADER_LIES: Facts = {"frames_encoded": COUNT, "frames_shown": 0}
SPOILT: Facts = {"codec": "h264", "needs": "libx264", "frames_shown": None}


# --- damaged files
def _cut(source: str, share: float = 0.6) -> Maker:
    """Return a maker of a file whose end is missing."""

    def make(out: Path, base: Base) -> Facts:
        whole_file = base(source)
        data = whole_file.read_bytes()
        keep = int(len(data) * share)
        out.write_bytes(data[:keep])
        whole = whole_packets(whole_file, keep)
        if whole is None:
            low, high = int(COUNT * share) - 14, int(COUNT * share) + 8
            return {"frames_min": low, "frames_max": high}
        low, high = max(0, whole - 4), min(COUNT, whole + 2)
        return {"frames_min": low, "frames_max": high, "whole_packets": whole}

    return make


CUTS = (
    (
        "cut_60_index_first.mp4",
        "plain_h264.mp4",
        "header promises 60 pictures; the tail is gone (copy interrupted)",
    ),
    (
        "cut_60_fragmented.mp4",
        "fragmented.mp4",
        "recorder died; fragments keep what was written",
    ),
    (
        "cut_60.mkv",
        "no_duration.mkv",
        "recorder died; no header says how long it should have been",
    ),
    (
        "cut_60_copied.mkv",
        "plain.mkv",
        "header promises 2 s; the tail is gone; many readers just stop, silently",
    ),
    ("cut_60.avi", "mpeg4_bframes.avi", "recorder died: no index at the end"),
    ("cut_60.ts", "clock_starts_late.ts", "transport stream cut in the middle of a packet"),
)
for _name, _source, _why in CUTS:
    _avi = _name.endswith("avi")
    clip(
        _name,
        "damaged",
        "partial",
        _why,
        codec="mpeg4" if _avi else "h264",
        frames_shown=None,
        needs="mpeg4" if _avi else "libx264",
        start_ms=None if _name.endswith(("ts", "avi", "fragmented.mp4")) else 0,
    )(_cut(_source))


@clip(
    "starts_mid_gop.ts",
    "damaged",
    "partial",
    "begins in the middle of a GOP (loop recorder)",
    codec="h264",
    needs="libx264",
    frames_shown=None,
    first_index=None,
    start_ms=None,
)
def _mid_gop(out: Path, base: Base) -> Facts:
    data = base("clock_starts_late.ts").read_bytes()
    keys = ts_keyframes(data)  # cut inside the second GOP, between packets
    cut = (keys[1] + (keys[2] - keys[1]) // 3) // TS_PACKET * TS_PACKET
    out.write_bytes(data[cut:])
    return {"frames_min": 30, "frames_max": 45, "first_clean_index": 30}


def _spoilt(change: Callable[[bytes, int, int], bytes]) -> Maker:
    """Return a maker of a clip whose picture data is changed."""

    def make(out: Path, base: Base) -> Facts:
        data = base("plain_h264.mp4").read_bytes()
        _, payload, end = find_box(data, b"mdat")
        out.write_bytes(change(data, payload, end))
        return {"frames_min": 1, "frames_max": COUNT}

    return make


clip(
    "bitflips_light.mp4",
    "damaged",
    "partial",
    "one bad byte in 8 KB of picture data: some pictures are smeared",
    **SPOILT,
)(_spoilt(lambda data, low, high: flip_bytes(data, low + 4096, high, 8192)))
clip(
    "bitflips_heavy.mp4",
    "damaged",
    "partial",
    "one bad byte in 400: hardly a clean picture",
    **SPOILT,
)(_spoilt(lambda data, low, high: flip_bytes(data, low, high, 400)))
clip(
    "zeroed_middle.mp4",
    "damaged",
    "partial",
    "30 % in the middle reads as zeros (bad card, sparse copy)",
    **SPOILT,
)(
    _spoilt(
        lambda data, low, high: zeroed(
            data, low + (high - low) * 4 // 10, low + (high - low) * 7 // 10
        )
    )
)


@clip(
    "cut_60_index_last.mp4",
    "damaged",
    "error",
    "the index was never written (battery pulled): nothing to play",
    **HEADER_LIES,
    needs="libx264",
)
def _no_moov(out: Path, base: Base) -> None:
    data = base("moov_at_end.mp4").read_bytes()
    out.write_bytes(data[: int(len(data) * 0.6)])


@clip(
    "header_only.mp4",
    "damaged",
    "error",
    "index says 60 pictures, no picture data at all",
    **HEADER_LIES,
    needs="libx264",
)
def _header_only(out: Path, base: Base) -> None:
    data = base("plain_h264.mp4").read_bytes()
    out.write_bytes(data[: find_box(data, b"mdat")[1]])


@clip(
    "init_segment_only.mp4",
    "damaged",
    "error",
    "opens and has a video stream, with no pictures",
    **NOTHING,
    needs="libx264",
)
def _init(out: Path, base: Base) -> None:
    data = base("fragmented.mp4").read_bytes()
    out.write_bytes(data[: find_box(data, b"moof")[0]])


@clip("audio_only.mp4", "damaged", "error", "sound, but no picture track", **NOTHING)
def _audio(out: Path, base: Base) -> None:
    sound = [part.format(1) for part in TONE]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", *BITEXACT_SOUND]
    run([*sound, "-c:a", "aac", "-b:a", "32k", *plain, str(out)])


clip("zero_length.mp4", "damaged", "error", "0 bytes", **NOTHING)(write(b""))


@clip(
    "ftyp_only.mp4",
    "damaged",
    "error",
    "the first 32 bytes only",
    **NOTHING,
    needs="libx264",
)
def _ftyp(out: Path, base: Base) -> None:
    out.write_bytes(base("plain_h264.mp4").read_bytes()[:32])


_NOISE = random.Random(3).randbytes(60000)  # noqa: S311 - noise
clip("random_bytes.mp4", "damaged", "error", "noise with a video's name", **NOTHING)(write(_NOISE))
clip("all_zeros.mp4", "damaged", "error", "preallocated, never written", **NOTHING)(
    write(bytes(60000))
)
clip("text.mp4", "damaged", "error", "a text file with a video's name", **NOTHING)(
    write(b"Lap 1: 1:32.4\n" * 200)
)


# --- hostile files
@clip(
    "picture_as.mp4",
    "hostile",
    "error",
    "a JPEG with a video's name: FFmpeg opens it as a 1-frame video",
    frames_encoded=1,
    frames_shown=0,
    needs="mjpeg",
)
def _jpeg(out: Path, base: Base) -> None:
    picture = out.with_name("~x.jpg")
    encode(picture, n=1, codec=[*MJPEG, "-f", "image2", "-update", "1"])
    picture.replace(out)


clip(
    "playlist_as.mp4",
    "hostile",
    "error",
    "an HLS playlist with a video's name: FFmpeg would open OTHER files or URLs",
    **NOTHING,
)(
    write(
        b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nclock_starts_late.ts\n#EXTINF:2.0,\n"
        b"http://127.0.0.1:9/leak\n#EXT-X-ENDLIST\n"
    )
)
clip(
    "concat_as.mp4",
    "hostile",
    "error",
    "an ffconcat script with a video's name: reads other files",
    **NOTHING,
)(write(b"ffconcat version 1.0\nfile plain_h264.mp4\n"))


@clip(
    "claims_16384x16384.avi",
    "hostile",
    "error",
    "a small file whose pictures claim 16384 x 16384 pixels",
    **HEADER_LIES,
    needs="mjpeg",
    coded_width=160,
    coded_height=90,
)
def _giant(out: Path, base: Base) -> None:
    small = base("mjpeg_small.avi", make=lambda p: encode(p, w=160, h=90, codec=MJPEG))
    data = bytearray(small.read_bytes())
    start_of_frame = b"\xff\xc0\x00\x11"
    at = data.find(start_of_frame)
    while at >= 0:
        struct.pack_into(">HH", data, at + 5, 16384, 16384)
        at = data.find(start_of_frame, at + 4)
    out.write_bytes(data)


@clip(
    "claims_2_billion_samples.mp4",
    "hostile",
    "error",
    "index claims 2^31 pictures in a small file",
    frames_encoded=COUNT,
    frames_shown=None,
    needs="libx264",
)
def _many(out: Path, base: Base) -> Facts:
    data = bytearray(base("plain_h264.mp4").read_bytes())
    table = find_box(data, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz")
    struct.pack_into(">I", data, table[1] + 8, 0x7FFFFFFF)
    out.write_bytes(data)
    return {"frames_min": 0, "frames_max": COUNT}


clip(
    "box_loops.mp4",
    "hostile",
    "error",
    "boxes whose sizes point backwards or past the end",
    **NOTHING,
)(
    write(
        struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)
        + struct.pack(">I4s", 0xFFFFFFFF, b"moov")
        + struct.pack(">I4s", 8, b"trak") * 2000
        + struct.pack(">I4sQ", 1, b"mdat", 2**63)
    )
)


# --- awkward names (the pictures are fine)
NAMES = (
    "names/Ünï cødé 赛车 🏁.mp4",
    "names/cafe\u0301 (NFD).mp4",
    "names/100% lap %03d [x].mp4",
    "names/-i.mp4",
    'names/it\'s "quoted" & $HOME;.mp4',
    "names/lap:1.mp4",
    "names/" + "long" * 55 + ".mp4",
)


def _tiny(out: Path, base: Base) -> None:
    shutil.copyfile(base("tiny.mp4", make=lambda p: encode(p, n=10, mux=FAST)), out)


for _awkward in NAMES:
    if os.name != "nt" or not any(letter in _awkward for letter in ':"'):
        clip(
            _awkward,
            "names",
            "ok",
            "only the name is awkward",
            codec="h264",
            frames_encoded=10,
            needs="libx264",
        )(_tiny)


# --- on request
@clip(
    "sparse_5gb.mp4",
    "big",
    "ok",
    "media beyond 4 GiB (64-bit offsets); takes almost no disk",
    codec="h264",
    needs="libx264",
)
def _big(out: Path, base: Base) -> None:
    to_5gb(base("moov_at_end.mp4"), out)


def _folder(out: Path, base: Base) -> None:
    out.mkdir(exist_ok=True)


def _dangling(out: Path, base: Base) -> None:
    out.symlink_to("no_such_file.mp4")


def _pipe(out: Path, base: Base) -> None:
    os.mkfifo(out)


if os.name != "nt":
    clip("special/folder.mp4", "special", "error", "a folder", **NOTHING)(_folder)
    clip("special/dangling.mp4", "special", "error", "a link to nothing", **NOTHING)(_dangling)
    clip(
        "special/pipe.mp4",
        "special",
        "error",
        "a named pipe: open() blocks for ever",
        **NOTHING,
    )(_pipe)
