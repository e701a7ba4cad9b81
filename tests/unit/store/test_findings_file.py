"""Segments, faces and scenes beside the detections: whole, while written, of older files."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from artifact_samples import any_detections, any_faces, any_segments
from fake_values import detections, faces, rectangles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import HistoryError, NoSpace
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.ports import DeviceInfo, FaceModelInfo, ModelInfo
from codefx_desktop.domain.scene import Scene
from codefx_desktop.store.detections import DetectionReader, DetectionWriter, FaceTrackCount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRST = Path(__file__).with_name("detections_v1.sql")
"""A file that the program's first version wrote: three frames, three detections."""
CPU = DeviceInfo("cpu", "CPU", "no GPU was found")
DETECTOR = ModelInfo(Path("/weights/best.pt"), "ab" * 32, "detect", ("car", "wheel"), 640, CPU)
SEGMENTER = ModelInfo(Path("/weights/seg.pt"), "cd" * 32, "segment", ("person", "tyre"), 320, CPU)
FACES = FaceModelInfo("mtcnn", "ef" * 32, CPU)
FRAMES = 8
TICKS = np.arange(FRAMES, dtype=np.int64) * 3003
INDEX = FrameIndex(TICKS, TICKS + 7, TICKS % 2 == 0, Fraction(1, 90_000))
SCENES = (Scene(0, 0, 2, 0.0, 1 / 3), Scene(1, 3, 7, 1 / 3, 0.7))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "analysis" / "detections.sqlite"


@pytest.fixture
def writer(path: Path) -> Iterator[DetectionWriter]:
    with opened(path) as writer:
        yield writer


def opened(path: Path) -> DetectionWriter:
    return DetectionWriter(path, index=INDEX, model=DETECTOR, segmenter=SEGMENTER, faces=FACES)


def looked(
    number: int,
    boxes: Detections | None = None,
    segments: Segments | None = None,
    found: Faces | None = None,
) -> FrameFindings:
    return FrameFindings(number, INDEX.time(number), boxes, segments, found)


def tracked(*track_ids: int, confidence: float = 0.99) -> Faces:
    found = faces([(10, 10, 40, 50)] * len(track_ids), confidence)
    ids = np.array(track_ids, np.int32)
    return Faces(found.xyxy, found.confidence, found.landmarks, ids)


def told(value: Detections | Segments | Faces | None) -> object:
    """Return something that is equal where every bit is."""
    if value is None:
        return None
    names = [name for name in value.__slots__ if name != "polygons"]
    arrays = [(name, getattr(value, name).tobytes()) for name in names]
    outlines = [[part.tobytes() for part in parts] for parts in getattr(value, "polygons", ())]
    return (type(value), len(value), arrays, outlines)


def all_told(frame: FrameFindings) -> tuple[object, ...]:
    found = (frame.detections, frame.segments, frame.faces)
    return (frame.number, frame.time, *map(told, found))


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(statement)


def test_nobody_looked_is_not_nothing_there(writer: DetectionWriter, path: Path) -> None:
    frames = [
        looked(0),
        looked(1, Detections.empty()),
        looked(2, None, Segments.empty()),
        looked(3, None, None, Faces.empty()),
        looked(4, detections([(1, 2, 3, 4)]), rectangles([(1, 2, 3, 4)]), tracked(0)),
    ]
    writer.append(frames)
    with DetectionReader(path) as reader:
        assert list(map(all_told, reader.frames())) == list(map(all_told, frames))
        assert [all_told(reader.frame(n)) for n in range(5)] == list(map(all_told, frames))
        assert reader.frame(5) is None
        assert reader.looked() == (2, 3, 4)
        assert (reader.count(), reader.summary().detections) == (5, 1)


def test_boxes_can_be_had_without_the_rest(writer: DetectionWriter, path: Path) -> None:
    frame = looked(0, detections([(1, 2, 3, 4)]), rectangles([(1, 2, 3, 4)]), tracked(0))
    writer.append([frame])
    with DetectionReader(path) as reader:
        (found,) = reader.frames(with_outlines=False)
    assert all_told(found) == all_told(looked(0, frame.detections))


def test_who_looked_is_told(path: Path) -> None:
    with opened(path), DetectionReader(path) as reader:
        assert reader.class_names == ("car", "wheel")
        assert reader.segment_class_names == ("person", "tyre")
        assert reader.segmenter == {
            "name": "seg.pt",
            "sha256": "cd" * 32,
            "task": "segment",
            "class_names": ["person", "tyre"],
            "image_size_px": 320,
            "device": "cpu",
        }
        assert reader.faces == {"name": "mtcnn", "sha256": "ef" * 32, "device": "cpu"}
    with DetectionWriter(path, index=INDEX, model=None), DetectionReader(path) as reader:
        assert reader.model is reader.segmenter is reader.faces is None
        assert reader.class_names == reader.segment_class_names == ()


def test_frames_are_looked_at_later(writer: DetectionWriter, path: Path) -> None:
    boxes = detections([(1, 2, 3, 4)])
    writer.append([looked(number, boxes) for number in range(4)])
    with DetectionReader(path) as reader:
        writer.amend(
            [looked(3, None, rectangles([(1, 2, 3, 4)])), looked(1, None, None, tracked(5))]
        )
        assert reader.looked() == (1, 3)
        assert reader.face_tracks() == (FaceTrackCount(5, 1, 1, 1, pytest.approx(0.99)),)
        # What is not looked at again stays.
        writer.amend([looked(1, Detections.empty(), Segments.empty())])
        found = reader.frame(1)
        expected = looked(1, boxes, Segments.empty(), tracked(5))
        assert all_told(found) == all_told(expected)
        assert reader.summary().detections == 4
        writer.append([looked(4, boxes)])
        assert reader.count() == 5


def test_sums_of_faces_follow_what_is_replaced(writer: DetectionWriter, path: Path) -> None:
    writer.append(
        [
            looked(0, None, None, tracked(1, 2, NO_TRACK, confidence=0.95)),
            looked(2, None, None, tracked(1, confidence=0.9375)),
            looked(5, None, None, tracked(2, confidence=1.0)),
        ]
    )
    with DetectionReader(path) as reader:
        assert reader.face_tracks() == (
            FaceTrackCount(1, 2, 0, 2, pytest.approx(0.95)),
            FaceTrackCount(2, 2, 0, 5, 1.0),
        )
        writer.amend(
            [
                looked(0, None, None, Faces.empty()),
                looked(5, None, None, tracked(1, confidence=0.5)),
            ]
        )
        assert reader.face_tracks() == (FaceTrackCount(1, 2, 2, 5, 0.9375),)


def test_an_amendment_is_made_whole_or_not_at_all(writer: DetectionWriter, path: Path) -> None:
    writer.append([looked(0)])
    with DetectionReader(path) as reader:
        with pytest.raises(ValueError, match="frame 7 is not there"):
            writer.amend([looked(0, None, None, tracked(1)), looked(7, None, None, tracked(1))])
        with pytest.raises(ValueError, match="not one each"):
            writer.amend([looked(0, None, None, tracked(1)), looked(0, None, None, tracked(2))])
        writer.amend([])
        assert (reader.looked(), reader.face_tracks()) == ((), ())


def test_a_full_disk_loses_nothing_that_was_there(writer: DetectionWriter, path: Path) -> None:
    frames = [looked(n, None, None, tracked(1)) for n in range(FRAMES)]
    writer.append(frames)
    connection = writer._open()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    outlines = rectangles([(1, 2, 3, 4)] * 500)
    with pytest.raises(NoSpace, match="disk is full"):
        writer.amend([looked(n, None, outlines, tracked(2)) for n in range(FRAMES)])
    with DetectionReader(path) as reader:
        assert list(map(all_told, reader.frames())) == list(map(all_told, frames))
        assert [track.track_id for track in reader.face_tracks()] == [1]
        connection.execute("PRAGMA max_page_count = 1000000")
        writer.amend([looked(0, None, outlines)])
        assert told(reader.frame(0).segments) == told(outlines)


def test_scenes_come_back(writer: DetectionWriter, path: Path) -> None:
    with DetectionReader(path) as reader:
        assert reader.scenes() is None
        writer.set_scenes(SCENES[:1])
        assert reader.scenes() == SCENES[:1]
        writer.set_scenes(SCENES)
        assert reader.scenes() == SCENES
        with pytest.raises(ValueError, match="in order"):
            writer.set_scenes(SCENES[1:])
        writer.set_scenes(())
        assert reader.scenes() == ()
    with opened(path), DetectionReader(path) as reader:
        assert reader.scenes() is None


def test_many_frames_come_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codefx_desktop.store.detection_reader._BATCH_LOOKS", 3)
    with opened(path) as writer:
        writer.append([looked(n, None, Segments.empty()) for n in range(FRAMES)])
    with DetectionReader(path) as reader:
        assert [frame.number for frame in reader.frames(1, 7)] == list(range(1, 7))


def test_a_file_of_the_first_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
    with DetectionReader(path) as reader:
        frames = list(reader.frames())
        assert all_told(reader.frame(0)) == all_told(frames[0])
        assert reader.summary().complete
        assert reader.class_names == ("car", "wheel")
        assert reader.segmenter is reader.faces is reader.scenes() is None
        assert reader.looked() == reader.face_tracks() == ()
    times = [(frame.number, frame.time.ticks, frame.time.pts) for frame in frames]
    assert times == [(0, 0, 7), (1, 3000, 3007), (2, 6003, 6010)]
    assert told(frames[1].detections) == told(Detections.empty())
    expected = detections([(1.5, 2, 3, 4.25), (10, 20, 30, 40)], [0.5, 0.0625], [1, 0], [7, -1])
    assert told(frames[0].detections) == told(expected)
    assert all(frame.segments is frame.faces is None for frame in frames)


def test_a_run_begins_a_file_of_the_first_version_anew(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
    with DetectionReader(path) as old, opened(path) as writer:
        writer.append([looked(0, None, None, tracked(3))])
        assert [told(frame.faces) for frame in old.frames()] == [None]
        with DetectionReader(path) as reader:
            assert [told(frame.faces) for frame in reader.frames()] == [told(tracked(3))]


@pytest.mark.parametrize(
    ("damage", "ask"),
    [
        ("UPDATE segments SET data = x'00'", lambda reader: reader.frame(0)),
        ("UPDATE segments SET count = 7", lambda reader: list(reader.frames())),
        ("UPDATE segments SET count = 'x'", lambda reader: reader.frame(0)),
        ("UPDATE segments SET data = 'text'", lambda reader: reader.frame(0)),
        ("UPDATE faces SET count = -1", lambda reader: reader.frame(0)),
        ("UPDATE faces SET data = x''", lambda reader: reader.frame(0)),
        ("UPDATE frames SET count = NULL", lambda reader: reader.frame(0)),
        ("UPDATE frames SET data = NULL", lambda reader: reader.frame(0)),
        ("DELETE FROM scenes WHERE number = 1", lambda reader: reader.scenes()),
        ("UPDATE scenes SET end_s = -1.0", lambda reader: reader.scenes()),
        ("UPDATE scenes SET first = 'x'", lambda reader: reader.scenes()),
        ("UPDATE meta SET value = 'x' WHERE key = 'scenes'", lambda reader: reader.scenes()),
        ("DELETE FROM meta WHERE key = 'faces'", lambda reader: reader.faces),
        ("UPDATE meta SET value = '5' WHERE key = 'segmenter'", lambda reader: reader.segmenter),
        ("UPDATE meta SET value = '{}' WHERE key = 'model'", lambda reader: reader.class_names),
        ("DELETE FROM meta WHERE key = 'state'", lambda reader: reader.summary()),
    ],
)
def test_damage_is_told(path: Path, damage: str, ask: object) -> None:
    with opened(path) as writer:
        writer.append(
            [looked(0, detections([(1, 2, 3, 4)]), rectangles([(1, 2, 3, 4)]), tracked(1))]
        )
        writer.set_scenes(SCENES)

    def use() -> None:
        with DetectionReader(path) as reader:
            ask(reader)

    use()
    change(path, damage)
    with pytest.raises(HistoryError, match=r"damaged.*Run the job again") as raised:
        use()
    assert raised.value.path == path


def naive_tracks(all_faces: dict[int, Faces]) -> tuple[FaceTrackCount, ...]:
    seen: dict[int, list[tuple[int, float]]] = {}
    for number, found in sorted(all_faces.items()):
        for track, confidence in zip(
            found.track_id.tolist(), found.confidence.tolist(), strict=True
        ):
            if track != NO_TRACK:
                seen.setdefault(track, []).append((number, confidence))
    return tuple(
        FaceTrackCount(track, len(rows), rows[0][0], rows[-1][0], max(best for _, best in rows))
        for track, rows in sorted(seen.items())
    )


looks = st.tuples(st.none() | any_segments(), st.none() | any_faces())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.none() | any_detections(), looks), max_size=FRAMES),
    st.lists(st.dictionaries(st.integers(0, FRAMES - 1), looks, max_size=3), max_size=3),
)
def test_whatever_is_written_and_amended_is_read(
    first: Sequence[tuple[Detections | None, tuple[Segments | None, Faces | None]]],
    later: Sequence[dict[int, tuple[Segments | None, Faces | None]]],
) -> None:
    frames = [looked(n, boxes, *found) for n, (boxes, found) in enumerate(first)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.sqlite"
        with opened(path) as writer, DetectionReader(path) as reader:
            writer.append(frames)
            for amendments in later:
                there = {n: found for n, found in amendments.items() if n < len(frames)}
                writer.amend([looked(n, None, *found) for n, found in there.items()])
                for n, (segments, found) in there.items():
                    old = frames[n]
                    frames[n] = looked(
                        n,
                        old.detections,
                        old.segments if segments is None else segments,
                        old.faces if found is None else found,
                    )
            assert list(map(all_told, reader.frames())) == list(map(all_told, frames))
            everyone = {f.number: f.faces for f in frames if f.faces is not None}
            assert reader.face_tracks() == naive_tracks(everyone)
            assert reader.looked() == tuple(
                f.number for f in frames if f.segments is not None or f.faces is not None
            )
