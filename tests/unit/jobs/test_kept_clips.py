"""A clip is read once, whoever asks, however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.domain.errors import (
    ClipLost,
    ClipMissing,
    ClipRefused,
    ClipUnreadable,
    NoSpace,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import kept_clips
from codefx_desktop.jobs.kept_clips import FoundClip, KeptClips, WantedClip
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal

WAIT_S = 60


class Gate:
    """Stands in for ``probe``: counts, and can hold a reading half way."""

    def __init__(self) -> None:
        self.calls = 0
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self.before_end: Callable[[Path], object] = lambda _path: None

    def hold(self) -> None:
        self.begun.clear()
        self.go_on.clear()

    def __call__(
        self, path: Path, *, progress: Callable[[float], None], cancel: CancelSignal
    ) -> ProbedClip:
        self.calls += 1
        progress(0.5)
        self.begun.set()
        for _ in range(WAIT_S * 100):
            if cancel.is_set() or self.go_on.wait(0.01):
                break
        clip = probe(path, cancel=cancel)
        self.before_end(path)
        return clip


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(kept_clips, "probe", gate)
    return gate


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", seconds=0.3)


@pytest.fixture
def workers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def opened(
    clips: KeptClips,
    wanted: WantedClip,
    told: list[float] | None = None,
    cancel: threading.Event | None = None,
) -> FoundClip:
    progress = told.append if told is not None else lambda _: None
    return clips.open(wanted, progress, cancel or threading.Event())


def test_the_second_time_nothing_is_read(clip: Path, gate: Gate, tmp_path: Path) -> None:
    wanted = WantedClip(clip, tmp_path / "job" / "clip.index")
    first = opened(KeptClips(), wanted)
    again = opened(KeptClips(), wanted)  # as another program, or after a restart
    assert gate.calls == 1
    assert (first.was_kept, again.was_kept) == (False, True)
    assert again.clip.info == first.clip.info
    assert first.clip.info.fingerprint == fingerprint(clip)
    assert KeptClips().info(tmp_path / "job" / "clip.index", clip) == first.clip.info


def test_a_clip_of_no_job_is_read_and_not_kept(clip: Path, gate: Gate) -> None:
    before = set(clip.parent.iterdir())
    assert not opened(KeptClips(), WantedClip(clip)).was_kept
    assert not opened(KeptClips(), WantedClip(clip)).was_kept
    assert gate.calls == 2
    assert set(clip.parent.iterdir()) == before


def test_who_comes_while_it_is_read_waits_for_that_reading(
    clip: Path, gate: Gate, workers: ThreadPoolExecutor, tmp_path: Path
) -> None:
    clips, told = KeptClips(), list[float]()
    places = [tmp_path / name / "clip.index" for name in "ab"]
    gate.hold()
    first = workers.submit(opened, clips, WantedClip(clip, places[0]))
    assert gate.begun.wait(WAIT_S)
    others = [
        workers.submit(opened, clips, WantedClip(clip, places[1]), told),
        workers.submit(opened, clips, WantedClip(clip)),
    ]
    for _ in range(WAIT_S * 100):
        if told:
            break
        threading.Event().wait(0.01)
    assert told[-1] == 0.5, "who waits sees how far it is"
    gate.go_on.set()
    found = [one.result(WAIT_S) for one in (first, *others)]
    assert gate.calls == 1
    assert [one.was_kept for one in found] == [False, True, True]
    assert found[1].clip is found[2].clip is found[0].clip
    assert all(place.is_file() for place in places)


def test_a_reading_that_is_cancelled_is_taken_over(
    clip: Path, gate: Gate, workers: ThreadPoolExecutor, tmp_path: Path
) -> None:
    clips, cancel = KeptClips(), threading.Event()
    wanted = WantedClip(clip, tmp_path / "clip.index")
    gate.hold()
    first = workers.submit(opened, clips, wanted, None, cancel)
    assert gate.begun.wait(WAIT_S)
    second = workers.submit(opened, clips, wanted)
    gate.begun.clear()
    cancel.set()
    with pytest.raises(Cancelled):
        first.result(WAIT_S)
    assert gate.begun.wait(WAIT_S), "the one that waited reads now"
    assert not wanted.kept.exists(), "half a reading is not kept"  # type: ignore[union-attr]
    gate.go_on.set()
    assert len(second.result(WAIT_S).clip.index) == 9
    assert gate.calls == 2


def test_who_waits_can_leave(clip: Path, gate: Gate, workers: ThreadPoolExecutor) -> None:
    clips, cancel = KeptClips(), threading.Event()
    gate.hold()
    first = workers.submit(opened, clips, WantedClip(clip))
    assert gate.begun.wait(WAIT_S)
    second = workers.submit(opened, clips, WantedClip(clip), None, cancel)
    cancel.set()
    with pytest.raises(Cancelled):
        second.result(WAIT_S)
    assert not first.done()
    gate.go_on.set()
    first.result(WAIT_S)


def test_a_cancelled_look_at_a_bad_clip_is_a_cancel(tmp_path: Path, gate: Gate) -> None:
    bad, cancel = tmp_path / "bad.mp4", threading.Event()
    bad.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(2000))
    with pytest.raises(ClipUnreadable):
        opened(KeptClips(), WantedClip(bad))
    gate.hold()
    gate.before_end = lambda _: None
    timer = threading.Timer(0.1, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        opened(KeptClips(), WantedClip(bad), None, cancel)
    timer.join()


def test_another_file_of_that_name_is_told(clip: Path, gate: Gate, tmp_path: Path) -> None:
    wanted = WantedClip(clip, tmp_path / "clip.index", fingerprint(clip))
    opened(KeptClips(), wanted)
    before = wanted.kept.read_bytes()  # type: ignore[union-attr]
    make_clip(clip, seconds=0.5)
    with pytest.raises(ClipRefused, match=r"clip\.mp4 is not the file this job was begun with"):
        opened(KeptClips(), wanted)
    assert wanted.kept.read_bytes() == before  # type: ignore[union-attr]
    # A job that no run has begun takes the file as it is now.
    assert len(opened(KeptClips(), replace(wanted, fingerprint="")).clip.index) == 15


def test_the_size_limit_holds_for_a_clip_that_is_kept(clip: Path, tmp_path: Path) -> None:
    wanted = WantedClip(clip, tmp_path / "clip.index", max_size_bytes=10**9)
    opened(KeptClips(), wanted)
    with pytest.raises(ClipRefused, match="limit"):
        opened(KeptClips(), replace(wanted, max_size_bytes=100))


def test_what_is_not_there_is_missing_what_goes_away_is_lost(clip: Path, gate: Gate) -> None:
    gate.before_end = lambda path: path.unlink()
    with pytest.raises(ClipLost, match=r"^Source missing at frame 9: clip\.mp4 "):
        opened(KeptClips(), WantedClip(clip))
    with pytest.raises(ClipMissing):
        opened(KeptClips(), WantedClip(clip))


def test_a_clip_that_became_shorter_is_lost(clip: Path, gate: Gate) -> None:
    gate.before_end = lambda path: path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ClipLost, match=r"at frame 9: .*it has become shorter"):
        opened(KeptClips(), WantedClip(clip))


def test_a_file_that_is_still_being_copied_is_read_but_not_kept(
    clip: Path, gate: Gate, tmp_path: Path
) -> None:
    def grow(path: Path) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    gate.before_end = grow
    wanted = WantedClip(clip, tmp_path / "clip.index")
    found = opened(KeptClips(), wanted)
    assert found.clip.info.fingerprint == ""
    assert not wanted.kept.exists()  # type: ignore[union-attr]


def test_where_nothing_can_be_kept_the_clip_is_read_all_the_same(
    clip: Path, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _clip: ProbedClip) -> None:
        raise NoSpace("The disk is full.")

    monkeypatch.setattr(kept_clips, "save_clip", full)
    assert len(opened(KeptClips(), WantedClip(clip, tmp_path / "clip.index")).clip.index) == 9


def test_a_deleted_job_gets_no_folder_again(clip: Path, gate: Gate, tmp_path: Path) -> None:
    clips, kept = KeptClips(), tmp_path / "job" / "clip.index"
    gate.before_end = lambda _: clips.forget(kept)  # deleted while its clip is read
    opened(clips, WantedClip(clip, kept))
    assert not kept.parent.exists()
