"""Detector, segmenter, faces, trackers, device choice, safe loading of weights, training.

Lives here: everything that knows torch, torchvision, Ultralytics or facenet; ``Vision`` is the one
door, and importing it loads none of them.
May import: ``settings``, ``domain``; psutil, OpenCV, torch, Ultralytics, facenet behind the door.
Thread: none of its own; a model and a tracker belong to one worker at a time. The first call
of ``Vision`` loads libraries for seconds and belongs on a worker.
Tests: ``tests/unit/vision``, ``tests/contracts``, ``tests/integration``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.vision.environment import open_libraries

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.models import WeightsFacts
    from codefx_desktop.domain.ports import (
        Detector,
        DetectorRequest,
        DeviceInfo,
        FaceFinder,
        FaceRequest,
        FaceTracker,
        Segmenter,
        SegmenterRequest,
        Tracker,
    )
    from codefx_desktop.settings.paths import AppPaths


class Vision:
    """Makes the models a job needs (``domain.ports.VisionFactory``).

    Args:
        paths: The app's folders; what the libraries write goes under ``paths.libraries``.
    """

    def __init__(self, paths: AppPaths) -> None:
        self._paths = paths

    def inspect(self, path: Path) -> WeightsFacts:
        """Look into a weights file; see ``vision.weights.inspect_weights``.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely, or its model cannot be used.
        """
        open_libraries(self._paths)
        from codefx_desktop.vision.weights import inspect_weights

        return inspect_weights(path)

    def device(self, wanted: str) -> DeviceInfo:
        """Choose a device and try it; see ``vision.device.choose_device``.

        Raises:
            DeviceError: If a device was named that is not there or does not work.
        """
        open_libraries(self._paths)
        from codefx_desktop.vision.device import choose_device

        return choose_device(wanted)

    def detector(self, request: DetectorRequest) -> Detector:
        """Load a detector; see ``vision.detector.UltralyticsDetector``.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely or is not a detection model.
            DeviceError: If the device is not there or cannot hold the model.
        """
        open_libraries(self._paths)
        from codefx_desktop.vision.detector import UltralyticsDetector
        from codefx_desktop.vision.device import choose_device
        from codefx_desktop.vision.weights import load_detection_weights

        device = choose_device(request.device)
        return UltralyticsDetector(load_detection_weights(request.weights), request, device)

    def tracker(self, frame_rate_hz: float) -> Tracker:
        """Return a fresh tracker; see ``vision.keeping_tracker.KeepingTracker``."""
        open_libraries(self._paths)
        from codefx_desktop.vision.keeping_tracker import KeepingTracker

        return KeepingTracker(frame_rate_hz)

    def segmenter(self, request: SegmenterRequest) -> Segmenter:
        """Load a segmenter; see ``vision.segmenter.UltralyticsSegmenter``.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely or is not a segmentation model.
            SettingsError: If the weights know none of the classes that are wanted.
            DeviceError: If the device is not there or cannot hold the model.
        """
        open_libraries(self._paths)
        from codefx_desktop.vision.device import choose_device
        from codefx_desktop.vision.segmenter import UltralyticsSegmenter
        from codefx_desktop.vision.weights import load_segmentation_weights

        device = choose_device(request.device)
        return UltralyticsSegmenter(load_segmentation_weights(request.weights), request, device)

    def face_finder(self, request: FaceRequest) -> FaceFinder:
        """Load a face finder; see ``vision.faces.MtcnnFaceFinder``.

        Raises:
            WeightsMissing: If the installation lacks its weights.
            WeightsUnusable: If they are damaged.
            DeviceError: If the device is not there or cannot hold the model.
        """
        open_libraries(self._paths)
        from codefx_desktop.vision.device import choose_device
        from codefx_desktop.vision.faces import MtcnnFaceFinder

        return MtcnnFaceFinder(request, choose_device(request.device))

    def face_tracker(self) -> FaceTracker:
        """Return a fresh tracker of faces; see ``vision.face_tracker.FootageFaceTracker``."""
        from codefx_desktop.vision.face_tracker import FootageFaceTracker

        return FootageFaceTracker()
