"""A shelf of models on a folder of the test's own, with fakes for the model library and the net."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fake_downloads import FakeDownloads
from fakes import FakeVision
from pushed_samples import R2

from codefx_desktop.domain.models import ModelTask, StandardModel
from codefx_desktop.jobs.model_bucket import ModelBucket
from codefx_desktop.jobs.model_shelf import ModelShelf
from codefx_desktop.jobs.target_keeper import TargetKeeper
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.secrets import Secrets
from codefx_desktop.settings.settings import Settings
from codefx_desktop.settings.targets import save_target

if TYPE_CHECKING:
    from pathlib import Path

    from fake_store import FakeStore

    from codefx_desktop.domain.job import JobFilter, JobRecord
    from codefx_desktop.domain.models import Model, ModelKept, Transfer

SMALL = b"det" + bytes(range(256)) * 800
SEGMENTER = b"seg" + bytes(range(255, -1, -1)) * 900


def standard(name: str, content: bytes, task: ModelTask = ModelTask.DETECT) -> StandardModel:
    """Return a standard model of this content."""
    digest = hashlib.sha256(content).hexdigest()
    url = f"https://weights.invalid/{name}"
    return StandardModel(name, task, f"Title of {name}", "AGPL-3.0", url, len(content), digest)


OFFERS = (
    standard("small.pt", SMALL),
    standard("small-seg.pt", SEGMENTER, ModelTask.SEGMENT),
)


@dataclass
class FakeHistory:
    """Jobs, newest first."""

    records: list[JobRecord] = field(default_factory=list)

    def page(
        self, wanted: JobFilter | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[tuple[JobRecord, ...], int]:
        del wanted
        return tuple(self.records[offset : offset + limit]), len(self.records)

    def queue(self) -> tuple[JobRecord, ...]:
        return tuple(record for record in self.records if not record.status.is_final)


class Shelf:
    """A shelf and everything around it."""

    def __init__(self, **settings: object) -> None:
        self.vision = FakeVision()
        self.history = FakeHistory()
        self.downloads = FakeDownloads({OFFERS[0].url: SMALL, OFFERS[1].url: SEGMENTER})
        self.paths = app_paths()
        self.settings = Settings(**settings)
        self.told: list[Transfer] = []
        self.cancel = threading.Event()
        self.real = self.fresh()

    def fresh(self) -> ModelShelf:
        """Return a shelf as another program would have it."""
        return ModelShelf(
            *(self.paths, self.settings, self.vision, self.downloads, self.history), OFFERS
        )

    def bucket(self, store: FakeStore) -> ModelBucket:
        """Return what fetches from a target called ``races``."""
        save_target(self.paths, R2)
        keeper = TargetKeeper(self.paths, self.settings, Secrets(), lambda *_: store)
        return ModelBucket(keeper, self.fresh(), self.paths.cache)

    def put(self, name: str, content: bytes = SMALL) -> Path:
        """Put a file into the folder by hand."""
        self.paths.weights.mkdir(parents=True, exist_ok=True)
        path = self.paths.weights / name
        path.write_bytes(content)
        return path

    def add(self, source: Path, name: str = "") -> ModelKept:
        return self.real.add(source, name, self.told.append, self.cancel)

    def get(self, name: str) -> ModelKept:
        return self.real.get(name, self.told.append, self.cancel)

    def model(self, name: str) -> Model:
        """Return the model of this name as it is listed."""
        return next(model for model in self.real.survey().models if model.name == name)

    def names(self) -> list[str]:
        """Return what is in the folder, whatever it is."""
        folder = self.paths.weights
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
