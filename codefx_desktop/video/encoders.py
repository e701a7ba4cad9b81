"""H.264 encoders: which there are on this system, how each is told its quality, which is taken.

A hardware encoder is taken only after a trial (``video.trial``) showed on this very machine, at
the job's own size, clock and quality, that it keeps every picture, every time and the colours.
What is built into FFmpeg says nothing: drivers are missing, refuse sizes or round times.

Hardware encoders get no B-frames. Order and times then cannot be mixed up by a driver, which is
worth more here than the few per cent of size that B-frames save.
"""

from __future__ import annotations

import glob
import platform
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av
import av.codec.codec

from codefx_desktop.domain.job import QualityPreset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.clip import VideoInfo

AUTO: Final = "auto"
NOT_BUILT_IN: Final = "the FFmpeg in use is built without it"
LAMBDA_PER_QP: Final = 118
"""What FFmpeg multiplies a quality with (FF_QP2LAMBDA)."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """One of FFmpeg's H.264 encoders.

    Attributes:
        name: FFmpeg's name.
        label: For a person.
        pixel_format: What pictures are handed over in.
        device: Kind of FFmpeg device whose memory pictures are moved to first; None: the encoder
            takes them from main memory.
        needs: Patterns of device files, one of which Linux has where this encoder can work;
            looking costs nothing, and asking a driver that is not there a second.
    """

    name: str
    label: str
    pixel_format: str = "nv12"
    device: str | None = None
    needs: tuple[str, ...] = ()

    @property
    def is_hardware(self) -> bool:
        """Whether a chip does the work."""
        return self.name != X264.name


X264: Final = Encoder("libx264", "libx264 (processor)", "yuv420p")
_RENDER: Final = ("/dev/dri/renderD*",)
_HARDWARE: Final = (
    Encoder("h264_nvenc", "NVIDIA NVENC", needs=("/dev/nvidia[0-9]*", "/dev/dxg")),
    Encoder("h264_qsv", "Intel Quick Sync", needs=_RENDER),
    Encoder("h264_videotoolbox", "Apple VideoToolbox"),
    Encoder("h264_vaapi", "VAAPI", device="vaapi", needs=_RENDER),
    Encoder("h264_amf", "AMD AMF", needs=_RENDER),
)
ENCODERS: Final = {encoder.name: encoder for encoder in (X264, *_HARDWARE)}
_ON: Final = {
    "linux": ("h264_nvenc", "h264_qsv", "h264_vaapi", "h264_amf"),
    "win32": ("h264_nvenc", "h264_qsv", "h264_amf"),
    "darwin": ("h264_videotoolbox",),
}


@dataclass(frozen=True, slots=True)
class EncodePlan:
    """What a job is going to ask of an encoder.

    Attributes:
        width: Width of the pictures in pixels.
        height: Height of the pictures in pixels.
        time_base: Seconds per tick of their times.
        average_rate: Frames per second.
        preset: Quality against size and speed.
        keyframe_distance: Pictures from keyframe to keyframe; those of 2 s if not given.
    """

    width: int
    height: int
    time_base: Fraction
    average_rate: Fraction = Fraction(30)
    preset: QualityPreset = QualityPreset.STANDARD
    keyframe_distance: int | None = None

    @classmethod
    def of(cls, info: VideoInfo, time_base: Fraction, preset: QualityPreset) -> EncodePlan:
        """Return the plan for a clip's annotated copy."""
        rate = info.average_rate or Fraction(30)
        return cls(info.width, info.height, time_base, rate, preset)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "width": self.width,
            "height": self.height,
            "time_base": str(self.time_base),
            "average_rate": str(self.average_rate),
            "preset": self.preset.value,
            "keyframe_distance": self.keyframe_distance,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EncodePlan:
        """Return the plan that ``to_dict`` wrote.

        Raises:
            KeyError: If a value is missing.
            ValueError: If one cannot be used.
        """
        return cls(
            int(values["width"]),
            int(values["height"]),
            Fraction(values["time_base"]),
            Fraction(values["average_rate"]),
            QualityPreset(values["preset"]),
            values["keyframe_distance"],
        )


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """How one encoder's trial went.

    Attributes:
        name: The encoder.
        passed: Whether it may be used.
        reason: Why not; empty if it passed.
        seconds: What the trial took.
    """

    name: str
    passed: bool
    reason: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        """Return it for a list: name and verdict."""
        return f"{self.name}: {'passed' if self.passed else self.reason}"


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """The encoder that a job uses, and how that came about.

    Attributes:
        encoder: The encoder.
        reason: Why this one.
        trials: What was tried before, in order.
        is_second_best: Whether another one was asked for by name.
    """

    encoder: Encoder = X264
    reason: str = ""
    trials: tuple[TrialOutcome, ...] = ()
    is_second_best: bool = False

    def __str__(self) -> str:
        """Return the sentence for the job's log."""
        tried = "; ".join(str(trial) for trial in self.trials if not trial.passed)
        joint = "; " if self.encoder.is_hardware else ": "
        why = joint.join(text for text in (self.reason, tried) if text)
        return f"Encoder: {self.encoder.name}{f' ({why})' if why else ''}"


def candidates(system: str = sys.platform) -> tuple[Encoder, ...]:
    """Return the hardware encoders of an operating system, best first."""
    return tuple(ENCODERS[name] for name in _ON.get(system, ()))


def choose(
    wanted: str,
    offered: Sequence[Encoder],
    try_out: Callable[[Encoder], TrialOutcome],
) -> EncoderChoice:
    """Choose an encoder: the first that passes its trial, otherwise libx264.

    Args:
        wanted: ``auto``, or the name of the one encoder to try.
        offered: What ``auto`` tries, in order.
        try_out: Tries one; libx264 is never tried, because there is nothing behind it.

    Raises:
        KeyError: If no encoder has the name.
    """
    if wanted == X264.name:
        return EncoderChoice(X264, "as set")
    trials: list[TrialOutcome] = []
    for encoder in offered if wanted == AUTO else (ENCODERS[wanted],):
        trials.append(try_out(encoder))
        if trials[-1].passed:
            reason = "as set, passed its trial" if wanted != AUTO else "passed its trial"
            return EncoderChoice(encoder, f"{encoder.label}, {reason}", tuple(trials))
    if wanted != AUTO:
        return EncoderChoice(X264, "instead of what is set", tuple(trials), is_second_best=True)
    return EncoderChoice(X264, "no hardware encoder passed", tuple(trials))


def is_built_in(encoder: Encoder) -> bool:
    """Return whether the FFmpeg in use has an encoder; that says nothing about the machine."""
    try:
        av.Codec(encoder.name, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True


def hindrance(encoder: Encoder, system: str = sys.platform) -> str:
    """Return why an encoder cannot work here, as far as that shows without touching a driver."""
    if not is_built_in(encoder):
        return NOT_BUILT_IN
    if system == "linux" and encoder.needs and not any(map(glob.glob, encoder.needs)):
        return "this machine has no device for it"
    return ""


_CRF: Final = {QualityPreset.SMALL: 27, QualityPreset.STANDARD: 22, QualityPreset.HIGH: 17}
"""Quality on H.264's scale of 0 to 51. Hardware gets the same numbers and makes larger files."""
_EFFORT: Final[dict[str, tuple[str, str, str]]] = {
    "libx264": ("veryfast", "veryfast", "faster"),
    "h264_nvenc": ("p2", "p4", "p6"),
    "h264_qsv": ("veryfast", "medium", "slow"),
    "h264_amf": ("speed", "balanced", "quality"),
}
"""For libx264 measured, 300 pictures of 1020x500 on 2 cores: superfast makes the small file larger
than the standard one (0.87 and 0.70 MB; veryfast 0.39), fast halves the speed of the high one."""
_APPLE_QUALITY: Final = {
    QualityPreset.SMALL: 50,
    QualityPreset.STANDARD: 65,
    QualityPreset.HIGH: 80,
}
_APPLE_BITS_PER_PIXEL: Final = {
    QualityPreset.SMALL: Fraction(6, 100),
    QualityPreset.STANDARD: Fraction(12, 100),
    QualityPreset.HIGH: Fraction(24, 100),
}


def options(encoder: Encoder, plan: EncodePlan, machine: str | None = None) -> dict[str, str]:
    """Return FFmpeg's options for a quality, constant wherever the encoder knows that.

    Args:
        encoder: The encoder.
        plan: The job.
        machine: The processor's architecture; this one's if not given.
    """
    level = str(_CRF[plan.preset])
    effort = dict(zip(QualityPreset, _EFFORT.get(encoder.name, ("", "", "")), strict=True))
    own: dict[str, dict[str, str]] = {
        "libx264": {"preset": effort[plan.preset], "crf": level},
        # b=0: FFmpeg's default of 2 Mbit/s would cap the constant quality.
        "h264_nvenc": {
            "preset": effort[plan.preset], "tune": "hq", "rc": "vbr", "cq": level, "b": "0",
        },
        "h264_qsv": {"preset": effort[plan.preset], "global_quality": level, "b": "0"},
        "h264_amf": {"quality": effort[plan.preset], "rc": "cqp", "qp_i": level, "qp_p": level},
        "h264_vaapi": {"rc_mode": "CQP", "qp": level},
        "h264_videotoolbox": _apple(plan, machine or platform.machine()),
    }  # fmt: skip
    more = {"bf": "0"} if encoder.is_hardware else {}
    return {**own[encoder.name], **more}


def _apple(plan: EncodePlan, machine: str) -> dict[str, str]:
    """VideoToolbox keeps a constant quality on Apple's own chips only."""
    if machine == "arm64":
        quality = _APPLE_QUALITY[plan.preset] * LAMBDA_PER_QP
        return {"flags": "+qscale", "global_quality": str(quality)}
    pixels_per_s = plan.width * plan.height * plan.average_rate
    return {"b": str(round(pixels_per_s * _APPLE_BITS_PER_PIXEL[plan.preset]))}
