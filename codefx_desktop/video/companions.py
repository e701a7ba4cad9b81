"""Packets that give no picture of their own.

VP8 and VP9 have pictures that are decoded and never shown: only others refer to them. H.264
recorders of broadcast and tape code the two fields of a picture one by one, and many containers
carry each as a packet. Neither is a picture that is missing, so both have to be known without
decoding. Sources: RFC 6386 (9.1), the VP9 bitstream specification (6.2), ITU-T H.264 (7.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLICE, _KEY_SLICE, _PARAMETERS = 1, 5, 7
_HEAD_BYTES: Final = 32
"""Longer than all of a slice's header that is read here."""
_PARAMETER_BYTES: Final = 512
_WITH_CHROMA_FORMAT: Final = (44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244)


class Kind(Enum):
    """What a packet gives."""

    PICTURE = auto()
    HIDDEN = auto()
    SECOND_FIELD = auto()


class PacketKinds:
    """Tells the packets of one stream apart; they are given in decoding order.

    Args:
        codec: Codec name.
        extradata: Codec configuration, or None.
    """

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        self._codec = codec
        self._fields = _Fields(extradata or b"") if codec == "h264" else None

    def kind(self, packet: memoryview) -> Kind:
        """Return what the next packet gives; ``PICTURE`` where nothing can be said."""
        if self._fields is not None:
            return Kind.SECOND_FIELD if self._fields.is_second(packet) else Kind.PICTURE
        hidden = (self._codec == "vp8" and not packet[0] & 0x10) or (
            self._codec == "vp9" and _is_hidden_vp9(packet)
        )
        return Kind.HIDDEN if hidden else Kind.PICTURE


def _is_hidden_vp9(packet: memoryview) -> bool:
    if packet[0] >> 6 != 2 or packet[-1] & 0xE0 == 0xC0:  # no picture; several of them
        return False
    at = 2 if packet[0] & 0x30 == 0x30 else 3  # the fourth profile has a bit more in between
    shows_existing, is_shown = packet[0] >> at & 1, packet[0] >> at - 2 & 1
    return not shows_existing and not is_shown


@dataclass(frozen=True, slots=True)
class _Parameters:
    """What a stream's parameters say about the heads of its slices."""

    has_fields: bool = False
    number_bits: int = 4
    planes_apart: bool = False


class _Fields:
    """Finds the second fields of H.264 pictures."""

    def __init__(self, extradata: bytes) -> None:
        self._length_bytes = 0
        self._parameters = _Parameters()
        self._first: tuple[int, bool] | None = None
        if extradata[:1] == b"\x01" and len(extradata) > 8:
            self._length_bytes = (extradata[4] & 3) + 1
            size = int.from_bytes(extradata[6:8], "big")
            if extradata[5] & 31 and size:
                self._parameters = _parameters(extradata[8 : 8 + size]) or self._parameters
        else:
            self._read(memoryview(extradata))

    def is_second(self, packet: memoryview) -> bool:
        """Whether a packet is the second field of the picture of the packet before."""
        head = self._read(packet)
        field = _field(head, self._parameters) if head else None
        if field is None:
            self._first = None
            return False
        number, is_bottom = field
        is_second = self._first == (number, not is_bottom) and head[0] & 31 != _KEY_SLICE
        self._first = None if is_second else field
        return is_second

    def _read(self, packet: memoryview) -> bytes:
        """Take in parameters; return how the first slice begins, empty if there is none."""
        units = self._lengths(packet) if self._length_bytes else _start_codes(packet)
        for at in units:
            kind = packet[at] & 31
            if kind in (_SLICE, _KEY_SLICE):
                return bytes(packet[at : at + _HEAD_BYTES])
            if kind == _PARAMETERS:
                found = _parameters(bytes(packet[at : at + _PARAMETER_BYTES]))
                self._parameters = found or self._parameters
        return b""

    def _lengths(self, packet: memoryview) -> Iterator[int]:
        at, width = 0, self._length_bytes
        while at + width < len(packet):
            yield at + width
            at += width + int.from_bytes(packet[at : at + width], "big")


def _start_codes(packet: memoryview) -> Iterator[int]:
    data = bytes(packet)
    at = data.find(b"\0\0\1")
    while 0 <= at < len(data) - 3:
        yield at + 3
        at = data.find(b"\0\0\1", at + 3)


class _Bits:
    """Reads the bits of a unit, from behind its first byte."""

    def __init__(self, unit: bytes) -> None:
        body = unit[1:].replace(b"\0\0\3", b"\0\0")
        self._value, self._left = int.from_bytes(body, "big"), 8 * len(body)

    def u(self, count: int) -> int:
        """Return an unsigned number.

        Raises:
            EOFError: If the unit ends before.
        """
        self._left -= count
        if self._left < 0:
            raise EOFError
        return self._value >> self._left & ((1 << count) - 1)

    def ue(self) -> int:
        """Return an Exp-Golomb number."""
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)


def _parameters(unit: bytes) -> _Parameters | None:
    """Read a sequence parameter set; None if it is not whole."""
    bits = _Bits(unit)
    try:
        profile = bits.u(24) >> 16
        bits.ue()
        planes_apart = _skip_chroma(bits) if profile in _WITH_CHROMA_FORMAT else False
        number_bits = bits.ue() + 4
        _skip_order(bits)
        bits.ue()
        bits.u(1)
        bits.ue()
        bits.ue()
        return _Parameters(not bits.u(1), number_bits, planes_apart)
    except EOFError:
        return None


def _skip_chroma(bits: _Bits) -> bool:
    """Skip formats and scaling lists; return whether colour planes are coded apart."""
    chroma = bits.ue()
    planes_apart = bool(bits.u(1)) if chroma == 3 else False
    bits.ue()
    bits.ue()
    bits.u(1)
    if bits.u(1):
        for which in range(12 if chroma == 3 else 8):
            if bits.u(1):
                _skip_scaling(bits, 16 if which < 6 else 64)
    return planes_apart


def _skip_scaling(bits: _Bits, count: int) -> None:
    last = 8
    for _ in range(count):
        code = bits.ue()
        step = (code + 1) // 2 if code % 2 else -(code // 2)
        last = (last + step) % 256
        if last == 0:
            return


def _skip_order(bits: _Bits) -> None:
    """Skip how the order of showing is coded."""
    kind = bits.ue()
    if kind == 0:
        bits.ue()
    elif kind == 1:
        bits.u(1)
        bits.ue()
        bits.ue()
        for _ in range(bits.ue()):
            bits.ue()


def _field(head: bytes, parameters: _Parameters) -> tuple[int, bool] | None:
    """Return a slice's picture number and whether it is a bottom field; None for whole pictures."""
    if not parameters.has_fields:
        return None
    bits = _Bits(head)
    try:
        for _ in range(3):  # first macroblock, kind, picture parameters
            bits.ue()
        bits.u(2 if parameters.planes_apart else 0)
        number = bits.u(parameters.number_bits)
        return (number, bool(bits.u(1))) if bits.u(1) else None
    except EOFError:
        return None
