"""Links to what was pushed: all of it, for as long as was asked, in two formats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from pushed_samples import FILES, JOB, R2, S3, SOURCE, job_json, push_by_hand

from codefx_desktop.artifacts.formats import read_json, read_toon, same_content
from codefx_desktop.domain.errors import JobStateError, NotOffered, Offline, SettingsError
from codefx_desktop.domain.object_store import LONGEST_LINK_S, StoreTraits
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.links import make_links

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    made = FakeStore()
    for target in (R2, S3):
        push_by_hand(made, target, {"job.json": job_json(tmp_path), **FILES, **SOURCE})
    return made


def test_everything_that_was_pushed_has_a_link(store: FakeStore) -> None:
    links = make_links(store, R2, JOB)
    assert links.manifest.name == "manifest.json"
    assert links.video is not None
    assert links.video.name == "output/lap12_annotated.mp4"
    assert {one.name for one in links.files} == {"manifest.json", "job.json", *FILES, *SOURCE}
    assert {one.name: one.size_bytes for one in links.files if one.sha256}.items() >= {
        name: len(data) for name, data in FILES.items()
    }.items()
    assert all(
        one.url == f"https://fake.example/jobs/{JOB}/{one.name}?ttl=3600" for one in links.files
    )
    assert links.manifest.size_bytes == len(store.content(f"jobs/{JOB}/manifest.json"))


def test_what_a_person_wants_comes_first_and_frames_in_their_order(store: FakeStore) -> None:
    names = [one.name for one in make_links(store, R2, JOB).files]
    assert names[:4] == [
        "manifest.json",
        "output/lap12_annotated.mp4",
        "report/mot.txt",
        "job.json",
    ]
    assert names[-1] == "input/source.mp4"
    pictures = [name for name in names if name.startswith("frames/det")]
    assert pictures == ["frames/det/frame_15.jpg", "frames/det/frame_30.jpg"]


def test_a_target_puts_its_prefixes_before_the_keys(store: FakeStore) -> None:
    urls = {one.name: one.url for one in make_links(store, S3, JOB, 60).files}
    assert urls["manifest.json"] == f"https://fake.example/output/jobs/{JOB}/manifest.json?ttl=60"
    assert urls["input/source.mp4"].startswith("https://fake.example/input/jobs/")


def test_they_expire_when_they_say(store: FakeStore) -> None:
    before = datetime.now(UTC)
    links = make_links(store, R2, JOB, 90)
    assert links.expires_at <= datetime.now(UTC) + timedelta(seconds=90)
    assert links.expires_at > before + timedelta(seconds=88)
    assert links.expires_at.tzinfo is not None


def test_json_and_toon_say_the_same(store: FakeStore) -> None:
    links = make_links(store, R2, JOB, 600)
    encoded = links.encoded()
    content = read_json(encoded.json)
    assert same_content(content, read_toon(encoded.toon))
    assert content["ttl_s"] == 600
    assert content["expires_at"].endswith("Z")
    local = datetime.fromisoformat(content["expires_at_local"])
    assert local == datetime.fromisoformat(content["expires_at"]) == links.expires_at
    assert content["files"][0] == {
        "name": "manifest.json",
        "part": None,
        "size_bytes": links.manifest.size_bytes,
        "content_type": "application/json",
        "sha256": None,
        "url": links.manifest.url,
    }
    assert b"files[12]{name,part,size_bytes,content_type,sha256,url}:" in encoded.toon


@pytest.mark.parametrize("ttl_s", [0, -1, LONGEST_LINK_S + 1])
def test_a_time_that_nobody_signs_for_is_refused(store: FakeStore, ttl_s: int) -> None:
    with pytest.raises(SettingsError, match=r"1 second to 604800 seconds \(7 days\)"):
        make_links(store, R2, JOB, ttl_s)
    assert make_links(store, R2, JOB, LONGEST_LINK_S).ttl_s == LONGEST_LINK_S
    assert make_links(store, R2, JOB, 1).ttl_s == 1


def test_a_folder_has_none_and_says_where_the_files_are(tmp_path: Path) -> None:
    store = FakeStore(StoreTraits(signs_links=False))
    target = Target("usb", TargetKind.FOLDER, folder=tmp_path)
    with pytest.raises(NotOffered) as told:
        make_links(store, target, JOB)
    assert str(tmp_path) in told.value.hint


def test_a_job_that_is_not_pushed_to_the_end_has_none(tmp_path: Path) -> None:
    store = FakeStore()
    push_by_hand(store, R2, {"job.json": job_json(tmp_path)}, manifest=False)
    with pytest.raises(JobStateError, match="not pushed to the end"):
        make_links(store, R2, JOB)


def test_no_network_is_said(store: FakeStore) -> None:
    store.offline = Offline("No network.")
    with pytest.raises(Offline):
        make_links(store, R2, JOB)
