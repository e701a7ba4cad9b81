"""Decoding from any keyframe on, trusted only when what comes out is proven to be what was meant.

A clip's index has no byte positions, and containers seek in their own ways: some land late, some
early, some have no index at all, and where a clock starts again a time names two places. So the
packet at which decoding starts must be the wanted keyframe's (its time, where times are unique;
its byte position or its place in the file where they are not), and the first picture that counts
must be that keyframe, undamaged. Otherwise the caller goes to an earlier one, and at last to the
file's beginning, which is how ``reader`` reads.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, Final

import av.error
import numpy as np

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.container import check_file, open_clip, video_stream
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.packet_places import PacketPlaces, find_places
from codefx_desktop.video.packets import ReadTrouble, read_packets
from codefx_desktop.video.timeline import RESET_BACK_S, Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.video.probe import ProbedClip

    Pictures = Iterator[tuple[int, VideoFrame]]

EARLIER_S: Final = (0, 1, 4, 16)
"""How much before a keyframe's time a container is asked to go, attempt by attempt."""
EARLIER_TS_S: Final = (1, 3, 9, 27)
"""Transport streams are searched by decoding times, which are earlier than those shown."""
CANCEL_EVERY: Final = 256


class PictureSource:
    """One opened clip that can be decoded from its keyframes on; close it after use.

    Only the iterator that was asked for last may be used.

    Args:
        clip: The probed clip.
        quick: For single keyframes: no frame threads, so that the first picture comes out after
            its own packet.
    """

    def __init__(self, clip: ProbedClip, *, quick: bool = False) -> None:
        self._clip = clip
        self._single = quick or clip.info.verdict is not Verdict.OK
        pts = clip.index.pts
        key_pts = pts[clip.index.keyframe]
        back_s = -np.diff(pts) * float(clip.index.time_base)
        self._times_are_guessed = bool(np.any((back_s > 0) & (back_s <= float(RESET_BACK_S))))
        self._times_are_places = bool(np.all(back_s <= 0) and np.all(np.diff(key_pts) > 0))
        self._places: PacketPlaces | None = None
        self._opened = ExitStack()
        self.is_open = False

    def open(self) -> None:
        """Open the clip, or open it again at its beginning.

        Raises:
            ClipError: If it cannot be opened.
        """
        self.close()
        path = self._clip.info.path
        check_file(path)
        self._container: InputContainer = self._opened.enter_context(open_clip(path))
        self._stream: VideoStream = video_stream(self._container, path)
        self._decoder = PictureDecoder(self._stream, careful=self._single)

        self.is_open = True

    def close(self) -> None:
        """Close the clip."""
        self.is_open = False
        self._opened.close()

    def from_start(self) -> Pictures:
        """Return all numbered pictures, exactly as the sequential reader decodes them.

        Raises:
            ClipError: If the clip cannot be opened any more.
        """
        self.open()
        matcher = Matcher(self._clip.index.pts)
        for picture in self._decode(self._packets()):
            number = matcher.match(picture.pts)
            if number is not None:
                yield number, picture

    def from_keyframe(self, key: int, cancel: CancelSignal | None = None) -> Pictures | None:
        """Return the numbered pictures from a keyframe on; None if it cannot be trusted.

        Args:
            key: Number of the keyframe.
            cancel: Looked at while packets are skipped.

        Raises:
            Cancelled: If the signal was seen.
            ClipError: If the clip cannot be read any more.
        """
        packets = self._packets_from(key, cancel)
        if packets is None:
            return None
        pictures = self._numbered(packets, key)
        first = next(pictures, None)
        return None if first is None else chain((first,), pictures)

    def key_picture(self, key: int, cancel: CancelSignal | None = None) -> VideoFrame | None:
        """Return a keyframe decoded from its own packet alone; None if that does not give it.

        Raises:
            Cancelled: If the signal was seen.
            ClipError: If the clip cannot be read any more.
        """
        packets = self._packets_from(key, cancel)
        packet = next(packets, None) if packets is not None else None
        if packet is None:
            return None
        found = self._numbered(iter((packet,)), key)
        number, picture = next(found, (None, None))
        self._decoder.restart()
        return picture if number == key else None

    def _numbered(self, packets: Iterator[Packet[Stream]], key: int) -> Pictures:
        """Yield (number, picture) from the keyframe on; nothing if it is not what it should be."""
        pts = self._clip.index.pts
        pictures = self._decode(packets)
        for picture in pictures:
            # Pictures shown before the keyframe need what lies before it: not from here.
            if picture.pts == pts[key]:
                break
            if picture.pts is None or picture.pts > pts[key]:
                return
        else:
            return
        trouble = self._decoder.trouble
        if not picture.key_frame or trouble.errors or trouble.damaged:
            return
        yield key, picture
        matcher = Matcher(pts[key + 1 :])
        for picture in pictures:
            if trouble.errors or trouble.damaged:
                return  # how damage is concealed depends on all that was decoded before it
            number = matcher.match(picture.pts)
            if number is not None:
                yield key + 1 + number, picture

    def _decode(self, packets: Iterator[Packet[Stream]]) -> Iterator[VideoFrame]:
        for packet in packets:
            if packet.size:
                yield from self._decoder.feed(packet)
        yield from self._decoder.drain()

    def _packets_from(
        self, key: int, cancel: CancelSignal | None
    ) -> Iterator[Packet[Stream]] | None:
        """Return the packets from a keyframe's own on; None if it is not found."""
        if self._times_are_guessed:
            return None  # the next pass may guess others
        if not self.is_open:
            self.open()
        if self._times_are_places:
            return self._packets_from_time(key, cancel)
        if self._places is None:
            self.open()
            assert self._stream.time_base is not None
            self._places = find_places(
                _watched(self._packets(), cancel), self._stream.time_base, self._clip.index
            )
        return self._packets_from_place(self._places, key, cancel)

    def _packets_from_time(
        self, key: int, cancel: CancelSignal | None
    ) -> Iterator[Packet[Stream]] | None:
        index = self._clip.index
        pts, is_ts = int(index.pts[key]), "mpegts" in self._clip.info.container
        for earlier_s in EARLIER_TS_S if is_ts else EARLIER_S:
            target = pts - int(earlier_s / index.time_base)
            if not self._seek(target):
                continue
            packets = self._packets()
            first = _skip_to_key(packets, pts, cancel)
            if first is not None:
                return chain((first,), packets)
        self.open()
        packets = self._packets()
        first = _skip_to_key(packets, pts, cancel)
        return None if first is None else chain((first,), packets)

    def _packets_from_place(
        self, places: PacketPlaces, key: int, cancel: CancelSignal | None
    ) -> Iterator[Packet[Stream]] | None:
        place = places.of(key)
        if place is None:
            return None
        if place.byte is not None and self._seek(place.byte, in_bytes=True):
            packets = self._packets()
            first = next(packets, None)
            if first is not None and (first.pos, first.pts) == (place.byte, place.pts):
                return chain((first,), packets)
        self.open()
        packets = self._packets()
        for _ in zip(range(place.ordinal), _watched(packets, cancel), strict=False):
            pass
        return packets

    def _seek(self, target: int, *, in_bytes: bool = False) -> bool:
        """Go to a time (or byte); return whether the container could."""
        self._decoder.restart()
        self._decoder.trouble.errors = self._decoder.trouble.damaged = 0
        try:
            self._container.seek(target, stream=self._stream, unsupported_byte_offset=in_bytes)
        except (av.error.FFmpegError, OverflowError):
            return False
        return True

    def _packets(self) -> Iterator[Packet[Stream]]:
        """Return the stream's packets from here on, those without a picture left out."""
        path = self._clip.info.path
        packets = read_packets(self._container, (self._stream,), path, ReadTrouble())
        return (packet for packet in packets if packet.size)


def _skip_to_key(
    packets: Iterator[Packet[Stream]], pts: int, cancel: CancelSignal | None
) -> Packet[Stream] | None:
    """Return the keyframe packet of a time; None if the clip goes on behind it without it."""
    for packet in _watched(packets, cancel):
        if packet.is_keyframe and packet.pts is not None:
            if packet.pts == pts:
                return packet
            if packet.pts > pts:
                return None
    return None


def _watched(
    packets: Iterator[Packet[Stream]], cancel: CancelSignal | None
) -> Iterator[Packet[Stream]]:
    for count, packet in enumerate(packets):
        if cancel is not None and count % CANCEL_EVERY == 0 and cancel.is_set():
            raise Cancelled
        yield packet
