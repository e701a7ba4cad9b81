"""How much a clip holds, by its header alone: cheap, and as honest as the header is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.video.container import MAX_PIXELS, check_file, open_clip, video_stream
from codefx_desktop.video.header import MICROSECOND, read_header
from codefx_desktop.video.picture import upright_size

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from codefx_desktop.video.header import Header


def glance(path: Path) -> ClipSize | None:
    """Return what a clip's header says of its size; None where it does not say all of it.

    Nothing is decoded and no packet is counted, so that it takes milliseconds; ``probe`` tells
    what is really there.

    Raises:
        ClipError: If it is no clip.
    """
    check_file(path)
    with open_clip(path) as container:
        stream = video_stream(container, path)
        header = read_header(container, stream, path)
        width, height = upright_size(
            stream.codec_context.width, stream.codec_context.height, header.sample_aspect
        )
        frames, duration_s = header.estimated_frames, _duration_s(container, stream, header)
    if frames < 1 or duration_s <= 0 or not 0 < width * height <= MAX_PIXELS:
        return None
    return ClipSize(frames, duration_s, width, height)


def _duration_s(container: InputContainer, stream: VideoStream, header: Header) -> float:
    """Return the pictures' own length where it is known: sound may be longer than they are."""
    if stream.duration and stream.duration > 0:
        return float(stream.duration * header.time_base)
    if header.estimated_frames and header.nominal_rate:
        return float(header.estimated_frames / header.nominal_rate)
    return float((container.duration or 0) * MICROSECOND)
