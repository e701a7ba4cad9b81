"""One suite over every place: what ``ObjectStore`` promises, and nothing that only one can do.

Over 400 lines because a port has one contract, and a reader wants to see all of it.
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.domain.errors import (
    ForeignObject,
    NotOffered,
    ObjectMissing,
    UploadGone,
)
from codefx_desktop.domain.object_store import LONGEST_LINK_S, MEBIBYTE, Sending
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore, OpenUpload

PART_BYTES = 5 * MEBIBYTE
SMALL = b"frame,time_s\n1,0.02\n"
LARGE = np.random.default_rng(5).bytes(2 * PART_BYTES + 1_234_567)


def sending(data: bytes, content_type: str = "application/json", **how: object) -> Sending:
    return Sending(content_type, hashlib.sha256(data).hexdigest(), **how)  # type: ignore[arg-type]


def parts_of(data: bytes) -> list[bytes]:
    return [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)]


def upload(place: ObjectStore, key: str, data: bytes, **how: object) -> str:
    told = sending(data, "video/mp4", **how)
    upload_id = place.begin_upload(key, told)
    etags = [
        place.put_part(key, upload_id, number, part)
        for number, part in enumerate(parts_of(data), start=1)
    ]
    return place.complete_upload(key, upload_id, etags, told)


def left_over(place: ObjectStore, prefix: str) -> list[OpenUpload] | None:
    """Return uploads that were not ended; None where the place does not list them (miniflare)."""
    try:
        return list(place.open_uploads(prefix))
    except NotOffered:
        return None


def keys_of(place: ObjectStore, prefix: str) -> list[str]:
    return [one.key for one in place.list(prefix)]


def test_what_is_put_is_read_back_with_its_facts(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}report/stops.json"
    etag = place.put(key, SMALL, sending(SMALL))
    assert etag == hashlib.md5(SMALL, usedforsecurity=False).hexdigest()
    assert place.read(key) == SMALL
    facts = place.facts(key)
    assert facts is not None
    assert facts.stored.key == key
    assert facts.stored.size_bytes == len(SMALL)
    assert facts.stored.etag == etag
    assert facts.content_type == "application/json"
    assert facts.sha256 == hashlib.sha256(SMALL).hexdigest()
    assert facts.stored.modified is not None
    assert abs(facts.stored.modified - datetime.now(UTC)) < timedelta(minutes=5)


def test_what_is_not_there_has_no_facts(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}nothing.json"
    assert place.facts(key) is None
    with pytest.raises(ObjectMissing):
        place.read(key)
    place.delete([key])


def test_an_empty_object_is_an_object(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}empty.json"
    place.put(key, b"", sending(b""))
    facts = place.facts(key)
    assert facts is not None
    assert facts.stored.size_bytes == 0
    assert place.read(key) == b""
    with pytest.raises(ForeignObject):
        place.put(key, SMALL, sending(SMALL))


@pytest.mark.parametrize(
    "name", ["Überholmanöver Ünïcode 走る.json", "a+b & c=d %41.json", "it's (1) @home, #2!.json"]
)
def test_names_of_every_script_are_kept(place: ObjectStore, prefix: str, name: str) -> None:
    key = f"{prefix}report/{name}"
    place.put(key, SMALL, sending(SMALL))
    assert keys_of(place, f"{prefix}report/") == [key]
    assert place.read(key) == SMALL
    place.delete([key])
    assert keys_of(place, prefix) == []


def test_nothing_foreign_is_overwritten(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}job.json"
    place.put(key, SMALL, sending(SMALL))
    with pytest.raises(ForeignObject) as caught:
        place.put(key, b"other", sending(b"other"))
    assert caught.value.hint
    assert place.read(key) == SMALL


def test_the_same_again_is_no_foreign_object(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}job.json"
    etag = place.put(key, SMALL, sending(SMALL))
    assert place.put(key, SMALL, sending(SMALL)) == etag


def test_what_may_be_replaced_is(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}manifest.json"
    first = place.put(key, b"one", sending(b"one"))
    second = place.put(key, b"two", sending(b"two", replaces=first))
    assert place.read(key) == b"two"
    with pytest.raises(ForeignObject):
        place.put(key, b"three", sending(b"three", replaces=first))
    assert place.read(key) == b"two"
    place.put(key, b"four", sending(b"four", only_new=False))
    assert place.read(key) == b"four"
    assert second != first


def test_what_was_to_be_replaced_and_has_gone_is_put(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}manifest.json"
    first = place.put(key, b"one", sending(b"one"))
    place.delete([key])
    place.put(key, b"two", sending(b"two", replaces=first))
    assert place.read(key) == b"two"


def test_of_many_that_write_one_key_one_wins(
    place: ObjectStore, place_name: str, prefix: str
) -> None:
    if place_name == "swift":
        pytest.skip("Swift looks first and writes then: two at once may both succeed")
    key = f"{prefix}job.json"
    contents = [b"%d" % number for number in range(8)]

    def write(data: bytes) -> bytes | None:
        try:
            place.put(key, data, sending(data))
        except ForeignObject:
            return None
        return data

    with ThreadPoolExecutor(8) as pool:
        won = [data for data in pool.map(write, contents) if data is not None]
    assert won == [place.read(key)]


def test_bytes_are_read_from_anywhere(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}analysis/x.json"
    place.put(key, SMALL, sending(SMALL))
    assert place.read(key, 6) == SMALL[6:]
    assert place.read(key, 6, 10) == SMALL[6:10]
    assert place.read(key, 6, 10_000) == SMALL[6:]
    assert place.read(key, 6, 6) == b""
    assert place.read(key, 10_000) == b""


def test_listing_is_by_prefix_in_the_order_of_keys(place: ObjectStore, prefix: str) -> None:
    names = ["a/2.json", "a/10.json", "a-b.json", "a.json", "b/c/d.json", "aa.json", "B.json"]
    for name in names:
        place.put(prefix + name, name.encode(), sending(name.encode()))
    assert keys_of(place, prefix) == [prefix + name for name in sorted(names)]
    assert keys_of(place, f"{prefix}a/") == [f"{prefix}a/10.json", f"{prefix}a/2.json"]
    assert keys_of(place, f"{prefix}a/1") == [f"{prefix}a/10.json"]
    assert keys_of(place, f"{prefix}nothing/") == []
    sizes = {one.key: one.size_bytes for one in place.list(prefix)}
    assert sizes == {prefix + name: len(name) for name in names}
    place.delete([prefix + name for name in names])
    assert keys_of(place, prefix) == []


def test_a_listing_is_not_cut_at_a_thousand(
    place: ObjectStore, place_name: str, prefix: str
) -> None:
    if place_name == "swift":
        pytest.skip("takes Swift 25 s")
    count = place.traits.workers * 32 + 3  # 1,027 in a bucket
    wanted = [f"{prefix}frames/det/frame_{number}.jpg" for number in range(count)]

    def write(key: str) -> str:
        return place.put(key, key.encode(), sending(key.encode(), "image/jpeg"))

    with ThreadPoolExecutor(place.traits.workers) as pool:
        etags = dict(zip(wanted, pool.map(write, wanted), strict=True))
    assert {one.key: one.etag for one in place.list(prefix)} == etags
    place.delete(wanted)
    assert keys_of(place, prefix) == []


def test_an_object_of_parts_is_whole(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/stop_annotated.mp4"
    etag = upload(place, key, LARGE)
    facts = place.facts(key)
    assert facts is not None
    assert facts.stored.size_bytes == len(LARGE)
    assert facts.stored.etag == etag
    assert facts.content_type == "video/mp4"
    assert facts.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert place.read(key) == LARGE
    assert [one.etag for one in place.list(key)] == [etag]
    assert not left_over(place, prefix)


def test_parts_come_in_any_order_and_again(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/stop_annotated.mp4"
    told = sending(LARGE, "video/mp4")
    upload_id = place.begin_upload(key, told)
    parts = dict(enumerate(parts_of(LARGE), start=1))
    place.put_part(key, upload_id, 2, parts[1])
    etags = {n: place.put_part(key, upload_id, n, parts[n]) for n in (3, 2, 1, 2)}
    assert place.facts(key) is None
    place.complete_upload(key, upload_id, [etags[n] for n in sorted(etags)], told)
    assert place.read(key) == LARGE


def test_parts_come_at_the_same_time(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/stop_annotated.mp4"
    told = sending(LARGE, "video/mp4")
    upload_id = place.begin_upload(key, told)

    def put(numbered: tuple[int, bytes]) -> str:
        return place.put_part(key, upload_id, *numbered)

    with ThreadPoolExecutor(3) as pool:
        etags = list(pool.map(put, enumerate(parts_of(LARGE), start=1)))
    place.complete_upload(key, upload_id, etags, told)
    assert place.read(key) == LARGE


def test_an_upload_is_seen_until_it_ends(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/stop_annotated.mp4"
    told = sending(LARGE, "video/mp4")
    upload_id = place.begin_upload(key, told)
    etag = place.put_part(key, upload_id, 1, SMALL)
    seen = left_over(place, prefix)
    if seen is not None:
        assert [(one.key, one.upload_id) for one in seen] == [(key, upload_id)]
        assert left_over(place, f"{prefix}other") == []
    assert keys_of(place, prefix) == []
    place.abort_upload(key, upload_id)
    assert not left_over(place, prefix)
    place.abort_upload(key, upload_id)
    with pytest.raises(UploadGone):
        place.put_part(key, upload_id, 2, SMALL)
    with pytest.raises(UploadGone):
        place.complete_upload(key, upload_id, [etag], told)


def test_completing_again_says_that_the_upload_has_gone(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/x.mp4"
    told = sending(SMALL, "video/mp4")
    upload_id = place.begin_upload(key, told)
    etags = [place.put_part(key, upload_id, 1, SMALL)]
    etag = place.complete_upload(key, upload_id, etags, told)
    with suppress(UploadGone):  # some places remember, and say the same again
        assert place.complete_upload(key, upload_id, etags, told) == etag
    assert place.read(key) == SMALL


def test_parts_that_are_not_there_make_no_object(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/x.mp4"
    told = sending(SMALL, "video/mp4")
    upload_id = place.begin_upload(key, told)
    place.put_part(key, upload_id, 1, SMALL)
    with pytest.raises(UploadGone):
        place.complete_upload(key, upload_id, ["0" * 32], told)
    assert place.facts(key) is None
    place.abort_upload(key, upload_id)


def test_an_object_of_parts_overwrites_nothing_foreign(place: ObjectStore, prefix: str) -> None:
    key = f"{prefix}output/x.mp4"
    first = place.put(key, b"foreign", sending(b"foreign"))
    with pytest.raises(ForeignObject):
        upload(place, key, SMALL)
    assert place.read(key) == b"foreign"
    for left in left_over(place, prefix) or ():
        place.abort_upload(left.key, left.upload_id)
    upload(place, key, SMALL, replaces=first)
    assert place.read(key) == SMALL


@pytest.mark.parametrize("name", ["output/x.mp4", "output/y.mp4"])
def test_a_download_is_whole(place: ObjectStore, prefix: str, tmp_path: Path, name: str) -> None:
    key = prefix + name
    upload(place, key, LARGE) if name.endswith("x.mp4") else place.put(
        key, SMALL, sending(SMALL, "video/mp4")
    )
    told: list[int] = []
    place.download(key, tmp_path / "x.mp4", told.append, threading.Event())
    assert (tmp_path / "x.mp4").read_bytes() == place.read(key)
    assert told == sorted(told)
    assert told[-1] == (tmp_path / "x.mp4").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["x.mp4"]


def test_a_download_is_cancelled_and_gone_on_with(
    place: ObjectStore, prefix: str, tmp_path: Path
) -> None:
    key, path = f"{prefix}output/x.mp4", tmp_path / "x.mp4"
    upload(place, key, LARGE)
    cancel, told = threading.Event(), []

    def stop(there: int) -> None:
        if there > len(LARGE) // 2:
            cancel.set()

    with pytest.raises(Cancelled):
        place.download(key, path, stop, cancel)
    kept = path.stat().st_size
    assert len(LARGE) // 2 < kept < len(LARGE)
    place.download(key, path, told.append, threading.Event())
    assert told[0] == kept
    assert path.read_bytes() == LARGE


def test_a_download_of_what_was_replaced_begins_again(
    place: ObjectStore, prefix: str, tmp_path: Path
) -> None:
    key, path = f"{prefix}output/x.mp4", tmp_path / "x.mp4"
    upload(place, key, LARGE)
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        place.download(key, path, lambda there: cancel.set() if there else None, cancel)
    assert path.stat().st_size
    other = LARGE[::-1][: len(LARGE) - 5]
    upload(place, key, other, only_new=False)
    place.download(key, path, lambda _: None, threading.Event())
    assert path.read_bytes() == other


def test_a_download_of_nothing_says_so(place: ObjectStore, prefix: str, tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing):
        place.download(f"{prefix}x.mp4", tmp_path / "x", lambda _: None, threading.Event())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ttl_s", [0, -5, LONGEST_LINK_S + 1])
def test_a_link_works_for_a_second_to_a_week(place: ObjectStore, prefix: str, ttl_s: int) -> None:
    with pytest.raises(ValueError, match="604800"):
        place.signed_link(f"{prefix}x", ttl_s)


def test_links_are_signed_or_refused(place: ObjectStore, prefix: str) -> None:
    if place.traits.signs_links:
        assert place.signed_link(f"{prefix}x.mp4", LONGEST_LINK_S).startswith("http")
    else:
        with pytest.raises(NotOffered) as caught:
            place.signed_link(f"{prefix}x.mp4", 60)
        assert caught.value.hint


def test_the_clocks_agree(place: ObjectStore) -> None:
    try:
        offset_s = place.clock_offset_s()
    except NotOffered as error:
        pytest.skip(str(error))  # miniflare's answers have no date
    assert abs(offset_s) < 5


def test_it_is_named_for_a_person(place: ObjectStore) -> None:
    assert len(place.label) > 5


def test_who_paces_hears_of_every_block_or_of_none(place: ObjectStore, prefix: str) -> None:
    seen: list[int] = []
    threads: set[int] = set()

    def pace(size_bytes: int) -> None:
        seen.append(size_bytes)
        threads.add(threading.get_ident())

    place.pace_with(pace)
    upload(place, f"{prefix}output/paced.mp4", LARGE)
    assert sum(seen) in (0, len(LARGE))
    assert max(seen, default=0) <= 256 * 1024
    assert threads <= {threading.get_ident()}
    assert place.read(f"{prefix}output/paced.mp4") == LARGE


def test_who_paces_may_end_the_call(place: ObjectStore, prefix: str) -> None:
    key, seen = f"{prefix}output/cancelled.mp4", 0

    def pace(size_bytes: int) -> None:
        nonlocal seen
        seen += size_bytes
        if seen > MEBIBYTE:
            raise Cancelled

    place.pace_with(pace)
    told = sending(LARGE, "video/mp4")
    upload_id = place.begin_upload(key, told)
    with suppress(Cancelled):  # a place that sends at once
        place.put_part(key, upload_id, 1, LARGE[:PART_BYTES])
        assert seen == 0
    assert seen < 2 * MEBIBYTE
    place.pace_with(lambda _size: None)
    assert place.put_part(key, upload_id, 1, LARGE[:PART_BYTES])
    place.abort_upload(key, upload_id)
