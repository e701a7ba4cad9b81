"""A real job, pushed with its source and fetched on another laptop, can be looked at there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fake_store import FakeStore
from fakes import FakeVision
from pushed_samples import R2
from runs import run_clip, shop_with

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import ClipMissing
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.push import PushOptions, PushPart, PushState
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.fetch_plan import FetchChoice
from codefx_desktop.jobs.fetching import fetch, look_at
from codefx_desktop.jobs.pusher import Pusher, PushPorts
from codefx_desktop.jobs.pushing import queue
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = frozenset(PushPart)
NEVER = threading.Event()


def test_a_fetched_job_is_viewed_like_ones_own(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tmp_path / "lap12.mp4", seconds=0.5, audio=True)
    finished, _, shop, record = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE
    store = FakeStore()
    push = queue(shop, record, R2.name, PushOptions(EVERYTHING))
    ports = PushPorts(lambda _: R2, lambda _: store, shop.paths.staging)
    Pusher(shop.outbox.open(), ports).run_until_idle(NEVER)
    assert shop.outbox.open().push(push.id).state is PushState.PUSHED
    # On the machine that pushed it everything is here: though detections went as a copy.
    plan = look_at(shop, store, R2, record.id, FetchChoice())
    assert fetch(shop, store, R2, plan, lambda _: None, NEVER).files == 0
    Engine(shop).close()

    monkeypatch.setenv("CODEFX_HOME", str(tmp_path / "other"))
    clip.unlink()
    shop = shop_with(FakeVision())
    engine = Engine(shop)
    plan = look_at(shop, store, R2, record.id, FetchChoice())
    fetch(shop, store, R2, plan, lambda _: None, NEVER)
    fetched = engine.get(record.id)
    assert (fetched.input_path, fetched.fingerprint) == (clip, record.fingerprint)
    with pytest.raises(ClipMissing):
        engine.open_clip(fetched.input_path, record.id, lambda _: None, NEVER)
    info = engine.clip_info(record.id)  # what is known of the clip came along
    assert info is not None
    assert info.frames == finished.frames_in

    plan = look_at(shop, store, R2, record.id, FetchChoice(EVERYTHING))
    source = fetch(shop, store, R2, plan, lambda _: None, NEVER).source
    opened = engine.open_clip(fetched.input_path, record.id, lambda _: None, NEVER)
    assert opened.info.path == source
    assert len(opened.index) == finished.frames_in
    with DetectionReader(layout_of(fetched).detections) as found:
        assert len(list(found.frames(0, finished.frames_in))) == finished.frames_in
    assert JobLayout(shop.paths.data, record.id).dir == fetched.job_dir
    # Looking at it is no change of it.
    plan = look_at(shop, store, R2, record.id, FetchChoice(EVERYTHING))
    assert fetch(shop, store, R2, plan, lambda _: None, NEVER).files == 0
    engine.close()
