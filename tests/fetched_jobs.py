"""Fetches pushed jobs for tests, and tells what came."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pushed_samples import JOB, R2

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.jobs.fetch_plan import FetchChoice
from codefx_desktop.jobs.fetching import Fetched, fetch, look_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fake_store import FakeStore

    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.fetch_files import FetchProgress
    from codefx_desktop.jobs.work import Workshop


def bring(
    shop: Workshop,
    store: FakeStore,
    choice: FetchChoice | None = None,
    target: Target = R2,
    tell: Callable[[FetchProgress], None] = lambda _: None,
    cancel: threading.Event | None = None,
    *,
    update: bool = False,
) -> Fetched:
    plan = look_at(shop, store, target, JOB, choice or FetchChoice())
    return fetch(shop, store, target, plan, tell, cancel or threading.Event(), update=update)


def here(shop: Workshop) -> dict[str, bytes]:
    """Return the files of the job's folder, without its lock."""
    folder = JobLayout(shop.paths.data, JOB).dir
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "job.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def source_of(shop: Workshop) -> Path:
    return shop.settings.temp_media(shop.paths) / JOB / "input" / "source.mp4"
