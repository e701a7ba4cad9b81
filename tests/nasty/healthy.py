"""Healthy clips that careless readers still get wrong."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from nasty.encoding import (
    AV1,
    BITEXACT,
    BITEXACT_SOUND,
    COUNT,
    FAST,
    FRAG,
    MJPEG,
    MPEG4,
    TONE,
    TS,
    VP9,
    X265_HLG,
    encode,
    run,
    x264,
)
from nasty.pictures import HEIGHT as H
from nasty.pictures import WIDTH as W
from nasty.registry import Base, Facts, Maker, clip, simple
from nasty.surgery import set_matrix

if TYPE_CHECKING:
    from pathlib import Path

H264: Facts = {"codec": "h264"}
H264_LATE: Facts = {"codec": "h264", "start_ms": None}
TFF = x264("-flags", "+ilme+ildct", "-x264-params", "tff=1")
OPEN_GOP = x264("-x264-params", "open-gop=1:b-adapt=0", bf="3")
ALPHA_VP9 = [*VP9, "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"]
ALPHA_RLE = ["-c:v", "qtrle", "-pix_fmt", "argb"]


def _plain_ones() -> None:
    simple("plain_h264.mp4", "none: the control clip", mux=FAST, facts=H264)
    simple("moov_at_end.mp4", "index is the last thing in the file", facts=H264)
    simple("fragmented.mp4", "no frame count in the header", mux=FRAG, facts=H264_LATE)
    simple(
        "long_gop.mp4",
        "one keyframe: a naive seek is slow or lands on the wrong frame",
        codec=x264(g="600", keyint_min="600"),
        mux=FAST,
        facts=H264,
    )
    simple(
        "open_gop.mp4",
        "B-frames before each keyframe need the previous GOP",
        codec=OPEN_GOP,
        mux=FAST,
        facts=H264,
    )
    simple(
        "interlaced.ts",
        "interlaced; clock starts at 1 s",
        vf="setfield=tff",
        codec=TFF,
        mux=[*TS, "-output_ts_offset", "1"],
        facts=H264_LATE,
    )
    simple(
        "anamorphic_sar.mp4",
        "pixels are not square: 240x180 must be shown as 320x180",
        w=240,
        h=180,
        vf="setsar=4/3",
        mux=FAST,
        facts={**H264, "sar": "4:3", "width": 320, "height": 180},
    )


def _pixel_formats() -> None:
    yuv444, gray = x264(pix_fmt="yuv444p"), x264(pix_fmt="gray")
    is_444 = {**H264, "pix_fmt": "yuv444p"}
    is_mjpeg = {"codec": "mjpeg", "pix_fmt": "yuvj420p"}
    vp9: Facts = {"codec": "vp9"}
    odd = {"w": 853, "h": 481}
    half = "format=yuva420p,colorchannelmixer=aa=0.5"
    simple("h264_444.mp4", "4:4:4 chroma", codec=yuv444, mux=FAST, facts=is_444)
    simple(
        "h264_gray.mp4",
        "one plane, no chroma",
        codec=gray,
        mux=FAST,
        facts={**H264, "pix_fmt": "gray"},
    )
    simple("h264_444_853x481.mp4", "odd size", **odd, n=15, codec=yuv444, mux=FAST, facts=is_444)
    simple(
        "vp9_853x481.webm",
        "odd size with 4:2:0 chroma",
        "libvpx-vp9",
        **odd,
        n=30,
        codec=VP9,
        facts=vp9,
    )
    simple(
        "mjpeg_853x481.avi",
        "odd size, full-range colour",
        "mjpeg",
        **odd,
        n=12,
        codec=MJPEG,
        facts=is_mjpeg,
    )
    simple("vp9.webm", "WebM", "libvpx-vp9", codec=VP9, facts=vp9)
    simple(
        "vp9_alpha.webm",
        "transparent",
        "libvpx-vp9",
        n=30,
        vf=half,
        codec=ALPHA_VP9,
        facts={**vp9, "pix_fmt": "yuva420p"},
    )
    simple(
        "qtrle_alpha.mov",
        "transparent ARGB",
        "qtrle",
        w=160,
        h=90,
        n=8,
        codec=ALPHA_RLE,
        facts={"codec": "qtrle", "pix_fmt": "argb"},
    )
    simple(
        "hevc_10bit_hlg.mp4",
        "10-bit HEVC with HLG/BT.2020 colour, as phones write",
        "libx265",
        n=30,
        mux=FAST,
        codec=X265_HLG,
        facts={"codec": "hevc", "pix_fmt": "yuv420p10le"},
    )
    simple("av1.mp4", "AV1", "libsvtav1", n=30, mux=FAST, codec=AV1, facts={"codec": "av1"})


def _containers_and_clocks() -> None:
    simple(
        "mpeg4_bframes.avi",
        "AVI stores no display times; B-frames",
        "mpeg4",
        codec=[*MPEG4, "-bf", "2", "-vtag", "XVID"],
        facts={"codec": "mpeg4", "start_ms": None},
    )
    simple("plain.mkv", "no frame count in the header, only a duration", facts=H264)
    simple(
        "no_duration.mkv",
        "no duration, no index, no frame count",
        mux=["-f", "matroska"],
        to_pipe=True,
        facts=H264,
    )
    simple(
        "one_frame.mp4", "one picture; duration maths divides by zero", n=1, mux=FAST, facts=H264
    )
    simple("fps_29_97.mp4", "30000/1001: int(fps) drifts", fps="30000/1001", mux=FAST, facts=H264)
    simple("fps_240.mp4", "slow-motion rate", fps=240, mux=FAST, facts=H264)
    simple(
        "clock_starts_late.ts",
        "first time is 3600 s, not 0",
        mux=[*TS, "-output_ts_offset", "3600"],
        facts=H264_LATE,
    )
    simple(
        "clock_wraps.ts",
        "the 33-bit clock wraps to 0 in the middle",
        mux=[*TS, "-output_ts_offset", "95442.7"],
        facts=H264_LATE,
    )


_plain_ones()
_pixel_formats()
_containers_and_clocks()


def vfr_ms(number: int) -> int:
    """Times of the phone clip: 30 fps with jitter, then 59 fps, a 0.5 s stall, then 24 fps."""
    if number < 20:
        return 33 * number + 4 * (number % 3)
    return 660 + 17 * (number - 20) if number < 40 else 1500 + 42 * (number - 40)


VFR_EXPRESSION = r"if(lt(N\,20)\,33*N+4*mod(N\,3)\,if(lt(N\,40)\,660+17*(N-20)\,1500+42*(N-40)))"


@clip(
    "vfr_phone.mp4",
    "ok",
    "ok",
    "variable frame rate with a 0.5 s stall: index / fps is wrong by over 0.5 s",
    codec="h264",
    fps=None,
    times_ms=[vfr_ms(number) for number in range(COUNT)],
    needs="libx264",
)
def _vfr(out: Path, base: Base) -> None:
    clock = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000"]
    encode(
        out,
        vf=f"settb=1/1000,setpts={VFR_EXPRESSION}",
        mux=[*clock, "-video_track_timescale", "90000", *FAST],
    )


@clip(
    "same_time_twice.mkv",
    "ok",
    "ok",
    "pairs of pictures share one time",
    codec="h264",
    fps=None,
    times_ms=[(number // 2) * 2 * 40 for number in range(COUNT)],
    needs="libx264",
)
def _twice(out: Path, base: Base) -> None:
    single = out.with_name("~same.mkv")
    encode(single, fps=25, codec=x264(bf="0"))
    pairs = r"setts=pts=floor(N/2)*80:dts=floor(N/2)*80"
    run(["-i", str(single), "-c", "copy", "-bsf:v", pairs, *BITEXACT, str(out)])
    single.unlink()


@clip(
    "edit_list_trim.mp4",
    "ok",
    "ok",
    "the edit list hides the first pictures: header says 60, a player shows 39",
    codec="h264",
    frames_shown=39,
    first_index=21,
    needs="libx264",
)
def _edit_list(out: Path, base: Base) -> None:
    whole = str(base("long_gop.mp4"))
    run(["-ss", "0.7", "-i", whole, "-c", "copy", *BITEXACT, *FAST, str(out)])


@clip(
    "video_starts_late.mp4",
    "ok",
    "ok",
    "sound from 0 s, picture from 0.5 s (empty edit)",
    codec="h264",
    start_ms=500,
    needs="libx264",
)
def _late(out: Path, base: Base) -> None:
    sound = [part.format(2) for part in TONE]
    picture = ["-itsoffset", "0.5", "-i", str(base("plain_h264.mp4"))]
    coding = ["-map", "1:v", "-map", "0:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "32k"]
    run([*sound, *picture, *coding, *BITEXACT, *BITEXACT_SOUND, *FAST, str(out)])


@clip(
    "two_video_tracks.mp4",
    "ok",
    "ok",
    "track 1 is an 80x46 preview; the real picture is track 2",
    codec="h264",
    needs="libx264",
)
def _two_tracks(out: Path, base: Base) -> None:
    small = out.with_name("~small.mp4")
    encode(small, w=80, h=46)
    inputs = ["-i", str(small), "-i", str(base("plain_h264.mp4"))]
    both = ["-map", "0:v", "-map", "1:v", "-c", "copy"]
    marks = ["-disposition:v:0", "0", "-disposition:v:1", "default"]
    run([*inputs, *both, *marks, *BITEXACT, *FAST, str(out)])
    small.unlink()


@clip(
    "size_change.ts",
    "ok",
    "ok",
    "320x180 for 30 pictures, then 480x270",
    codec="h264",
    needs="libx264",
    start_ms=None,
    size_changes=[[30, 480, 270]],
)
def _size_change(out: Path, base: Base) -> None:
    both = out.with_name("~both.h264")
    joined = b""
    for first, (width, height) in ((0, (W, H)), (30, (480, 270))):
        half = out.with_name("~half.h264")
        encode(half, w=width, h=height, n=30, first=first, codec=x264(bf="0"))
        joined += half.read_bytes()
        half.unlink()
    both.write_bytes(joined)
    source = ["-f", "h264", "-framerate", "30", "-i", str(both)]
    run([*source, "-c", "copy", *BITEXACT, *TS, "-output_ts_offset", "1", str(out)])
    both.unlink()


@clip(
    "clock_resets.ts",
    "ok",
    "ok",
    "the clock jumps back to 0 half way (camera chapter glued on)",
    codec="h264",
    needs="libx264",
    start_ms=None,
    times_ms=None,
)
def _reset(out: Path, base: Base) -> None:
    joined = b""
    for first in (0, 30):
        half = out.with_name("~half.ts")
        encode(half, n=30, first=first, mux=TS)
        joined += half.read_bytes()
        half.unlink()
    out.write_bytes(joined)


# The stored pictures are turned the other way, so that a reader that applies the matrix gets
# upright pictures (barcode on top) and one that ignores it cannot read a single number.
TURNS = (
    (90, "transpose=cclock", (0, 1, -1, 0, H, 0)),
    (180, "hflip,vflip", (-1, 0, 0, -1, W, H)),
    (270, "transpose=clock", (0, -1, 1, 0, 0, W)),
)


def _rotated(is_turned: bool, undo: str, matrix: tuple[int, int, int, int, int, int]) -> Maker:
    def make(out: Path, base: Base) -> None:
        width, height = (H, W) if is_turned else (W, H)
        encode(out, w=width, h=height, vf=undo, mux=FAST)
        set_matrix(out, matrix)

    return make


for _degrees, _undo, _matrix in TURNS:
    _turned = _degrees % 180 != 0
    clip(
        f"rotated_{_degrees}.mp4",
        "ok",
        "ok",
        f"display matrix: turn {_degrees} degrees clockwise before use",
        codec="h264",
        rotation=_degrees,
        width=H if _turned else W,
        height=W if _turned else H,
        needs="libx264",
    )(_rotated(_turned, _undo, _matrix))


@clip(
    "mirrored.mp4",
    "ok",
    "ok",
    "display matrix flips left and right (selfie camera): a rotation angle can't say that",
    codec="h264",
    mirrored=True,
    needs="libx264",
)
def _mirror(out: Path, base: Base) -> None:
    encode(out, vf="hflip", mux=FAST)
    set_matrix(out, (-1, 0, 0, 1, W, 0))


def _lie(count: int) -> Maker:
    """Return a maker of a clip whose header lies about the frame count; all are there."""

    def make(out: Path, base: Base) -> None:
        small = base("mjpeg_small.avi", make=lambda p: encode(p, w=160, h=90, codec=MJPEG))
        data = bytearray(small.read_bytes())
        struct.pack_into("<I", data, data.index(b"avih") + 8 + 16, count)
        struct.pack_into("<I", data, data.index(b"strh") + 8 + 32, count)
        out.write_bytes(data)

    return make


_SMALL: Facts = {"codec": "mjpeg", "needs": "mjpeg", "coded_width": 160, "coded_height": 90}
clip(
    "header_says_10.avi",
    "ok",
    "ok",
    "header says 10 frames; 60 are there: a reader that trusts it drops 50",
    **_SMALL,
)(_lie(10))
clip(
    "header_says_6000.avi",
    "damaged",
    "partial",
    "header says 6000 frames; 60 are there: progress stops at 1 %",
    **_SMALL,
)(_lie(6000))
