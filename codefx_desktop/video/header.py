"""What a clip's header says; nothing here has been checked against the packets yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from codefx_desktop.video.container import open_clip

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

MICROSECOND: Final = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Header:
    """The header's claims.

    Attributes:
        container: Name of the demuxer.
        codec: Video codec.
        time_base: Seconds per tick of the video stream.
        nominal_rate: Frames per second as the header says, or None.
        sample_aspect: Shape of a pixel as the header says.
        area_px: Pixels of a picture as the header says, at least 1.
        claimed_frames: How many pictures the header says there are; 0 where it does not say.
        claimed_end_s: Where the file says it ends on its own clock; None where it does not say.
        estimated_frames: Rough number of pictures, 0 where nothing is known.
        audio_codec: Codec of the sound, empty if there is none.
        times_are_guessed: Whether the demuxer makes up presentation times that may be wrong.
        created: Creation time as found.
        metadata: Tags of container and stream.
    """

    container: str
    codec: str
    time_base: Fraction
    nominal_rate: Fraction | None
    sample_aspect: Fraction
    area_px: int
    claimed_frames: int
    claimed_end_s: Fraction | None
    estimated_frames: int
    audio_codec: str
    times_are_guessed: bool
    created: str
    metadata: dict[str, str] = field(default_factory=dict)


def read_header(container: InputContainer, stream: VideoStream, path: Path) -> Header:
    """Collect what the header of an opened clip says.

    Raises:
        ClipLost: If the clip goes away meanwhile.
    """
    context = stream.codec_context
    audio = container.streams.best("audio")
    metadata = {**container.metadata, **stream.metadata}
    assert stream.time_base is not None
    return Header(
        container=container.format.name,
        codec=context.codec.canonical_name,
        time_base=stream.time_base,
        nominal_rate=stream.average_rate or None,
        sample_aspect=stream.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1),
        area_px=max(1, (context.width or 0) * (context.height or 0)),
        claimed_frames=_claimed_frames(container, stream, path),
        claimed_end_s=_claimed_end_s(container),
        estimated_frames=_estimated_frames(container, stream),
        audio_codec=audio.codec_context.codec.canonical_name
        if audio is not None and audio.codec_context is not None
        else "",
        # AVI has none; of these codecs FFmpeg cannot tell the order without decoding.
        times_are_guessed=container.format.name == "avi"
        and context.codec.canonical_name in ("h264", "hevc")
        and context.has_b_frames,
        created=metadata.get("creation_time", ""),
        metadata=metadata,
    )


def _claimed_frames(container: InputContainer, stream: VideoStream, path: Path) -> int:
    name = container.format.name
    if "mp4" in name:
        return _claimed_samples(stream, path)
    if name == "avi":
        return max(stream.frames, stream.duration or 0)
    return 0


def _claimed_samples(stream: VideoStream, path: Path) -> int:
    """Return how many packets an MP4's sample table promises.

    Edits leave packets out or give them twice: then they say what is promised, and only what the
    table lacks without them is missing.
    """
    table, edited = stream.frames, len(stream.index_entries)
    if not table or edited == table:
        return table
    with open_clip(path, edited=False) as container:
        unedited = len(container.streams[stream.index].index_entries)
    return edited + max(0, table - unedited)


def _claimed_end_s(container: InputContainer) -> Fraction | None:
    """Matroska's duration is written at the end of a recording: a promise worth checking."""
    if "matroska" not in container.format.name or not container.duration:
        return None
    return (container.duration + max(0, container.start_time or 0)) * MICROSECOND


def _estimated_frames(container: InputContainer, stream: VideoStream) -> int:
    if stream.frames:
        return stream.frames
    if container.duration and stream.average_rate:
        return int(container.duration * MICROSECOND * stream.average_rate)
    return 0
