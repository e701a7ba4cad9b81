"""The flow of a long clip, read out of its detections file where somebody looks at it.

Of 100,000 frames it takes 230 MB, of which finding the stops looks at one part in ten.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.store.signal_rows import CHUNK_FRAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Rows = npt.NDArray[np.float16]

KEPT_BYTES: Final = 48 * 1024 * 1024
"""What stays in memory of a clip's flow: all of 20,000 frames, the stops of a longer clip."""


class StoredFlow:
    """Reads the flow of frames as if it were an array: a ``domain.observations.Flow``.

    What was looked at last is kept. Any thread may ask.

    Args:
        shape: Of the whole: frames, rows, columns, 2.
        read: Returns the frames of one row of the file, the first of them by its place.
        kept_bytes: About so much is kept.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        read: Callable[[int], Rows],
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self.shape = shape
        row_bytes = CHUNK_FRAMES * flow_bytes((1, *shape[1:]))
        self._row = lru_cache(max(1, kept_bytes // max(1, row_bytes)))(read)

    def __len__(self) -> int:
        """Return how many frames there are."""
        return self.shape[0]

    def __getitem__(self, frames: int | slice | npt.NDArray[np.integer], /) -> Rows:
        """Return the flow of one frame, or of several; as of an array.

        Raises:
            IndexError: If there is no such frame.
            HistoryError: If the file is gone or damaged, or of another run by now.
        """
        if isinstance(frames, slice):
            return self._several(np.arange(*frames.indices(len(self))))
        if isinstance(frames, np.ndarray):
            return self._several(frames)
        place = int(self._places(np.array(frames)))
        first = place // CHUNK_FRAMES * CHUNK_FRAMES
        one: Rows = self._row(first)[place - first]
        return one

    def _several(self, frames: npt.NDArray[np.integer]) -> Rows:
        places = self._places(frames)
        found = np.empty((len(places), *self.shape[1:]), np.float16)
        firsts = places // CHUNK_FRAMES * CHUNK_FRAMES
        for first in np.unique(firsts).tolist():
            mine = firsts == first
            found[mine] = self._row(first)[places[mine] - first]
        return found

    def _places(self, frames: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
        """Return frames counted from the first; below 0 they are counted from behind."""
        count = len(self)
        if frames.size and not -count <= frames.min() <= frames.max() < count:
            raise IndexError(f"a clip of {count:,} frames has no frame {frames}")
        return np.where(frames < 0, frames + count, frames)


def flow_bytes(shape: tuple[int, ...]) -> int:
    """Return what a flow of this shape takes."""
    return int(np.prod(shape)) * np.dtype(np.float16).itemsize
