"""The one door to PySceneDetect: its detectors, fed with our frames, answering in places.

A place is the 0-based position among the frames that were fed; counting them, instead of
converting times with an average rate as the library does for variable rates, keeps the shortest
scene a number of frames on every clip.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from fractions import Fraction
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import cv2

from codefx_desktop.domain.scene import SceneKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.scene import SceneSettings

# WORKAROUND(opencv-python): importing cv2 points Qt at its own plugins, and the window would not
# start. Remove when its Linux wheels come without Qt.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if "cv2" in os.environ.get(_name, ""):
        del os.environ[_name]

LONGER_SIDE_PX = 256
"""Source: ``DEFAULT_MIN_WIDTH`` of PySceneDetect's SceneManager, which its thresholds are for."""

_NAME = "scenedetect"
_ANY_RATE = Fraction(30)  # a timecode must have one; places are never converted to seconds


class PlaceDetector:
    """One of PySceneDetect's detectors; which places begin a scene.

    Args:
        settings: Which detector, its threshold and the shortest scene.
    """

    def __init__(self, settings: SceneSettings) -> None:
        common, detectors = _library()
        self._timecode = common.FrameTimecode
        self._detector = _detector(detectors, settings)
        self._places = 0

    def update(self, pixels: Pixels) -> list[int]:
        """Look at the next frame and return places that begin a scene, not always the newest.

        Args:
            pixels: RGB, (H, W, 3), uint8, of the same size at each call.
        """
        place = self._timecode(self._places, fps=_ANY_RATE)
        self._places += 1
        return _numbers(self._detector.process_frame(place, downscaled_bgr(pixels)))

    @property
    def settled(self) -> int:
        """How many places, from the first on, no later frame can turn into a cut.

        Each detector says how many frames late it tells a cut; but for fades, where a cut falls
        into the dark and is known only when that ends.
        """
        fade = getattr(self._detector, "last_fade", None)
        if fade is None:
            return max(0, self._places - int(self._detector.event_buffer_length))
        return int(fade["frame"].frame_num) if fade["type"] == "out" else self._places

    def finish(self) -> list[int]:
        """Return the places that only the end of the clip tells; changes nothing."""
        if not self._places:
            return []
        last = self._timecode(self._places - 1, fps=_ANY_RATE)
        return _numbers(self._detector.post_process(last))


def downscaled_bgr(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Return a frame as PySceneDetect's SceneManager hands it to a detector.

    Args:
        pixels: RGB, (H, W, 3), uint8.

    Returns:
        BGR, (h, w, 3), uint8, the longer side at most 256 pixels.
    """
    height, width = pixels.shape[:2]
    factor = max(height, width) / LONGER_SIDE_PX
    small: npt.NDArray[np.generic] = pixels
    if factor > 1.0:
        size = (max(1, round(width / factor)), max(1, round(height / factor)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    # Channels are resized one by one, so their order can be turned in the smaller picture.
    bgr: npt.NDArray[np.uint8] = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    return bgr


def _numbers(cuts: list[Any]) -> list[int]:
    return [cut.frame_num for cut in cuts]


def _detector(library: Any, settings: SceneSettings) -> Any:  # noqa: ANN401 - it has no types
    """Make the library's detector as its own program does."""
    threshold, shortest = settings.used_threshold, settings.shortest_frames
    if settings.kind == SceneKind.ADAPTIVE:
        return library.AdaptiveDetector(adaptive_threshold=threshold, min_scene_len=shortest)
    if settings.kind == SceneKind.HASH:
        return library.HashDetector(threshold=threshold, min_scene_len=shortest)
    if settings.kind == SceneKind.THRESHOLD:
        return library.ThresholdDetector(
            threshold=threshold, min_scene_len=shortest, add_final_scene=True
        )
    return library.ContentDetector(threshold=threshold, min_scene_len=shortest)


@cache
def _library() -> tuple[ModuleType, ModuleType]:
    """Import the library's timecodes and detectors without running its ``__init__``.

    WORKAROUND(scenedetect 0.7.2): importing the package starts ``ffmpeg``, whichever the system
    finds first, and opens every video library it knows. An empty package in its place lets its
    detectors be imported alone (55 instead of 220 ms), and is taken away again so that nobody
    else meets it. Remove when importing it starts no program.
    """
    whole = _NAME in sys.modules  # somebody has paid for it already
    if not whole:
        sys.modules[_NAME] = _bare_package()
    try:
        from scenedetect import common, detectors  # noqa: PLC0415 - only while it is bare
    finally:
        if not whole:
            for name in [n for n in sys.modules if n.split(".", 1)[0] == _NAME]:
                del sys.modules[name]
    return common, detectors


def _bare_package() -> ModuleType:
    spec = importlib.util.find_spec(_NAME)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"No module named {_NAME!r}", name=_NAME)
    bare = ModuleType(_NAME)
    bare.__path__ = list(spec.submodule_search_locations)
    return bare
