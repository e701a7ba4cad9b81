"""The outbox in a line, for the status bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushState
from codefx_desktop.ui.models import push_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from codefx_desktop.domain.push import PushProgress

NOTHING = "Nothing to send"
WHY = (
    "Nothing leaves this machine unless you push it; then it goes when there is a network. "
    "Click to show the outbox."
)


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What is to be sent, in words.

    Attributes:
        text: For the status bar.
        more: For its tooltip.
        warns: Whether a person has to act.
        is_sending: Whether bytes go right now.
        short: In a word or two, for the head of the outbox.
    """

    text: str
    more: str = WHY
    warns: bool = False
    is_sending: bool = False
    short: str = ""


def outbox_state(
    pushes: Sequence[PushProgress], now: datetime, *, paused: bool = False
) -> OutboxState:
    """Return the state of all pushes together."""
    of = {state: [one for one in pushes if one.push.state is state] for state in PushState}
    sending, waiting = of[PushState.SENDING], of[PushState.WAITING]
    stopped = of[PushState.STOPPED]
    if paused and (sending or waiting):
        text = f"Sending is paused, {_wait(len(sending) + len(waiting))}"
        return OutboxState(text, short="Paused")
    if sending:
        return _sending(sending, stopped)
    if stopped:
        reason = stopped[0].push.reason
        text = f"Stopped: needs you ({push_words.pushes(len(stopped))})"
        return OutboxState(text, reason or WHY, warns=True, short="Needs you")
    if waiting:
        return _waiting(waiting, now)
    if of[PushState.PAUSED]:
        return OutboxState(f"{push_words.pushes(len(of[PushState.PAUSED]))} paused", short="Paused")
    return OutboxState(NOTHING, short=NOTHING if pushes else "")


def _sending(sending: list[PushProgress], stopped: list[PushProgress]) -> OutboxState:
    done = sum(one.push.files_sent for one in sending)
    files = sum(one.push.files for one in sending)
    rate = sum(one.bytes_per_s for one in sending)
    verb = "Verifying" if all(one.is_checking for one in sending) else "Sending"
    text = f"{verb} {words.count(done)} of {push_words.files(files)}"
    if rate > 0:
        text += f", {push_words.bytes_per_s(rate)}"
    names = ", ".join(one.push.job_name for one in sending[:3])
    more = f"{names} to {sending[0].push.target}"
    if stopped:
        more += f". {push_words.pushes(len(stopped))} stopped: {stopped[0].push.reason}"
    return OutboxState(text, more, warns=bool(stopped), is_sending=True, short=verb)


def _waiting(waiting: list[PushProgress], now: datetime) -> OutboxState:
    first = waiting[0].push
    timed = [(at, one.push) for one in waiting if (at := one.push.next_try_at) is not None]
    if not timed:
        text = f"Waiting: {push_words.pushes(len(waiting))}"
        return OutboxState(text, first.reason or WHY, short="Waiting")
    at, first = min(timed, key=lambda one: one[0])
    seconds = max(0.0, (at - now).total_seconds())
    again = f"next try in {push_words.span(seconds)}" if seconds >= 1 else "trying again…"
    why = "slowed down" if first.is_slowed else "offline"
    return OutboxState(f"Waiting: {why}, {again}", first.reason or WHY, short=why.capitalize())


def _wait(number: int) -> str:
    return "1 push waits" if number == 1 else f"{words.count(number)} pushes wait"
