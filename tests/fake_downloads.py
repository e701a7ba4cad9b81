"""A stand-in for the network: hands out bytes from memory, block by block, and breaks on demand."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import DownloadDamaged, DownloadError, NoNetwork
from codefx_desktop.domain.models import Transfer
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.ports import Download
    from codefx_desktop.domain.run import CancelSignal


@dataclass
class FakeDownloads:
    """Fetches from memory.

    Attributes:
        contents: What is under which address.
        stop_after: The network ends when so many bytes of a file are there; None: never.
        delay_s: Before each block.
        block: Bytes of each.
        asked: What was asked for.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    stop_after: int | None = None
    delay_s: float = 0.0
    block: int = 50_000
    asked: list[Download] = field(default_factory=list)

    def get(
        self, wanted: Download, progress: Callable[[Transfer], None], cancel: CancelSignal
    ) -> None:
        self.asked.append(wanted)
        content = self.contents.get(wanted.url)
        if content is None:
            raise DownloadError("The file is not there any more.", hint="Take it from a USB drive.")
        wanted.target.parent.mkdir(parents=True, exist_ok=True)
        there = wanted.part.stat().st_size if wanted.part.exists() else 0
        with wanted.part.open("ab") as file:
            while there < len(content):
                progress(Transfer(there, wanted.size_bytes, 1_000_000.0 if there else 0.0))
                time.sleep(self.delay_s)
                if cancel.is_set():
                    raise Cancelled
                if self.stop_after is not None and there >= self.stop_after:
                    raise NoNetwork("No network: nobody answers.", hint="Connect to one.")
                file.write(content[there : there + self.block])
                there = min(there + self.block, len(content))
        progress(Transfer(there, wanted.size_bytes, 1_000_000.0))
        if hashlib.sha256(wanted.part.read_bytes()).hexdigest() != wanted.sha256:
            wanted.part.unlink()
            raise DownloadDamaged("Something else arrived. It was thrown away.")
        wanted.part.replace(wanted.target)
