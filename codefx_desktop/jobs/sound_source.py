"""Sound of one clip in pieces, decoded on a worker as they are asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.sound_out import RATE_HZ
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from fractions import Fraction
    from pathlib import Path

    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

log = logging.getLogger(__name__)

BLOCK_S: Final = 0.1
BLOCKS: Final = 3
"""Blocks of a piece."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some sound, right after the piece before.

    Attributes:
        session: What was asked with it.
        samples: float32 (N, 2), -1 to 1.
        is_last: Whether nothing follows.
        why: Why it cannot be read, for the log; empty where it can.
    """

    session: int
    samples: Samples
    is_last: bool
    why: str = ""


class SoundSource:
    """Decodes one clip at a time; all calls are the worker's.

    Args:
        tell: Has a call made in the main thread.
    """

    def __init__(self, tell: Callable[[Callable[[], None]], None]) -> None:
        self._tell = tell
        self._blocks: Generator[Samples, None, None] | None = None

    def open(
        self,
        session: int,
        path: Path,
        origin_s: Fraction,
        from_s: float,
        take: Callable[[Piece], None],
    ) -> None:
        """Begin with a clip and give its first piece.

        Args:
            session: Comes back with it.
            path: The clip.
            origin_s: Time of its first shown picture on the file's own clock.
            from_s: When the first piece begins, seconds from the first picture.
            take: Called with the piece, in the main thread.
        """
        # The window is on screen before the decoder's library is loaded.
        from codefx_desktop.video.audio import stereo_blocks  # noqa: PLC0415

        self.close()
        self._blocks = stereo_blocks(
            path, rate_hz=RATE_HZ, start_s=from_s, origin_s=origin_s, block_s=BLOCK_S
        )
        self.go_on(session, take)

    def close(self) -> None:
        """Let go of the clip: a file that is open can neither be moved nor its drive taken away."""
        blocks, self._blocks = self._blocks, None
        if blocks is not None:
            blocks.close()

    def go_on(self, session: int, take: Callable[[Piece], None]) -> None:
        """Give the next piece."""
        parts: list[Samples] = []
        why = ""
        try:
            while self._blocks is not None and len(parts) < BLOCKS:
                block = next(self._blocks, None)
                if block is None:
                    self._blocks = None
                else:
                    parts.append(block)
        except CodefxError as error:
            self._blocks, why = None, str(error)
        except Exception as error:
            log.exception("Sound could not be decoded")
            self._blocks, why = None, unexpected(error)
        samples = np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)
        piece = Piece(session, samples, self._blocks is None, why)
        self._tell(lambda: take(piece))
