"""What a file holds, how much of it can be delivered, and the exact time of every picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.clip import FrameIndex, VideoInfo
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.video.colour import (
    MATRIX_NAMES,
    PRIMARIES_NAMES,
    RANGE_NAMES,
    TRANSFER_NAMES,
)
from codefx_desktop.video.container import MAX_PIXELS, check_file, open_clip, video_stream
from codefx_desktop.video.header import Header, read_header
from codefx_desktop.video.orientation import orientation
from codefx_desktop.video.packets import lost
from codefx_desktop.video.picture import upright_size
from codefx_desktop.video.reconcile import Reconciled, reconcile
from codefx_desktop.video.scan import Scan, Scanner
from codefx_desktop.video.structure import missing_bytes
from codefx_desktop.video.timeline import rate, span_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.run import CancelSignal

SHORT_CLIP_PIXELS: Final = 150_000_000
"""Clips with fewer luma pixels in all (2.4 s of 1080p30) are decoded whole while probing: at most
half a second of work, and their verdict needs no second look."""
SHORT_CLIP_BYTES: Final = 4_000_000
"""The same for clips whose length nobody knows."""


@dataclass(frozen=True, slots=True)
class ProbedClip:
    """A clip that can be read.

    Attributes:
        info: What it is.
        index: The exact time of every picture that the reader delivers.
    """

    info: VideoInfo
    index: FrameIndex


def probe(
    path: Path,
    *,
    max_size_bytes: int | None = None,
    progress: Callable[[float], None] | None = None,
    cancel: CancelSignal | None = None,
    thorough: bool = False,
) -> ProbedClip:
    """Read a clip's packets once and say what can be delivered.

    Args:
        path: The file; it is read where it is.
        max_size_bytes: Larger files are refused.
        progress: Told 0 to 1.
        cancel: Ends the work early; what is returned then covers only the part that was read,
            and is ``partial``.
        thorough: Decode everything, so that damage only a decoder can see is in the verdict.

    Raises:
        ClipMissing: If it is not there.
        ClipRefused: If it is not a clip this program takes.
        ClipUnreadable: If no picture can be delivered.
        ClipLost: If it goes away meanwhile.
    """
    size = check_file(path, max_size_bytes).st_size

    def tell(position: int) -> None:
        if progress is not None:
            progress(min(1.0, position / size))

    scan, header = _scan(path, size, tell, cancel, whole=thorough)
    if not any(scan.table.key) and not scan.cancelled:
        scan, header = _scan(path, size, tell, cancel, whole=True, wait_for_key=False)
    elif scan.damage_in_between or not (scan.whole or scan.table.has_all_times):
        scan, header = _scan(path, size, tell, cancel, whole=True, careful=True)
    elif not (scan.whole or scan.cancelled) and (
        scan.tail_in_doubt or scan.order_in_doubt or header.times_are_guessed
    ):
        scan, header = _scan(path, size, tell, cancel, whole=True)
    result = reconcile(scan, header, _missing_bytes(path, size))
    if scan.look is None or not len(result.pictures):
        raise ClipUnreadable(
            f"{path.name} has no picture that can be decoded.",
            hint="Copy it from the camera again, or repair it with the camera's own tool.",
            path=path,
        )
    tell(size)
    info = _describe(path, size, scan, scan.look, header, result)
    return ProbedClip(info, result.pictures.index(header.time_base))


def _scan(
    path: Path,
    size: int,
    tell: Callable[[int], None],
    cancel: CancelSignal | None,
    *,
    whole: bool,
    careful: bool = False,
    wait_for_key: bool = True,
) -> tuple[Scan, Header]:
    with open_clip(path) as container:
        stream = video_stream(container, path)
        header = read_header(container, stream, path)
        streams = container.streams
        others = (*streams.audio, *streams.subtitles, *streams.data)
        scanner = Scanner(
            container,
            stream,
            path,
            whole=whole or _is_short(header, size),
            careful=careful,
            wait_for_key=wait_for_key,
            others=others if header.claimed_end_s is not None else (),
        )
        return scanner.run(tell, cancel), header


def _is_short(header: Header, size: int) -> bool:
    if header.area_px > MAX_PIXELS:
        return False
    if header.estimated_frames and size < 50 * SHORT_CLIP_BYTES:
        return header.estimated_frames * header.area_px <= SHORT_CLIP_PIXELS
    return size <= SHORT_CLIP_BYTES


def _missing_bytes(path: Path, size: int) -> int:
    try:
        return missing_bytes(path, size)
    except OSError as error:
        raise lost(path, error.strerror or str(error)) from error


def _describe(
    path: Path, size: int, scan: Scan, look: VideoFrame, header: Header, result: Reconciled
) -> VideoInfo:
    pictures, findings = result.pictures, result.findings
    turned = orientation(look)
    width, height = upright_size(look.width, look.height, header.sample_aspect, turned)
    measured = rate(
        pictures.ticks, int(pictures.duration[-1]), header.time_base, header.nominal_rate
    )
    return VideoInfo(
        path=path,
        size_bytes=size,
        container=header.container,
        codec=header.codec,
        pixel_format=look.format.name,
        width=width,
        height=height,
        coded_width=look.width,
        coded_height=look.height,
        frames=len(pictures),
        duration_s=span_s(pictures.ticks, measured.last_duration, header.time_base),
        rotation=turned.rotation,
        mirrored=turned.mirrored,
        sample_aspect=Fraction(header.sample_aspect),
        interlaced=scan.interlaced,
        average_rate=measured.average,
        variable_rate=measured.variable,
        start_s=float(int(pictures.pts[0]) * header.time_base),
        has_audio=bool(header.audio_codec),
        audio_codec=header.audio_codec,
        bit_depth=look.format.components[0].bits,
        color_range=RANGE_NAMES.get(int(look.color_range), ""),
        color_matrix=MATRIX_NAMES.get(int(look.colorspace), ""),
        color_transfer=TRANSFER_NAMES.get(int(look.color_trc), ""),
        color_primaries=PRIMARIES_NAMES.get(int(look.color_primaries), ""),
        created=header.created,
        verdict=findings.verdict,
        message=findings.message,
        metadata=dict(header.metadata),
    )
