"""What a push desk asks for: the outbox, its transfers, links, fetching, room on the disk.

All calls block and belong on workers. Kept apart from the desk, like the engine from the hub, so
that it is imported on a worker.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import OtherFilesHere
from codefx_desktop.domain.push import PushEstimate, PushPart
from codefx_desktop.jobs import drives, fetching, freeing, push_plan, pushing
from codefx_desktop.jobs.fetch_plan import FetchChoice
from codefx_desktop.jobs.links import make_links
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.push_values import (
    CopyStep,
    FetchStep,
    FetchWanted,
    FreeSpace,
    LinksAnswer,
)
from codefx_desktop.jobs.pushed_address import is_address, parse_address, target_of
from codefx_desktop.jobs.pushed_jobs import find_pushed
from codefx_desktop.jobs.pushing import BYTES_PER_MBIT
from codefx_desktop.jobs.remote_deleting import delete_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.models import Transfer
    from codefx_desktop.domain.push import Push, PushOptions, PushProgress
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.fetch_files import FetchProgress
    from codefx_desktop.jobs.work import Workshop


class PushWork:
    """Carries out what is asked of a push desk; one for a program.

    Args:
        shop: Settings, history, targets and outbox.
    """

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._bandwidth = Bandwidth(shop.settings.push_limit_mbit * BYTES_PER_MBIT)

    def pushes(self) -> tuple[Push, ...]:
        """Return all pushes, in the order in which they were asked for."""
        return self._shop.outbox.open().pushes()

    def take_notices(self) -> tuple[str, ...]:
        """Return, once, what a person should know about how opening the outbox went."""
        return self._shop.outbox.take_notices()

    def estimate(self, job_ids: Sequence[str]) -> PushEstimate:
        """Return what pushing jobs would send, part by part.

        Raises:
            UnknownJob: If one is not in the history.
            NotWritable: If a job's folder cannot be read.
        """
        total, copies = PushEstimate({}, {}), pushing.copies_of(self._shop)
        to_copy_bytes, may_leave = 0, False
        for job_id in job_ids:
            record = self._shop.history.get(job_id)
            source = copies.source_of(record)
            one = push_plan.estimate(record, source)
            for part, files in one.files.items():
                total.files[part] = total.files.get(part, 0) + files
                total.size_bytes[part] = total.size_bytes.get(part, 0) + one.size_bytes[part]
            if source == record.input_path and PushPart.SOURCE in one.files:
                to_copy_bytes += one.size_bytes[PushPart.SOURCE]
                may_leave = may_leave or drives.may_leave(source)
        return replace(total, to_copy_bytes=to_copy_bytes, may_leave=may_leave)

    def copy_sources(
        self,
        request_id: int,
        job_ids: Sequence[str],
        tell: Callable[[CopyStep], None],
        cancel: CancelSignal,
    ) -> CopyStep:
        """Copy the clips of jobs to this machine; ``SourceCopies.make`` tells the errors."""
        copies = pushing.copies_of(self._shop)
        for job_id in job_ids:
            record = self._shop.history.get(job_id)
            step = CopyStep(request_id, record.input_filename)
            tell(step)
            copies.make(record, partial(_tell_copied, tell, step), cancel)
        return CopyStep(request_id, is_final=True)

    def sweep(self) -> int:
        """Remove what copying and fetching left over; return how many files went."""
        return pushing.copies_of(self._shop).sweep()

    def push(self, job_id: str, target: str, options: PushOptions) -> Push:
        """Put a job into the outbox; ``push_plan.queue_push`` tells the errors."""
        shop = self._shop
        record = shop.history.get(job_id)
        return pushing.queue(shop, record, shop.targets.find(target).name, options)

    def pause(self, push_id: int) -> None:
        """Have a push wait until ``resume``."""
        self._shop.outbox.open().pause(push_id)

    def resume(self, push_id: int) -> None:
        """Have a paused push go on."""
        self._shop.outbox.open().resume(push_id)

    def retry(self, push_id: int) -> None:
        """Have a push that stopped, or waits for a time, be tried now."""
        self._shop.outbox.open().retry(push_id)

    def cancel(self, push_id: int) -> None:
        """Give a push up; what the target has stays there."""
        self._shop.outbox.open().cancel(push_id)

    def forget(self, push_id: int) -> None:
        """Drop a push; what the target has stays there."""
        self._shop.outbox.open().forget(push_id)

    def transfer(
        self,
        stop: CancelSignal,
        tell: Callable[[PushProgress], None],
        is_busy: Callable[[], bool],
    ) -> None:
        """Transfer until nothing goes on by itself, or ``stop`` is set.

        Args:
            stop: Ends it.
            tell: Told how pushes go, on a worker.
            is_busy: Whether this program works on a job, known at once; of other programs' jobs
                the history tells a little later.

        Raises:
            HistoryError: If the outbox cannot be read or written.
            NotWritable: If its folder cannot be written to.
            NoSpace: If the disk is full.
        """
        pusher = pushing.new_pusher(self._shop, tell, bandwidth=self._bandwidth, is_busy=is_busy)
        pusher.run_until_idle(stop)

    def set_limit(self, mbit: float) -> None:
        """Take at most so many megabits a second; 0 is no limit."""
        self._bandwidth.set_limit(mbit * BYTES_PER_MBIT)

    def links(self, request_id: int, job_id: str, target: str, ttl_s: int) -> LinksAnswer:
        """Return addresses of what was pushed; ``links.make_links`` tells the errors."""
        keeper = self._shop.targets
        place = keeper.find(target)
        with closing(keeper.open(place)) as store:
            links = make_links(store, place, job_id, ttl_s)
        both = links.encoded()
        return LinksAnswer(
            request_id, job_id, target, links, both.json.decode(), both.toon.decode()
        )

    def fetch(
        self, wanted: FetchWanted, tell: Callable[[FetchStep], None], cancel: CancelSignal
    ) -> FetchStep:
        """Bring a pushed job to this machine; ``fetching`` tells the errors."""
        shop = self._shop
        target, beginning = self._place_of(wanted)
        with closing(shop.targets.open(target)) as store:
            job_id = find_pushed(store, target, beginning)
            tell(FetchStep(wanted.request_id, job_id))
            plan = fetching.look_at(shop, store, target, job_id, FetchChoice(wanted.parts))
            name = plan.record.input_filename

            def step(progress: FetchProgress) -> None:
                tell(FetchStep(wanted.request_id, name, progress))

            try:
                done = fetching.fetch(shop, store, target, plan, step, cancel, update=wanted.update)
            except OtherFilesHere as error:
                return FetchStep(
                    wanted.request_id,
                    name,
                    message=error.message,
                    is_final=True,
                    others=error.files,
                )
        note = str(done.review)
        return FetchStep(wanted.request_id, name, record=done.record, is_final=True, note=note)

    def delete_remote(self, job_id: str, cancel: CancelSignal) -> None:
        """Delete a job's objects from every target it was pushed to.

        Its pushes are given up first, so that nothing of it is sent meanwhile.

        Raises:
            SettingsError: If a target is not known (any more), or not complete.
            RemoteError: If a target cannot be asked; another call goes on.
        """
        keeper, outbox = self._shop.targets, self._shop.outbox.open()
        for push in outbox.pushes(job_id):
            target = keeper.find(push.target)
            outbox.cancel(push.id)
            with closing(keeper.open(target)) as store:
                delete_remote(store, target, job_id, lambda _done: None, cancel)
            outbox.forget(push.id)

    def free_space(self, job_ids: Sequence[str] | None, cancel: CancelSignal) -> FreeSpace:
        """Return what could leave this machine; remove it of jobs that are named."""
        if job_ids is None:
            return freeing.find_freeable(self._shop)
        return freeing.free(self._shop, job_ids, cancel)

    def _place_of(self, wanted: FetchWanted) -> tuple[Target, str]:
        """Return where a pushed job is, and its id or the beginning of that."""
        keeper = self._shop.targets
        if is_address(wanted.what):
            address = parse_address(wanted.what)
            return target_of(address, keeper.loaded().targets), address.job_id
        return keeper.find(wanted.target), wanted.what.strip()


def _tell_copied(tell: Callable[[CopyStep], None], step: CopyStep, now: Transfer) -> None:
    tell(replace(step, transfer=now))
