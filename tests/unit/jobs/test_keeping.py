"""Findings are kept in order, once it is settled which scene they are in."""

from __future__ import annotations

from fractions import Fraction

from fake_trackers import FakeFaceTracker
from fake_values import detections, faces

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.jobs.keeping import Keeper, Sums

PLAN = StagePlan(faces=True, every_frame=True)


class Scenes:
    """Settles frames as it is told."""

    def __init__(self, cut: int = 10**9) -> None:
        self.cut = cut
        self.settled = 0
        self.waited = False

    def scene_of(self, number: int) -> int | None:
        return int(number >= self.cut) if number < self.settled else None

    def wait(self) -> None:
        self.waited = True
        self.settled = 10**9


class Shelf:
    """Keeps what is written, chunk by chunk, and what is told to the artifacts."""

    def __init__(self) -> None:
        self.chunks: list[list[FrameFindings]] = []
        self.told: list[tuple[int, int | None]] = []

    def write(self, frames: object) -> None:
        self.chunks.append(list(frames))  # type: ignore[call-overload]

    def tell(self, found: FrameFindings, scene: int | None) -> None:
        self.told.append((found.number, scene))

    @property
    def kept(self) -> list[FrameFindings]:
        return [one for chunk in self.chunks for one in chunk]


def found(number: int, *, with_faces: bool = True, rate: int = 10) -> FrameFindings:
    return FrameFindings(
        number,
        FrameTime(number, Fraction(1, rate)),
        detections([[0, 0, 9, 9], [0, 0, 5, 5]], [0.9, 0.3], track_id=[1, 2]),
        None,
        faces([[10, 10, 40, 40]]) if with_faces else None,
    )


def keeper(shelf: Shelf, scenes: Scenes | None, sums: Sums | None = None, **more: object) -> Keeper:
    count = (sums or Sums.of(PLAN, 0.5)).add
    return Keeper(shelf.write, count, scenes, FakeFaceTracker(), shelf, **more)  # type: ignore[arg-type]


def test_frames_are_written_a_second_at_a_time() -> None:
    shelf = Shelf()
    kept = keeper(shelf, None)
    for number in range(25):
        kept.add(found(number))
    assert [len(chunk) for chunk in shelf.chunks] == [10, 10]
    kept.finish()
    assert [one.number for one in shelf.kept] == list(range(25))


def test_nothing_is_kept_before_its_scene_is_settled() -> None:
    shelf, scenes = Shelf(), Scenes(cut=7)
    kept = keeper(shelf, scenes, wanted={3, 8, 30})
    for number in range(10):
        kept.add(found(number))
    assert shelf.told == []
    scenes.settled = 5
    kept.add(found(10))
    assert shelf.told == [(3, 0)]
    kept.finish()
    assert scenes.waited
    assert shelf.told == [(3, 0), (8, 1)]
    assert [one.number for one in shelf.kept] == list(range(11))


def test_tracks_of_faces_end_at_a_cut_however_late_it_is_known() -> None:
    shelf, scenes = Shelf(), Scenes(cut=7)
    kept = keeper(shelf, scenes)
    for number in range(12):
        kept.add(found(number, with_faces=number % 2 == 0))
    kept.finish()
    tracks = {
        one.number: one.faces.track_id.tolist() for one in shelf.kept if one.faces is not None
    }
    assert tracks == {0: [1], 2: [1], 4: [1], 6: [1], 8: [2], 10: [2]}


def test_sums_count_what_is_confident_enough() -> None:
    shelf, sums = Shelf(), Sums.of(PLAN, 0.5)
    kept = keeper(shelf, None, sums)
    for number in range(4):
        kept.add(found(number))
    kept.finish()
    assert (sums.frames, sums.last, sums.faces) == (4, 3, 4)
    assert sums.tracks is not None
    assert [row["track_id"] for row in sums.tracks.rows()] == [1]
    assert sums.face_tracks is not None
    assert [(row["track_id"], row["frames"]) for row in sums.face_tracks.rows()] == [(1, 4)]


def test_nobody_looks_nothing_is_summed() -> None:
    sums = Sums.of(StagePlan(scenes=True, detect=False), 0.5)
    sums.add(FrameFindings(0, FrameTime(0, Fraction(1))))
    assert sums.tracks is sums.face_tracks is None
    assert sums.frames == 1
