"""One pass over a clip's packets, and as much decoding as is needed to trust them.

Short clips are decoded whole while they are read. Of longer ones the first pictures are decoded
(do they come at all, how do they look) and the last group of pictures (a recording that was cut
ends in a picture that is not whole). Damage in between that shows in the packets themselves makes
``probe`` scan again and decode everything; damage that only a decoder can see is reported by
whoever decodes the clip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from codefx_desktop.video.companions import Kind, PacketKinds
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.packets import ReadTrouble, read_packets
from codefx_desktop.video.structure import UnitChecker
from codefx_desktop.video.timeline import PacketTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from codefx_desktop.domain.run import CancelSignal

HEAD_PICTURES: Final = 8
HEAD_PACKETS: Final = 300
TAIL_BYTES: Final = 64 * 1024 * 1024
TAIL_PACKETS: Final = 1000
EVERY: Final = 64
"""Packets between two words about progress."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What is kept of a decoded picture."""

    pts: int | None
    key: bool
    duration: int


@dataclass(slots=True)
class Scan:
    """Everything one pass told.

    Attributes:
        table: All video packets.
        whole: Whether all packets from the first keyframe on were decoded.
        decoded: Decoded pictures in order: the first ones, or all if ``whole``.
        look: The first decoded picture: its format, size, colours, side data.
        interlaced: Whether one of the decoded pictures is interlaced.
        first_key: Position of the first keyframe packet; 0 if none is flagged.
        tail: Positions of the last group's packets; empty if it was not decoded by itself.
        tail_decoded: Pictures decoded from it.
        damaged: Decoded pictures that are smeared.
        decode_errors: Packets that the decoder refused.
        read_errors: Places that could not be read.
        others_end_s: Where the longest other stream ends, seconds on the file's clock.
        cancelled: Whether the pass was stopped before the end.
    """

    table: PacketTable
    whole: bool
    decoded: list[Decoded] = field(default_factory=list)
    look: VideoFrame | None = None
    interlaced: bool = False
    first_key: int = 0
    tail: range = range(0)
    tail_decoded: list[Decoded] = field(default_factory=list)
    damaged: int = 0
    decode_errors: int = 0
    read_errors: int = 0
    others_end_s: Fraction | None = None
    cancelled: bool = False

    @property
    def damage_in_between(self) -> bool:
        """Whether packets are damaged that were not decoded."""
        if self.whole or self.cancelled:
            return False
        return self.read_errors > 0 or any(
            broken and position not in self.tail and position >= self.first_key
            for position, broken in enumerate(self.table.broken)
        )

    @property
    def order_in_doubt(self) -> bool:
        """Whether pictures came out of the decoder with times that go back.

        Then the times are those of decoding (an index that lost the order of showing, pictures
        packed together), and only decoding everything tells which picture is shown when.
        """
        times = [picture.pts for picture in self.decoded if picture.pts is not None]
        return any(after < before for before, after in pairwise(times))

    @property
    def tail_in_doubt(self) -> bool:
        """Whether the last group, though whole, did not give its keyframe when decoded alone.

        Streams that refresh bit by bit have marks where decoding may start and no picture there.
        """
        return (
            len(self.tail) > 0
            and not any(self.table.broken[place] for place in self.tail)
            and not any(picture.key for picture in self.tail_decoded)
        )


class Scanner:
    """Scans one opened clip; use once.

    Args:
        container: The opened clip.
        stream: Its video stream.
        path: Its path, for errors.
        whole: Whether to decode everything.
        careful: Whether the clip is known to be damaged.
        wait_for_key: Whether packets before the first keyframe are left undecoded.
        others: Other streams whose end is wanted.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        path: Path,
        *,
        whole: bool,
        careful: bool = False,
        wait_for_key: bool = True,
        others: tuple[Stream, ...] = (),
    ) -> None:
        assert stream.time_base is not None
        self._container = container
        self._stream = stream
        self._path = path
        self._others = others
        self._trouble = ReadTrouble()
        self._decoder = PictureDecoder(stream, careful=careful)
        context = stream.codec_context
        self._checker = UnitChecker(context.codec.canonical_name, context.extradata)
        self._kinds = PacketKinds(context.codec.canonical_name, context.extradata)
        self._scan = Scan(PacketTable(stream.time_base), whole)
        self._decoding = not wait_for_key
        self._group: list[Packet[Stream]] = []
        self._group_bytes = 0

    def run(self, progress: Callable[[int], None], cancel: CancelSignal | None = None) -> Scan:
        """Read all packets.

        Args:
            progress: Told the position in the file in bytes.
            cancel: Ends the pass early.

        Raises:
            ClipLost: If the file goes away.
        """
        scan = self._scan
        streams = (self._stream, *self._others)
        packets = read_packets(
            self._container, streams, self._path, self._trouble, lambda: len(scan.table)
        )
        for count, packet in enumerate(packets):
            if cancel is not None and cancel.is_set():
                scan.cancelled = True
                break
            if count % EVERY == 0:
                progress(packet.pos or 0)
            if packet.stream_index == self._stream.index:
                self._take(packet)
            else:
                self._take_other(packet)
        self._finish(cancel)
        return scan

    def _take(self, packet: Packet[Stream]) -> None:
        if packet.size == 0:  # AVI: "show the last picture again", no picture of its own
            return
        table = self._scan.table
        if packet.is_keyframe and not any(table.key[:1]) and not self._decoding:
            self._scan.first_key = len(table)
            self._decoding = True
        data = memoryview(packet)
        kind = self._kinds.kind(data)
        if kind is Kind.SECOND_FIELD and len(table):
            table.duration[-1] += packet.duration or 0
        table.pts.append(packet.pts)
        table.dts.append(packet.dts)
        table.duration.append(packet.duration or 0)
        table.key.append(packet.is_keyframe)
        table.shown.append(kind is Kind.PICTURE and not packet.is_discard)
        table.broken.append(packet.is_corrupt or self._checker.is_broken(data))
        if not self._scan.whole:
            self._keep_group(packet)
        if self._decoding and (self._scan.whole or self._is_head()):
            self._keep(self._decoder.feed(packet), self._scan.decoded)

    def _is_head(self) -> bool:
        scan = self._scan
        fed = len(scan.table) - scan.first_key
        return len(scan.decoded) < HEAD_PICTURES and fed <= HEAD_PACKETS

    def _keep(self, frames: list[VideoFrame], into: list[Decoded]) -> None:
        scan = self._scan
        for frame in frames:
            if scan.look is None:
                scan.look = frame
            scan.interlaced = scan.interlaced or frame.interlaced_frame
            into.append(Decoded(frame.pts, frame.key_frame, frame.duration or 0))

    def _keep_group(self, packet: Packet[Stream]) -> None:
        """Hold the packets of the newest group, so that the last one can be decoded."""
        if packet.is_keyframe:
            self._group, self._group_bytes = [], 0
        elif not self._group:
            return
        self._group.append(packet)
        self._group_bytes += packet.size
        if self._group_bytes > TAIL_BYTES or len(self._group) > TAIL_PACKETS:
            self._group = []

    def _take_other(self, packet: Packet[Stream]) -> None:
        if packet.pts is None:
            return
        end = (packet.pts + (packet.duration or 0)) * packet.time_base
        if self._scan.others_end_s is None or end > self._scan.others_end_s:
            self._scan.others_end_s = end

    def _finish(self, cancel: CancelSignal | None) -> None:
        scan, decoder = self._scan, self._decoder
        if scan.whole or self._is_head():
            # A clip that ended before enough came out has been decoded whole.
            scan.whole = True
            self._keep(decoder.drain(), scan.decoded)
        elif self._group and not scan.cancelled:
            decoder.restart()
            for packet in self._group:  # a long group takes seconds to decode
                if cancel is not None and cancel.is_set():
                    scan.cancelled = True
                    break
                self._keep(decoder.feed(packet), scan.tail_decoded)
            self._keep(decoder.drain(), scan.tail_decoded)
            scan.tail = range(len(scan.table) - len(self._group), len(scan.table))
        self._group = []
        scan.damaged, scan.decode_errors = decoder.trouble.damaged, decoder.trouble.errors
        scan.read_errors = self._trouble.errors
