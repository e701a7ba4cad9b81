"""Healthy clips, each after a kind of recorder or editor: what a reader must get right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty.encoding import (
    AV1,
    BITEXACT,
    BITEXACT_SOUND,
    FAST,
    FRAG,
    MPEG4,
    TONE,
    TS,
    VP9,
    X265_HLG,
    encode,
    run,
    x264,
)
from nasty.kinds import add, coding, plain, timed
from nasty.pictures import HEIGHT, WIDTH
from nasty.surgery import find_box, set_matrix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _codings() -> None:
    ten = x264(pix_fmt="yuv422p10le", g="1", bf="0")
    plain("intra_422_10bit.mov", "broadcast camera: every picture a keyframe", ten, n=30)
    mpeg2 = coding("mpeg2video", "-q:v", "4")
    plain("mpeg2_intra.mov", "XDCAM-like", [*mpeg2, "-g", "1", "-pix_fmt", "yuv422p"], n=30)
    plain("mpeg2.ts", "set-top recorder", [*mpeg2, "-g", "15", "-bf", "2"], TS)
    prores = coding("prores_ks", "-profile:v", "0", "-pix_fmt", "yuv422p10le")
    plain("prores.mov", "editor's export", prores, n=20)
    dnxhr = coding("dnxhd", "-profile:v", "dnxhr_lb", "-pix_fmt", "yuv422p")
    plain("dnxhr.mov", "editor's export", dnxhr, n=20)
    plain("ffv1.mkv", "archive", coding("ffv1", "-g", "1"), n=30)
    plain("huffyuv.avi", "capture card", coding("huffyuv", "-pix_fmt", "yuv422p"), n=20)
    plain("raw_uyvy.mov", "capture card", coding("rawvideo", "-pix_fmt", "uyvy422"), n=10)
    plain("vp8.webm", "browser recording", coding("libvpx", "-b:v", "800k", "-g", "15"))
    plain("av1.mkv", "screen recorder", AV1, n=30)
    plain("h264_full_range.mp4", "phone", x264("-color_range", "pc", pix_fmt="yuvj420p"))


def _groups() -> None:
    plain("keyframe_every_600.mp4", "screen recorder", x264(g="9999", keyint_min="9999"), n=600)
    refresh = x264("-x264-params", "intra-refresh=1:keyint=30", bf="0")
    plain("intra_refresh.mp4", "live encoder: no keyframe after the first", refresh)
    pyramid = x264("-x264-params", "b-pyramid=normal:ref=6:b-adapt=0", bf="12")
    plain("twelve_b_frames.mp4", "deep reordering", pyramid)
    closed = "log-level=none:pools=none:frame-threads=1:keyint=15:min-keyint=15:bframes=4"
    open_gop = [*X265_HLG[:8], "-tag:v", "hvc1", "-x265-params", f"{closed}:open-gop=1"]
    plain("hevc_open_gop.mp4", "HEVC with pictures that need the group before", open_gop)
    plain("hevc_open_gop.ts", "the same as transport stream", open_gop, TS)
    open_264 = x264("-x264-params", "open-gop=1:b-adapt=0", bf="3")
    plain("open_gop.ts", "the clock starts late and groups are open", open_264, TS)
    plain("scene_cuts.mkv", "keyframes at odd places", x264("-force_key_frames", "0.3,0.4,1.7"))


def _containers() -> None:
    plain("h264.avi", "dash camera: H.264 in AVI, B-frames without times", x264(bf="2"))
    plain("mpeg4.mov", "old camera", [*MPEG4, "-bf", "0"])
    plain("vp9_live.webm", "browser: no index, no duration", VP9, ["-f", "webm"], to_pipe=True)
    m2ts = [*TS, "-mpegts_m2ts_mode", "1"]
    plain("avchd.mts", "camcorder: 192-byte packets", x264(), m2ts)
    dash = ["-movflags", "+dash+global_sidx+frag_keyframe"]
    plain("dash.mp4", "downloaded stream", x264(), dash)
    plain("fragment_per_frame.mp4", "low latency", x264(), ["-movflags", "+frag_every_frame"])
    plain("negative_offsets.mp4", "CMAF times", x264(), ["-movflags", "+negative_cts_offsets"])
    plain("timecode.mov", "with a timecode track", x264(), ["-timecode", "01:00:00:00"])
    plain("index_in_front.mkv", "cues first", x264(), ["-cues_to_front", "1"])
    plain("fine_clock.mp4", "microseconds", x264(), ["-video_track_timescale", "1000000", *FAST])
    plain("coarse_clock.mp4", "a tick a picture", x264(), ["-video_track_timescale", "30"])


def _rates() -> None:
    plain("one_per_second.mp4", "time lapse", fps=1, rate=1, n=30)
    plain("thousand_per_second.mp4", "high-speed camera", fps=1000, rate=1000)
    plain("fps_23_976.mkv", "rounded to milliseconds", fps="24000/1001", rate=24000 / 1001)
    mpeg4_59 = [*MPEG4, "-bf", "0"]
    plain("fps_59_94.avi", "NTSC", mpeg4_59, fps="60000/1001", rate=60000 / 1001)
    slow = [round(n * 33.4) for n in range(15)]
    slow += [slow[-1] + 133 * (n + 1) for n in range(20)]
    slow += [slow[-1] + 33 * (n + 1) for n in range(15)]
    fine = ["-video_track_timescale", "90000", *FAST]
    timed("slow_motion.mp4", "phone: the middle is stretched", slow, fine)
    stalls = [n * 16 + 5000 * (n // 8) for n in range(32)]
    timed("screen_stalls.mkv", "screen recorder: nothing for 5 s, again and again", stalls, [])
    timed("screen_stalls.mp4", "the same as MP4", stalls, fine)


def _fields() -> None:
    bottom = x264("-flags", "+ilme+ildct", "-x264-params", "bff=1")
    field = {"vf": "setfield=bff", "interlaced": True}
    plain("bottom_first.mkv", "tape: lower field first", bottom, **field)
    top = {"vf": "setfield=tff", "interlaced": True}
    tff = x264("-flags", "+ilme+ildct", "-x264-params", "tff=1:open-gop=1", bf="3")
    plain("fields_open_gop.ts", "broadcast", tff, TS, **top)


def _mixed_fields(out: Path) -> None:
    """Progressive and interlaced pictures in turn, 12 each: adverts in a broadcast."""
    joined = b""
    for piece_number in range(5):
        piece = out.with_name("~piece.h264")
        flags = ["-flags", "+ilme+ildct"] if piece_number % 2 else []
        more = [*flags, "-x264-params", "tff=1"] if flags else []
        vf = "setfield=tff" if flags else "setfield=prog"
        encode(piece, n=12, first=12 * piece_number, codec=x264(*more, bf="0"), vf=vf)
        joined += piece.read_bytes()
        piece.unlink()
    both = out.with_name("~both.h264")
    both.write_bytes(joined)
    run(["-f", "h264", "-framerate", "30", "-i", str(both), "-c", "copy", *BITEXACT, *TS, str(out)])
    both.unlink()


def _chapters(out: Path) -> None:
    """Three recordings of an action camera glued together: the clock starts again twice."""
    joined = b""
    for first in (0, 20, 40):
        piece = out.with_name("~piece.ts")
        encode(piece, n=20, first=first, mux=TS)
        joined += piece.read_bytes()
        piece.unlink()
    out.write_bytes(joined)


def _forward_jump(out: Path) -> None:
    """Glue two recordings, the second an hour later by its clock."""
    joined = b""
    for first, offset in ((0, "1"), (30, "3600")):
        piece = out.with_name("~piece.ts")
        encode(piece, n=30, first=first, mux=[*TS, "-output_ts_offset", offset])
        joined += piece.read_bytes()
        piece.unlink()
    out.write_bytes(joined)


def _with_sound(seconds: float, *more: str, before: tuple[str, ...] = ()) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        picture = out.with_name("~picture.mp4")
        encode(picture, n=60)
        sound = [part.format(seconds) for part in TONE]
        inputs = ["-i", str(picture), *before, *sound, "-map", "0:v", "-map", "1:a"]
        coding = ["-c:v", "copy", "-c:a", "aac", "-b:a", "32k", *more]
        run([*inputs, *coding, *BITEXACT, *BITEXACT_SOUND, str(out)])
        picture.unlink()

    return make


def _long_subtitle(out: Path) -> None:
    picture, words = out.with_name("~picture.mp4"), out.with_name("~words.srt")
    encode(picture)
    words.write_text("1\n00:00:00,500 --> 00:00:09,000\nTelemetry\n\n", "utf-8")
    run(["-i", str(picture), "-i", str(words), "-c:v", "copy", "-c:s", "srt", *BITEXACT, str(out)])
    picture.unlink()
    words.unlink()


def _cover(out: Path) -> None:
    picture, cover = out.with_name("~picture.mp4"), out.with_name("~cover.jpg")
    encode(picture)
    run(["-i", str(picture), "-frames:v", "1", str(cover)])
    maps = ["-map", "1", "-map", "0", "-c", "copy", "-disposition:v:0", "attached_pic"]
    run(["-i", str(picture), "-i", str(cover), *maps, *BITEXACT, str(out)])
    picture.unlink()
    cover.unlink()


def _turned_and_mirrored(out: Path) -> None:
    encode(out, w=HEIGHT, h=WIDTH, vf="transpose=cclock_flip", mux=FAST)
    set_matrix(out, (0, 1, 1, 0, 0, 0))


def _portrait_hevc(out: Path) -> None:
    encode(out, w=HEIGHT, h=WIDTH, n=30, vf="transpose=cclock", codec=X265_HLG, mux=FAST)
    set_matrix(out, (0, 1, -1, 0, HEIGHT, 0))


def _growing(out: Path) -> None:
    """Copy while it is recorded: whole fragments, the last ones not there yet."""
    whole = out.with_name("~whole.mp4")
    encode(whole, mux=FRAG)
    data = whole.read_bytes()
    whole.unlink()
    start = data.index(b"moof") - 4
    for _ in range(3):
        start = data.index(b"moof", start + 8) - 4
    out.write_bytes(data[:start])
    assert find_box(data, b"moov")


def _others() -> None:
    add("mixed_fields.ts", _mixed_fields, "fields only in the middle", interlaced=True)
    add("chapters.ts", _chapters, "the clock starts again twice")
    later = tuple(n * 1000 / 30 + 3_598_000 * (n >= 30) for n in range(60))
    add("an_hour_later.ts", _forward_jump, "the clock jumps on by an hour", times_ms=later)
    add("sound_longer.mp4", _with_sound(9), "sound goes on for 7 s")
    add("sound_longer.mkv", _with_sound(9), "sound goes on for 7 s")
    add("sound_shorter.mkv", _with_sound(0.5), "sound ends early")
    add("sound_earlier.ts", _with_sound(3, "-output_ts_offset", "2"), "transport stream")
    add("sound_later.mov", _with_sound(1, before=("-itsoffset", "1")), "sound begins at 1 s")
    add("subtitle_longer.mkv", _long_subtitle, "a subtitle ends 7 s after the pictures")
    add("cover_picture.mp4", _cover, "a JPEG cover is the first stream")
    portrait = {"size": (HEIGHT, WIDTH), "rotation": 90}
    add("turned_and_mirrored.mp4", _turned_and_mirrored, "selfie", mirrored=True, **portrait)
    add("portrait_hevc.mp4", _portrait_hevc, "phone: HEVC, HLG, portrait", count=30, **portrait)
    add("growing.mp4", _growing, "copied while it was recorded", count=45)


for _register in (_codings, _groups, _containers, _rates, _fields, _others):
    _register()
