"""The start sheet's choices, and what this machine has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.job import JobMetadata, JobSpec, QualityPreset
from codefx_desktop.domain.plan import EVERYTHING, Profile, StagePlan
from codefx_desktop.jobs.messages import ClipSizes, StartDefaults, SystemState, WeightsAnswer
from codefx_desktop.settings.weights import FoundWeights
from codefx_desktop.ui.models.machine import Machine
from codefx_desktop.ui.models.start_form import StartForm
from codefx_desktop.ui.models.weights_pick import WeightsChoice

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

CLIP = (Path("/footage/a.mp4"),)
BEST = FoundWeights(Path("/data/model_weights/best.pt"), "found in /data/model_weights")

TYRES = Profile("Tyres", "Tyres", StagePlan(segment=True, every_frame=True), is_own=True)


@pytest.fixture
def form(hub: FakeHub) -> StartForm:
    return StartForm(hub, CLIP)


def test_found_weights_are_taken_by_themselves(qtbot: QtBot, hub: FakeHub) -> None:
    hub.found_weights = BEST
    form = StartForm(hub, CLIP)
    assert form.hindrance == "Looking for weights…"
    qtbot.waitUntil(lambda: form.weights.choice is WeightsChoice.FOUND)
    assert form.hindrance == ""
    assert form.weights.found_text == "best.pt, found in /data/model_weights"
    assert form.spec() == JobSpec()


def test_demo_is_never_taken_by_itself(qtbot: QtBot, form: StartForm) -> None:
    qtbot.waitUntil(lambda: form.weights.found is not None)
    assert form.weights.choice is WeightsChoice.NONE
    assert form.hindrance == "Choose a weights file or the demo model."
    form.weights.choose(WeightsChoice.DEMO)
    assert form.hindrance == ""
    assert form.spec().demo_model


def test_the_demo_model_brings_a_segmenter(qtbot: QtBot, hub: FakeHub, form: StartForm) -> None:
    form.plan.change(segment=True, every_frame=True)
    form.weights.choose(WeightsChoice.DEMO)
    qtbot.waitUntil(lambda: form.hindrance == "")
    assert form.plan.weights.found_text.startswith("demo_segmenter.pt")
    form.plan.change(detect=False)  # the demo model is asked for no more
    qtbot.waitUntil(lambda: "Segmentation has no weights" in form.hindrance)
    form.plan.change(detect=True)
    qtbot.waitUntil(lambda: form.hindrance == "")
    assert form.spec().demo_model


def test_a_late_answer_does_not_undo_a_choice(qtbot: QtBot, hub: FakeHub) -> None:
    hub.found_weights = BEST
    form = StartForm(hub, CLIP)
    form.weights.choose(WeightsChoice.DEMO)
    qtbot.waitUntil(lambda: form.weights.found is not None)
    assert form.weights.choice is WeightsChoice.DEMO


def test_a_file_that_is_not_there_hinders(hub: FakeHub, form: StartForm) -> None:
    form.weights.choose(WeightsChoice.FILE)
    assert form.hindrance == "Choose the weights file."
    form.weights.choose_file(Path("/m/gone.pt"))
    assert form.hindrance == ""
    hub.weights_answer.emit(WeightsAnswer(hub._request, None, "It is not there."))
    assert form.hindrance == "It is not there."
    assert form.spec().weights == Path("/m/gone.pt")


def test_answers_to_others_are_not_taken(hub: FakeHub, form: StartForm) -> None:
    hub.weights_answer.emit(WeightsAnswer(999, BEST, ""))
    assert not form.weights.has_found


def test_begins_from_the_last_job(form: StartForm) -> None:
    spec = JobSpec(
        weights=Path("/m/gt3.pt"),
        confidence=0.3,
        iou=0.6,
        device="cpu",
        quality=QualityPreset.SMALL,
    )
    form.begin_from(StartDefaults(spec, JobMetadata("WEC"), (), ()))
    assert form.weights.choice is WeightsChoice.FILE
    assert form.spec() == spec
    assert form.metadata == JobMetadata("WEC")


def test_settings_are_the_first_defaults(hub: FakeHub) -> None:
    hub.settings = type(hub.settings)(yolo_threshold=0.3, iou_threshold=0.7, device="cpu")
    spec = StartForm(hub, CLIP).spec()
    assert (spec.confidence, spec.iou, spec.device) == (0.3, 0.7, "cpu")


def test_nothing_to_analyse_hinders(hub: FakeHub) -> None:
    assert StartForm(hub, ()).hindrance == "Add at least one clip."


def test_profile_and_plan_are_in_the_spec_and_come_back(qtbot: QtBot, hub: FakeHub) -> None:
    form = StartForm(hub, CLIP)
    form.begin_from(StartDefaults(JobSpec(), JobMetadata(), (), (), (TYRES,)))
    form.profile.choose(TYRES)
    form.plan.change(faces=True)
    spec = form.spec()
    assert spec.profile == "Tyres"
    assert spec.plan == replace(TYRES.plan, faces=True)
    again = StartForm(hub, CLIP)
    again.begin_from(StartDefaults(spec, JobMetadata(), (), (), (TYRES,)))
    assert again.profile.chosen == TYRES
    assert again.spec() == spec


def test_weights_of_a_detector_that_is_off_neither_hinder_nor_are_used(
    qtbot: QtBot, form: StartForm
) -> None:
    qtbot.waitUntil(lambda: form.weights.found is not None)
    assert form.hindrance != ""
    form.plan.change(detect=False, scenes=True, events=False)
    assert form.hindrance == ""
    form.weights.choose(WeightsChoice.DEMO)
    form.weights.choose_file(Path("/m/gt3.pt"))
    assert form.spec() == JobSpec(plan=StagePlan(detect=False, scenes=True))


def test_a_folder_counts_for_the_clips_in_it(hub: FakeHub) -> None:
    form = StartForm(hub, [Path("/footage/round 3")])
    assert form.clip_count == 1
    size = ClipSize(3000, 120.0, 1280, 720)
    hub.clip_sizes.emit(ClipSizes(hub._request, (size, size), ("live.webm",)))
    assert form.clip_count == 3
    hub.clip_sizes.emit(ClipSizes(hub._request, ()))
    assert form.hindrance == "There is no video in what was dropped."


def test_the_estimate_comes_with_the_clips_sizes(qtbot: QtBot, hub: FakeHub) -> None:
    hub.sizes = {CLIP[0]: ClipSize(3000, 120.0, 1280, 720)}
    form = StartForm(hub, CLIP)
    form.profile.choose(EVERYTHING)
    assert form.estimate == "Looking at the clips…"
    qtbot.waitUntil(lambda: form.estimate.startswith("≈ 200 frames"))
    hub.clip_sizes.emit(ClipSizes(999, (), ("other.mp4",)))
    assert form.estimate.startswith("≈ 200 frames")
    form.plan.change(detect=False, scenes=False, segment=False, faces=False, events=False)
    assert form.estimate == ""


# -- machine ----------------------------------------------------------------------------------


def test_machine_says_nothing_it_does_not_know(hub: FakeHub) -> None:
    machine = Machine(hub)
    assert machine.disk_text == machine.battery_text == machine.weights_sentence == ""
    assert machine.has_weights
    assert not machine.disk_is_low
    hub.system.emit(SystemState(50_000_000_000, "/data"))
    assert machine.disk_text == "50.0 GB free"
    assert machine.battery_text == ""
    hub.system.emit(SystemState(5_000_000_000, "/data", 10, on_battery=False))
    assert machine.disk_is_low
    assert machine.battery_text == "Battery 10 %, charging"
    assert not machine.battery_is_low


def test_weights_of_the_machine(qtbot: QtBot, hub: FakeHub) -> None:
    machine = Machine(hub)
    hub.start()
    qtbot.waitUntil(lambda: not machine.has_weights)
    assert machine.weights_sentence == hub.weights_message
    hub.found_weights = BEST
    machine.look_for_weights()
    qtbot.waitUntil(lambda: machine.has_weights)
    assert machine.weights_sentence == ("Detector weights: best.pt, found in /data/model_weights.")
