"""What a file's outer structure promises, read without FFmpeg.

Demuxers deliver what they can and stay silent about the rest. A recording that was cut short
still has a header that says how long it should have been: this module reads that promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SEGMENT: Final = 0x18538067
_CLUSTER: Final = 0x1F43B675
_TS_PACKET: Final = 188
_M2TS_PACKET: Final = 192
MAX_ELEMENTS: Final = 200_000
LAST_PACKETS: Final = 16
MAX_INDEX_BYTES: Final = 1 << 20


def missing_bytes(path: Path, size: int) -> int:
    """Return how many bytes the file's own outer structure promises beyond its end.

    0 if it is whole or promises nothing. For transport streams: the rest of the last packet.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(16)
        if head[:4] == b"\x1a\x45\xdf\xa3":
            return max(0, _matroska_end(file, size) - size)
        if head[:4] == b"RIFF":
            return max(0, _riff_end(file, size) - size)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"):
            return max(0, _boxes_end(file, size) - size)
        if head[:1] == b"\x47":
            return _rest_of_packet(file, size, _TS_PACKET)
        if head[4:5] == b"\x47":
            return _rest_of_packet(file, size, _M2TS_PACKET)
    return 0


def _rest_of_packet(file: BinaryIO, size: int, length: int) -> int:
    """Return how much of the last transport packet is missing.

    Packets are counted from the end: noise in the middle may have moved them.
    """
    before = length - _TS_PACKET  # a time stamp, in camcorders' files
    start = max(0, size - LAST_PACKETS * length)
    file.seek(start)
    data = file.read(LAST_PACKETS * length)
    for at in range(min(length, len(data))):
        syncs = data[at + before :: length]
        if len(syncs) >= LAST_PACKETS // 2 and not syncs.strip(b"\x47"):
            return -(len(data) - at) % length
    return -size % length


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Return where the last top-level MP4 box, or the last fragment of an index, says it ends."""
    at = promised = 0
    for _ in range(MAX_ELEMENTS):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return max(promised, at + (8 if head else 0))
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        # To the end of the file; nonsense; or what some cameras put behind the last box.
        if length < 8 or not _is_name(head[4:8]):
            return max(promised, size)
        at += length
        if head[4:8] == b"sidx":
            file.seek(at - length + 8)
            promised = max(promised, at + _indexed_bytes(file.read(min(length, MAX_INDEX_BYTES))))
        if at >= size:
            return max(promised, at)
    return max(promised, size)


def _is_name(kind: bytes) -> bool:
    return all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in kind)


def _indexed_bytes(index: bytes) -> int:
    """Return how many bytes behind a segment index its fragments take."""
    at = 20 if index[:1] == b"\0" else 28
    first = int.from_bytes(index[at - (at - 12) // 2 : at], "big")
    count = int.from_bytes(index[at + 2 : at + 4], "big")
    entries = range(at + 4, min(len(index) - 11, at + 4 + 12 * count), 12)
    return first + sum(int.from_bytes(index[e : e + 4], "big") & 0x7FFFFFFF for e in entries)


def _riff_end(file: BinaryIO, size: int) -> int:
    """Return where the last top-level RIFF chunk says it ends (large AVI files have several)."""
    at = 0
    for _ in range(MAX_ELEMENTS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head[:4] != b"RIFF":
            return size
        length = int.from_bytes(head[4:], "little")
        if length in (0, 0xFFFFFFFF):  # written by recorders that died or stream
            return size
        at += 8 + length + length % 2
        if at >= size:
            return at if at - size > 1 else size  # writers forget the padding byte
    return size


def _matroska_end(file: BinaryIO, size: int) -> int:
    """Return where the last element on the way down segment > cluster says it ends."""
    at, end = 0, size
    for _ in range(MAX_ELEMENTS):
        element = _ebml(file, at)
        if element is None:
            return end if at >= size else max(end, at + 1)
        kind, body, length = element
        # Enter what is of unknown length (a live recording), step over the rest.
        enters = kind == _SEGMENT or (kind == _CLUSTER and length is None)
        if length is not None:
            end = max(end, body + length)
        at = body if enters or length is None else body + length
        if at >= size:
            return end
    return end


def _ebml(file: BinaryIO, at: int) -> tuple[int, int, int | None] | None:
    """Return (id, start of the body, length or None) of the element at a place."""
    file.seek(at)
    head = file.read(12)
    if not head or not head[0]:
        return None
    id_bytes = 9 - head[0].bit_length()
    if id_bytes > 4 or len(head) <= id_bytes or not head[id_bytes]:
        return None
    size_bytes = 9 - head[id_bytes].bit_length()
    raw = head[id_bytes : id_bytes + size_bytes]
    if len(raw) < size_bytes:
        return None
    value = int.from_bytes(raw, "big") & ((1 << 7 * size_bytes) - 1)
    unknown = value == (1 << 7 * size_bytes) - 1
    kind = int.from_bytes(head[:id_bytes], "big")
    return kind, at + id_bytes + size_bytes, None if unknown else value


class UnitChecker:
    """Checks that H.264 and HEVC packets of MP4 and Matroska are whole chains of units.

    Each packet there is units with their length in front. A length that leads past the packet's
    end, or a unit that begins impossibly, shows damage without decoding anything.

    Args:
        codec: Codec name.
        extradata: Codec configuration record, or None.
    """

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        self._length_bytes = 0
        if extradata and extradata[0] == 1:
            place = {"h264": 4, "hevc": 21}.get(codec)
            if place is not None and len(extradata) > place:
                self._length_bytes = (extradata[place] & 3) + 1

    def is_broken(self, packet: memoryview) -> bool:
        """Whether the packet is visibly damaged; False where nothing can be said."""
        if not self._length_bytes:
            return False
        return any(length < 0 for length in self._lengths(packet))

    def _lengths(self, packet: memoryview) -> Iterator[int]:
        """Yield the length of each unit; -1 at the first impossible one."""
        at, end, width = 0, len(packet), self._length_bytes
        while at < end:
            length = int.from_bytes(packet[at : at + width], "big")
            at += width
            if length == 0 or at + length > end or packet[at] & 0x80:
                yield -1
                return
            yield length
            at += length
