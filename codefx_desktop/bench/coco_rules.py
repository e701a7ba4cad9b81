"""Average precision by the rules of COCO, whatever is compared: boxes or masks.

Source: ``pycocotools.cocoeval.COCOeval``, area range "all", no crowds. Figures differ from those
of ``bench.accuracy`` by a little: there the whole curve is summed, here 101 points of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

THRESHOLDS = tuple(float(value) for value in np.linspace(0.5, 0.95, 10))
MOST_FOUND = 100
"""Of one class in one picture, the most confident ones."""
_RECALLS = np.linspace(0.0, 1.0, 101)

Verdicts = npt.NDArray[np.int8]


def match(
    overlap: npt.NDArray[np.float64], ignored: npt.NDArray[np.bool_], threshold: float
) -> Verdicts:
    """Return what each object found is: 1 right, 0 wrong, -1 not counted.

    Each takes the truth that it overlaps most of what is still free. Truth that is ignored is
    taken only where there is no other, and then the finding is not counted.

    Args:
        overlap: float64 (N, M): N found, the most confident first, with M that are there.
        ignored: bool (M,), True where the truth is not asked for.
        threshold: The least overlap.
    """
    verdicts = np.zeros(len(overlap), np.int8)
    free = np.ones(len(ignored), bool)
    for row, each in enumerate(overlap):
        for counted in (True, False):
            open_ones = np.flatnonzero(free & (ignored != counted) & (each >= threshold))
            if len(open_ones):
                # Of equals the last, as COCO's own loop takes it.
                best = open_ones[::-1][each[open_ones[::-1]].argmax()]
                free[best], verdicts[row] = False, 1 if counted else -1
                break
    return verdicts


def average_precision(
    confidence: npt.NDArray[np.float32], verdicts: Verdicts, wanted: int
) -> float:
    """Return precision's envelope averaged at 101 recalls; NaN where nothing was to be found."""
    if wanted == 0:
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    said = verdicts[order]
    said = said[said >= 0]
    if len(said) == 0:
        return 0.0
    right = np.cumsum(said == 1)
    precision = right / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / wanted, _RECALLS, side="left")
    return float(np.append(envelope, 0.0)[at].mean())


@dataclass(slots=True, eq=False)
class ClassTally:
    """What was found of one class, over pictures.

    Attributes:
        wanted: Objects that were asked for.
        confidence: float32 (N,) per picture.
        verdicts: int8 (thresholds, N) per picture.
    """

    wanted: int = 0
    confidence: list[npt.NDArray[np.float32]] = field(default_factory=list)
    verdicts: list[Verdicts] = field(default_factory=list)

    def add(
        self,
        confidence: npt.NDArray[np.float32],
        overlap: npt.NDArray[np.float64],
        ignored: npt.NDArray[np.bool_],
    ) -> None:
        """Count one picture.

        Args:
            confidence: float32 (N,), in any order.
            overlap: float64 (N, M).
            ignored: bool (M,).
        """
        order = np.argsort(-confidence, kind="stable")[:MOST_FOUND]
        self.wanted += int((~ignored).sum())
        self.confidence.append(confidence[order])
        self.verdicts.append(np.stack([match(overlap[order], ignored, t) for t in THRESHOLDS]))

    def precisions(self) -> tuple[float, ...]:
        """Return the average precision at each of ``THRESHOLDS``."""
        if not self.confidence:
            return (float("nan"),) * len(THRESHOLDS)
        sure, said = np.concatenate(self.confidence), np.concatenate(self.verdicts, axis=1)
        return tuple(average_precision(sure, each, self.wanted) for each in said)

    def found_at(self, confidence: float) -> float:
        """Return the share of what was wanted that was found at this confidence, IoU 0.5."""
        pairs = zip(self.confidence, self.verdicts, strict=True)
        right = sum(int(((said[0] == 1) & (sure >= confidence)).sum()) for sure, said in pairs)
        return right / max(self.wanted, 1)
