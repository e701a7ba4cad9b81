"""Plain values between the frame server and whoever shows its frames."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.clip import FrameIndex, VideoInfo
    from codefx_desktop.domain.frame import Frame, Pixels


@dataclass(frozen=True, slots=True)
class Opening:
    """How far a clip's packets have been read while it is being opened.

    Attributes:
        session: What ``FrameServer.open`` returned.
        path: The clip.
        fraction: 0 to 1.
    """

    session: int
    path: Path
    fraction: float


@dataclass(frozen=True, slots=True)
class OpenedClip:
    """A clip whose frames can be asked for.

    Attributes:
        session: What ``FrameServer.open`` returned.
        info: What it is, with its verdict.
        index: The exact time of every frame.
        has_proxy: Whether an all-intra proxy of it is at hand.
    """

    session: int
    info: VideoInfo
    index: FrameIndex
    has_proxy: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ServedFrame:
    """One frame for the screen.

    Attributes:
        session: The opened clip it belongs to.
        wanted: The number that was asked for.
        frame: Number, time and pixels of what is delivered. From a proxy the pixels may be
            smaller than the clip's; number and time are always the clip's own.
        is_exact: Whether it is the frame that was asked for; False for a keyframe near it.
        from_proxy: Whether the pixels are the proxy's.
        fitted: The same picture at the size it has on the screen, for who only paints it: BGRA,
            (H, W, 4), uint8. None where nobody said that size, or where it takes more than a step.
    """

    session: int
    wanted: int
    frame: Frame
    is_exact: bool
    from_proxy: bool = False
    fitted: Pixels | None = None


class TroubleKind(StrEnum):
    """What a person can do about it: nothing with this clip, go on elsewhere, or plug it in."""

    UNREADABLE = "unreadable"
    FRAME = "frame"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ClipTrouble:
    """Why a clip cannot be opened, or a frame not be shown.

    Attributes:
        session: The opened clip it belongs to.
        path: The clip.
        kind: Whether the clip, one frame, or the drive is the trouble.
        message: Sentence and hint for a person.
        number: The frame, if it is about one.
    """

    session: int
    path: Path
    kind: TroubleKind
    message: str
    number: int | None = None


class ProxyPhase(StrEnum):
    """Where the proxy of an opened clip stands."""

    NONE = "none"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProxyState:
    """Where the proxy of an opened clip stands.

    Attributes:
        session: The opened clip.
        phase: None, in the making, ready, failed.
        fraction: 0 to 1 while it is made.
        size_bytes: Of the file, when ready.
        message: For a person, when it failed.
    """

    session: int
    phase: ProxyPhase
    fraction: float = 0.0
    size_bytes: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class SavedStill:
    """A frame that was written as a picture file; ``message`` is set when it was not."""

    session: int
    number: int
    path: Path
    message: str = ""


def unexpected(error: BaseException) -> str:
    """Return the sentence for a person about a bug; the log has the rest."""
    return f"Something unexpected happened ({type(error).__name__}: {error}). See the log file."
