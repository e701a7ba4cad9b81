"""What the Clip panel and the picture's corner say about a clip and the frame in view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from codefx_desktop.domain.clip import FrameIndex, VideoInfo
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.jobs.viewing import ServedFrame

_VERDICTS = {
    Verdict.OK: ("complete", "Complete"),
    Verdict.PARTIAL: ("interrupted", "Partial"),
    Verdict.ERROR: ("failed", "Not readable"),
}
"""Glyph and word of each verdict."""
_UNSAID = "not said"


def verdict_glyph(verdict: Verdict) -> str:
    """Return the shape that stands for a verdict."""
    return _VERDICTS[verdict][0]


def verdict_word(verdict: Verdict) -> str:
    """Return a verdict as it is written on screen."""
    return _VERDICTS[verdict][1]


def verdict_sentence(info: VideoInfo) -> str:
    """Return what the verdict means for this clip."""
    if info.message:
        return info.message
    return f"All {words.frames(info.frames)} are there. No damage was found."


def file_facts(info: VideoInfo) -> tuple[Fact, ...]:
    """Return which file it is."""
    path = str(info.path)
    facts = [
        Fact("File", info.path.name, path),
        Fact("Folder", words.folder_of(info.path), path),
        Fact("Size", f"{words.size(info.size_bytes)}", f"{words.count(info.size_bytes)} bytes"),
        Fact("Container", info.container.split(",")[0], info.container),
    ]
    if info.created:
        facts.append(Fact("Recorded", info.created))
    return tuple(facts)


def picture_facts(info: VideoInfo) -> tuple[Fact, ...]:
    """Return how its pictures are stored and shown."""
    turned = f"{info.rotation}° clockwise" if info.rotation else "none"
    facts = [
        Fact("Shown", f"{info.width} x {info.height}"),
        Fact("Stored", f"{info.coded_width} x {info.coded_height}"),
        Fact("Rotation", turned, "Applied: the picture is shown upright."),
        Fact("Mirrored", "yes" if info.mirrored else "no"),
        Fact("Pixel aspect", _ratio(info.sample_aspect)),
        Fact("Codec", info.codec),
        Fact("Pixel format", info.pixel_format),
        Fact("Bit depth", f"{info.bit_depth} bit"),
        Fact("Range", info.color_range or _UNSAID),
        Fact("Matrix", info.color_matrix or _UNSAID),
        Fact("Transfer", info.color_transfer or _UNSAID, "HDR is shown as SDR."),
        Fact("Primaries", info.color_primaries or _UNSAID, "Shown as BT.709."),
    ]
    if info.interlaced:
        facts.append(Fact("Fields", "interlaced", "Shown deinterlaced."))
    return tuple(facts)


def time_facts(info: VideoInfo, index: FrameIndex) -> tuple[Fact, ...]:
    """Return how long it is and at which rate."""
    rate = info.average_rate
    unit = index.time_base
    return (
        Fact("Frames", words.count(len(index))),
        Fact("Duration", words.timecode(info.duration_s), f"{info.duration_s:.6f} s"),
        Fact("Rate", f"{float(rate):.6g} frames/s" if rate else "unknown", "Average."),
        Fact("Exact rate", _ratio(rate, "/") if rate else words.NONE, "Frames per second."),
        Fact("Intervals", _intervals(info, index)),
        Fact("Start", f"{info.start_s:.6g} s", "Of the first picture, on the file's own clock."),
        Fact("Time unit", f"{_ratio(unit, '/')} s", "All times in the file are multiples of it."),
        Fact("Keyframes", _keyframes(index)),
        Fact("Sound", info.audio_codec or ("yes" if info.has_audio else "none")),
    )


def camera_facts(info: VideoInfo) -> tuple[Fact, ...]:
    """Return what camera and container say about themselves."""
    return tuple(Fact(key, value, value) for key, value in sorted(info.metadata.items()))


def frame_facts(frame: Frame, info: VideoInfo, index: FrameIndex) -> tuple[Fact, ...]:
    """Return everything exact about one frame."""
    time = frame.time
    seconds = f"{time.seconds:.6f} s"
    pts = words.NONE if time.pts is None else str(time.pts)
    is_last = frame.number + 1 >= len(index)
    until_s = info.duration_s if is_last else index.time(frame.number + 1).seconds
    stays = f"{(until_s - time.seconds) * 1000:.3f} ms"
    return (
        Fact("Frame", f"{words.count(frame.number)} of {words.count(len(index))}, from 0"),
        Fact("Time", seconds, f"{time.ticks} x {_ratio(time.time_base, '/')} s"),
        Fact("Stays", stays, "Until the next frame, or the end."),
        Fact("PTS in file", pts, f"In units of {_ratio(time.time_base, '/')} s."),
        Fact("Keyframe", "yes" if bool(index.keyframe[frame.number]) else "no"),
    )


def as_text(groups: Iterable[tuple[str, Iterable[Fact]]]) -> str:
    """Return titled facts as lines for the clipboard."""
    lines: list[str] = []
    for title, facts in groups:
        lines.append(title)
        lines += [f"  {fact.label}: {fact.value}" for fact in facts]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class HudLabel:
    """One part of what stands over the picture; ``tone`` is quiet, plain, ok, warning or error."""

    text: str
    tone: str = "plain"


def hud_labels(
    served: ServedFrame, info: VideoInfo, index: FrameIndex, speed: str = ""
) -> tuple[HudLabel, ...]:
    """Return what stands over a picture: all of it from the one object that is painted.

    Args:
        served: The picture.
        info: Its clip.
        index: The clip's times.
        speed: How fast it plays, ``-2x``; empty while it stands.
    """
    frame = served.frame
    labels = [
        HudLabel(f"frame {words.count(frame.number)} / {words.count(len(index))}"),
        HudLabel(words.timecode(frame.time.exact_s)),
        HudLabel(words.rate(info.average_rate, variable=False), "quiet"),
    ]
    if speed:
        labels.append(HudLabel(speed))
    if info.variable_rate:
        labels.append(HudLabel("VFR", "warning"))
    labels.append(_exactness(served, index))
    if served.from_proxy:
        labels.append(HudLabel("proxy", "quiet"))
    if info.verdict is not Verdict.OK:
        labels.append(HudLabel(verdict_word(info.verdict).lower(), "warning"))
    return tuple(labels)


def _exactness(served: ServedFrame, index: FrameIndex) -> HudLabel:
    if served.is_exact:
        return HudLabel("exact", "ok")
    is_key = bool(index.keyframe[served.frame.number])
    return HudLabel("keyframe" if is_key else "passing", "warning")


def _intervals(info: VideoInfo, index: FrameIndex) -> str:
    if len(index) < 2:
        return "one frame"
    steps = index.ticks[1:] - index.ticks[:-1]
    least, most = (float(int(n) * index.time_base) * 1000 for n in (steps.min(), steps.max()))
    if not info.variable_rate:
        return "constant"
    return f"{least:.4g} to {most:.4g} ms"


def _keyframes(index: FrameIndex) -> str:
    number = int(index.keyframe.sum())
    return f"{words.count(number)} of {words.count(len(index))}"


def _ratio(value: Fraction, sign: str = ":") -> str:
    return f"{value.numerator}{sign}{value.denominator}"
