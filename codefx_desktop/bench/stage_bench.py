"""What stages that are measured alone share: a clip, settings, what they leave each other."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.video.probe import ProbedClip

CONFIDENCE: Final = 0.5
IOU: Final = 0.5
SIZE_PX: Final = 640


@dataclass(frozen=True, slots=True)
class Bench:
    """What a stage is measured on.

    Attributes:
        clip: The clip.
        folder: Where stages leave what the next ones need.
        segmenter: Segmentation weights.
    """

    clip: ProbedClip
    folder: Path
    segmenter: Path

    def frames(self) -> list[Frame]:
        """Return all frames, in memory."""
        with FrameReader(self.clip) as reader:
            return list(reader)

    def leave(self, name: str, value: object) -> None:
        """Leave something for stages that come later."""
        (self.folder / f"{name}.pickle").write_bytes(pickle.dumps(value))

    def left(self, name: str) -> Any:  # noqa: ANN401 - whatever was left
        """Return what an earlier stage left; only our own sides write into this folder."""
        return pickle.loads((self.folder / f"{name}.pickle").read_bytes())  # noqa: S301
