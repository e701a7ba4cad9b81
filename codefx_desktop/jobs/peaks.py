"""How loud a clip is over time, read from its sound once and kept; on a worker."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.lane_values import Peaks
from codefx_desktop.video.audio import read_samples
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.sound import first_picture_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

PEAK_HZ: Final = 400
"""Several values for each picture, also at 120 pictures a second."""
SAMPLE_HZ: Final = 16_000
BLOCK_S: Final = 20.0
"""What is read before the waveform is shown a bit longer, or the reading given up."""
MOST_KEPT: Final = 200
"""Files in the cache; an hour takes less than 3 MB."""


def read_peaks(
    path: Path,
    duration_s: float,
    folder: Path,
    tell: Callable[[Peaks], None],
    cancel: CancelSignal,
) -> None:
    """Tell a clip's peaks as they are read, the last time with ``is_whole``; keep them.

    Args:
        path: The clip; it has a sound stream.
        duration_s: How long its pictures last.
        folder: Where peaks are kept.
        tell: Takes all that was read so far.
        cancel: Asked between two blocks.

    Raises:
        ClipError: If the clip or its sound cannot be read.
        Cancelled: If ``cancel`` said so.
    """
    kept = folder / f"{fingerprint(path).removeprefix('v1:')}-{PEAK_HZ}.npy"
    found = _kept(kept)
    if found is not None:
        tell(Peaks(path, PEAK_HZ, found[0], found[1], is_whole=True))
        return
    wanted = max(1, round(duration_s * PEAK_HZ))
    both = np.zeros((2, wanted), np.int8)
    origin, done = first_picture_s(path), 0
    block = round(BLOCK_S * PEAK_HZ)
    while done < wanted:
        if cancel.is_set():
            raise Cancelled
        end = min(done + block, wanted)
        samples = read_samples(
            path,
            rate_hz=SAMPLE_HZ,
            start_s=done / PEAK_HZ,
            end_s=end / PEAK_HZ,
            origin_s=origin,
        )
        both[:, done:end] = peaks_of(samples, end - done)
        done = end
        low, high = both[0, :done].copy(), both[1, :done].copy()
        tell(Peaks(path, PEAK_HZ, low, high, is_whole=done == wanted))
    _keep(kept, both)


def peaks_of(samples: npt.NDArray[np.float32], parts: int) -> npt.NDArray[np.int8]:
    """Return least and greatest sample of equal parts, int8 (2, parts), -127 to 127 for -1 to 1."""
    each = SAMPLE_HZ // PEAK_HZ
    filled = np.zeros(parts * each, np.float32)
    filled[: len(samples)] = samples[: len(filled)]
    table = filled.reshape(parts, each)
    both = np.clip([table.min(axis=1), table.max(axis=1)], -1.0, 1.0)
    peaks: npt.NDArray[np.int8] = np.rint(both * 127).astype(np.int8)
    return peaks


def _kept(path: Path) -> npt.NDArray[np.int8] | None:
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if found.dtype != np.int8 or found.ndim != 2 or len(found) != 2:
        return None
    return np.asarray(found, np.int8)


def _keep(path: Path, both: npt.NDArray[np.int8]) -> None:
    """Write the file whole or not at all; without room the clip is simply read again."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.save(file, both)
        part.replace(path)
        others = sorted(path.parent.glob("*.npy"), key=lambda one: one.stat().st_mtime)
        for old in others[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("The waveform was not kept: %s", error)
        with suppress(OSError):
            part.unlink()
