r"""What probing told about a clip, kept in a file, so that its packets are read once.

::

    codefx-clip <version> <SHA-256 of all that follows, hex>\\n
    {"info": {...}, "time_base": "1/15360", "frames": N}\\n
    zlib: int64 (N,) steps of the ticks | int64 (N,) raw minus unwrapped time | keyframe bits

All numbers are little-endian. A clip of constant rate takes a few bytes per thousand frames. No
pickle, no archive: nothing in the file is believed before its sum is right, nor unpacked beyond
the length that its head promises.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import uuid
import zlib
from contextlib import suppress
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.domain.clip import FrameIndex, Verdict, VideoInfo
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.output import flush_folder, writing
from codefx_desktop.video.probe import ProbedClip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

VERSION: Final = 1
"""To be raised whenever the file, or what ``probe`` tells of the same clip, changes."""
MAX_FRAMES: Final = 2**26
"""More (12 days at 60 frames/s) is a claim of a broken or hostile file."""
BYTES_PER_FRAME: Final = 2 * 8

_MAGIC: Final = b"codefx-clip"
_INT64: Final = np.dtype("<i8")
_DAMAGE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What taking apart bytes that are not what they should be can raise."""
_PLAIN: Final = {kind.__name__: kind for kind in (str, int, float, bool)}


def save_clip(path: Path, clip: ProbedClip) -> None:
    """Write what is known about a clip, whole or not at all; its folder is made.

    Args:
        path: The file; replaced if it is there.
        clip: What ``probe`` returned, with its fingerprint. Its path is not written: the clip is
            known by its content, and the file may be read on another computer.

    Raises:
        ValueError: If the fingerprint is missing.
        NoSpace: If the disk is full.
        NotWritable: If the place cannot be written to.
    """
    if not clip.info.fingerprint:
        raise ValueError("a clip is kept by its fingerprint")
    # Two programs, or two workers, may keep the same clip at the same time.
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.part")
    with writing(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(_packed(clip))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            flush_folder(path.parent)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell
                part.unlink()
            raise


def load_clip(path: Path, clip_path: Path) -> ProbedClip | None:
    """Return what was kept about a clip, if it is still that clip.

    Args:
        path: What ``save_clip`` wrote.
        clip_path: Where the clip is now.

    Returns:
        What ``probe`` told; None if the file is missing, damaged or of another version, or if the
        clip is missing or has another size or fingerprint.
    """
    clip = _load(path, clip_path)
    if clip is None:
        return None
    try:
        is_same = fingerprint(clip_path) == clip.info.fingerprint
        is_same = is_same and clip_path.stat().st_size == clip.info.size_bytes
    except (ClipError, OSError):
        return None
    return clip if is_same else None


def load_info(path: Path, clip_path: Path) -> VideoInfo | None:
    """Return what was kept about a clip without looking at the clip: its drive may be away.

    Returns:
        What ``probe`` told; None if the file is missing, damaged or of another version.
    """
    clip = _load(path, clip_path)
    return None if clip is None else clip.info


def load_index(path: Path) -> FrameIndex | None:
    """Return the kept times of a clip's frames without looking at the clip.

    Returns:
        The times; None if the file is missing, damaged or of another version.
    """
    clip = _load(path, path)
    return None if clip is None else clip.index


def _load(path: Path, clip_path: Path) -> ProbedClip | None:
    try:
        return _unpacked(path.read_bytes(), clip_path)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
    except _DAMAGE as error:
        log.warning("%s is not used: %s", path, error)
    return None


def _packed(clip: ProbedClip) -> bytes:
    index = clip.index
    head = {
        "info": _info_to_dict(clip.info),
        "time_base": str(index.time_base),
        "frames": len(index),
    }
    arrays = (
        np.diff(index.ticks, prepend=0).astype(_INT64).tobytes(),
        (index.pts - index.ticks).astype(_INT64).tobytes(),
        np.packbits(index.keyframe).tobytes(),
    )
    text = json.dumps(head, ensure_ascii=True, allow_nan=False, sort_keys=True).encode()
    body = text + b"\n" + zlib.compress(b"".join(arrays))
    return b"%s %d %s\n" % (_MAGIC, VERSION, hashlib.sha256(body).hexdigest().encode()) + body


def _unpacked(data: bytes, clip_path: Path) -> ProbedClip:
    first, _, body = data.partition(b"\n")
    if first.split(b" ")[:2] != [_MAGIC, b"%d" % VERSION]:
        raise ValueError(f"it is not of version {VERSION}")
    if first.split(b" ")[2:] != [hashlib.sha256(body).hexdigest().encode()]:
        raise ValueError("it is damaged")
    text, _, packed = body.partition(b"\n")
    head = json.loads(text)
    n = int(head["frames"])
    if not 0 < n <= MAX_FRAMES:
        raise ValueError(f"{n} frames cannot be")
    length = n * BYTES_PER_FRAME + (n + 7) // 8
    arrays = zlib.decompressobj().decompress(packed, length)
    if len(arrays) != length:
        raise ValueError(f"{len(arrays)} bytes instead of {length}")
    steps, offsets = np.frombuffer(arrays, _INT64, 2 * n).reshape(2, n).astype(np.int64)
    bits = np.frombuffer(arrays, np.uint8, offset=n * BYTES_PER_FRAME)
    ticks = np.cumsum(steps, dtype=np.int64)
    keyframe = np.unpackbits(bits, count=n).astype(np.bool_)
    index = FrameIndex(ticks, ticks + offsets, keyframe, Fraction(head["time_base"]))
    info = _info_from_dict(head["info"], clip_path)
    if info.frames != n:
        raise ValueError(f"{info.frames} frames and times of {n}")
    return ProbedClip(info, index)


def _info_to_dict(info: VideoInfo) -> dict[str, Any]:
    values = {item.name: getattr(info, item.name) for item in fields(info) if item.name != "path"}
    return {
        name: str(value) if isinstance(value, Fraction) else value for name, value in values.items()
    }


def _info_from_dict(values: Mapping[str, Any], clip_path: Path) -> VideoInfo:
    if values.keys() != {item.name for item in fields(VideoInfo)} - {"path"}:
        raise ValueError("it says more or less than is known of a clip now")
    rate = values["average_rate"]
    info = VideoInfo(
        path=clip_path,
        **{
            **values,
            "verdict": Verdict(values["verdict"]),
            "sample_aspect": Fraction(values["sample_aspect"]),
            "average_rate": None if rate is None else Fraction(rate),
        },
    )
    for item in fields(info):
        expected = _PLAIN.get(str(item.type))
        if expected is not None and type(getattr(info, item.name)) is not expected:
            raise TypeError(f"{item.name} is no {item.type}")
    if not all(isinstance(text, str) for pair in info.metadata.items() for text in pair):
        raise TypeError("metadata are no texts")
    return info
