"""The outbox: what a person asks, what is confirmed, and what outlives a program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from outbox_samples import confirmed, finish, piece, send_all, wanted

from codefx_desktop.domain.errors import UnknownPush
from codefx_desktop.domain.push import PieceState, Priority, PushOptions, PushPart, PushState
from codefx_desktop.store.outbox import Outbox, open_outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
SMALL = range(8 * MIB + 1)
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path / "outbox.sqlite").outbox as opened:
        yield opened


def test_a_push_and_its_pieces_come_back_as_they_were_put(outbox: Outbox) -> None:
    options = PushOptions(frozenset({PushPart.FRAMES}), remove_source_copy=False)
    one, other = piece("frames/1.jpg", 20), piece("frames/2.jpg", 30)
    push = outbox.add(wanted(one, other, options=options))
    assert (push.job_id, push.job_name, push.target) == ("a", "a.mp4", "pits")
    assert (push.state, push.options) == (PushState.WAITING, options)
    assert (push.files, push.files_sent, push.files_done) == (3, 0, 0)
    assert (push.size_bytes, push.sent_bytes) == (50, 0)
    kept = outbox.pieces(push.id)
    assert [one.key for one in kept][:2] == ["jobs/a/frames/1.jpg", "jobs/a/frames/2.jpg"]
    assert replace(kept[0], id=0, push_id=0) == one
    assert outbox.pushes() == outbox.pushes("a") == (outbox.find("a", "pits"),)
    assert outbox.pushes("b") == ()
    assert outbox.find("a", "other") is None


def test_names_that_are_no_text_come_back(outbox: Outbox) -> None:
    odd = replace(piece("output/x.mp4"), path=Path("/clips/caf\udce9.mov"))
    push = outbox.add(replace(wanted(odd), job_name="caf\udce9.mov"))
    assert outbox.pieces(push.id)[0].path == odd.path
    assert push.job_name == "caf\\udce9.mov"


def test_pieces_go_by_priority_then_in_the_order_of_their_pushes(outbox: Outbox) -> None:
    first = outbox.add(
        wanted(
            piece("output/v.mp4", priority=Priority.VIDEO),
            piece("frames/1.jpg"),
            piece("frames/2.jpg"),
        )
    )
    second = outbox.add(
        wanted(
            piece("report/r.csv", priority=Priority.RESULT, job="b"),
            piece("frames/1.jpg", job="b"),
            job="b",
        )
    )
    taken = outbox.take("pits", [first.id, second.id], 4)
    assert [one.key for one in taken] == [
        "jobs/b/report/r.csv",
        "jobs/a/frames/1.jpg",
        "jobs/a/frames/2.jpg",
        "jobs/b/frames/1.jpg",
    ]
    assert {one.state for one in taken} == {PieceState.SENDING}
    assert [one.key for one in outbox.take("pits", [first.id, second.id], 9)] == [
        "jobs/a/output/v.mp4"
    ]
    assert outbox.take("pits", [first.id, second.id], 9) == ()
    assert outbox.push(first.id).state is PushState.SENDING


def test_pieces_are_taken_of_some_pushes_some_sizes_and_never_the_manifest(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("output/v.mp4", 9 * MIB), piece("frames/1.jpg")))
    outbox.add(wanted(piece("frames/1.jpg"), target="other"))
    assert outbox.take("pits", [], 9) == ()
    assert outbox.take("pits", [push.id + 1], 9) == ()
    assert [one.size_bytes for one in outbox.take("pits", [push.id], 9, SMALL)] == [10]
    assert [one.size_bytes for one in outbox.take("pits", [push.id], 9)] == [9 * MIB]


def test_what_was_sent_is_counted(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg", 20), piece("frames/2.jpg", 30)))
    first, _second = outbox.take("pits", [push.id], 2)
    outbox.sent([confirmed(first, "abc")])
    now = outbox.push(push.id)
    assert (now.files_sent, now.files_done, now.sent_bytes) == (1, 0, 20)
    (sent,) = outbox.pieces(push.id, PieceState.SENT)
    assert (sent.etag, sent.sha256, sent.is_proven) == ("abc", "5" * 64, True)
    outbox.verified([sent.id])
    assert outbox.push(push.id).files_done == 1


def test_a_push_is_not_finished_before_everything_is_verified(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    send_all(outbox, push.id)
    assert not outbox.finish(push.id, 1)
    outbox.verified(one.id for one in outbox.pieces(push.id))
    assert not outbox.finish(push.id, 1)  # the manifest is missing yet
    manifest = outbox.manifest(push.id)
    assert manifest is not None
    outbox.sent([confirmed(manifest)])
    outbox.verified([manifest.id])
    assert outbox.finish(push.id, 3)
    assert (outbox.push(push.id).state, outbox.push(push.id).revision) == (PushState.PUSHED, 3)


def test_parts_are_kept_in_any_order_and_each_counts_once(outbox: Outbox) -> None:
    size = 20 * MIB + 5
    push = outbox.add(wanted(piece("output/v.mp4", size)))
    (taken,) = outbox.take("pits", [push.id], 1)
    begun = outbox.upload_begun(taken.id, "up", 8 * MIB, "6" * 64)
    assert begun is not None
    assert begun.etags == ("", "", "")
    assert outbox.part_sent(taken.id, "up", 3, "e3", "33" * 16)
    assert outbox.part_sent(taken.id, "up", 1, "e1", "11" * 16)
    assert not outbox.part_sent(taken.id, "up", 1, "e1", "11" * 16)
    assert not outbox.part_sent(taken.id, "another", 2, "e2", "22" * 16)
    now = outbox.piece(taken.id)
    assert now is not None
    assert (now.etags, now.sha256) == (("e1", "", "e3"), "6" * 64)
    assert now.sent_bytes == outbox.push(push.id).sent_bytes == 12 * MIB + 5
    assert outbox.part_sums(taken.id) == ("11" * 16, "33" * 16)
    assert outbox.uploads() == {"up"}
    outbox.sent([confirmed(now)])
    assert (outbox.uploads(), outbox.aborts("pits")) == (frozenset(), ())


def test_confirmed_parts_outlive_the_program(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    dead = open_outbox(path).outbox
    push = dead.add(wanted(piece("output/v.mp4", 20 * MIB), piece("frames/1.jpg")))
    taken = dead.take("pits", [push.id], 2)
    video = next(one for one in taken if "output" in one.key)
    dead.upload_begun(video.id, "up", 8 * MIB, "6" * 64)
    dead.part_sent(video.id, "up", 2, "e2", "22" * 16)
    outbox = open_outbox(path).outbox  # the other never closed
    assert outbox.recover() == 2
    again = outbox.take("pits", [push.id], 2)
    assert {one.etags for one in again} == {(), ("", "e2", "")}


def test_a_forgotten_upload_begins_anew_and_is_aborted(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("output/v.mp4", 20 * MIB)))
    (taken,) = outbox.take("pits", [push.id], 1)
    outbox.upload_begun(taken.id, "up", 8 * MIB, "6" * 64)
    outbox.part_sent(taken.id, "up", 1, "e1", "11" * 16)
    outbox.upload_gone(taken.id)
    now = outbox.piece(taken.id)
    assert now is not None
    assert (now.upload_id, now.etags, now.sent_bytes) == ("", (), 0)
    assert outbox.aborts("pits") == (("jobs/a/output/v.mp4", "up"),)
    outbox.aborted("pits", "jobs/a/output/v.mp4", "up")
    assert outbox.aborts("pits") == ()


def test_a_push_that_is_asked_for_again_goes_on_where_it_is(outbox: Outbox) -> None:
    pieces = piece("frames/1.jpg"), piece("frames/2.jpg"), piece("output/v.mp4", 20 * MIB)
    push = outbox.add(wanted(*pieces))
    taken = outbox.take("pits", [push.id], 3)
    outbox.sent([confirmed(taken[0])])
    outbox.upload_begun(taken[2].id, "up", 8 * MIB, "6" * 64)
    outbox.stop(push.id, "The secret is wrong.")
    same = outbox.add(wanted(*pieces))
    assert (same.id, same.state, same.reason) == (push.id, PushState.WAITING, "")
    states = {one.key: one.state for one in outbox.pieces(push.id)}
    assert states["jobs/a/frames/1.jpg"] is PieceState.SENT
    assert outbox.uploads() == {"up"}


def test_a_changed_file_begins_anew_and_may_replace_what_it_left(outbox: Outbox) -> None:
    video = piece("output/v.mp4", 20 * MIB)
    push = outbox.add(wanted(piece("frames/1.jpg"), video))
    taken = outbox.take("pits", [push.id], 3)
    outbox.sent([confirmed(taken[0], "old")])
    outbox.upload_begun(taken[1].id, "up", 8 * MIB, "6" * 64)
    outbox.add(wanted(piece("frames/1.jpg", modified_ns=2), replace(video, size_bytes=5)))
    frame, now = outbox.pieces(push.id)[:2]
    assert (frame.state, frame.etag, frame.replaces) == (PieceState.WAITING, "", "old")
    assert (now.upload_id, now.size_bytes) == ("", 5)
    assert outbox.aborts("pits") == (("jobs/a/output/v.mp4", "up"),)
    # What was under way of the old ones is nobody's any more.
    outbox.sent([confirmed(taken[0], "late")])
    assert not outbox.part_sent(taken[1].id, "up", 1, "e1", "11" * 16)
    assert outbox.upload_begun(taken[1].id, "up2", 8 * MIB, "6" * 64) is None
    assert outbox.push(push.id).files_sent == 0


def test_a_pushed_job_is_looked_at_again_not_sent_again(outbox: Outbox) -> None:
    pieces = piece("frames/1.jpg"), piece("frames/2.jpg")
    push = outbox.add(wanted(*pieces))
    finish(outbox, push.id)
    again = outbox.add(wanted(*pieces))
    assert (again.id, again.state) == (push.id, PushState.WAITING)
    assert (again.files_sent, again.files_done) == (2, 0)
    assert outbox.take("pits", [push.id], 9) == ()
    manifest = outbox.manifest(push.id)
    assert manifest is not None
    assert (manifest.state, manifest.replaces) == (
        PieceState.WAITING,
        "etag of jobs/a/manifest.json",
    )


def test_files_that_are_no_part_of_the_job_any_more_are_dropped_others_kept(
    outbox: Outbox,
) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg"), piece("frames/2.jpg"), piece("output/v.mp4")))
    finish(outbox, push.id)
    outbox.add(wanted(piece("frames/1.jpg"), kept=("jobs/a/output/",)))
    assert [one.key for one in outbox.pieces(push.id, PieceState.SENT)] == [
        "jobs/a/frames/1.jpg",
        "jobs/a/output/v.mp4",
    ]


@pytest.mark.parametrize("ask", ["pause", "cancel", "stop"])
def test_a_push_that_is_not_to_go_on_gives_its_pieces_back(outbox: Outbox, ask: str) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    outbox.take("pits", [push.id], 1)
    if ask == "stop":
        outbox.stop(push.id, "The secret is wrong.")
    else:
        getattr(outbox, ask)(push.id)
    assert outbox.active() == ()
    assert outbox.pieces(push.id)[0].state is PieceState.WAITING


def test_a_paused_push_goes_on_when_resumed(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    assert outbox.pause(push.id).state is PushState.PAUSED
    assert outbox.retry(push.id).state is PushState.PAUSED
    assert outbox.resume(push.id).state is PushState.WAITING


def test_final_pushes_cannot_be_paused_stopped_or_retried(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    outbox.cancel(push.id)
    outbox.stop(push.id, "late")
    for ask in (outbox.pause, outbox.resume, outbox.retry, outbox.cancel):
        assert ask(push.id).state is PushState.CANCELLED


def test_a_target_rests_until_a_time_and_wakes(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    other = outbox.add(wanted(piece("frames/1.jpg"), target="other"))
    outbox.take("pits", [push.id], 1)
    outbox.rest("pits", LATER, "No network.")
    now = outbox.push(push.id)
    assert (now.state, now.next_try_at, now.reason) == (PushState.WAITING, LATER, "No network.")
    assert outbox.push(other.id).reason == ""
    assert outbox.retry(push.id).next_try_at is None
    outbox.rest("pits", LATER, "No network.")
    assert not outbox.push(push.id).is_slowed
    outbox.rest("pits", LATER, "Too many requests.", is_slowed=True)
    assert outbox.push(push.id).is_slowed
    outbox.awake("pits")
    assert (outbox.push(push.id).next_try_at, outbox.push(push.id).reason) == (None, "")


def test_a_target_stops_with_all_its_pushes_and_one_retry_is_enough(outbox: Outbox) -> None:
    first, second = (outbox.add(wanted(piece("x", job=job), job=job)) for job in "ab")
    other = outbox.add(wanted(piece("x"), target="other"))
    outbox.stop_target("pits", "The secret is wrong.")
    assert {outbox.push(one.id).state for one in (first, second)} == {PushState.STOPPED}
    assert outbox.push(other.id).state is PushState.WAITING
    outbox.retry(first.id)
    assert {outbox.push(one.id).state for one in (first, second)} == {PushState.WAITING}


def test_a_retry_leaves_pushes_that_stopped_for_another_reason(outbox: Outbox) -> None:
    first, second = (outbox.add(wanted(piece("x", job=job), job=job)) for job in "ab")
    outbox.stop(first.id, "Something else is there.")
    outbox.stop(second.id, "A file is gone.")
    outbox.retry(first.id)
    assert outbox.push(second.id).state is PushState.STOPPED


def test_failures_of_a_piece_are_counted_until_something_succeeds(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("output/v.mp4", 20 * MIB)))
    for expected in (1, 2):
        (taken,) = outbox.take("pits", [push.id], 1)
        assert outbox.failed(taken.id, "It was damaged.") == expected
    (taken,) = outbox.take("pits", [push.id], 1)
    assert (taken.attempts, taken.reason) == (2, "It was damaged.")
    outbox.upload_begun(taken.id, "up", 8 * MIB, "6" * 64)
    outbox.part_sent(taken.id, "up", 1, "e1", "11" * 16)
    assert outbox.failed(taken.id, "It was damaged.") == 1


def test_a_piece_that_was_lost_is_sent_again(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("frames/1.jpg")))
    (taken,) = send_all(outbox, push.id)
    assert outbox.send_again(taken.id, "It is gone.", "foreign") == 1
    (again,) = outbox.take("pits", [push.id], 1)
    assert (again.replaces, again.etag, again.sent_bytes) == ("foreign", "", 0)
    assert outbox.push(push.id).sent_bytes == 0


@pytest.mark.parametrize("whole_job", [True, False])
def test_a_forgotten_push_leaves_no_row_but_its_uploads_to_abort(
    outbox: Outbox, whole_job: bool
) -> None:
    push = outbox.add(wanted(piece("output/v.mp4", 20 * MIB)))
    (taken,) = outbox.take("pits", [push.id], 1)
    outbox.upload_begun(taken.id, "up", 8 * MIB, "6" * 64)
    outbox.part_sent(taken.id, "up", 1, "e1", "11" * 16)
    if whole_job:
        outbox.forget_job("a")
    else:
        outbox.forget(push.id)
    assert outbox.aborts("pits") == (("jobs/a/output/v.mp4", "up"),)
    with closing(sqlite3.connect(outbox.path)) as connection:
        for table in ("pushes", "pieces", "parts"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    with pytest.raises(UnknownPush):
        outbox.push(push.id)
    assert not outbox.part_sent(taken.id, "up", 2, "e2", "22" * 16)


def test_a_cancelled_upload_is_aborted(outbox: Outbox) -> None:
    push = outbox.add(wanted(piece("output/v.mp4", 20 * MIB)))
    (taken,) = outbox.take("pits", [push.id], 1)
    outbox.upload_begun(taken.id, "up", 8 * MIB, "6" * 64)
    outbox.cancel(push.id)
    assert outbox.aborts("pits") == (("jobs/a/output/v.mp4", "up"),)
    assert outbox.upload_begun(taken.id, "late", 8 * MIB, "6" * 64) is None


def test_sums_stay_right_whatever_happens(outbox: Outbox) -> None:
    push = outbox.add(wanted(*(piece(f"frames/{n}.jpg", 10 + n) for n in range(5))))
    taken = outbox.take("pits", [push.id], 4)
    outbox.sent([confirmed(one) for one in taken[:3]])
    outbox.verified([taken[0].id])
    outbox.refile(taken[1], 99, 7)
    outbox.drop_pieces([taken[2].id])
    pieces, now = outbox.pieces(push.id), outbox.push(push.id)
    done = (PieceState.SENT, PieceState.VERIFIED)
    assert now.files == len(pieces) == 5
    assert now.files_sent == sum(one.state in done for one in pieces) == 1
    assert now.files_done == 1
    assert now.size_bytes == sum(one.size_bytes for one in pieces)
    assert now.sent_bytes == sum(one.sent_bytes for one in pieces) == 10
