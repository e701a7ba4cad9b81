"""Codings, pixel formats and sizes beyond the everyday."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nasty.boxes import box
from nasty.encoding import (
    BITEXACT,
    MJPEG,
    MPEG4,
    VP9,
    X265_HLG,
    encode,
    run,
    x264,
)
from nasty.kinds import FURTHER, add, coding
from nasty.kinds import plain as encoded
from nasty.pictures import pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HALF = "format=yuva444p,colorchannelmixer=aa=0.5"
X265 = ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "30", "-tag:v", "hvc1"]
X265_QUIET = "log-level=none:pools=none:frame-threads=1:keyint=15"


def _hidden() -> None:
    """Pictures that are decoded and never shown."""
    vp8 = coding("libvpx", "-b:v", "300k", "-g", "30", "-auto-alt-ref", "1")
    vp8 += ["-lag-in-frames", "16", "-arnr-maxframes", "5"]
    for name in ("vp8_hidden.webm", "vp8_hidden.mkv"):
        add(name, _two_passes(vp8), "pictures that are never shown have packets of their own")
    vp9 = coding("libvpx-vp9", "-b:v", "300k", "-g", "30", "-auto-alt-ref", "1", "-row-mt", "0")
    vp9 += ["-lag-in-frames", "16", "-cpu-used", "5"]
    add("vp9_superframes.webm", _two_passes(vp9), "hidden pictures within packets")
    add("vp9_split.mkv", _split, "hidden pictures in packets of their own")
    # The encoder keeps its last picture to itself.
    packed = coding("libxvid", "-q:v", "6", "-g", "15", "-bf", "2")
    encoded(
        "xvid_packed.avi",
        "DivX: two pictures in a packet, then an empty one",
        packed,
        n=61,
        count=60,
    )


def _split(out: Path) -> None:
    whole = out.with_name("~whole.webm")
    FURTHER["vp9_superframes.webm"].make(whole)
    run(["-i", str(whole), "-c", "copy", "-bsf:v", "vp9_superframe_split", *BITEXACT, str(out)])
    whole.unlink()


def _two_passes(codec: list[str]) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        raw = pictures()
        source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "320x180", "-framerate", "30"]
        log = ["-passlogfile", str(out.with_name("~pass"))]
        for number, target in (("1", ["-f", "null", "-"]), ("2", [str(out)])):
            run([*source, "-i", "pipe:0", *codec, "-pass", number, *log, *BITEXACT, *target], raw)
        for left in out.parent.glob("~pass*"):
            left.unlink()

    return make


plain = partial(encoded, is_plain=True)


def _pixels() -> None:
    plain("h264_444_10bit.mp4", "4:4:4 with ten bits", x264(pix_fmt="yuv444p10le"), n=30)
    rgb = coding("libx264rgb", "-crf", "20", "-g", "15")
    plain("h264_rgb.mkv", "screen recorder: RGB in H.264", rgb, n=30)
    lossless = x264("-qp", "0", pix_fmt="yuv444p")
    plain("h264_lossless.mkv", "screen recorder: lossless", lossless, n=30)
    twelve = [*X265, "-pix_fmt", "yuv420p12le", "-x265-params", X265_QUIET]
    plain("hevc_12bit.mp4", "cinema camera", twelve, n=30)
    deep = [*X265, "-pix_fmt", "yuv422p10le", "-x265-params", X265_QUIET]
    plain("hevc_422_10bit.mov", "mirrorless camera", deep, n=30)
    pq = [*X265_HLG]
    pq[pq.index("-x265-params") + 1] = pq[-1].replace("arib-std-b67", "smpte2084")
    plain("hevc_pq.mp4", "HDR10", pq, n=30)
    vp9 = [*VP9, "-pix_fmt", "yuv420p12le", "-profile:v", "2"]
    plain("vp9_12bit.webm", "twelve bits", vp9, n=20)
    av1 = ["-c:v", "libsvtav1", "-preset", "12", "-crf", "45", "-g", "15", "-pix_fmt"]
    plain("av1_10bit.mp4", "ten bits", [*av1, "yuv420p10le", "-svtav1-params", "lp=1"], n=20)
    gray = coding("ffv1", "-g", "1", "-pix_fmt", "gray10le")
    plain("gray_10bit.mkv", "thermal camera", gray, n=20)
    prores = coding("prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le")
    plain("prores_4444.mov", "graphics with transparency", prores, n=10, vf=HALF)
    raw = coding("rawvideo", "-pix_fmt", "yuv411p")
    plain("raw_411.avi", "old capture card", raw, n=10)
    plain("bgr24.avi", "bottom-up RGB", coding("rawvideo", "-pix_fmt", "bgr24"), n=10)
    plain("png.mov", "animation", coding("png", "-pix_fmt", "rgb24"), n=10)


def _old_and_rare() -> None:
    dv = ["-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-s", "720x576", "-aspect", "4:3"]
    tape = {"w": 720, "h": 576, "n": 10, "fps": 25, "rate": 25, "vf": "setfield=bff"}
    wide = {"size": (768, 576), "interlaced": True}
    plain("dv.avi", "tape", dv, **tape, **wide)  # type: ignore[arg-type]
    plain("dv.mov", "tape", dv, **tape, **wide)  # type: ignore[arg-type]
    plain("cineform.mov", "action camera's edit", coding("cfhd"), n=10, h=184)
    plain("utvideo.avi", "screen capture", coding("utvideo", "-pix_fmt", "yuv422p"), n=10)
    plain("jpeg2000.mov", "digital cinema", coding("jpeg2000", "-pix_fmt", "yuv422p"), n=10)
    plain("mjpeg.mov", "stills camera", MJPEG, n=30)
    plain("mjpeg.mkv", "webcam", MJPEG, n=30)
    plain("mpeg1.ts", "video CD", coding("mpeg1video", "-q:v", "4", "-bf", "2"), ["-f", "mpegts"])
    plain("divx3.avi", "file of 1999", coding("msmpeg4", "-q:v", "6", "-g", "15"))
    cif = {"w": 352, "h": 288, "n": 30, "size": (384, 288)}  # its pixels are 12:11 by standard
    plain("h263.mov", "phone of 2004", coding("h263", "-q:v", "6"), **cif)  # type: ignore[arg-type]
    old = [*MPEG4, "-bf", "2"]
    plain("mpeg4_bframes.mov", "B-frames with times", old)
    plain("mpeg4_bframes.mkv", "B-frames with times", old)
    hev1 = [*X265[:-1], "hev1", "-x265-params", X265_QUIET + ":repeat-headers=1"]
    plain("hev1.mp4", "parameters within the stream", hev1, n=30)
    add("avc3.mp4", _avc3, "parameters within the stream, none in front")


def _avc3(out: Path) -> None:
    raw = out.with_name("~raw.h264")
    encode(raw, codec=x264(bf="0"))
    source = ["-f", "h264", "-framerate", "30", "-i", str(raw)]
    run([*source, "-c", "copy", "-tag:v", "avc3", *BITEXACT, str(out)])
    raw.unlink()
    data = out.read_bytes()
    start = data.index(b"avcC") - 4
    payload, end = start + 8, start + int.from_bytes(data[start : start + 4], "big")
    none = data[payload : payload + 5] + bytes([0xE0, 0])  # no parameter sets
    padded = none + box(b"free", bytes(end - payload - len(none) - 8))
    size = (len(none) + 8).to_bytes(4, "big")
    out.write_bytes(data[:start] + size + b"avcC" + padded + data[end:])


def _sizes() -> None:
    quick = x264("-tune", "zerolatency", preset="ultrafast")
    plain("wide_4096.mp4", "cinema 4K", quick, w=4096, h=2160, n=2)
    plain("dci_hevc.mp4", "cinema 4K", [*X265, "-x265-params", X265_QUIET], w=4096, h=2160, n=2)
    small = {"n": 30, "has_barcode": False}
    plain("two_by_two.mp4", "the smallest picture", w=2, h=2, **small)  # type: ignore[arg-type]
    one = coding("ffv1", "-g", "1")
    plain("one_by_one.mkv", "one pixel", one, w=1, h=1, **small)  # type: ignore[arg-type]
    odd = coding("ffv1", "-g", "1", "-pix_fmt", "yuv444p")
    plain("odd_321x181.mkv", "odd sides", odd, w=321, h=181, n=10)
    strip = {"w": 2048, "h": 64, "n": 10}
    plain("strip.mp4", "a line camera: 2048 x 64", **strip)  # type: ignore[arg-type]


for _register in (_hidden, _pixels, _old_and_rare, _sizes):
    _register()
