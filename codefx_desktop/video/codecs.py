"""What this installation's codec library can read and write, for ``codefx doctor``."""

from __future__ import annotations

import av
import av.codec

NEEDED = {
    "H.264 decoder": ("h264", "r"),
    "HEVC decoder": ("hevc", "r"),
    "VP9 decoder": ("vp9", "r"),
    "AV1 decoder": ("libdav1d", "r"),
    "H.264 encoder": ("libx264", "w"),
    "AAC encoder": ("aac", "w"),
}


def available() -> dict[str, str]:
    """Return the library's version and, for each codec of interest, its name or ``not found``."""
    version = ".".join(map(str, av.library_versions["libavcodec"]))
    return {"libavcodec": version} | {
        title: _name(name, mode) for title, (name, mode) in NEEDED.items()
    }


def _name(name: str, mode: str) -> str:
    try:
        return av.codec.Codec(name, mode).name  # type: ignore[arg-type]
    except av.codec.codec.UnknownCodecError:
        return "not found"
