"""The stages of one run between the first frame read and the last frame written.

::

    decode ─┬► detect ─► segment ─► faces ─► track, keep, overlay ─┬► paint, encode, preview
            ├► scenes ─ which scene a frame is in ─────┘    │      └► pictures ─┐
            └► what moves                                   └► JSON, TOON ──────┴► artifacts
    sound ─► guns

Stages that are off are not there. Decoded once, encoded once. Each stage is a worker on the run's
own pool; bounded channels join them, so memory does not depend on the clip's length. Artifacts of
scenes are not written here but afterwards (``late``): their frames are known when the clip ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.looking import Look, Seen, look_at_all
from codefx_desktop.jobs.pools import Group
from codefx_desktop.jobs.progress import SeenMeter, busy
from codefx_desktop.jobs.rendering import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.overlay import Overlays
    from codefx_desktop.domain.ports import Tracker
    from codefx_desktop.jobs.artifact_stage import ArtifactStage
    from codefx_desktop.jobs.keeping import Keeper
    from codefx_desktop.jobs.progress import ProgressMeter
    from codefx_desktop.jobs.rendering import Renderer
    from codefx_desktop.jobs.scene_stage import SceneStage
    from codefx_desktop.jobs.signal_stage import SignalStage
    from codefx_desktop.jobs.sound_stage import SoundStage
    from codefx_desktop.video.reader import FrameReader

CHANNEL_BYTES = 96 * 1024 * 1024
CHANNEL_FRAMES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What one run's stages work with; each is used by one stage only.

    Attributes:
        reader: Delivers the frames.
        looks: What models look at them, in order.
        tracker: Joins detections into tracks; None where nothing is detected.
        overlays: Makes what is drawn.
        keeper: Keeps what was found.
        renderer: Paints and encodes.
        scenes: Finds scenes; None where nobody looks for them.
        artifacts: Writes artifacts; None where none are written in this pass.
        signals: Measures what moves; None where no stop is taken apart.
        sound: Hears guns, beside all others; None likewise.
        delivered: bool (N,), over the clip's frames; set True where a frame was read.
    """

    reader: FrameReader
    looks: Sequence[Look[Any]]
    tracker: Tracker | None
    overlays: Overlays
    keeper: Keeper
    renderer: Renderer
    scenes: SceneStage | None
    artifacts: ArtifactStage | None
    signals: SignalStage | None
    sound: SoundStage | None
    delivered: npt.NDArray[np.bool_]


def channel_size(width: int, height: int) -> int:
    """Return how many frames may wait between two stages, bounded in bytes."""
    return int(np.clip(CHANNEL_BYTES // (width * height * 3), 2, CHANNEL_FRAMES))


class LookChain:
    """Models that look at frames one after the other, with channels before, between and after.

    Args:
        looks: In order; may be none.
        size: Frames that may wait between two stages.
        meter: Told about every frame.
        cancel: Asked between two batches.
        total: How many frames will come; None: all of the clip's.
    """

    def __init__(
        self,
        looks: Sequence[Look[Any]],
        size: int,
        meter: ProgressMeter,
        cancel: CancelSignal,
        total: int | None = None,
    ) -> None:
        batches = [look.model.batch_size for look in looks]
        self._channels: list[Channel[Seen]] = [Channel(max(size, n)) for n in (*batches, size)]
        self.workers: list[Callable[[], None]] = [
            partial(look_at_all, look, before, after, meter.of(look.stage, total), cancel)
            for look, before, after in zip(
                looks, self._channels[:-1], self._channels[1:], strict=True
            )
        ]

    @property
    def inbox(self) -> Channel[Seen]:
        """Where frames go in."""
        return self._channels[0]

    @property
    def outbox(self) -> Channel[Seen]:
        """Where they come out."""
        return self._channels[-1]

    def stop(self) -> None:
        """Wake everybody who waits here."""
        for channel in self._channels:
            channel.stop()


class Pipeline:
    """Runs the stages of one job.

    Args:
        parts: What the stages work with.
        size: Frames that may wait between two stages.
        meter: Told about every frame.
        cancel: Asked between two frames.
    """

    def __init__(self, parts: Parts, size: int, meter: ProgressMeter, cancel: CancelSignal) -> None:
        self._parts = parts
        self._meter = meter
        self._cancel = cancel
        self._chain = LookChain(parts.looks, size, meter, cancel)
        self._drawn: Channel[Drawn] = Channel(size)

    def run(self) -> None:
        """Run all stages to the end of the clip.

        Raises:
            Cancelled: If the person cancelled.
            CodefxError: Whatever trouble the first failing stage had.
        """
        parts = self._parts
        workers = [self._decode, *self._chain.workers, self._collect, self._render]
        if parts.scenes is not None:
            workers.append(partial(parts.scenes.work, self._meter.of(Stage.SCENES)))
        if parts.artifacts is not None:
            workers += [parts.artifacts.work] * parts.artifacts.workers
        if parts.signals is not None:
            meter, total = self._meter.of(Stage.EVENTS), len(parts.delivered)
            workers.append(partial(parts.signals.work, meter, total))
        if parts.sound is not None:
            workers.append(partial(parts.sound.work, self._meter.of(Stage.EVENTS)))
        Group(self._stop).run(workers)

    def _stop(self) -> None:
        parts = self._parts
        self._chain.stop()
        self._drawn.stop()
        for stage in (parts.scenes, parts.artifacts, parts.signals, parts.sound):
            if stage is not None:
                stage.stop()

    def _decode(self) -> None:
        parts, outbox = self._parts, self._chain.inbox
        beside = [stage for stage in (parts.scenes, parts.signals) if stage is not None]
        for frame in parts.reader:
            if self._cancel.is_set():
                raise Cancelled
            parts.delivered[frame.number] = True
            for stage in beside:
                stage.put(frame)
            outbox.put(Seen(frame, FrameFindings(frame.number, frame.time)))
        for stage in beside:
            stage.close()
        outbox.close()

    def _collect(self) -> None:
        """Track what was detected, keep all that was found, and say what is to be drawn."""
        parts, progress = self._parts, self._meter.of(Stage.TRACKING)
        for done, item in enumerate(self._chain.outbox, start=1):
            with busy() as spent:
                drawn = self._drawn_of(item)
                parts.keeper.add(drawn.found)
            progress.advance(done, spent())
            self._drawn.put(drawn)
        parts.keeper.finish()
        progress.complete()
        self._drawn.close()

    def _drawn_of(self, item: Seen) -> Drawn:
        frame, found, parts = item.frame, item.found, self._parts
        detections = found.detections
        if detections is not None and parts.tracker is not None:
            detections = parts.tracker.update(detections, frame.time.seconds)
            found = FrameFindings(frame.number, frame.time, detections, found.segments, found.faces)
        shown = Detections.empty() if detections is None else detections
        overlay = parts.overlays.build(frame.number, frame.time.seconds, shown)
        return Drawn(frame, found, overlay)

    def _render(self) -> None:
        renderer = self._parts.renderer
        # Without a writer the video is drawn in a later pass: its stage does not begin here.
        is_later = renderer.writer is None
        renderer.work(
            self._drawn, SeenMeter(self._meter) if is_later else self._meter.of(Stage.RENDERING)
        )
        # The last to hand anything in: whatever is told of a frame came before its picture was
        # drawn, or at the end before the drawn ones were closed.
        if self._parts.artifacts is not None:
            self._parts.artifacts.close()
