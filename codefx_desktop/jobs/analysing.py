"""The analysis of one run: its stages are put together and run, and what came of it is told."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.artifacts.blur_faces import HOLD_S
from codefx_desktop.artifacts.files import clear_artifacts
from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.overlay import Overlays
from codefx_desktop.jobs.artifact_stage import ArtifactStage, pictures_of
from codefx_desktop.jobs.counting import frame_count
from codefx_desktop.jobs.encoding import open_writer
from codefx_desktop.jobs.keeping import Keeper, Sums
from codefx_desktop.jobs.late import LateParts, LatePass, nearest_delivered
from codefx_desktop.jobs.look_plan import late_looks, main_looks
from codefx_desktop.jobs.model_loading import Models, provenance_of
from codefx_desktop.jobs.pipeline import Parts, Pipeline, channel_size
from codefx_desktop.jobs.render_pass import RenderPass
from codefx_desktop.jobs.rendering import Renderer, frames_ahead
from codefx_desktop.jobs.scene_stage import SceneStage
from codefx_desktop.jobs.signal_stage import SignalStage
from codefx_desktop.jobs.sound_stage import SoundStage
from codefx_desktop.jobs.stop_painting import stop_painter
from codefx_desktop.jobs.stop_stage import Told, take_apart
from codefx_desktop.jobs.summary import Summary
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.artifacts.promise import Broken
    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.ports import FaceTracker
    from codefx_desktop.jobs.looking import Look
    from codefx_desktop.jobs.task import Run
    from codefx_desktop.video.probe import ProbedClip
    from codefx_desktop.video.writer import VideoWriter

SHOWN_NUMBERS = 10
USUAL_RATE = 30.0
"""Frames per second where a clip does not say."""


class Analysis:
    """Analyses one run's clip: all passes over it, up to the encoded video without sound.

    Args:
        run: The run.
        clip: Its clip.
        models: The models its plan needs.
    """

    def __init__(self, run: Run, clip: ProbedClip, models: Models) -> None:
        task = run.task
        self._run = run
        self._clip = clip
        self._models = models
        self._plan = plan = task.spec.plan
        self._size = channel_size(clip.info.width, clip.info.height)
        self._is_late = plan.artifacts.is_late
        self._chosen = () if self._is_late else plan.artifacts.numbers(clip.index)
        self._wanted = frozenset(self._chosen)
        self._delivered = np.zeros(len(clip.index), np.bool_)
        self._scenes: SceneStage | None = None
        if plan.scenes:
            self._scenes = SceneStage(task.job_id, plan.scene, clip, run.emit, self._size)
        self._signals: SignalStage | None = None
        self._sound: SoundStage | None = None
        if plan.events:
            self._template = task.find_template(plan.stop.template)
            self._signals = SignalStage(clip, self._size, looks_for_cuts=not plan.scenes)
            self._sound = SoundStage(run, clip)
        self._told: Told | None = None
        self._provenance = provenance_of(run, clip.info, models)
        self._artifacts: ArtifactStage | None = None
        if plan.has_artifacts and not self._is_late:
            self._artifacts = self._new_artifacts(len(self._chosen))
        self._sums = Sums.of(plan, task.spec.confidence)
        self._summary = Summary(task, clip, self._provenance, self._sums, self._scenes)

    def work(self) -> list[Broken]:
        """Analyse the clip; return the artifacts that were promised and are not right.

        However it ends, what is there says whether it is whole.

        Raises:
            Cancelled: If the person cancelled.
            CodefxError: Whatever trouble the first failing stage had.
        """
        run = self._run
        clear_artifacts(run.task.layout)
        self._summary.begin()
        try:
            with self._new_store() as store:
                self._main_pass(store)
                self._take_apart(store)
                numbers = self._told_scenes(store)
                if self._is_late:
                    self._late_pass(store, numbers)
                if self._plan.draws_stops:
                    self._draw()
                broken = self._checked(numbers)
                self._say_faces()
                broken += self._summary.finish(
                    numbers, None if self._told is None else self._told.stops
                )
        except BaseException:
            self._summary.leave(self._whole)
            raise
        finally:
            if self._plan.has_artifacts:
                run.artifact_frames = len(self._whole)
        run.meter.of(Stage.ARTIFACTS).complete()
        return broken

    @property
    def _whole(self) -> tuple[int, ...]:
        return () if self._artifacts is None else self._artifacts.whole

    def _new_artifacts(self, frames: int) -> ArtifactStage:
        run = self._run
        return ArtifactStage(
            run.task.layout,
            self._provenance,
            pictures_of(self._plan),
            run.task.spec.confidence,
            run.meter.of(Stage.ARTIFACTS, frames),
        )

    def _new_store(self) -> DetectionWriter:
        models = self._models
        return DetectionWriter(
            self._run.task.layout.detections,
            index=self._clip.index,
            model=None if models.detector is None else models.detector.info,
            segmenter=None if models.segmenter is None else models.segmenter.info,
            faces=None if models.faces is None else models.faces.info,
        )

    def _main_pass(self, store: DetectionWriter) -> None:
        run = self._run
        with ExitStack() as stack:
            reader = stack.enter_context(FrameReader(self._clip))
            writer = None
            if not self._plan.draws_stops:
                writer = stack.enter_context(open_writer(run, self._clip))
                run.encoder = writer.encoder
            pipeline = Pipeline(
                self._parts(reader, writer, store), self._size, run.meter, run.cancel
            )
            if self._plan.blur_faces:
                self._say_hidden()
            try:
                pipeline.run()
            finally:
                run.frames_in = reader.report.frames
            if writer is not None:
                run.frames_out = writer.finish()
            if reader.report.message:
                run.say(reader.report.message, level="WARNING", stage=Stage.IMPORT)
        if not self._plan.draws_stops:
            run.meter.complete(Stage.RENDERING)

    def _take_apart(self, store: DetectionWriter) -> None:
        """Find the clip's pit stops, where they are to be found."""
        if self._signals is None or self._sound is None:
            return
        run = self._run
        self._told = told = take_apart(
            run, self._clip, self._signals, self._sound, store, self._template
        )
        run.stop_count = len(told.stops)
        run.classic = told.stops[0].breakdown.classic if told.stops else None

    def _draw(self) -> None:
        """Draw and encode the video, now that everything is known that it shows."""
        run = self._run
        run.meter.begin_drawing()
        looked = self._plan.segments_everywhere or self._plan.faces_everywhere
        with ExitStack() as stack:
            reader = stack.enter_context(FrameReader(self._clip))
            writer = stack.enter_context(open_writer(run, self._clip))
            run.encoder = writer.encoder
            RenderPass(
                reader,
                run.task.layout.detections,
                Overlays(self._models.class_names, run.task.spec.confidence),
                self._renderer(writer, self._over()),
                self._size,
                run.cancel,
                needs_outlines=looked,
            ).run(run.meter.of(Stage.RENDERING))
            run.frames_out = writer.finish()
        run.meter.complete(Stage.RENDERING)

    def _over(self) -> Callable[[Pixels, Frame], None] | None:
        if self._told is None:
            return None
        return stop_painter(self._told, self._plan.stop.camera)

    def _renderer(
        self,
        writer: VideoWriter | None,
        over: Callable[[Pixels, Frame], None] | None = None,
    ) -> Renderer:
        run, info = self._run, self._clip.info
        return Renderer(
            run.task.job_id,
            self._plan,
            run.task.spec.confidence,
            Painter(info.width, info.height),
            writer,
            run.emit if run.task.wants_preview else None,
            over=over,
        )

    def _parts(
        self, reader: FrameReader, writer: VideoWriter | None, store: DetectionWriter
    ) -> Parts:
        run, plan, info = self._run, self._plan, self._clip.info
        confidence = run.task.spec.confidence
        looks = main_looks(plan, self._models, self._wanted)
        renderer = self._renderer(writer)
        renderer.artifacts, renderer.wanted = self._artifacts, self._wanted
        return Parts(
            reader,
            looks,
            run.vision.tracker(_rate(info)) if plan.detect else None,
            Overlays(self._models.class_names, confidence),
            Keeper(
                store.append,
                self._sums.add,
                self._scenes,
                self._new_face_tracker(looks),
                self._artifacts,
                self._wanted,
            ),
            renderer,
            self._scenes,
            self._artifacts,
            self._signals,
            self._sound,
            self._delivered,
        )

    def _new_face_tracker(self, looks: Sequence[Look[Any]]) -> FaceTracker | None:
        """Return a tracker for faces that are found in this pass, if they are."""
        finds_faces = any(look.stage is Stage.FACES for look in looks)
        return self._run.vision.face_tracker() if finds_faces else None

    def _told_scenes(self, store: DetectionWriter) -> tuple[int, ...]:
        """Say and keep the scenes; return the numbers of the frames that get artifacts."""
        run, plan, index = self._run, self._plan, self._clip.index
        if self._scenes is not None:
            scenes = self._scenes.scenes()
            run.scene_count = len(scenes)
            run.say(self._scenes.told(), stage=Stage.SCENES)
            store.set_scenes(scenes)
        if self._is_late:
            scenes = () if self._scenes is None else self._scenes.scenes()
            events = () if self._told is None else self._told.event_frames
            chosen = plan.artifacts.numbers(index, scenes, events)
            return nearest_delivered(chosen, self._delivered)
        self._say_gone([number for number in self._chosen if not self._delivered[number]])
        return tuple(number for number in self._chosen if self._delivered[number])

    def _late_pass(self, store: DetectionWriter, numbers: tuple[int, ...]) -> None:
        run, task = self._run, self._run.task
        self._artifacts = artifacts = self._new_artifacts(len(numbers))
        looks = late_looks(self._plan, self._models)
        face_tracker = self._new_face_tracker(looks)
        keeper = Keeper(
            store.amend if looks else _keep_nothing,
            _keep_nothing if face_tracker is None else self._sums.add_faces,
            self._scenes,
            face_tracker,
            artifacts,
            frozenset(numbers),
        )
        parts = LateParts(
            self._clip,
            task.layout.detections,
            looks,
            self._models.class_names,
            task.spec.confidence,
            self._plan.blur_faces,
            keeper,
            artifacts,
        )
        LatePass(parts, numbers, self._size, run.meter, run.cancel).run()

    def _checked(self, numbers: tuple[int, ...]) -> list[Broken]:
        if self._artifacts is None:
            return []
        run = self._run
        broken = self._artifacts.finish(numbers, run.cancel)
        files = len(self._artifacts.whole) * (self._plan.picture_kinds + 2)
        run.say(
            f"Artifacts of {frame_count(len(self._artifacts.whole))} ({self._plan.artifacts}): "
            f"{files} files in {run.task.layout.dir}",
            stage=Stage.ARTIFACTS,
        )
        return broken

    def _say_gone(self, numbers: list[int]) -> None:
        if not numbers:
            return
        shown = ", ".join(map(str, numbers[:SHOWN_NUMBERS]))
        more = " ..." if len(numbers) > SHOWN_NUMBERS else ""
        one = len(numbers) == 1
        many = "frame could not be read and gets" if one else "frames could not be read and get"
        self._run.say(
            f"{len(numbers)} chosen {many} no artifacts: {shown}{more}",
            level="WARNING",
            stage=Stage.ARTIFACTS,
        )

    def _say_faces(self) -> None:
        if self._plan.faces and not self._sums.faces:
            self._run.say("No faces were found.", stage=Stage.FACES)

    def _say_hidden(self) -> None:
        info = self._clip.info
        ahead_s = min(HOLD_S, frames_ahead(info.width, info.height) / _rate(info))
        self._run.say(
            f"Faces are hidden where they are found, from {ahead_s:.2f} s before to {HOLD_S:.2f} s "
            "after. A face that is never found is not hidden: look at the result before you pass "
            "it on.",
            level="WARNING",
            stage=Stage.FACES,
        )


def _keep_nothing(_found: object) -> None:
    """Take the place of what is kept where the pass before has kept it."""


def _rate(info: VideoInfo) -> float:
    return float(info.average_rate) if info.average_rate else USUAL_RATE
