"""Everything the window can ask for, as plain blocking calls; the hub makes them on workers.

Kept apart from the hub so that it can be imported on a worker (it pulls in the video, store and
drawing libraries, and the window must be on screen before that) and tested without an event loop.

Over 400 lines because every request of the window has its call here; each is a few lines.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil

from codefx_desktop.artifacts.layout import delete_files
from codefx_desktop.domain.errors import (
    ClipError,
    CodefxError,
    JobStateError,
    OutputError,
    SettingsError,
    UnknownJob,
    WeightsError,
)
from codefx_desktop.domain.job import (
    JobFilter,
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    LogLine,
    OutputFile,
)
from codefx_desktop.jobs.artifact_files import ArtifactFiles
from codefx_desktop.jobs.camera_shelf import CameraShelf
from codefx_desktop.jobs.copying import copy_whole
from codefx_desktop.jobs.dropped import clip_sizes, clips_of
from codefx_desktop.jobs.exporting import export_artifacts
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.kept_clips import WantedClip
from codefx_desktop.jobs.lock import is_locked
from codefx_desktop.jobs.messages import StartDefaults, SystemState
from codefx_desktop.jobs.model_bucket import ModelBucket
from codefx_desktop.jobs.model_shelf import ModelShelf
from codefx_desktop.jobs.push_work import PushWork
from codefx_desktop.jobs.pushing import copies_of
from codefx_desktop.jobs.relocating import relocated
from codefx_desktop.jobs.review_reading import ReviewFiles
from codefx_desktop.jobs.review_settling import settle_all, settle_waiting
from codefx_desktop.jobs.sheet_work import export_sheet
from codefx_desktop.jobs.statistics_reading import StatisticsFiles
from codefx_desktop.jobs.stop_reading import StopFiles
from codefx_desktop.jobs.work import (
    Workshop,
    file_size,
    is_claimed_just_now,
    layout_of,
    plain_path,
    recover,
    wanted_clip,
    work_on,
)
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.profiles import delete_profile, load_profiles, save_profile
from codefx_desktop.settings.weights import (
    DEMO_CLIP,
    FoundWeights,
    find_segment_weights,
    find_weights,
)
from codefx_desktop.video.thumbnail import thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.clip import ClipSize, VideoInfo
    from codefx_desktop.domain.export import ExportDone, ExportRequest
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.plan import Profile
    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.domain.run import CancelSignal, Emit, JobFinished
    from codefx_desktop.domain.sheet import SheetDone, SheetRequest
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.video.frame_cache import SharedRoom
    from codefx_desktop.video.probe import ProbedClip


class Engine:
    """Answers requests; every call may block and belongs on a worker.

    Args:
        shop: Settings, history, recorder and models.
    """

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._seen: dict[str, JobRecord] = {}
        self._artifacts = ArtifactFiles(self.get)
        self._outbox = PushWork(shop)
        self._reviews = ReviewFiles(shop.history, shop.vision.tracker, shop.changing_stops)

    def recover(self) -> tuple[JobRecord, ...]:
        """Mark jobs whose program died; return them."""
        return recover(self._shop)

    def news(self) -> tuple[JobRecord, ...]:
        """Return jobs that died, and those that changed in or left the queue since the last call.

        Other programs work on the same history; this is how the window hears of it. One caller.
        """
        changed = {record.id: record for record in self.recover()}
        before, self._seen = self._seen, {record.id: record for record in self.queue()}
        changed |= {key: new for key, new in self._seen.items() if before.get(key) != new}
        for key in before.keys() - self._seen.keys() - changed.keys():
            with suppress(UnknownJob):  # deleted
                changed[key] = self.get(key)
        return tuple(changed.values())

    def device(self) -> DeviceInfo:
        """Load the model library and choose the device (seconds, the first time)."""
        return self._shop.vision.device(self._shop.settings.device)

    def add(
        self, paths: Sequence[Path], spec: JobSpec, metadata: JobMetadata
    ) -> tuple[JobRecord, ...]:
        """Queue clips. A folder stands for the clips in it, by name.

        Raises:
            ClipError: If there is nothing to queue.
        """
        clips = [clip for path in paths for clip in clips_of(path)]
        if not clips:
            names = ", ".join(path.name for path in paths[:3])
            raise ClipError(f"There is no video in {names}.", hint="Drop video files.")
        root = spec.output_root or self._shop.paths.data
        return tuple(
            self._shop.history.add(
                input_path=plain_path(clip),
                input_size_bytes=file_size(clip),
                spec=spec,
                metadata=metadata,
                job_root=root,
            )
            for clip in clips
        )

    def add_demo(self) -> tuple[JobRecord, ...]:
        """Queue the bundled demo clip with the demo model."""
        return self.add([resource(DEMO_CLIP)], JobSpec(demo_model=True), JobMetadata())

    def run_next(
        self,
        emit: Emit,
        cancel: CancelSignal,
        began: Callable[[JobRecord], None],
    ) -> JobFinished | None:
        """Claim and run the first queued job; return None when there is none.

        A cancel that came before the claim leaves the queue as it is.
        """
        record = None if cancel.is_set() else self._shop.history.claim_next()
        if record is None:
            return None
        began(record)
        return work_on(record, self._shop, emit, cancel, wants_preview=True)

    def queue(self) -> tuple[JobRecord, ...]:
        """Return queued and running jobs in order."""
        return self._shop.history.queue()

    def get(self, job_id: str) -> JobRecord:
        """Return one job."""
        return self._shop.history.get(job_id)

    def resolve(self, job_id: str) -> JobRecord:
        """Return the job with this id, or the only one whose id begins so.

        Raises:
            UnknownJob: If there is none, or more than one.
        """
        return self.get(self._shop.history.resolve(job_id))

    def page(self, wanted: JobFilter, limit: int, offset: int) -> tuple[tuple[JobRecord, ...], int]:
        """Return a page of the history, newest first, and how many jobs match."""
        return self._shop.history.page(wanted, limit=limit, offset=offset)

    def logs(self, job_id: str) -> tuple[LogLine, ...]:
        """Return a job's log, oldest line first."""
        return tuple(line for _, line in self._shop.history.logs(job_id))

    def thumbnail(self, job_id: str) -> Pixels | None:
        """Return a small picture of a job's clip; None when none can be made."""
        try:
            return thumbnail(self.get(job_id).input_path)
        except CodefxError:
            return None  # the run itself will say what is wrong with the clip

    def open_clip(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip:
        """Return a clip with the exact time of every frame.

        A job's clip is read once: what was kept beside the job is taken if it is still of this
        clip, and kept if it had to be read. While somebody else reads the same clip, this waits
        for that reading.

        Args:
            path: The clip, where it is now.
            job_id: The job it belongs to, if any.
            progress: Told 0 to 1 while packets are read.
            cancel: Ends the work early.

        Raises:
            Cancelled: If the signal was seen.
            ClipError: If it cannot be read, or is not the clip the job is about.
            UnknownJob: If there is no such job.
        """
        wanted = WantedClip(path)
        if job_id is not None:
            record = self.get(job_id)
            if path == record.input_path and not _is_there(path):
                path = copies_of(self._shop).find(job_id) or path  # fetched, or made for this
            wanted = replace(wanted_clip(record, self._shop), path=path)
            if record.status.is_final:  # the limit is on what is analysed, not on what is viewed
                wanted = replace(wanted, max_size_bytes=None)
        return self._shop.clips.open(wanted, progress, cancel).clip

    def footage(self, room: SharedRoom | None = None) -> FootageFiles:
        """Return what a frame server opens clips with; ``room`` is shared with other servers."""
        return FootageFiles(self._shop.paths, self.open_clip, room)

    def artifacts(self) -> ArtifactFiles:
        """Return what an artifact desk reads the artifacts of jobs with."""
        return self._artifacts

    def stops(self) -> StopFiles:
        """Return what a stop desk reads and changes the stops of jobs with."""
        return StopFiles(self._shop.history, self._shop.changing_stops)

    def settle_reviews(self, cancel: CancelSignal, *, of_all: bool) -> Iterator[JobRecord]:
        """Yield jobs that are others once their stops follow their reviews.

        Args:
            cancel: Ends it between two jobs.
            of_all: Look at all jobs; otherwise at those that wait for it.

        Raises:
            HistoryError: If the history cannot be used.
            Cancelled: If the signal was seen.
        """
        return (settle_all if of_all else settle_waiting)(self._shop, cancel)

    def reviews(self) -> ReviewFiles:
        """Return what a review desk reads and changes the reviews of jobs with."""
        return self._reviews

    def statistics(self) -> StatisticsFiles:
        """Return what a statistics desk asks about the stops of all jobs."""
        return StatisticsFiles(self._shop.history)

    def cameras(self) -> CameraShelf:
        """Return what a camera desk keeps cameras, zones and templates with."""
        return CameraShelf(self._shop.paths, self._shop.history)

    def models(self) -> ModelShelf:
        """Return what a model desk lists and changes models with."""
        shop = self._shop
        return ModelShelf(shop.paths, shop.settings, shop.vision, shop.downloads, shop.history)

    def model_bucket(self) -> ModelBucket:
        """Return what a model desk fetches models from buckets with."""
        return ModelBucket(self._shop.targets, self.models(), self._shop.paths.cache)

    def targets(self) -> TargetKeeper:
        """Return what a target desk lists, keeps and tests targets with."""
        return self._shop.targets

    def outbox(self) -> PushWork:
        """Return what a push desk pushes, links and fetches with."""
        return self._outbox

    def clip_info(self, job_id: str) -> VideoInfo | None:
        """Return what is kept about a job's clip, wherever the clip is; None if nothing is."""
        record = self.get(job_id)
        return self._shop.clips.info(layout_of(record).clip_index, record.input_path)

    def weights(self, spec: JobSpec) -> tuple[FoundWeights | None, str]:
        """Return the weights a spec would use, or None and why."""
        try:
            return find_weights(spec, self._shop.settings, self._shop.paths), ""
        except WeightsError as error:
            return None, str(error)

    def segment_weights(self, spec: JobSpec) -> tuple[FoundWeights | None, str]:
        """Return the segmentation weights a spec would use, or None and why."""
        try:
            return find_segment_weights(spec, self._shop.settings, self._shop.paths), ""
        except WeightsError as error:
            return None, str(error)

    def start_defaults(self) -> StartDefaults:
        """Return what the start sheet begins with: the last job's, else the settings."""
        settings = self._shop.settings
        spec = JobSpec(
            confidence=settings.yolo_threshold, iou=settings.iou_threshold, device=settings.device
        )
        metadata = JobMetadata()
        if (last := self._shop.history.last_used()) is not None:
            # The demo model and another output folder are asked for each time, never inherited.
            # Notes are about the clip they were written for.
            spec = replace(last[0], demo_model=False, output_root=None)
            metadata = replace(last[1], notes="")
        series, races = self._shop.history.series_and_races()
        own = load_profiles(self._shop.paths)
        return StartDefaults(spec, metadata, tuple(series), tuple(races), own.profiles, own.trouble)

    def save_profile(self, profile: Profile) -> None:
        """Keep an own profile; one of the same name is replaced.

        Raises:
            SettingsError: If the name is taken, or the profiles that are there cannot be read.
            OutputError: If they cannot be written.
        """
        try:
            save_profile(self._shop.paths, profile)
        except ValueError as error:
            raise SettingsError(f"The profile is not saved: {error}.") from error

    def delete_profile(self, name: str) -> None:
        """Delete an own profile.

        Raises:
            SettingsError: If the profiles that are there cannot be read.
            OutputError: If they cannot be written.
        """
        delete_profile(self._shop.paths, name)

    def clip_sizes(self, paths: Sequence[Path]) -> Iterator[tuple[Path, ClipSize | None]]:
        """Yield each dropped clip with what its header says of its size, or None."""
        return clip_sizes(paths)

    def relocate(self, job_id: str, path: Path) -> JobRecord:
        """Find a job's clip at another place: what it was known by decides whether it is that one.

        Raises:
            UnknownJob: If there is none of this id.
            ClipMissing: If there is no file.
            ClipLost: If it cannot be read.
            ClipRefused: If it is another clip, or nothing is known that it could be told by.
        """
        return relocated(self._shop.history, self.get(job_id), plain_path(path))

    def cancel_queued(self, job_id: str) -> JobRecord:
        """Cancel a job if it still waits; return it as it is now."""
        self._shop.history.cancel(job_id)
        return self.get(job_id)

    def retry(self, job_id: str) -> JobRecord:
        """Queue a finished job again."""
        self._shop.history.requeue(job_id)
        return self.get(job_id)

    def move(self, job_id: str, position: int) -> None:
        """Move a queued job to a place among the queued ones, 0 first."""
        self._shop.history.move(job_id, position)

    def set_metadata(self, job_id: str, metadata: JobMetadata) -> JobRecord:
        """Change what a person says about the clip."""
        self._shop.history.set_metadata(job_id, metadata)
        return self.get(job_id)

    def delete(self, job_id: str) -> None:
        """Delete a job's row, log, pushes and result files; never its footage, nor what was pushed.

        Raises:
            JobStateError: If a living program works on it.
        """
        self._shop.history.cancel(job_id)  # from here on no queue takes it
        record = self.get(job_id)
        layout = layout_of(record)
        if is_claimed_just_now(record) or is_locked(layout.lock):
            raise JobStateError(
                f"{record.input_filename} is being worked on.",
                hint="Cancel it first.",
                job_id=job_id,
            )
        self._shop.clips.forget(layout.clip_index)
        # The row last: where a file resists, the job is still there to be deleted again.
        delete_files(layout)
        self._shop.outbox.forget_job(job_id)
        self._shop.history.delete(job_id)

    def output(self, job_id: str) -> OutputFile:
        """Return a job's annotated video.

        Raises:
            JobStateError: If the job is not complete.
            OutputError: If the file was moved or deleted.
        """
        record = self.get(job_id)
        if record.status is not JobStatus.COMPLETE or record.output is None:
            raise JobStateError(
                f"Job is not complete. Current status {record.status}, stage {record.stage}.",
                job_id=job_id,
            )
        if not record.output.path.is_file():
            raise OutputError(
                f"The annotated video {record.output.path} is no longer there.",
                hint="Connect its drive, put it back, or run the clip again.",
                path=record.output.path,
                job_id=job_id,
            )
        return record.output

    def save_output(self, job_id: str, target: Path) -> Path:
        """Copy a job's annotated video to ``target``, whole or not at all.

        Raises:
            JobStateError: If the job has no output.
            NoSpace: If the target's disk is full.
            NotWritable: If the target cannot be written.
        """
        record, output = self.get(job_id), self.output(job_id)
        if target.is_dir():
            target = target / output.path.name
        return copy_whole(output.path, target, keep=record.input_path)

    def export_artifacts(
        self,
        job_id: str,
        request: ExportRequest,
        cancel: CancelSignal | None = None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> ExportDone:
        """Write what a job found as other programs read it; ``jobs.exporting`` tells the errors."""
        return export_artifacts(self.get(job_id), self._shop, request, cancel, progress)

    def export_sheet(
        self,
        job_id: str,
        request: SheetRequest,
        cancel: CancelSignal | None = None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> SheetDone:
        """Write reports, pictures and training sets of a job; ``jobs.sheet_work`` tells errors."""
        return export_sheet(self.get(job_id), self._shop, self.open_clip, request, cancel, progress)

    def system(self) -> SystemState | None:
        """Return free disk space and battery; None when the data folder is out of reach."""
        data = self._shop.paths.data
        try:
            free = shutil.disk_usage(data).free
        except OSError:
            return None
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
        return SystemState(
            free,
            str(data),
            None if battery is None else round(battery.percent),
            battery is not None and not battery.power_plugged,
        )

    def close(self) -> None:
        """Wait until the history has everything, and close it."""
        self._shop.recorder.drain()
        self._shop.recorder.catch_up()
        self._shop.recorder.drain()
        self._shop.outbox.close()
        self._shop.history.close()


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # nobody may look there
        return False
