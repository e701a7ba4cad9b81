"""The stage that hears guns, while the pictures are looked at: nothing is waited for at the end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.gun_sound import hear_guns
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.domain.job import Stage
from codefx_desktop.jobs.progress import busy
from codefx_desktop.video.audio import read_stereo

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Sound
    from codefx_desktop.jobs.progress import StageMeter
    from codefx_desktop.jobs.task import Run
    from codefx_desktop.video.probe import ProbedClip

SOUND_RATE_HZ: Final = 16_000
"""Guns are told apart below 8 kHz."""
LONGEST_SOUND_S: Final = 3600.0
"""Beyond an hour the samples would fill a small laptop's memory; such clips go by sight."""


class SoundStage:
    """Hears the guns of one run's clip on a worker of its own.

    Args:
        run: The run.
        clip: Its clip.
    """

    def __init__(self, run: Run, clip: ProbedClip) -> None:
        self._run = run
        self._clip = clip
        self._stopped = threading.Event()
        self._sound: Sound | None = None

    def is_set(self) -> bool:
        """Return whether to end early: the person cancelled, or another stage failed."""
        return self._stopped.is_set() or self._run.cancel.is_set()

    def stop(self) -> None:
        """End early."""
        self._stopped.set()

    def work(self, progress: StageMeter) -> None:
        """Be the stage's worker: read the sound and hear its guns.

        Args:
            progress: Told how long that took.

        Raises:
            Cancelled: If it was stopped.
        """
        with busy() as spent:
            self._sound = self._heard()
        progress.fraction(0.0, spent())

    def sound(self) -> Sound | None:
        """Return what was heard, None where there is nothing; ask when the worker has ended."""
        return self._sound

    def _heard(self) -> Sound | None:
        info = self._clip.info
        if not info.has_audio:
            return None
        if info.duration_s > LONGEST_SOUND_S:
            self._warn("The clip is longer than an hour: guns are looked for in the picture only.")
            return None
        index = self._clip.index
        # Told, it need not be found: that takes as long as reading seconds of sound.
        origin_s = int(index.pts[0]) * index.time_base
        try:
            samples = read_stereo(info.path, rate_hz=SOUND_RATE_HZ, origin_s=origin_s, cancel=self)
        except ClipError as error:
            self._warn(
                f"The sound cannot be read, guns are looked for in the picture only: {error}"
            )
            return None
        return hear_guns(samples, SOUND_RATE_HZ, cancel=self)

    def _warn(self, text: str) -> None:
        self._run.say(text, level="WARNING", stage=Stage.EVENTS)
