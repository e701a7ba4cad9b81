"""Makes the proxy of the clip that is open, beside its frames."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.frame_source import proxy_ready
from codefx_desktop.jobs.paced import Paced
from codefx_desktop.jobs.pools import Call
from codefx_desktop.jobs.viewing import ProxyPhase, ProxyState, unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.jobs.frame_source import Source
    from codefx_desktop.jobs.pools import Pool
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)


class ProxyKeeper:
    """Starts and ends the work; lives in the main thread.

    Args:
        pool: Does the work.
        tell: Takes ``ProxyState``; also called on the worker.
        made: Takes a session and its proxy; called on the worker.
    """

    def __init__(
        self,
        pool: Pool,
        tell: Callable[[ProxyState], None],
        made: Callable[[int, ProbedClip], None],
    ) -> None:
        self._pool = pool
        self._tell = tell
        self._made = made
        self._run = _Run(is_over=True)

    def make(self, source: Source) -> None:
        """Make a proxy, unless that is going on."""
        if not self._run.is_over:
            return
        run = self._run = _Run()
        self._tell(ProxyState(source.session, ProxyPhase.MAKING))
        self._pool.start(Call(lambda: self._make(source, run), partial(self._on_bug, source)))

    def cancel(self) -> bool:
        """End what is going on; return whether a proxy was being made."""
        was_making = not self._run.is_over
        self._run.cancel.set()
        self._run.is_over = True
        return was_making

    def _make(self, source: Source, run: _Run) -> None:
        def tell(fraction: float) -> None:
            if not run.cancel.is_set():
                self._tell(ProxyState(source.session, ProxyPhase.MAKING, fraction))

        try:
            if run.cancel.is_set():
                return
            proxy = source.footage.make_proxy(source.clip, Paced(tell), run.cancel)
            if run.cancel.is_set():
                source.footage.drop_proxy(source.clip)  # finished in the moment it was cancelled
            else:
                self._made(source.session, proxy)
                self._tell(proxy_ready(source.session, proxy))
        except Cancelled:
            pass
        except CodefxError as error:
            log.info("No proxy could be made: %s", error)
            self._fail(source, str(error))
        finally:
            run.is_over = True

    def _fail(self, source: Source, message: str) -> None:
        self._tell(ProxyState(source.session, ProxyPhase.FAILED, message=message))

    def _on_bug(self, source: Source, error: BaseException) -> None:
        log.error("A proxy failed unexpectedly", exc_info=error)
        self._fail(source, unexpected(error))


@dataclass(slots=True)
class _Run:
    """One making."""

    is_over: bool = False
    cancel: threading.Event = field(default_factory=threading.Event)
