"""What workers do about pushes, and what they report to the one who leads."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import CodefxError, Offline, RemoteError, Throttled
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.push_checking import check_push
from codefx_desktop.jobs.push_crew import Crew, Unit
from codefx_desktop.jobs.push_lane import Lane, Phase
from codefx_desktop.jobs.push_route import STOPS_TARGET
from codefx_desktop.jobs.push_sending import send_whole
from codefx_desktop.jobs.push_uploading import send_in_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.push import Piece, Push
    from codefx_desktop.jobs.push_route import Route
    from codefx_desktop.store.outbox import Outbox, SentPiece

    Failed = Callable[[Lane, int, int, Piece | None, CodefxError], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reports:
    """What workers have reported.

    Attributes:
        sent: Pieces that places have confirmed.
        back: Pieces that are not under way any more, sent or not.
        news: What else the lead is to do.
    """

    sent: list[SentPiece] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    news: list[Callable[[], object]] = field(default_factory=list)


class Units:
    """Makes units for workers; used by the lead.

    Args:
        crew: The workers.
        outbox: What is kept.
        failed: Hears, on the lead's thread, of a place, its epoch, push, piece and error.
        wake: Called on a worker when there is something that the lead should not wait for.
        before: Called on a worker before a push begins, and before its review is sent.
    """

    def __init__(
        self,
        crew: Crew,
        outbox: Outbox,
        failed: Failed,
        wake: Callable[[], None],
        before: Callable[[Route, Piece], None],
    ) -> None:
        self._crew, self._outbox = crew, outbox
        self._failed, self._wake, self._before = failed, wake, before
        self._lock = threading.Lock()
        self._reports = Reports()

    def take_reports(self) -> Reports:
        """Return what was reported since the last call."""
        with self._lock:
            reports, self._reports = self._reports, Reports()
        return reports

    def send(self, lane: Lane, route: Route, piece: Piece) -> None:
        """Have a piece sent."""

        def work() -> None:
            if piece.key == route.review_key:
                self._before(route, piece)
            if piece.id not in lane.large:
                sent = send_whole(route, piece)
            else:
                sent = send_in_parts(route, piece, partial(self._help, lane, route))
            if sent is not None:
                with self._lock:
                    self._reports.sent.append(sent)

        ended = partial(lane.large.discard, piece.id)
        self._add(lane, route.push.id, work, piece=piece, ended=ended)

    def survey(self, lane: Lane, route: Route) -> None:
        """Have a push looked at before anything of it is sent."""
        lane.phases[route.push.id] = Phase.SURVEYING

        def work() -> None:
            route.look()
            route.abort_orphans()
            for piece in self._outbox.pieces(route.push.id):
                if piece.key == route.review_key:
                    # Before anything is sent: what it comes to may stop the push.
                    self._before(route, piece)
            self._post(partial(_move, lane, route, Phase.SURVEYING, Phase.SENDING))

        ended = partial(_move, lane, route, Phase.SURVEYING, Phase.NEW)
        self._add(lane, route.push.id, work, ended=ended)

    def check(self, lane: Lane, route: Route, finish: Callable[[Push, int], None]) -> None:
        """Have a push verified whose pieces are all sent."""
        lane.phases[route.push.id] = Phase.CHECKING

        def work() -> None:
            revision = check_push(route, partial(self._help, lane, route))
            if revision is not None:
                self._post(partial(finish, route.push, revision))

        ended = partial(_move, lane, route, Phase.CHECKING, Phase.SENDING)
        self._add(lane, route.push.id, work, ended=ended)

    def probe(self, lane: Lane, key: str, answered: Callable[[Lane], None]) -> None:
        """Have a place tried with one small request."""
        lane.is_probed = True

        def work() -> None:
            try:
                lane.store.facts(key)
            except (Offline, Throttled):
                raise
            except RemoteError as error:  # an answer, too; who sends will hear it again
                log.debug("%s answered %s", lane.name, error)
            self._post(partial(answered, lane))

        self._add(lane, 0, work, ended=partial(setattr, lane, "is_probed", False))

    def tidy(self, lane: Lane) -> None:
        """Have a place forget uploads that nobody goes on with."""
        lane.is_tidied = True

        def work() -> None:
            for key, upload_id in self._outbox.aborts(lane.name):
                lane.store.abort_upload(lane.target.key(key), upload_id)
                self._outbox.aborted(lane.name, key, upload_id)

        self._add(lane, 0, work)

    def _help(self, lane: Lane, route: Route, call: Callable[[], None]) -> None:
        self._crew.add(Unit(lane.name, route.push.id, call), first=True)

    def _add(
        self,
        lane: Lane,
        push_id: int,
        work: Callable[[], None],
        *,
        piece: Piece | None = None,
        ended: Callable[[], object] | None = None,
    ) -> None:
        """Have a worker do something; the lead calls ``ended``, however it ends."""

        def end() -> None:
            with self._lock:
                if piece is not None:
                    self._reports.back.append(piece.id)
                if ended is not None:
                    self._reports.news.append(ended)

        def call() -> None:
            epoch = lane.epoch
            try:
                if not lane.is_failing:
                    work()
            except Cancelled:
                pass
            except CodefxError as error:
                if isinstance(error, (Offline, Throttled, *STOPS_TARGET)):
                    lane.failed_epoch = epoch
                self._post(partial(self._failed, lane, epoch, push_id, piece, error))
            except Exception as error:
                log.exception("A push failed unexpectedly")
                text = f"Unexpected: {error!r}. The log tells more."
                self._post(partial(self._outbox.stop, push_id, text))
            end()

        self._crew.add(Unit(lane.name, push_id, call, end))

    def _post(self, news: Callable[[], object]) -> None:
        with self._lock:
            self._reports.news.append(news)
        self._wake()


def _move(lane: Lane, route: Route, before: Phase, after: Phase) -> None:
    """Move a push to a phase, unless it went on or away meanwhile."""
    push_id = route.push.id
    if lane.routes.get(push_id) is route and lane.phases[push_id] is before:
        lane.phases[push_id] = after
