"""What the FFmpeg libraries in use can do, for the doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import av

from codefx_desktop.video.encoders import ENCODERS

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECODERS: Final = ("h264", "hevc", "vp9", "av1", "prores", "mjpeg", "mpeg4")
_ENCODERS: Final = (*ENCODERS, "aac")


def available() -> Mapping[str, str]:
    """Return FFmpeg's version and which of the codecs that matter here are built in.

    A hardware encoder that is built in need not work on this machine; its trial tells.
    """
    return {
        "FFmpeg": str(av.ffmpeg_version_info),
        "PyAV": av.__version__,
        "decoders": ", ".join(name for name in _DECODERS if _is_there(name, "r")),
        "encoders": ", ".join(name for name in _ENCODERS if _is_there(name, "w")),
    }


def _is_there(name: str, mode: str) -> bool:
    try:
        av.Codec(name, "r" if mode == "r" else "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True
