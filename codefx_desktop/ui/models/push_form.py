"""What is to be pushed, and where to; the rules behind the push dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.push import PushOptions, PushPart, PushState
from codefx_desktop.jobs.push_values import CopyStep
from codefx_desktop.ui.models import push_words, target_words, words
from codefx_desktop.ui.models.model_words import of_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.jobs.push_values import Estimated
    from codefx_desktop.jobs.target_values import TargetList, TargetRow
    from codefx_desktop.ui.models.outbox_list import OutboxList
    from codefx_desktop.ui.models.push_memory import PushMemory


class PushForm(QObject):
    """The choices for one or several jobs.

    Args:
        desk: Estimates and pushes.
        outbox: What was pushed before.
        memory: What was chosen the last time.
        records: The jobs.
        removes_copies: Whether copies of sources go once they were pushed, as the setting says.
    """

    changed = Signal()
    done = Signal()
    """The jobs are on their way into the outbox."""

    def __init__(
        self,
        desk: PushDesk,
        outbox: OutboxList,
        memory: PushMemory,
        records: Sequence[JobRecord],
        *,
        removes_copies: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._outbox, self._memory = desk, outbox, memory
        self.records = tuple(record for record in records if record.status.is_final)
        self._left_out = len(records) - len(self.records)
        self.removes_copies = removes_copies
        self.targets: tuple[TargetRow, ...] = ()
        self.target = memory.target
        profiles = {record.spec.profile for record in self.records}
        self._profile = profiles.pop() if len(profiles) == 1 else ""
        self.parts = memory.parts(self._profile)
        self.remove_copy: bool | None = None
        self.copies_first = False
        self.copying: CopyStep | None = None
        self.copy_trouble = ""
        self._copy_request = 0
        self.estimate: Estimated | None = None
        self._request = desk.estimate([record.id for record in self.records])
        desk.estimated.connect(self._on_estimate)
        desk.copied.connect(self._on_copied)

    # -- what is chosen -----------------------------------------------------------------------

    def offer(self, found: TargetList) -> None:
        """Take the targets there are; the chosen one stays, else the first that is ready is."""
        self.targets = found.rows
        if self.row is None:
            ready = [row for row in found.rows if row.is_ready] or list(found.rows)
            self.target = ready[0].target.name if ready else ""
        self.changed.emit()

    def choose_target(self, name: str) -> None:
        """Push there."""
        self.target = name
        self.changed.emit()

    def choose_part(self, part: PushPart, *, on: bool) -> None:
        """Push a part, or do not."""
        self.parts = self.parts | {part} if on else self.parts - {part}
        self.changed.emit()

    def choose_copy(self, remove: bool | None) -> None:
        """Say what becomes of the app's own copy of the source; None: as the setting says."""
        self.remove_copy = remove

    def choose_copy_first(self, *, on: bool) -> None:
        """Copy the footage to this machine before it is pushed, or do not."""
        self.copies_first = on
        self.changed.emit()

    def push(self) -> None:
        """Put the jobs into the outbox, their footage copied first where that is chosen."""
        if self.hindrance or self.is_copying:
            return
        self._memory.keep_parts(self._profile, self.parts)
        self._memory.target = self.target
        if self.copies_first and self.can_copy_first:
            self.copy_trouble, self._copy_request = "", -1  # steps may come before the number
            self.copying = CopyStep(self._copy_request)
            self._copy_request = self._desk.copy_sources([record.id for record in self.records])
            self.changed.emit()
        else:
            self._send()

    def stop_copying(self) -> None:
        """Stop copying; nothing is pushed then."""
        self._desk.stop_copy(self._copy_request)

    def _send(self) -> None:
        options = PushOptions(self.parts, self.remove_copy)
        self._desk.push([record.id for record in self.records], self.target, options)
        self.done.emit()

    # -- what is told -------------------------------------------------------------------------

    @property
    def is_copying(self) -> bool:
        """Whether footage is being copied."""
        return self.copying is not None

    @property
    def can_copy_first(self) -> bool:
        """Whether there is footage that is to go and that the app has no copy of."""
        known = self.estimate
        return PushPart.SOURCE in self.parts and bool(known and known.estimate.to_copy_bytes)

    @property
    def copy_note(self) -> str:
        """What a copy would be good for; empty where the footage stays anyway."""
        if self.estimate is None or not self.can_copy_first or not self.estimate.estimate.may_leave:
            return ""
        size = words.size(self.estimate.estimate.to_copy_bytes)
        return (
            "The footage lies on a drive that can be taken away. With a copy on this machine "
            f"({size}) the push goes on without it."
        )

    @property
    def copy_state(self) -> str:
        """How far copying is, in words; empty while nothing is copied."""
        if self.copying is None:
            return ""
        told, now = [f"Copying {self.copying.name}".rstrip()], self.copying.transfer
        if now is not None:
            told.append(of_bytes(now.done_bytes, now.total_bytes))
        return push_words.DOT.join(told)

    @property
    def copy_share(self) -> float:
        """How much of the clip that is being copied is here, 0 to 1."""
        now = self.copying.transfer if self.copying is not None else None
        return now.done_bytes / now.total_bytes if now is not None and now.total_bytes else 0.0

    @property
    def row(self) -> TargetRow | None:
        """The chosen target."""
        return next((row for row in self.targets if row.target.name == self.target), None)

    @property
    def title(self) -> str:
        """What is pushed, in words."""
        if len(self.records) == 1:
            return f"Push “{self.records[0].input_filename}”"
        return f"Push {words.jobs(len(self.records))}"

    @property
    def left_out(self) -> str:
        """Which jobs are not pushed, and why; empty if all are."""
        if not self._left_out:
            return ""
        told = "1 job is" if self._left_out == 1 else f"{self._left_out} jobs are"
        return f"{told} not finished yet and left out."

    @property
    def hindrance(self) -> str:
        """Why nothing can be pushed; empty if it can."""
        if not self.records:
            return "Nothing is finished yet. A job can be pushed when it has ended."
        if not self.targets:
            return "There is no target yet: a bucket (R2, S3) or a folder to push to."
        row = self.row
        if row is None:
            return "Choose a target."
        if not row.is_ready:
            return target_words.lacks(row)
        if not self.parts:
            return "Choose what is pushed."
        return self.estimate.message if self.estimate is not None else ""

    def is_there(self, part: PushPart) -> bool:
        """Return whether there is anything of a part; True until that is known."""
        return self.estimate is None or self.estimate.estimate.files.get(part, 0) > 0

    def amount(self, part: PushPart) -> tuple[str, str]:
        """Return how many files a part has, and their size; dashes while that is not known."""
        if self.estimate is None:
            return "…", "…"
        if not self.is_there(part):
            return words.NONE, words.NONE
        found = self.estimate.estimate
        return push_words.files(found.files[part]), words.size(found.size_bytes[part])

    @property
    def total(self) -> str:
        """Files and bytes of all that is chosen."""
        if self.estimate is None:
            return "Counting…"
        found = self.estimate.estimate
        chosen = [part for part in self.parts if part in found.files]
        files = sum(found.files[part] for part in chosen)
        size = sum(found.size_bytes[part] for part in chosen)
        return f"{push_words.files(files)}, {words.size(size)}"

    @property
    def before(self) -> str:
        """What the target has of these jobs already."""
        found = [
            push
            for record in self.records
            for push in self._outbox.of_job(record.id)
            if push.target == self.target and push.state is not PushState.CANCELLED
        ]
        pushed = [push for push in found if push.state is PushState.PUSHED]
        if pushed and len(self.records) == 1:
            when = words.moment(pushed[0].changed_at or pushed[0].created_at)
            return f"Pushed there on {when}. What is the same is not sent again."
        if pushed:
            told = "1 of them was" if len(pushed) == 1 else f"{len(pushed)} of them were"
            return f"{told} pushed there before. What is the same is not sent again."
        if found:
            return "In the outbox already: it goes on with these choices."
        return ""

    def _on_copied(self, step: CopyStep) -> None:
        if step.request_id != self._copy_request:
            return
        self.copying = None if step.is_final else step
        self.copy_trouble = step.message
        self.changed.emit()
        if step.is_final and not step.message:
            self._send()

    def _on_estimate(self, answer: Estimated) -> None:
        if answer.request_id == self._request:
            self.estimate = answer
            self.changed.emit()
