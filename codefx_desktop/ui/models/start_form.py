"""The start sheet without its widgets: choices, what hinders a start, and the spec that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import JobMetadata, JobSpec, QualityPreset
from codefx_desktop.ui.models.artifact_words import estimate_text
from codefx_desktop.ui.models.plan_form import PlanForm
from codefx_desktop.ui.models.profile_form import ProfileForm
from codefx_desktop.ui.models.weights_pick import WeightsChoice, WeightsPick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import ClipSizes, StartDefaults, SystemState

IMAGE_SIZES_PX = (640, 960, 1280)
NO_CLIP = "Add at least one clip."
NO_DETECTOR = "Choose a weights file or the demo model."


class StartForm(QObject):
    """What a person fills in once for all the clips they dropped.

    Args:
        hub: Says which weights there are and how much the clips hold.
        clips: What was dropped: files or folders.
    """

    changed = Signal()

    def __init__(self, hub: Hub, clips: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clips = tuple(clips)
        settings = hub.settings
        self.confidence = settings.yolo_threshold
        self.iou = settings.iou_threshold
        self.device = settings.device
        self.image_size_px = IMAGE_SIZES_PX[0]
        self.quality = QualityPreset.STANDARD
        self.metadata = JobMetadata()
        self.weights = WeightsPick(
            hub,
            lambda path: hub.request_weights(JobSpec(weights=path)),
            NO_DETECTOR,
            has_demo=True,
            parent=self,
        )
        self.plan = PlanForm(hub, self)
        self.profile = ProfileForm(hub, self.plan, self)
        self.sizes: ClipSizes | None = None
        self.free_bytes: int | None = None
        self.weights.changed.connect(lambda: self.plan.use_demo(self._asks_for_demo))
        self.plan.changed.connect(lambda: self.plan.use_demo(self._asks_for_demo))
        self.weights.changed.connect(self.changed)
        self.profile.changed.connect(self.changed)
        hub.clip_sizes.connect(self._on_sizes)
        hub.system.connect(self._on_system)
        self.weights.look()
        self._sizes_request = hub.request_clip_sizes(self.clips)

    def begin_from(self, defaults: StartDefaults) -> None:
        """Start from the last job's choices."""
        spec = defaults.spec
        self.confidence, self.iou = spec.confidence, spec.iou
        self.device, self.image_size_px = spec.device, spec.image_size_px
        self.quality = spec.quality
        self.metadata = defaults.metadata
        if spec.demo_model:
            self.weights.choose(WeightsChoice.DEMO)
        else:
            self.weights.begin_from(spec.weights)
        self.profile.begin_from(defaults.profiles, spec.profile, spec.plan)

    def look_for_weights(self) -> None:
        """Ask again which weights there are: some may have been put there meanwhile."""
        self.weights.look()
        self.plan.weights.look()

    @property
    def hindrance(self) -> str:
        """Why the job cannot be queued yet; empty if it can."""
        if self.clip_count == 0:
            return "There is no video in what was dropped." if self.clips else NO_CLIP
        return self.plan.hindrance or (self.weights.hindrance if self.plan.detect else "")

    @property
    def clip_count(self) -> int:
        """How many clips there are; a folder counts as one until somebody has looked into it."""
        if self.sizes is None:
            return len(self.clips)
        return len(self.sizes.known) + len(self.sizes.unknown)

    @property
    def estimate(self) -> str:
        """How much the artifacts of all the clips will be; empty while the plan is none."""
        try:
            plan = self.plan.plan()
        except ValueError:
            return ""
        return estimate_text(plan, self.sizes, self.free_bytes)

    def spec(self) -> JobSpec:
        """Return the spec of the jobs; weights that no stage uses are not in it.

        Raises:
            ValueError: If something hinders it.
        """
        detects = self.plan.detect
        return JobSpec(
            profile=self.profile.chosen.name,
            weights=self.weights.chosen_file if detects else None,
            demo_model=self._asks_for_demo,
            confidence=round(self.confidence, 2),
            iou=round(self.iou, 2),
            image_size_px=self.image_size_px,
            device=self.device,
            quality=self.quality,
            plan=self.plan.plan(),
        )

    @property
    def _asks_for_demo(self) -> bool:
        return self.plan.detect and self.weights.choice is WeightsChoice.DEMO

    def _on_system(self, state: SystemState) -> None:
        before, self.free_bytes = self.estimate, state.disk_free_bytes
        if self.estimate != before:
            self.changed.emit()

    def _on_sizes(self, answer: ClipSizes) -> None:
        if answer.request_id == self._sizes_request:
            self.sizes = answer
            self.changed.emit()
