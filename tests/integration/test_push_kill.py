"""Pushes whose program is killed: the next one goes on, and sends nothing twice that arrived."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from push_program import PART_BYTES, Killable, world_of
from push_world import make_job

from codefx_desktop.domain.push import PieceState, PushState

if TYPE_CHECKING:
    from pathlib import Path

    from push_world import PushWorld

    from codefx_desktop.domain.push import Push

FRAMES = 60
VIDEO_BYTES = 40 * PART_BYTES + 123
CALLS = FRAMES * 3 + 41 + 8


def confirmed(world: PushWorld, push: Push) -> set[str]:
    """Return the calls that need not be made again, as the outbox says."""
    done = (PieceState.SENT, PieceState.VERIFIED)
    found = {f"put {one.key}" for one in world.outbox.pieces(push.id, *done)}
    for piece in world.outbox.pieces(push.id):
        parts = enumerate(piece.etags, start=1)
        found |= {f"part {piece.upload_id}/{number}" for number, etag in parts if etag}
        if piece.state in done:
            found.add(f"complete {piece.key}")
    return found


def kill_often(folder: Path, times: int, seed: int) -> tuple[int, int]:
    """Kill a push at random calls until it is through; return kills and calls in all."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    world = world_of(folder)
    push = world.queue(make_job(folder, frames=FRAMES, video_bytes=VIDEO_BYTES))
    kills, calls = 0, 0
    while world.state(push) is not PushState.PUSHED:
        before = confirmed(world, push)
        program = Killable(folder, folder / f"calls-{kills}-{calls}.txt")
        if kills < times:
            wanted = draw.randrange(2 * CALLS // times + 1)
            if program.wait_for_calls(wanted):
                program.kill()
                kills += 1
        program.process.join(60)
        made = program.calls()
        calls += len(made)
        assert not before & set(made)
        assert program.process.exitcode in (0, -9, 1)
    assert world.problems(push) == []
    assert list(world.store.open_uploads("")) == []
    world.outbox.close()
    return kills, calls


def test_a_push_goes_on_after_10_kills(tmp_path: Path) -> None:
    kills, calls = kill_often(tmp_path, 10, seed=10)
    assert kills >= 5
    # What was under way at a kill, and what the place had just confirmed, may be sent again.
    assert calls <= CALLS + kills * 100


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_push_goes_on_after_50_kills(tmp_path: Path) -> None:
    kills, calls = kill_often(tmp_path, 50, seed=50)
    assert kills >= 25
    assert calls <= CALLS + kills * 100


def test_two_programs_do_not_send_anything_twice_and_one_takes_over(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    push = world.queue(make_job(tmp_path, frames=FRAMES, video_bytes=VIDEO_BYTES))
    first = Killable(tmp_path, tmp_path / "first.txt")
    assert first.wait_for_calls(50)
    second = Killable(tmp_path, tmp_path / "second.txt")
    assert first.wait_for_calls(150)
    assert second.calls() == []
    first.kill()
    before = confirmed(world, push)
    assert not second.wait_for_calls(10_000)
    assert second.process.exitcode == 0
    assert second.calls()
    assert not before & set(second.calls())
    assert world.state(push) is PushState.PUSHED
    assert world.problems(push) == []
