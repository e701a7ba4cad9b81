"""How values are said on screen: one spelling for each kind of figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.job import JobStatus, QualityPreset, SessionKind, Stage

if TYPE_CHECKING:
    from datetime import datetime
    from fractions import Fraction
    from pathlib import Path

NONE = "\N{EN DASH}"

_STAGES = {
    Stage.IMPORT: "Import",
    Stage.SCENES: "Scenes",
    Stage.DETECTING: "Detect",
    Stage.TRACKING: "Track",
    Stage.SEGMENTING: "Segment",
    Stage.FACES: "Faces",
    Stage.EVENTS: "Events",
    Stage.RENDERING: "Render",
    Stage.ARTIFACTS: "Artifacts",
    Stage.TRANSCODING: "Transcode",
    Stage.COMPLETE: "Complete",
}


_QUALITIES = {
    QualityPreset.SMALL: "Small file",
    QualityPreset.STANDARD: "Standard",
    QualityPreset.HIGH: "High quality",
}


def status_word(status: JobStatus) -> str:
    """Return a status as it is written on screen."""
    return status.value.capitalize()


def stage_word(stage: Stage) -> str:
    """Return a stage's short name, as on its chip."""
    return _STAGES[stage]


def quality_word(quality: QualityPreset) -> str:
    """Return what a quality of the annotated video is called."""
    return _QUALITIES[quality]


def session_word(session: SessionKind) -> str:
    """Return a session's name; a dash for none."""
    return session.value.capitalize() if session.value else NONE


def count(number: int) -> str:
    """Return a number with thousands set apart: ``12,480``."""
    return f"{number:,}"


def percent(part: float) -> str:
    """Return 0 to 1 as whole percent, rounded down so that 100 % means done."""
    return f"{int(min(max(part, 0.0), 1.0) * 100 + 1e-9)} %"


def duration(seconds: float) -> str:
    """Return a span as ``0:42`` or ``1:02:03``."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


def clock(seconds: float) -> str:
    """Return an instant in footage to the millisecond: ``1:02.533``."""
    thousandths = max(0, round(seconds * 1000))
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes}:{rest // 1000:02d}.{rest % 1000:03d}"


def timecode(seconds: Fraction | float) -> str:
    """Return an instant as ``00:01:02.345``, the nearest thousandth of an exact time."""
    thousandths = max(0, round(seconds * 1000))
    whole, rest = divmod(thousandths, 1000)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{secs:02d}.{rest:03d}"


def speed(frames_per_s: float) -> str:
    """Return a processing speed, with a decimal only where it tells something."""
    return f"{frames_per_s:.1f} frames/s" if frames_per_s < 100 else f"{frames_per_s:.0f} frames/s"


def rate(frames_per_s: Fraction | None, *, variable: bool) -> str:
    """Return a clip's frame rate; 30000/1001 stays 29.97."""
    if frames_per_s is None:
        return "unknown rate"
    text = f"{float(frames_per_s):.2f}".rstrip("0").rstrip(".")
    return f"{text} frames/s" + (", variable" if variable else "")


def size(n_bytes: int) -> str:
    """Return a file size in decimal units, as file managers and disks count."""
    value = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def moment(time: datetime | None) -> str:
    """Return an aware time in local time, to the minute; a dash for none."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M") if time else NONE


def clock_of_day(time: datetime) -> str:
    """Return an aware time as local ``14:03:22``."""
    return time.astimezone().strftime("%H:%M:%S")


def clips(number: int) -> str:
    """Return ``1 clip`` or ``3 clips``."""
    return "1 clip" if number == 1 else f"{count(number)} clips"


def frames(number: int) -> str:
    """Return ``1 frame`` or ``2,400 frames``."""
    return "1 frame" if number == 1 else f"{count(number)} frames"


def scenes(number: int) -> str:
    """Return ``1 scene`` or ``12 scenes``."""
    return "1 scene" if number == 1 else f"{count(number)} scenes"


def jobs(number: int) -> str:
    """Return ``1 job`` or ``2,000 jobs``."""
    return "1 job" if number == 1 else f"{count(number)} jobs"


def folder_of(path: Path) -> str:
    """Return the folder a file is in, for a tooltip."""
    return str(path.parent)


def short_hash(sha256: str) -> str:
    """Return the first characters of a hash; the whole stands in the tooltip."""
    return f"{sha256[:12]}…" if len(sha256) > 12 else sha256


def shortened(name: str, characters: int) -> str:
    """Return a name of at most this many characters; begin and end are kept."""
    if len(name) <= characters:
        return name
    tail = (characters - 1) // 2
    return f"{name[: characters - 1 - tail]}…{name[-tail:]}"


def largest_clip(megabytes: int) -> str:
    """Return the size limit as it was set: 5120 is 5 GB."""
    return f"{megabytes / 1024:g} GB" if megabytes >= 1024 else f"{megabytes} MB"
