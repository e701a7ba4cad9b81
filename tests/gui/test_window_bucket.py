"""Weights from a bucket, under hands: listed, fetched, stopped, refused."""

# ruff: noqa: F811 - fixtures are imported by their names

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.fake_models import FOLDER, FakeModelDesk, facts
from gui.test_window_models import desk, models  # noqa: F401 - fixtures
from PySide6.QtCore import Qt

from codefx_desktop.domain.models import ModelKept, Transfer
from codefx_desktop.jobs.model_values import (
    BucketModel,
    BucketModels,
    DeedKind,
    DeedPhase,
    ModelDeed,
)

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models_window import ModelsWindow


def test_weights_of_a_bucket_are_listed_and_fetched(
    qtbot: QtBot, models: ModelsWindow, desk: FakeModelDesk, hub: FakeHub
) -> None:
    models.bucket_button.click()
    dialog = models.bucket_dialog
    assert dialog is not None
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.target.count() > 0)
    target = dialog.target.currentData()
    assert desk.of("list_bucket") == [(target, "models/")]
    assert not dialog.get_button.isEnabled()
    found = (BucketModel("models/a.pt", "a.pt", 5_489_000), BucketModel("models/b.pt", "b.pt", 7))
    desk.in_bucket.emit(BucketModels(target, "models/", found))
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert desk.of("get_from_bucket") == [(target, "models/b.pt")]
    now = ModelDeed(DeedKind.BUCKET, "models/b.pt", DeedPhase.RUNNING, Transfer(3, 6, 1.0))
    desk.deed.emit(now)
    assert dialog.bar.value() == 500
    assert models.rows.find("adding:models/b.pt") >= 0
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.of("cancel") == [(DeedKind.BUCKET, "models/b.pt")]
    assert dialog.isVisible()
    desk.deed.emit(replace(now, phase=DeedPhase.FAILED, message="It did not arrive as said."))
    assert dialog.trouble.text() == "It did not arrive as said."
    assert not models.banner.isVisible()
    kept = ModelKept(FOLDER / "b-2.pt", facts())
    desk.deed.emit(replace(now, phase=DeedPhase.DONE, kept=kept))
    assert dialog.status.text() == "b.pt is here now as b-2.pt."
    assert not dialog.trouble_box.isVisible()
    dialog.reject()
    assert not dialog.isVisible()


def test_a_bucket_that_does_not_answer_says_why(
    qtbot: QtBot, models: ModelsWindow, desk: FakeModelDesk
) -> None:
    models.show_bucket()
    dialog = models.bucket_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.target.count() > 0)
    dialog.prefix.setText("weights/")
    qtbot.keyClick(dialog.prefix, Qt.Key.Key_Return)
    target = dialog.target.currentData()
    assert desk.of("list_bucket")[-1] == (target, "weights/")
    desk.in_bucket.emit(BucketModels(target, "models/", message="Too late."))  # another question's
    assert not dialog.trouble_box.isVisible()
    desk.in_bucket.emit(BucketModels(target, "weights/", message="Nobody answers."))
    assert dialog.trouble.text() == "Nobody answers."
    desk.in_bucket.emit(BucketModels(target, "weights/"))
    assert "no weights" in dialog.status.text()
    dialog.close()
