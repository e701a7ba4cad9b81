"""Running an ``ffmpeg`` program: settings, encoding of numbered pictures, what it knows."""

from __future__ import annotations

import json
import os
import subprocess
from functools import lru_cache
from pathlib import Path

from nasty.pictures import HEIGHT, WIDTH, pictures

FPS, COUNT = 30, 60  # the default clip: 2 s, GOP of 15

BITEXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
BITEXACT_SOUND = ["-flags:a", "+bitexact"]
TONE = ["-f", "lavfi", "-i", "sine=440:sample_rate=44100:duration={}"]
FAST = ["-movflags", "+faststart"]
FRAG = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"]
TS = ["-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0"]

X264 = [
    *["-c:v", "libx264", "-preset", "veryfast", "-crf", "27", "-g", "15", "-keyint_min", "15"],
    *["-sc_threshold", "0", "-bf", "2", "-pix_fmt", "yuv420p", "-threads", "1"],
]
X265_HLG = [
    *["-c:v", "libx265", "-preset", "ultrafast", "-crf", "30", "-pix_fmt", "yuv420p10le"],
    *["-tag:v", "hvc1", "-x265-params"],
    "log-level=none:pools=none:frame-threads=1:keyint=15:colorprim=bt2020:"
    "transfer=arib-std-b67:colormatrix=bt2020nc",
]
AV1 = [
    *["-c:v", "libsvtav1", "-preset", "12", "-crf", "45", "-g", "15"],
    *["-svtav1-params", "lp=1"],
]
VP9 = [
    *["-c:v", "libvpx-vp9", "-crf", "40", "-b:v", "0", "-deadline", "realtime"],
    *["-cpu-used", "8", "-g", "15", "-threads", "1", "-row-mt", "0"],
]
MPEG4 = ["-c:v", "mpeg4", "-q:v", "6", "-g", "15", "-threads", "1"]
MJPEG = ["-c:v", "mjpeg", "-q:v", "8", "-pix_fmt", "yuvj420p", "-threads", "1"]


class Tool:
    """The program that is run; the command line chooses it once."""

    program = "ffmpeg"


def x264(*more: str, **swap: str) -> list[str]:
    """Return the x264 settings with some replaced (``bf="0"``) and some added."""
    arguments = list(X264)
    for key, value in swap.items():
        arguments[arguments.index("-" + key) + 1] = value
    return arguments + list(more)


def run(arguments: list[str], stdin: bytes | None = None) -> bytes:
    """Run ffmpeg and return its standard output.

    Raises:
        RuntimeError: With its own words if it fails.
    """
    done = subprocess.run(
        [Tool.program, "-hide_banner", "-loglevel", "error", "-y", *arguments],
        input=stdin if stdin is not None else b"",
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError("ffmpeg failed: " + done.stderr.decode(errors="replace")[-600:])
    return done.stdout


def encode(  # noqa: PLR0913 - a clip has many sides; all but the path have a default
    out: Path,
    *,
    w: int = WIDTH,
    h: int = HEIGHT,
    n: int = COUNT,
    first: int = 0,
    fps: int | str = FPS,
    codec: list[str] | None = None,
    mux: list[str] | None = None,
    vf: str = "",
    to_pipe: bool = False,
) -> None:
    """Encode numbered pictures to ``out`` (through a pipe, when asked: no seeking back)."""
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{w}x{h}", "-framerate", str(fps)]
    arguments = [*source, "-i", "pipe:0", *(["-vf", vf] if vf else [])]
    arguments += [*(codec or X264), *BITEXACT, *(mux or [])]
    data = pictures(w, h, n, first)
    if to_pipe:
        out.write_bytes(run([*arguments, "pipe:1"], data))
    else:
        run([*arguments, str(out)], data)


@lru_cache(maxsize=1)
def encoders() -> str:
    """Return ffmpeg's own list of its encoders."""
    return run(["-encoders"]).decode()


def version() -> str:
    """Return the program's name and version."""
    return run(["-version"]).decode().split("\n")[0].split(" Copyright")[0]


def whole_packets(path: Path, keep: int) -> int | None:
    """Return how many video packets lie wholly in the first ``keep`` bytes; None: no ffprobe."""
    named = os.sep in Tool.program
    probe = str(Path(Tool.program).with_name("ffprobe")) if named else "ffprobe"
    entries = ["-show_entries", "packet=pos,size", "-of", "json"]
    try:
        done = subprocess.run(
            [probe, "-v", "error", "-select_streams", "v:0", *entries, str(path)],
            capture_output=True,
            check=True,
            timeout=60,
        )
    except OSError:
        return None
    packets = json.loads(done.stdout)["packets"]
    found = [(int(packet.get("pos", -1)), int(packet["size"])) for packet in packets]
    return sum(1 for pos, size in found if pos >= 0 and pos + size <= keep)
