"""A model desk without workers: a list from memory, deeds that a test moves on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.models import (
    Model,
    ModelList,
    ModelPlace,
    ModelRole,
    ModelTask,
    ModelUse,
    StandardModel,
    StandardOffer,
    WeightsFacts,
)
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed
from codefx_desktop.jobs.standard_weights import standard_models

FOLDER = Path("/data/model_weights")
_WORDS = """
person bicycle car motorcycle airplane bus train truck boat traffic_light fire_hydrant stop_sign
parking_meter bench bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella
handbag tie suitcase frisbee skis snowboard sports_ball kite baseball_bat baseball_glove skateboard
surfboard tennis_racket bottle wine_glass cup fork knife spoon bowl banana apple sandwich orange
broccoli carrot hot_dog pizza donut cake chair couch potted_plant bed dining_table toilet tv laptop
mouse remote keyboard cell_phone microwave oven toaster sink refrigerator book clock vase scissors
teddy_bear hair_drier toothbrush
"""
COCO = tuple(word.replace("_", " ") for word in _WORDS.split())
PIT = ("car", "wheel", "crew", "wheel gun", "jack")


def facts(
    task: ModelTask = ModelTask.DETECT,
    classes: tuple[str, ...] = PIT,
    size_bytes: int = 5_489_000,
    sha256: str = "3f9a" * 16,
) -> WeightsFacts:
    """Return what a look told."""
    kind = {"detect": "detection", "segment": "segmentation", "other": "pose"}[task.value]
    return WeightsFacts(task, kind, classes, 2_616_248, size_bytes, sha256)


def model(
    name: str, *places: ModelPlace, found: WeightsFacts | None = None, **values: object
) -> Model:
    """Return a model of the person's own folder, or of other places."""
    size = found.size_bytes if found else 6_200_000
    return Model(
        FOLDER / name,
        size,
        frozenset(places or (ModelPlace.OWN,)),
        **{"facts": found, **values},
    )


def some_models() -> ModelList:
    """Return a list with one of each."""
    offers = standard_models()
    kept = model("yolo11n-seg.pt", found=of_offer(offers[4]), roles=(ModelRole.SEGMENTER,))
    use = ModelUse(14, 1, "job-1", "boom-lap-14.mp4", datetime(2026, 11, 21, 14, 3, tzinfo=UTC))
    return ModelList(
        (
            model("best.pt", found=facts(), roles=(ModelRole.DETECTOR,), use=use),
            kept,
            model("demo_model.pt", ModelPlace.DEMO, found=facts(sha256="77" * 32)),
            model("poses.pt", found=facts(ModelTask.OTHER, ("person",), sha256="12" * 32)),
            model("broken.pt", trouble="broken.pt is cut short or damaged. Choose another."),
            model("new.pt"),
            replace(
                model("old.pt", ModelPlace.JOBS, trouble="old.pt is not there."),
                path=Path("/media/usb/old.pt"),
                size_bytes=0,
                use=ModelUse(2, 0, "job-2", "practice.mov", datetime(2026, 5, 1, tzinfo=UTC)),
            ),
        ),
        tuple(
            StandardOffer(one, kept.path if one.name == kept.name else None, part)
            for one, part in zip(offers, (0, 0, 12_400_000, 0, 0, 0, 0), strict=True)
        ),
        FOLDER,
    )


def of_offer(offer: StandardModel) -> WeightsFacts:
    """Return the facts of a standard model."""
    return facts(offer.task, COCO, offer.size_bytes, offer.sha256)


class FakeModelDesk(QObject):
    """The same signals and calls as ``jobs.model_desk.ModelDesk``.

    Attributes:
        found: What is listed.
        calls: What it was asked.
    """

    listed = Signal(object)
    deed = Signal(object)
    name_taken = Signal(object)
    in_bucket = Signal(object)
    removed = Signal(object)
    trouble = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found = some_models()
        self.calls: list[tuple[object, ...]] = []

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    def request_list(self) -> None:
        self.calls.append(("request_list",))
        QTimer.singleShot(0, self, lambda: self.listed.emit(self.found))

    def add(self, source: Path, name: str = "") -> None:
        self.calls.append(("add", source, name))
        self.deed.emit(ModelDeed(DeedKind.ADD, str(source)))

    def get(self, name: str) -> None:
        self.calls.append(("get", name))
        self.deed.emit(ModelDeed(DeedKind.GET, name))

    def get_from(self, name: str, place: Path) -> None:
        self.calls.append(("get_from", name, place))
        self.deed.emit(ModelDeed(DeedKind.GET, name))

    def list_bucket(self, target: str, prefix: str) -> None:
        self.calls.append(("list_bucket", target, prefix))

    def get_from_bucket(self, target: str, key: str) -> None:
        self.calls.append(("get_from_bucket", target, key))
        self.deed.emit(ModelDeed(DeedKind.BUCKET, key))

    def cancel(self, kind: DeedKind, name: str) -> None:
        self.calls.append(("cancel", kind, name))
        self.deed.emit(ModelDeed(kind, name, DeedPhase.STOPPING))

    def discard(self, name: str) -> None:
        self.calls.append(("discard", name))

    def remove(self, path: Path) -> None:
        self.calls.append(("remove", path))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def list(self, found: ModelList) -> None:
        """Make this the list, and tell."""
        self.found = found
        self.listed.emit(found)
