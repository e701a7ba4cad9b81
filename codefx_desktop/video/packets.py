"""Reading packets from files that may be damaged or vanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av.error

from codefx_desktop.domain.errors import ClipLost
from codefx_desktop.video.container import still_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

MAX_ERRORS_IN_A_ROW = 64


@dataclass(slots=True)
class ReadTrouble:
    """What went wrong while packets were read."""

    errors: int = 0


def read_packets(
    container: InputContainer,
    streams: Sequence[Stream],
    path: Path,
    trouble: ReadTrouble,
    frame: Callable[[], int] | None = None,
) -> Iterator[Packet[Stream]]:
    """Yield the packets of ``streams`` in file order; go on after a damaged place.

    Args:
        container: The opened clip.
        streams: Whose packets.
        path: The clip, for errors.
        trouble: Counts what went wrong.
        frame: Says at which frame the reading is, for errors.

    Raises:
        ClipLost: If the operating system can no longer read the file.
    """
    in_a_row = 0
    while in_a_row < MAX_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(*streams):
                if packet.size == 0 and packet.pts is None and packet.dts is None:
                    continue  # PyAV's flush markers
                in_a_row = 0
                yield packet
        except av.error.FFmpegError as error:
            if isinstance(error, av.error.ExitError):  # nothing found in the time there is
                in_a_row = MAX_ERRORS_IN_A_ROW
            trouble.errors += 1
            in_a_row += 1
            if detail := still_readable(path):
                raise lost(path, detail, None if frame is None else frame()) from error
        except IndexError:
            # WORKAROUND(PyAV 18): after the last packet it flushes streams by number, also those
            # that appeared while it read, which it does not have. Remove when it counts them.
            return
        else:
            return


def lost(path: Path, detail: str, frame: int | None = None) -> ClipLost:
    """Return the error for a clip that went away while it was read."""
    where = f" at frame {frame}" if frame is not None else ""
    return ClipLost(
        f"Source missing{where}: {path.name} can no longer be read ({detail}).",
        hint="Connect its drive again and run the job again.",
        path=path,
    )
