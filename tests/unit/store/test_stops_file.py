"""Signals and stops in a detections file, and all that was measured read back at once."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from stop_samples import full_stop

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.observations import Motion, Sound
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.domain.scene import Scene
from codefx_desktop.domain.zone import Zone, ZoneRole, ZoneSet
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import (
    DetectionReader,
    DetectionWriter,
    StopBasis,
    replace_stops,
)

FRAMES = 600
F1 = built_in_templates()[0]
TICKS = np.arange(FRAMES, dtype=np.int64) * 1001
INDEX = FrameIndex(TICKS, TICKS + 5, TICKS % 7 == 0, Fraction(1, 60_000))
MODEL = ModelInfo(
    Path("best.pt"), "ab" * 32, "detect", ("car", "wheel"), 640, DeviceInfo("cpu", "CPU", "")
)
CAMERA = CameraProfile(
    name="Wall",
    front_deg=180.0,
    marks=BoxMarks(((0.1, 0.9), (0.1, 0.8), (0.9, 0.8), (0.9, 0.9)), 7.0, 2.5),
    zones=ZoneSet((Zone("box", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)), ZoneRole.BOX),)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "analysis" / "detections.sqlite"


def opened(path: Path) -> DetectionWriter:
    return DetectionWriter(path, index=INDEX, model=MODEL)


def some(count: int, seed: int) -> Detections:
    rng = np.random.default_rng(seed)
    return Detections(
        (rng.random((count, 4)) * 1000).astype(np.float32),
        rng.random(count).astype(np.float32),
        rng.integers(0, 2, count).astype(np.int16),
        rng.integers(-1, 9, count).astype(np.int32),
    )


def motion(frames: int = FRAMES) -> Motion:
    rng = np.random.default_rng(1)
    return Motion(
        rng.normal(0, 3, (frames, 5, 7, 2)).astype(np.float16),
        rng.integers(0, 256, (frames, 5, 7)).astype(np.uint8),
        rng.normal(0, 1, (frames, 4)).astype(np.float32),
        (40,),
        np.array([(255, 1010.3, 110.7, 24.1), (300, 9.9, 1.1, 3.3)], np.float32),
    )


def sound() -> Sound:
    rng = np.random.default_rng(2)
    voices = rng.random((3, 9))
    voices[0, 6] = np.nan
    return Sound(100.0, rng.random(999).astype(np.float32), rng.random((4, 2)), voices)


FOUND = [some(seed % 5, seed) for seed in range(FRAMES)]


def write_frames(writer: DetectionWriter, found: list[Detections] | None = None) -> None:
    rows = found if found is not None else FOUND
    writer.append([FrameFindings(n, INDEX.time(n), one) for n, one in enumerate(rows)])


def test_all_that_was_measured_comes_back_to_the_bit(path: Path) -> None:
    with opened(path) as writer:
        write_frames(writer)
        writer.set_picture(1280, 720, 10.01)
        writer.set_motion(motion())
        writer.set_sound(sound())
    with DetectionReader(path) as reader:
        seen = reader.observations()
    assert (seen.width, seen.height, seen.ends_s) == (1280, 720, 10.01)
    assert np.array_equal(seen.times_s, TICKS / 60_000)
    assert np.array_equal(seen.numbers, np.arange(FRAMES))
    assert seen.objects.class_names == ("car", "wheel")
    for name in ("xyxy", "confidence", "class_id", "track_id"):
        expected = np.concatenate([getattr(one, name) for one in FOUND])
        told = getattr(seen.objects, name)
        assert told.dtype == expected.dtype
        assert np.array_equal(told, expected)
    assert np.array_equal(np.bincount(seen.objects.frame, minlength=FRAMES), [*map(len, FOUND)])
    assert seen.motion is not None
    assert seen.sound is not None
    for told, expected in ((seen.motion, motion()), (seen.sound, sound())):
        for name in expected.__dataclass_fields__:
            one, other = getattr(told, name), getattr(expected, name)
            assert np.size(other), f"{name} is not asked here"
            assert np.array_equal(one, other, equal_nan=name == "voices"), name
            assert getattr(one, "dtype", None) == getattr(other, "dtype", None)
    assert seen.cuts == (40,)


def test_an_older_file_tells_of_no_lights(path: Path) -> None:
    with opened(path) as writer:
        write_frames(writer)
        writer.set_motion(motion())
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE meta SET value = json_remove(value, '$.lights') WHERE key = 'motion'")
    with DetectionReader(path) as reader:
        told = reader.observations((64, 48)).motion
    assert told is not None
    assert (told.lights.shape, told.cuts) == ((0, 4), (40,))


def test_scenes_tell_cuts_better_than_motion(path: Path) -> None:
    with opened(path) as writer:
        write_frames(writer)
        writer.set_motion(motion())
        writer.set_scenes([Scene(0, 0, 99, 0.0, 1.7), Scene(1, 100, 599, 1.7, 10.0)])
    with DetectionReader(path) as reader:
        assert reader.observations((64, 48)).cuts == (100,)


def test_frames_that_were_not_analysed_are_passed_over(path: Path) -> None:
    with opened(path) as writer:
        writer.append([FrameFindings(n, INDEX.time(n), some(2, n)) for n in range(10, 20, 2)])
        writer.set_scenes([Scene(0, 0, 12, 0.0, 0.2), Scene(1, 13, 599, 0.2, 10.0)])
    with DetectionReader(path) as reader:
        seen = reader.observations((64, 48))
    assert seen.numbers.tolist() == [10, 12, 14, 16, 18]
    assert seen.objects.frame.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert seen.cuts == (2,)
    assert seen.ends_s == pytest.approx(20 * 1001 / 60_000)


def test_a_file_without_weights_sound_or_motion_has_none(path: Path) -> None:
    with DetectionWriter(path, index=INDEX, model=None) as writer:
        writer.append([FrameFindings(0, INDEX.time(0), None)])
        writer.set_sound(None)
    with DetectionReader(path) as reader:
        seen = reader.observations((64, 48), ends_s=0.5)
        assert reader.stops() is reader.stop_basis() is None
    assert len(seen.objects.frame) == 0
    assert seen.objects.class_names == ()
    assert (seen.motion, seen.sound, seen.cuts, seen.ends_s) == (None, None, (), 0.5)


def test_eighteen_thousand_frames_are_read_in_two_seconds(path: Path) -> None:
    ticks = np.arange(18_000, dtype=np.int64) * 1001
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 60_000))
    found = [some(40, seed) for seed in range(8)]
    with DetectionWriter(path, index=index, model=MODEL) as writer:
        writer.append([FrameFindings(n, index.time(n), found[n % 8]) for n in range(18_000)])
    with DetectionReader(path) as reader:
        begin = time.process_time()
        seen = reader.observations((1280, 720))
        assert time.process_time() - begin < 2.0
    assert len(seen.objects.frame) == 720_000
    assert np.array_equal(seen.objects.xyxy[-40:], found[17_999 % 8].xyxy)


def test_stops_come_back_with_what_they_were_found_by(path: Path) -> None:
    stops = (full_stop(1), full_stop(2))
    with opened(path) as writer:
        writer.set_stops([], F1, CAMERA)
        with DetectionReader(path) as reader:
            assert reader.stops() == ()
        writer.set_stops(stops, F1, CAMERA)
        with pytest.raises(ValueError, match="in order"):
            writer.set_stops((full_stop(2),), F1, CAMERA)
    with DetectionReader(path) as reader:
        assert reader.stops() == stops
        assert reader.stop_basis() == StopBasis(F1, CAMERA)


def test_a_corrected_stop_takes_the_others_place(path: Path) -> None:
    with opened(path) as writer:
        writer.set_stops([full_stop(1)], F1, CAMERA)
    replace_stops(path, [full_stop(1), full_stop(2)])
    with DetectionReader(path) as reader:
        assert reader.stops() == (full_stop(1), full_stop(2))
        assert reader.stop_basis() == StopBasis(F1, CAMERA)
    replace_stops(path, [], StopBasis(built_in_templates()[3], CameraProfile()))
    with DetectionReader(path) as reader:
        assert reader.stops() == ()
        basis = reader.stop_basis()
    assert basis is not None
    assert basis.template.name == "nascar"
    with pytest.raises(ValueError, match="in order"):
        replace_stops(path, [full_stop(3)])
    assert not path.with_name(f"{path.name}-journal").exists()


def test_a_file_of_the_second_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            Path(__file__).with_name("detections_v2.sql").read_text(encoding="utf-8")
        )
    with DetectionReader(path) as reader:
        assert reader.stops() is reader.stop_basis() is None
        seen = reader.observations((640, 480))
        with pytest.raises(HistoryError, match="size of the picture"):
            reader.observations()
    assert seen.numbers.tolist() == [0, 1, 2]
    assert seen.objects.frame.tolist() == [0, 0, 2]
    assert seen.objects.track_id.tolist() == [7, -1, 8]
    assert seen.cuts == (2,)
    with pytest.raises(HistoryError, match="before stops were taken apart"):
        replace_stops(path, [])


def test_a_file_of_the_first_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            Path(__file__).with_name("detections_v1.sql").read_text(encoding="utf-8")
        )
    with DetectionReader(path) as reader:
        assert reader.stops() is None
        assert len(reader.observations((640, 480)).objects.frame) == 3


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE motion SET data = x'00'",
        "DELETE FROM motion WHERE first = 256",
        "UPDATE sound SET data = (SELECT data FROM motion)",
        "UPDATE meta SET value = '{}' WHERE key = 'motion'",
        "UPDATE meta SET value = '[' WHERE key = 'picture'",
        "UPDATE frames SET data = x'00' WHERE number = 3",
        "DELETE FROM frames WHERE number = 3",
    ],
)
def test_damaged_signals_are_told(path: Path, damage: str) -> None:
    with opened(path) as writer:
        write_frames(writer)
        writer.set_picture(1280, 720, 10.01)
        writer.set_motion(motion())
        writer.set_sound(sound())
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(damage)
    with DetectionReader(path) as reader, pytest.raises(HistoryError, match="damaged"):
        reader.observations()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM stops",
        "UPDATE stops SET data = '{}'",
        """UPDATE stops SET data = replace(data, '"version": 1', '"version": 9')""",
        "UPDATE meta SET value = '{}' WHERE key = 'stops'",
    ],
)
def test_damaged_stops_are_told(path: Path, damage: str) -> None:
    with opened(path) as writer:
        writer.set_stops([full_stop(1)], F1, CAMERA)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(damage)
    with DetectionReader(path) as reader, pytest.raises(HistoryError, match="damaged"):
        reader.stops()
