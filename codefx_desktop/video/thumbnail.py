"""A small picture of a clip, quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.video.container import check_file, open_clip, video_stream
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.orientation import orientation
from codefx_desktop.video.packets import ReadTrouble, read_packets
from codefx_desktop.video.picture import PictureConverter, upright_size

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from codefx_desktop.domain.frame import Pixels

MAX_PACKETS: Final = 300


def thumbnail(path: Path, *, width_px: int = 160) -> Pixels:
    """Return the clip's first picture: RGB, (H, ``width_px``, 3), uint8, upright.

    Raises:
        ClipError: If there is no picture to be had.
    """
    check_file(path)
    with open_clip(path) as container:
        stream = video_stream(container, path)
        frame = _first_picture(container, stream, path)
        turned = orientation(frame)
        aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
        width, height = upright_size(frame.width, frame.height, aspect, turned)
        converter = PictureConverter(width_px, max(1, round(height * width_px / width)), turned)
        ready = converter.push(frame, 0) + converter.flush()
        return ready[0][1]


def _first_picture(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    # Without frame threads the first picture comes out after the first packet.
    decoder = PictureDecoder(stream, careful=True)
    for count, packet in enumerate(read_packets(container, (stream,), path, ReadTrouble())):
        frames = decoder.feed(packet)
        if frames:
            return frames[0]
        if count >= MAX_PACKETS:
            break
    frames = decoder.drain()
    if frames:
        return frames[0]
    raise ClipUnreadable(
        f"{path.name} has no picture that can be decoded.",
        hint="Copy it from the camera again, or repair it with the camera's own tool.",
        path=path,
    )
