"""Runs whole jobs for tests: a workshop with fakes, a clip through it, an ear for what it says."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from fakes import FakeVision

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import Workshop, work_on
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.run import JobFinished, RunEvent

T = TypeVar("T")


class Ear:
    """Keeps what a run says; it speaks from several threads."""

    def __init__(self) -> None:
        self.heard: list[RunEvent] = []

    def __call__(self, event: RunEvent) -> None:
        self.heard.append(event)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.heard if isinstance(event, kind)]


def shop_with(vision: FakeVision) -> Workshop:
    shop, notices = open_workshop(app_paths(), load_settings(), vision)
    assert notices == ()
    return shop


def run_clip(
    clip: Path,
    weights: Path,
    vision: FakeVision | None = None,
    *,
    wants_preview: bool = False,
    cancel: threading.Event | None = None,
    ear: Ear | None = None,
    spec: JobSpec | None = None,
) -> tuple[JobFinished, Ear, Workshop, JobRecord]:
    shop = shop_with(vision or FakeVision())
    engine = Engine(shop)
    engine.add([clip], spec or JobSpec(weights=weights), JobMetadata(series="F1"))
    record = shop.history.claim_next()
    assert record is not None
    ear = ear or Ear()
    finished = work_on(record, shop, ear, cancel or threading.Event(), wants_preview=wants_preview)
    return finished, ear, shop, shop.history.get(record.id)
