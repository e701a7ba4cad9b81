"""One frame as a picture file."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.video.output import flush_folder, flush_to_disk, writing

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.frame import Pixels


def write_still(pixels: Pixels, target: Path, *, keep: Path | None = None) -> None:
    """Write a picture as PNG under a temporary name beside the target, then rename.

    Args:
        pixels: RGB, (H, W, 3), uint8.
        target: Where to; replaced if it is there.
        keep: A file that must not be replaced (the footage).

    Raises:
        NotWritable: If the target is the footage, or cannot be written to.
        NoSpace: If the disk is full.
    """
    if keep is not None and target.exists() and keep.exists() and target.samefile(keep):
        raise NotWritable("That is the footage itself.", hint="Choose another name.", path=target)
    data = png(pixels)
    part = target.with_name(target.name + ".part")
    with writing(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            flush_to_disk(part)
            part.replace(target)
            flush_folder(target.parent)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell
                part.unlink()
            raise


def png(pixels: Pixels) -> bytes:
    """Return a picture as the bytes of a PNG file, nothing lost.

    Args:
        pixels: RGB, (H, W, 3), uint8.
    """
    height, width = pixels.shape[:2]
    encoder = av.CodecContext.create("png", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "rgb24"
    encoder.time_base, encoder.sample_aspect_ratio = Fraction(1), Fraction(1)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
