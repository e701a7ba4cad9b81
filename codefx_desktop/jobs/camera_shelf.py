"""Cameras, zones and templates on this machine: read, kept, and what follows from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.zone_proposal import propose_zones
from codefx_desktop.domain.camera_check import check_camera
from codefx_desktop.domain.errors import HistoryError, SettingsError
from codefx_desktop.domain.job import JobFilter, JobStatus
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.template_dict import template_to_dict
from codefx_desktop.jobs.camera_values import CameraList, MetreGrid, TemplateCheck, ZonesFound
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.camera_files import read_camera, write_camera
from codefx_desktop.settings.cameras import delete_camera, load_cameras, save_camera
from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.settings.readable_json import readable_json
from codefx_desktop.settings.templates import (
    delete_template,
    load_templates,
    read_template_text,
    save_template,
)
from codefx_desktop.settings.zone_files import read_zone_file, write_zones
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import Heading, PitStop
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import ZoneSet
    from codefx_desktop.jobs.camera_values import Line, Size
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.store.history import History

MAX_JOBS: Final = 200
"""Jobs of a clip's file name that are looked through for a stopped car, newest first."""
GRID_BEYOND_M: Final = 2
"""Metres that the grid reaches beyond the box on each side."""
GRID_PIECES: Final = 24
"""Pieces of a line of the grid: through a fisheye it is a curve."""


class CameraShelf:
    """Keeps cameras and templates; every call blocks and belongs on a worker.

    Args:
        paths: The app's folders.
        history: Knows the jobs of a clip.
    """

    def __init__(self, paths: AppPaths, history: History) -> None:
        self._paths, self._history = paths, history

    def listed(self) -> CameraList:
        """Return what there is to choose from.

        Raises:
            SettingsError: If the installation is damaged.
        """
        cameras, templates = load_cameras(self._paths), load_templates(self._paths)
        troubles = tuple(one for one in (cameras.trouble, templates.trouble) if one)
        return CameraList(cameras.entries, templates.templates, troubles)

    # -- cameras ------------------------------------------------------------------------------

    def save(self, camera: CameraProfile, was: str) -> None:
        """Keep a profile; one of the same name is replaced.

        Args:
            camera: The profile.
            was: Its name before, of which none remains; empty for a new one.

        Raises:
            ValueError: If it has no usable name or something in it cannot be used.
            SettingsError: If the profiles that are there cannot be read.
            OutputError: If the file cannot be written.
        """
        save_camera(self._paths, camera)
        if was and not same_name(was, camera.name):
            delete_camera(self._paths, was)

    def delete(self, name: str) -> None:
        """Delete a profile.

        Raises:
            SettingsError: If the profiles that are there cannot be read.
            OutputError: If the file cannot be written.
        """
        delete_camera(self._paths, name)

    def read_camera(self, path: Path) -> CameraProfile:
        """Return the profile of a file.

        Raises:
            SettingsError: If the file cannot be read or used.
        """
        return read_camera(path)

    def write_camera(self, path: Path, camera: CameraProfile) -> None:
        """Write a profile into a file of its own.

        Raises:
            ValueError: If something in it cannot be used.
            OutputError: If the file cannot be written.
        """
        write_camera(path, camera)

    def grid(self, camera: CameraProfile, size: Size) -> MetreGrid:
        """Return a line per metre around the box that was clicked on a camera's picture.

        Args:
            camera: The profile.
            size: Width and height of the picture, pixels.
        """
        marks = camera.marks
        if marks is None:
            return MetreGrid()
        try:
            check_camera(replace(camera, zones=type(camera.zones)()))
            ground = Ground(marks, camera.lens, *size)
        except ValueError as error:
            return MetreGrid(trouble=str(error))
        return MetreGrid(tuple(_grid_lines(ground, marks.length_m, marks.width_m, size)))

    # -- zones --------------------------------------------------------------------------------

    def read_zones(self, path: Path, size: Size | None, clip_size: Size | None) -> ZonesFound:
        """Return the zones of a file.

        Raises:
            ZonesWithoutSize: If they are in pixels of a picture whose size nobody told.
            SettingsError: If the file cannot be read or used.
        """
        found = read_zone_file(path, size, clip_size=clip_size)
        return ZonesFound(found.zones, path.name, found.notes)

    def write_zones(self, path: Path, zones: ZoneSet) -> None:
        """Write zones into a file of their own.

        Raises:
            ValueError: If they cannot be used together.
            OutputError: If the file cannot be written.
        """
        write_zones(path, zones)

    def propose(
        self, clip: Path, job_id: str | None, said: Heading, size: Size, cancel: CancelSignal
    ) -> ZonesFound:
        """Return zones around the car as a job of this clip saw it stand.

        Args:
            clip: The clip.
            job_id: The job it is viewed for; else the newest one of this clip with a stop.
            said: Which way the car points, as the camera's profile says; the stop's own where it
                says nothing.
            size: Width and height of the clip's pictures, pixels.
            cancel: Ends the search.

        Raises:
            HistoryError: If no job of this clip saw a car stand.
            Cancelled: If the signal was set.
        """
        for record in self._jobs_of(clip, job_id):
            if cancel.is_set():
                raise Cancelled
            stop = _stop_with_car(record)
            if stop is not None and stop.car is not None:
                heading = said if said.front_deg is not None else stop.heading
                notes: tuple[str, ...] = ()
                if heading.front_deg is None:
                    notes = (
                        "Which end of the car is its front is not known, so only the box is "
                        "proposed: set the front of the camera, and propose again.",
                    )
                zones = propose_zones(stop.car, heading, *size)
                return ZonesFound(zones, f"the car of stop {stop.number}", notes)
        raise HistoryError(
            f"No finished job of {clip.name} saw a car stand.",
            hint="Run the clip with pit stops switched on, or draw the zones by hand.",
        )

    def _jobs_of(self, clip: Path, job_id: str | None) -> Iterator[JobRecord]:
        if job_id is not None:
            yield self._history.get(job_id)
        wanted = JobFilter(text=clip.name, statuses=(JobStatus.COMPLETE,))
        records, _ = self._history.page(wanted, MAX_JOBS, 0)
        yield from (one for one in records if one.input_path == clip and one.id != job_id)

    # -- templates ----------------------------------------------------------------------------

    def check_template(self, text: str) -> TemplateCheck:
        """Return what a text says as a template, or why it says none."""
        try:
            template = read_template_text(text)
        except (ValueError, RecursionError) as error:
            return TemplateCheck(text, trouble=_sentence(str(error)))
        return TemplateCheck(text, template)

    def template_text(self, template: StopTemplate, name: str) -> str:
        """Return a template as a text to be edited, under another name."""
        return template_text(template, name)

    def save_template(self, template: StopTemplate) -> None:
        """Keep a person's own template.

        Raises:
            ValueError: If it cannot be used, or a built-in one is called so.
            SettingsError: If the templates that are there cannot be read.
            OutputError: If the file cannot be written.
        """
        save_template(self._paths, template)

    def delete_template(self, name: str) -> None:
        """Delete a person's own template.

        Raises:
            SettingsError: If the templates that are there cannot be read.
            OutputError: If the file cannot be written.
        """
        delete_template(self._paths, name)


def template_text(template: StopTemplate, name: str) -> str:
    """Return a template as a text to be edited, under another name."""
    return readable_json({"name": name, **template_to_dict(template)})


def _stop_with_car(record: JobRecord) -> PitStop | None:
    """Return a job's first stop whose car was measured; None where that cannot be told."""
    layout = layout_of(record)
    if not layout.detections.is_file():
        return None
    try:
        with DetectionReader(layout.detections) as reader:
            stops = reader.stops() or ()
    except (HistoryError, SettingsError):
        return None
    return next((stop for stop in stops if stop.car is not None), None)


def _grid_lines(ground: Ground, length_m: float, width_m: float, size: Size) -> Iterator[Line]:
    """Yield the grid's lines as parts of the picture; what the camera cannot see is left out."""
    ahead, left = length_m / 2 + GRID_BEYOND_M, width_m / 2 + GRID_BEYOND_M
    for at in np.arange(-np.floor(ahead), ahead + 1e-9):
        yield from _seen(ground, ((at, -left), (at, left)), size)
    for at in np.arange(-np.floor(left), left + 1e-9):
        yield from _seen(ground, ((-ahead, at), (ahead, at)), size)


def _seen(
    ground: Ground, ends: tuple[tuple[float, float], tuple[float, float]], size: Size
) -> Iterator[Line]:
    along = np.linspace(0.0, 1.0, GRID_PIECES + 1)[:, None]
    metres = np.array(ends[0]) * (1 - along) + np.array(ends[1]) * along
    parts = ground.to_pixels(metres) / size
    near = np.isfinite(parts).all(axis=1) & (np.abs(np.nan_to_num(parts) - 0.5) < 2.0).all(axis=1)
    if np.count_nonzero(near) > 1:
        yield tuple((float(x), float(y)) for x, y in parts[near])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
