"""What is asked of the frame worker: commands in their order, and one frame, the newest.

Filled by the main thread, emptied by the worker; the worker's searches look in here whether what
they are after is still wanted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.jobs.footage import ClipFrames

Command = Callable[[], None]


class Exactness(StrEnum):
    """Which picture does for a request.

    Attributes:
        EXACT: That of the very frame, from the proxy if the clip itself is slower.
        NEAR: A keyframe before it, at once.
        OWN: That of the very frame, from the clip itself.
    """

    EXACT = "exact"
    NEAR = "near"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Want:
    """A frame of the clip with this session's number."""

    session: int
    number: int
    exactness: Exactness


class Requests:
    """A slot for the newest wanted frame, and the commands that come before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commands: deque[Command] = deque()
        self._want: Want | None = None
        self._is_working = False
        self._session = 0

    @property
    def newest(self) -> Want | None:
        """The frame that is wanted and not yet being worked on."""
        return self._want

    @property
    def session(self) -> int:
        """Number of the clip that is wanted now."""
        return self._session

    def begin(self, command: Callable[[int], None]) -> int:
        """Want another clip, and no frame of the former.

        Args:
            command: Called on the worker with the new session's number.

        Returns:
            The new session's number.
        """
        with self._lock:
            self._session += 1
            self._commands.append(partial(command, self._session))
            self._want = None
            return self._session

    def order(self, command: Command) -> None:
        """Have something done before the next frame."""
        with self._lock:
            self._commands.append(command)

    def want(self, want: Want, *, only_if_none: bool = False) -> None:
        """Ask for a frame instead of the one that was asked for before."""
        with self._lock:
            if want.session == self._session and (self._want is None or not only_if_none):
                self._want = want

    def take(self) -> Command | Want | None:
        """Return what to do next; None ends the worker's turn."""
        with self._lock:
            if self._commands:
                return self._commands.popleft()
            want, self._want = self._want, None
            self._is_working = want is not None
            return want

    def start(self) -> bool:
        """Return whether a worker has to be started; it then counts as working."""
        with self._lock:
            if self._is_working or not (self._commands or self._want):
                return False
            self._is_working = True
            return True

    def stopped(self) -> None:
        """Say that the worker ended without having been told to."""
        with self._lock:
            self._is_working = False

    def has_commands(self) -> bool:
        """Return whether commands wait."""
        return bool(self._commands)


class AnythingElse:
    """The cancel signal of what is done while nobody waits: set as soon as anything is asked."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def is_set(self) -> bool:
        """Return whether something is asked."""
        return self._requests.newest is not None or self._requests.has_commands()


class AnotherClip:
    """The cancel signal of what belongs to one clip: set when another is wanted, or none."""

    def __init__(self, requests: Requests, session: int) -> None:
        self._requests = requests
        self._session = session

    def is_set(self) -> bool:
        """Return whether the clip is no longer wanted."""
        return self._requests.session != self._session


class Release:
    """The cancel signal of a preview: a newer one waits for it, an exact frame does not.

    Were previews cancelled by previews, a drag would show nothing on a drive that takes longer
    than a hand to its next place.
    """

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def is_set(self) -> bool:
        """Return whether something else than a preview is asked."""
        newest = self._requests.newest
        released = newest is not None and newest.exactness is not Exactness.NEAR
        return released or self._requests.has_commands()


class Search:
    """The cancel signal of a search for an exact frame.

    Args:
        requests: Where newer requests arrive.
        frames: The clip that is searched.
        number: The frame that is searched for.
        is_due: Tells whether a picture should appear again.
    """

    def __init__(
        self, requests: Requests, frames: ClipFrames, number: int, is_due: Callable[[], bool]
    ) -> None:
        self._requests = requests
        self._frames = frames
        self._number = number
        self._is_due = is_due
        self.is_passing = False

    def is_set(self) -> bool:
        """Return whether decoding on is of no use for what is wanted now.

        Also set, with ``is_passing``, when what is wanted runs ahead of a decoder that is slower
        and a picture is due: the one that decoding came by last is then shown.
        """
        newest = self._requests.newest
        if self._requests.has_commands():
            return True
        if newest is None:
            return False
        if newest.exactness is Exactness.NEAR or not self._frames.is_on_the_way(newest.number):
            return True
        self.is_passing = newest.number > self._number and self._is_due()
        return self.is_passing
