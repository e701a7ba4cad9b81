"""``codefx demo`` and ``codefx run``: the main job in the terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from codefx_desktop.bootstrap import log_files
from codefx_desktop.cli import run_options as options
from codefx_desktop.cli.estimate import estimate_lines
from codefx_desktop.cli.opening import opened, settle_waiting
from codefx_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_USAGE,
    counted,
    fail,
    finished_dict,
    say,
    say_json,
    size_text,
)
from codefx_desktop.cli.plan_switches import PlanSwitches, check_detector_is_wanted
from codefx_desktop.cli.progress import Display, display_for
from codefx_desktop.cli.stop_options import StopOptions
from codefx_desktop.domain.errors import WeightsMissing, WeightsNotChosen
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, QualityPreset, SessionKind
from codefx_desktop.domain.plan import PIT_STOP
from codefx_desktop.settings.paths import AppPaths, app_paths, resource
from codefx_desktop.settings.profiles import find_profile
from codefx_desktop.settings.settings import Settings, load_settings
from codefx_desktop.settings.weights import (
    DEMO_CLIP,
    DEMO_NOTICE,
    find_segment_weights,
    find_weights,
)

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import JobFinished, RunEvent
    from codefx_desktop.jobs.work import Workshop


def demo(
    output: options.OutputOption = None,
    device: options.DeviceOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Analyse the bundled sample stop with the demo model."""
    with _wrong_use():
        device = device or load_settings().device
        spec = JobSpec(demo_model=True, device=device, output_root=_absolute(output))
    clips = [resource(DEMO_CLIP)]
    ok = _run_all(clips, spec, JobMetadata(notes="The sample stop"), as_json=as_json)
    if ok and not as_json:
        weights = app_paths().weights
        say("Open the window with: codefx-desktop")
        say(f"{DEMO_NOTICE} That folder is {weights}")
    raise typer.Exit(0 if ok else EXIT_FAILED)


def run(
    clips: Annotated[list[Path], typer.Argument(help="Clips (mp4, mov, mkv, avi, webm).")],
    profile: options.ProfileOption = PIT_STOP.name,
    scenes: options.ScenesOption = None,
    detect: options.DetectOption = None,
    segment: options.SegmentOption = None,
    faces: options.FacesOption = None,
    events: options.EventsOption = None,
    every_frame: options.EveryFrameOption = None,
    blur_faces: options.BlurOption = None,
    artifacts: options.ArtifactsOption = None,
    template: options.TemplateOption = None,
    zones: options.ZonesOption = None,
    zones_size: options.ZonesSizeOption = None,
    camera: options.CameraOption = "",
    draw_stop: options.DrawStopOption = None,
    scene_detector: options.SceneDetectorOption = None,
    scene_threshold: options.SceneThresholdOption = None,
    shortest_scene: options.ShortestSceneOption = None,
    seg_weights: options.SegWeightsOption = None,
    seg_classes: options.SegClassesOption = None,
    face_confidence: options.FaceConfidenceOption = None,
    smallest_face: options.SmallestFaceOption = None,
    weights: options.WeightsOption = None,
    demo_model: options.DemoModelOption = False,
    confidence: options.ConfidenceOption = None,
    iou: options.IouOption = None,
    device: options.DeviceOption = None,
    quality: options.QualityOption = QualityPreset.STANDARD,
    output: options.OutputOption = None,
    as_json: options.JsonOption = False,
    series: options.SeriesOption = "",
    race: options.RaceOption = "",
    notes: options.NotesOption = "",
    session: options.SessionOption = SessionKind.NONE,
    event_date: options.EventDateOption = None,
) -> None:
    """Analyse clips one after the other; a clip that fails does not stop the next."""
    settings = load_settings()
    switches = PlanSwitches(
        scenes=scenes,
        detect=detect,
        segment=segment,
        faces=faces,
        events=events,
        artifacts=artifacts,
        every_frame=every_frame,
        scene_detector=scene_detector,
        scene_threshold=scene_threshold,
        shortest_scene=shortest_scene,
        seg_weights=seg_weights,
        seg_classes=seg_classes,
        face_confidence=face_confidence,
        smallest_face=smallest_face,
        blur_faces=blur_faces,
    )
    stops = StopOptions(template, camera, zones, zones_size, draw_stop)
    with _wrong_use():
        paths = app_paths()
        chosen = find_profile(paths, profile)
        plan = switches.applied(chosen.plan)
        if stops.needs_stops and not plan.events:
            raise ValueError(f"{stops.needs_stops} needs --events, which is off here")
        plan = replace(plan, stop=stops.applied(plan.stop, paths))
        spec = JobSpec(
            profile=chosen.name,
            weights=_absolute(weights),
            demo_model=demo_model,
            confidence=settings.yolo_threshold if confidence is None else confidence,
            iou=settings.iou_threshold if iou is None else iou,
            device=device or settings.device,
            output_root=_absolute(output),
            quality=quality,
            plan=plan,
        )
        check_detector_is_wanted(spec)
        day = event_date.date() if event_date else None
        called = stops.camera_name(paths)
        metadata = JobMetadata(series, race, notes, day, session, called)
    ok = _run_all(clips, spec, metadata, as_json=as_json)
    raise typer.Exit(0 if ok else EXIT_FAILED)


@contextmanager
def _wrong_use() -> Iterator[None]:
    """End the program with the exit code of wrong use where a value is out of its range."""
    try:
        yield
    except ValueError as error:
        fail(f"{error}.")
        raise typer.Exit(EXIT_USAGE) from error


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.expanduser().absolute()


def _run_all(clips: list[Path], spec: JobSpec, metadata: JobMetadata, *, as_json: bool) -> bool:
    paths, settings = app_paths(), load_settings()
    _check_weights(spec, settings, paths)
    ok = True
    with log_files(paths, settings), opened() as shop:
        if not as_json:
            for line in estimate_lines(clips, spec.plan, spec.output_root or paths.data):
                say(line)
        for clip in clips:
            with display_for(clip, as_json=as_json) as display:
                status = _run_one(clip, spec, metadata, shop, display, as_json=as_json)
            ok = ok and status is JobStatus.COMPLETE
            if status is JobStatus.CANCELLED:
                break
    return ok


def _check_weights(spec: JobSpec, settings: Settings, paths: AppPaths) -> None:
    """End the program where weights are needed and there are none at all.

    Those that were named and are missing fail the job, which says so.
    """
    wanted = (
        (spec.plan.detect, find_weights, "--weights FILE, --demo-model or --no-detect"),
        (spec.plan.segment, find_segment_weights, "--seg-weights FILE or --no-segment"),
    )
    for is_on, find, options_there in wanted:
        if not is_on:
            continue
        try:
            find(spec, settings, paths)
        except WeightsMissing:
            pass
        except WeightsNotChosen as error:
            fail(f"{error} In the terminal: {options_there}.")
            raise typer.Exit(EXIT_USAGE) from error


def _run_one(
    clip: Path,
    spec: JobSpec,
    metadata: JobMetadata,
    shop: Workshop,
    display: Display,
    *,
    as_json: bool,
) -> JobStatus:
    from codefx_desktop.jobs.foreground import run_in_foreground
    from codefx_desktop.jobs.work import begin, work_on

    record = begin(shop, clip, spec, metadata)

    def show(event: RunEvent) -> None:
        with suppress(OSError):  # a closed pipe or a full disk under it is not the job's trouble
            display.show(event)

    def work(cancel: threading.Event) -> JobFinished:
        finished = work_on(record, shop, show, cancel)
        settle_waiting(shop, cancel)  # a job may be reviewed while it runs
        return finished

    finished = run_in_foreground(work)
    display.close()
    if as_json:
        say_json(finished_dict(record, finished, _artifacts(record)))
        return finished.status
    for line in _found_lines(record, finished):
        say(line)
    if finished.output is not None:
        say(f"{finished.frames_out} of {finished.frames_in} frames written.")
        say(f"Annotated clip: {finished.output.path}")
    if finished.status is not JobStatus.COMPLETE:
        fail(f"{clip.name}: {finished.status}. {finished.error_message}".strip())
    return finished.status


def _found_lines(record: JobRecord, finished: JobFinished) -> Iterator[str]:
    """Yield how many scenes there are, and what of the artifacts is there."""
    scenes = "" if finished.scene_count is None else f"{counted(finished.scene_count, 'scene')}. "
    there = _artifacts(record)
    if there is None:
        if scenes:
            yield scenes.strip()
        return
    kept = f"{counted(there['files'], 'file')}, {size_text(there['size_bytes'])} in"
    if finished.artifact_frames is None:
        yield f"{scenes}Artifacts so far: {kept} {there['folder']}"
    else:
        frames = counted(finished.artifact_frames, "frame")
        yield f"{scenes}{frames} with artifacts: {kept} {there['folder']}"


def _artifacts(record: JobRecord) -> dict[str, Any] | None:
    """Return where a job's artifacts are and what they take; None where none were to be."""
    if not record.spec.plan.has_artifacts:
        return None
    from codefx_desktop.jobs.artifact_check import count_artifacts

    files, size = count_artifacts(record)
    return {"folder": record.job_dir, "files": files, "size_bytes": size}
