"""Where in the file each picture's packet lies, for clips in which a time names several places.

Found by one pass over the packets, without decoding, and only when it is needed: recordings glued
together whose clock starts again, times that go backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.video.timeline import Matcher, PacketTable, timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from av.packet import Packet
    from av.stream import Stream

    from codefx_desktop.domain.clip import FrameIndex


@dataclass(frozen=True, slots=True)
class PacketPlace:
    """One packet.

    Attributes:
        ordinal: How many packets with pictures come before it in the file.
        pts: Its raw time.
        byte: Where it begins in the file, None where the container does not say.
    """

    ordinal: int
    pts: int | None
    byte: int | None


@dataclass(frozen=True, slots=True)
class PacketPlaces:
    """The packets of a clip's keyframes by picture number."""

    keys: Mapping[int, PacketPlace]

    def of(self, number: int) -> PacketPlace | None:
        """Return the place of a keyframe's packet, None if it is not known."""
        return self.keys.get(number)


def find_places(
    packets: Iterator[Packet[Stream]], time_base: Fraction, index: FrameIndex
) -> PacketPlaces:
    """Find the packets of the keyframes of ``index``.

    Args:
        packets: All packets with pictures, from the first one on.
        time_base: Of their times.
        index: The clip's index.
    """
    table, places = PacketTable(time_base), []
    for packet in packets:
        places.append(PacketPlace(len(table), packet.pts, packet.pos))
        table.pts.append(packet.pts)
        table.dts.append(packet.dts)
        table.duration.append(packet.duration or 0)
        table.key.append(packet.is_keyframe)
        table.shown.append(not packet.is_discard)
        table.broken.append(False)
    pictures = timeline(table)
    matcher, keys = Matcher(index.pts), {}
    for packet_number, pts, is_key in zip(pictures.packet, pictures.pts, pictures.key, strict=True):
        number = matcher.match(int(pts))
        if number is not None and is_key:
            keys[number] = places[int(packet_number)]
    return PacketPlaces(keys)
