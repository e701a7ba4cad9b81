"""Transfers what is in the outbox, as long as something goes on by itself.

One thread leads: it looks at the outbox, hands pieces to workers, and writes down what places have
confirmed, many in one transaction. Workers send and report; what a failure means is decided by the
lead:

- no network, or a place that asks to slow down: its pieces wait, and one small request at a time
  finds out when it goes on;
- a wrong secret, a clock that is off, a bucket that is missing or full: all pushes to the target
  stop until a person acts;
- something foreign under a key, a file that is gone: the push stops until a person acts;
- a piece that arrived damaged: it is sent again, some times.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    CodefxError,
    CorruptedInFlight,
    Offline,
    RemoteError,
    Throttled,
    UnknownPush,
    UploadGone,
)
from codefx_desktop.jobs.push_crew import Crew
from codefx_desktop.jobs.push_lane import Lane, Phase
from codefx_desktop.jobs.push_patience import Backoff
from codefx_desktop.jobs.push_progress import Teller
from codefx_desktop.jobs.push_route import STOPS_TARGET, PushSettings, Route
from codefx_desktop.jobs.push_units import Units
from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.push import Piece, Push
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.push_bandwidth import Bandwidth
    from codefx_desktop.jobs.push_ports import PushPorts
    from codefx_desktop.store.outbox import Outbox

log = logging.getLogger(__name__)

CLOSE_MS: Final = 2_000
"""So long a transfer that is to end waits for what is under way."""
AHEAD: Final = 3
"""Pieces are taken for so many rounds of all slots at once, and written down together."""

_TRIED_AGAIN: Final = (CorruptedInFlight, UploadGone)


class Transfer:
    """One stretch of transferring; made for each, used by one leading thread.

    Args:
        outbox: The outbox; nobody else transfers from it meanwhile.
        ports: What it needs from outside.
        settings: How it goes.
        bandwidth: The limit of all transfers.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        outbox: Outbox,
        ports: PushPorts,
        settings: PushSettings,
        bandwidth: Bandwidth,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox, self._ports, self._settings = outbox, ports, settings
        self._bandwidth, self._clock = bandwidth, clock
        self._wake = threading.Event()
        self._crew = Crew(settings.workers, self._wake.set)
        self._lanes: dict[str, Lane] = {}
        self._teller = Teller(ports.tell, settings.tell_s, clock)
        self._stop: CancelSignal = threading.Event()
        self._going: frozenset[int] = frozenset()
        self._units = Units(self._crew, outbox, self._failed, self._wake.set, ports.before_review)

    def run(self, stop: CancelSignal, is_done: Callable[[], bool]) -> None:
        """Transfer until nothing goes on by itself, or one of the two says so. Blocks.

        Raises:
            HistoryError: If the outbox cannot be read or written.
            NoSpace: If the disk is full.
        """
        self._stop = stop
        self._outbox.recover()
        try:
            while not stop.is_set() and not is_done() and self._turn():
                self._wake.wait(self._pause_s())
                self._wake.clear()
        finally:
            self._close()

    def may_go_on(self, push_id: int) -> bool:
        """Return whether a push is to go on now; any thread may ask."""
        return push_id in self._going and not self._stop.is_set()

    def _is_held(self, push_id: int) -> bool:
        return not self.may_go_on(push_id)

    def _turn(self) -> bool:
        """Look at everything once; return whether anything is left to do."""
        self._settle()
        active = self._outbox.active()
        self._going = frozenset(push.id for push in active)
        self._crew.allow(self._allowed())
        self._crew.drop(lambda unit: unit.push_id in self._going or not unit.push_id)
        for name in dict.fromkeys(push.target for push in active):
            if (lane := self._lane(name)) is not None:
                self._drive(lane, [push for push in active if push.target == name])
        self._close_idle_lanes({push.target for push in active})
        self._tell(active)
        return bool(active) or not self._crew.is_idle

    def _pause_s(self) -> float:
        """Return how long nothing need be looked at: for long while all places rest."""
        rests = [lane.resting_until_s for lane in self._lanes.values()]
        ends = [end for end in rests if end is not None]
        if len(ends) < len(rests):
            return self._settings.turn_s
        left = min(ends, default=0.0) - self._clock()
        return min(self._settings.idle_s, max(self._settings.turn_s, left))

    def _allowed(self) -> int:
        busy = self._ports.is_busy()
        return self._settings.workers_beside_job if busy else self._settings.workers

    # Places.

    def _lane(self, name: str) -> Lane | None:
        """Return a target's lane, opened if need be; None where its pushes were stopped."""
        if name in self._lanes:
            return self._lanes[name]
        try:
            target = self._ports.open_target(name)
            store = self._ports.open_store(target)
        except CodefxError as error:
            self._outbox.stop_target(name, str(error))
            return None
        store.pace_with(self._bandwidth.pace)
        slots = max(1, min(store.traits.workers, self._settings.workers))
        lane = Lane(target, store, slots, Backoff(self._settings.patience), slots)
        self._crew.set_slots(name, slots)
        self._lanes[name] = lane
        if self._outbox.aborts(name):
            self._units.tidy(lane)
        return lane

    def _close_idle_lanes(self, wanted: set[str]) -> None:
        """Let go of places nobody pushes to; a changed secret is read when they open again."""
        for name, lane in list(self._lanes.items()):
            if name in wanted or self._crew.busy(name) or self._crew.waiting(name):
                continue
            if lane.resting_until_s is None and self._outbox.aborts(name) and not lane.is_tidied:
                self._units.tidy(lane)
                continue
            lane.store.close()
            del self._lanes[name]

    def _drive(self, lane: Lane, pushes: list[Push]) -> None:
        """Have a place's pushes go on."""
        self._meet(lane, pushes)
        if lane.resting_until_s is not None:
            self._probe_if_due(lane, pushes)
            return
        if lane.recover_slots(self._clock()):
            self._crew.set_slots(lane.name, lane.slots)
        for push_id in lane.of_phase(Phase.NEW):
            self._units.survey(lane, lane.routes[push_id])
        self._refill(lane)
        for push in pushes:
            is_sent = push.files_sent >= push.files - 1  # all but the manifest
            if is_sent and lane.phases[push.id] is Phase.SENDING:
                self._outbox.begun(push.id)
                self._units.check(lane, lane.routes[push.id], self._finish)

    def _meet(self, lane: Lane, pushes: list[Push]) -> None:
        """Take note of pushes that came, went, or got something through."""
        now = {push.id: push for push in pushes}
        for push_id in [one for one in lane.routes if one not in now]:
            lane.forget(push_id)
        for push_id, push in now.items():
            if push_id not in lane.routes:
                gate = Until(partial(self._is_held, push_id))
                lane.routes[push_id] = Route(
                    *(push, lane.target, lane.store, self._outbox, self._bandwidth),
                    *(gate, self._settings),
                )
                lane.phases[push_id] = Phase.NEW
        sent_bytes = sum(push.sent_bytes for push in pushes)
        if sent_bytes > lane.sent_bytes:
            lane.backoff.reset()
        lane.sent_bytes = sent_bytes

    def _probe_if_due(self, lane: Lane, pushes: list[Push]) -> None:
        """Try a place with one small request when its pause is over, or a person asks."""
        is_asked = any(push.next_try_at is None for push in pushes)
        is_over = lane.resting_until_s is not None and self._clock() >= lane.resting_until_s
        if lane.is_probed or not (is_asked or is_over):
            return
        self._units.probe(lane, lane.routes[pushes[0].id].manifest_key, self._awake)

    def _awake(self, lane: Lane) -> None:
        lane.resting_until_s, lane.is_probed = None, False
        self._outbox.awake(lane.name)

    def _rest(self, lane: Lane, epoch: int, error: Offline | Throttled) -> None:
        """Leave a place alone for a while, unless that was decided already."""
        if epoch != lane.epoch:
            return
        is_slowed = isinstance(error, Throttled)
        at_least_s = error.retry_after_s if isinstance(error, Throttled) else 0.0
        pause_s = lane.rest(self._clock(), at_least_s, is_slowed=is_slowed)
        log.info("%s rests for %.1f s: %s", lane.name, pause_s, error)
        self._crew.set_slots(lane.name, lane.slots)
        self._crew.drop(lambda unit: unit.lane != lane.name)
        until = datetime.now(UTC) + timedelta(seconds=pause_s)
        self._outbox.rest(lane.name, until, str(error), is_slowed=is_slowed)

    def _refill(self, lane: Lane) -> None:
        """Take pieces: small ones for some rounds ahead; large ones when no small ones are left."""
        ids = lane.of_phase(Phase.SENDING)
        if not ids:
            return
        largest = lane.routes[ids[0]].largest_whole
        waiting = self._crew.waiting(lane.name)
        if waiting >= lane.slots:
            return
        room = AHEAD * lane.slots - waiting
        small = self._outbox.take(lane.name, ids, room, range(largest + 1))
        large_room = self._settings.large_at_once - len(lane.large)
        large: tuple[Piece, ...] = ()
        if len(small) < room and large_room > 0:
            large = self._outbox.take(lane.name, ids, large_room, range(largest + 1, sys.maxsize))
            lane.large.update(piece.id for piece in large)
        for piece in (*small, *large):
            self._units.send(lane, lane.routes[piece.push_id], piece)

    # What the lead hears.

    def _settle(self) -> None:
        """Write down what places have confirmed, then deal with what went wrong."""
        reports = self._units.take_reports()
        if reports.sent:
            self._outbox.sent(reports.sent)
        confirmed = {piece.piece_id for piece in reports.sent}
        for news in reports.news:
            news()
        if back := [piece_id for piece_id in reports.back if piece_id not in confirmed]:
            self._outbox.give_back(back)

    def _failed(
        self, lane: Lane, epoch: int, push_id: int, piece: Piece | None, error: CodefxError
    ) -> None:
        if isinstance(error, Offline | Throttled):
            self._rest(lane, epoch, error)
        elif isinstance(error, STOPS_TARGET):
            lane.epoch += 1
            self._outbox.stop_target(lane.name, str(error))
        elif not push_id:
            log.warning("%s: %s", lane.name, error)
        elif piece is not None and (isinstance(error, _TRIED_AGAIN) or type(error) is RemoteError):
            failures = self._outbox.failed(piece.id, str(error))
            if failures >= self._settings.tries:
                self._outbox.stop(push_id, _gave_up(error, failures))
        else:
            self._outbox.stop(push_id, str(error))

    def _finish(self, push: Push, revision: int) -> None:
        if not self._outbox.finish(push.id, revision):
            return  # it was asked for again meanwhile
        log.info("Job %s is pushed to %s, revision %d", push.job_id, push.target, revision)
        others = self._outbox.pushes(push.job_id)
        if all(other.state.is_final for other in others):
            shutil.rmtree(self._ports.staging / push.job_id, ignore_errors=True)
        try:
            self._ports.on_pushed(self._outbox.push(push.id))
        except CodefxError as error:
            log.warning("After the push of job %s: %s", push.job_id, error)

    def _tell(self, active: tuple[Push, ...]) -> None:
        checking = {push for lane in self._lanes.values() for push in lane.of_phase(Phase.CHECKING)}
        self._teller.look(active, checking)
        for push_id in self._teller.going - {push.id for push in active}:
            self._teller.last(push_id, self._find(push_id))

    def _find(self, push_id: int) -> Push | None:
        try:
            return self._outbox.push(push_id)
        except UnknownPush:
            return None

    def _close(self) -> None:
        """End what is under way, and write down what was confirmed."""
        self._going = frozenset()
        is_ended = self._crew.close(CLOSE_MS)
        self._settle()
        self._tell(self._outbox.active())
        if not is_ended:
            log.warning("Some transfers did not end within %d ms", CLOSE_MS)
            return
        self._outbox.recover()  # nobody sends now: what is listed is to say so
        for lane in self._lanes.values():
            lane.store.close()


def _gave_up(error: CodefxError, failures: int) -> str:
    """Return why nothing goes on by itself any more; an error's hint may say that it does."""
    if not isinstance(error, _TRIED_AGAIN):
        return str(error)
    return (
        f"{error.message} That happened {failures} times in a row: retry, or use another network."
    )
