"""Sound that stays with its pictures: where it begins, when it is silent, what parts it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip
from fake_footage import FakeClock, InlinePool
from gui.fake_sound import FakeOut, FakeSounds

from codefx_desktop.jobs.sound_out import BUFFER_S, SoundSystem
from codefx_desktop.jobs.sound_player import DRIFT_S, LEAD_S, REST_S, SoundPlayer
from codefx_desktop.jobs.sound_source import SoundSource

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Fraction(0)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds whose sound rises steadily: a sample tells its own time."""
    ramp = np.linspace(0, 0.8, 4 * 44100, dtype=np.float32)
    path = tmp_path_factory.mktemp("sound") / "ramp.mkv"
    return make_clip(path, seconds=4, sound=ramp, audio_codec="pcm_s16le", size=(64, 48))


class Stage:
    """A player, a picture clock, and a device that play at true speed together."""

    def __init__(self, clip: Path, sounds: FakeSounds | None = None) -> None:
        self.clip = clip
        self.clock = FakeClock()
        self.sounds = sounds or FakeSounds()
        self.player = SoundPlayer(self.sounds, new_pool=InlinePool, now_s=self.clock)
        self.picture_s: float | None = 1.0
        self.player.prepare()

    @property
    def out(self) -> FakeOut:
        return self.sounds.out

    def play(self) -> None:
        self.player.play(self.clip, ORIGIN, lambda: self.picture_s)

    def run(self, seconds: float, *, sound_speed: float = 1.0) -> None:
        """Let time pass, with the pump at work."""
        for _ in range(round(seconds / 0.01)):
            self.clock.now_s += 0.01
            if self.picture_s is not None:
                self.picture_s += 0.01
            self.out.play(0.01 * sound_speed)
            if self.player._pump.isActive():
                self.player._keep_up()

    def heard_s(self) -> float:
        """Return where in the clip the sample is that is heard now; 0 for silence."""
        # One channel is heard from two sides, at half the power from each.
        return self.out.heard / 0.5**0.5 / 0.8 * 4


@pytest.fixture
def stage(clip: Path, qapp: object) -> Stage:
    return Stage(clip)


@pytest.mark.parametrize("begins_s", [0.0, 0.05, 0.7])
def test_sound_is_with_its_picture_however_late_a_device_begins(
    stage: Stage, begins_s: float
) -> None:
    stage.out.begins_s = begins_s
    stage.play()
    stage.run(begins_s + LEAD_S + BUFFER_S + 0.1)
    for _ in range(5):
        stage.run(0.25)
        assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)
        assert abs(stage.player.drift_s) < 0.02
    assert stage.out.deeds == ["start"]


def test_sound_waits_until_the_picture_has_come(stage: Stage) -> None:
    stage.picture_s = None
    stage.play()
    stage.run(0.6)
    assert not stage.player.is_sounding
    assert stage.heard_s() == 0
    stage.picture_s = 2.0
    stage.run(0.5)
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)


@pytest.mark.parametrize("jump_s", [-1.2, -0.3, 0.25, 1.1])
def test_sound_follows_a_picture_that_jumps(stage: Stage, jump_s: float) -> None:
    stage.picture_s = 1.4
    stage.play()
    stage.run(0.8)
    stage.picture_s += jump_s
    stage.run(0.5)
    assert stage.out.deeds == ["start"]
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)


@pytest.mark.parametrize("sound_speed", [0.95, 1.03])
def test_a_device_whose_clock_is_off_never_parts_further_than_is_noticed(
    stage: Stage, sound_speed: float
) -> None:
    stage.play()
    stage.run(0.8)
    gaps = []
    for _ in range(18):
        stage.run(0.1, sound_speed=sound_speed)
        gaps.append(abs(stage.heard_s() - (stage.picture_s or 0)))
    heard = [gap for gap in gaps if gap < 1]  # but for the silence that puts it right
    assert len(heard) >= 14
    assert max(heard) < DRIFT_S + 0.03


def test_muting_stopping_and_volume(stage: Stage) -> None:
    stage.player.set_volume(0.5)
    stage.play()
    stage.run(0.8)
    assert stage.out.volume == 0.5
    stage.player.set_volume(7)
    assert stage.out.volume == 1.0
    stage.player.set_muted(True)
    stage.run(0.3)
    assert not stage.player.is_sounding
    assert stage.heard_s() == 0
    stage.player.set_muted(False)
    stage.run(0.5)
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)
    stage.player.stop()
    stage.run(0.3)
    assert stage.heard_s() == 0
    assert stage.out.is_started  # it begins at once when playing goes on
    stage.run(REST_S)
    assert not stage.out.is_started
    stage.picture_s = 1.0
    stage.play()
    stage.run(0.8)
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)


def test_past_the_end_of_the_sound_there_is_silence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[float] = []
    real = SoundSource.open
    monkeypatch.setattr(
        SoundSource, "open", lambda self, *args: (opened.append(args[3]), real(self, *args))
    )
    stage.picture_s = 3.2
    stage.play()
    stage.run(3.0)
    assert stage.heard_s() == 0
    assert len(opened) == 1
    stage.picture_s = 1.0
    stage.run(0.5)
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02)


def test_without_an_output_it_says_why_and_nothing_else_happens(clip: Path, qapp: object) -> None:
    stage = Stage(clip, FakeSounds(why="There is no sound here."))
    assert stage.player.why == "There is no sound here. Connect one."
    stage.play()
    stage.run(0.5)
    stage.player.set_muted(True)
    stage.player.set_muted(False)
    assert stage.out.deeds == []
    stage.player.shutdown()


def test_a_clip_whose_sound_cannot_be_read_is_silent(qapp: object, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "gone.mp4")
    stage.play()
    stage.run(0.8)
    assert stage.heard_s() == 0


def test_this_machines_own_sound_is_there_or_says_why(qapp: object) -> None:
    player = SoundPlayer(SoundSystem(), new_pool=InlinePool)
    player.prepare()
    assert player.why == "" or player.why.startswith("There is no sound here: ")
    player.shutdown()


def test_a_clip_whose_sound_was_stopped_is_not_held_open(stage: Stage) -> None:
    stage.play()
    stage.run(1.0)
    assert stage.player._source._blocks is not None
    stage.player.stop()
    assert stage.player._source._blocks is None
    stage.play()
    stage.run(1.0)
    assert stage.heard_s() == pytest.approx(stage.picture_s, abs=0.02), "it is heard again"
