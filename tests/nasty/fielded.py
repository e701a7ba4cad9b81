"""Field pictures: broadcast streams that no encoder at hand writes, so they are written here.

Only what is needed: H.264 macroblocks without compression (I_PCM) and skipped ones, MPEG-2 blocks
of one shade each. Standards: ITU-T H.264 (7.3), ISO/IEC 13818-2 (6.2).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from nasty.encoding import BITEXACT, TS, run
from nasty.kinds import add
from nasty.pictures import pictures
from nasty.surgery import TS_PACKET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WIDTH, HEIGHT = 160, 96
COUNT, GROUP = 30, 10
TOP, BOTTOM, FRAME = 1, 2, 3
DC_LUMA = ("100", "00", "01", "101", "110", "1110", "11110", "111110", "1111110")
DC_CHROMA = ("00", "01", "10", "110", "1110", "11110", "111110", "1111110", "11111110")


class Bits:
    """Bits written one after the other, as text: short streams only."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0

    def u(self, count: int, value: int) -> Bits:
        """Write an unsigned number of fixed length."""
        return self.code(f"{value:0{count}b}")

    def ue(self, *values: int) -> Bits:
        """Write Exp-Golomb numbers."""
        for value in values:
            digits = f"{value + 1:b}"
            self.code("0" * (len(digits) - 1) + digits)
        return self

    def code(self, bits: str) -> Bits:
        """Write bits."""
        self._text.append(bits)
        self._length += len(bits)
        return self

    def align(self) -> Bits:
        """Fill the byte with zeros."""
        return self.code("0" * (-self._length % 8))

    def data(self) -> bytes:
        """Return the bytes; the last one filled with zeros."""
        text = "".join(self.align()._text)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def _planes(number: int) -> tuple[bytes, bytes, bytes]:
    size = WIDTH * HEIGHT
    data = pictures(WIDTH, HEIGHT, COUNT)[number * size * 3 // 2 : (number + 1) * size * 3 // 2]
    return data[:size], data[size : size * 5 // 4], data[size * 5 // 4 :]


def _block(plane: bytes, stride: int, x: int, y: int, side: int) -> bytes:
    return b"".join(plane[(y + row) * stride + x :][:side] for row in range(side))


def _field(plane: bytes, stride: int, parity: int) -> bytes:
    rows = range(parity, len(plane) // stride, 2)
    return b"".join(plane[row * stride : (row + 1) * stride] for row in rows)


# --- H.264
def _nal(kind: int, bits: Bits) -> bytes:
    """Return a unit: start code, kind, payload without anything like a start code in it."""
    payload, escaped, zeros = bits.code("1").data(), bytearray(), 0
    for value in payload:
        if zeros >= 2 and value <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(value)
        zeros = zeros + 1 if value == 0 else 0
    return struct.pack(">IB", 1, 0x60 | kind) + bytes(escaped)


def _parameters() -> bytes:
    sps = Bits().u(8, 77).u(8, 0).u(8, 30).ue(0, 4, 0, 4, 1).u(1, 0)
    sps.ue(WIDTH // 16 - 1, HEIGHT // 32 - 1).code("0010")  # fields, no adaption, no cropping
    sps.code("1").code("0000").code("1").u(32, 1).u(32, 50).code("1")  # 50 fields a second
    sps.code("000").code("11").ue(0, 0, 16, 16, 0, 1)  # nothing is reordered
    pps = Bits().ue(0, 0).code("00").ue(0, 0, 0).code("000").ue(0, 0, 0).code("100")
    return _nal(7, sps) + _nal(8, pps)


def _slice(number: int, parity: int, *, skipped: bool) -> bytes:
    """Return one field: uncompressed, or the same as the field before."""
    is_idr = number % GROUP == 0 and parity == 0
    bits = Bits().ue(0, 5 if skipped else 7, 0).u(8, number % GROUP).code("1").u(1, parity)
    if is_idr:
        bits.ue(number // GROUP % 2)
    bits.u(8, (2 * number + parity) % (2 * GROUP))
    bits.code("00" if skipped else "")
    bits.code("00" if is_idr else "0")  # marking
    bits.ue(0, 1)  # quality as it is, no deblocking
    if skipped:
        bits.ue(WIDTH // 16 * (HEIGHT // 32))
    else:
        for block in _uncompressed(number, parity):
            bits.ue(25).align().code("".join(f"{value:08b}" for value in block))
    return _nal(5 if is_idr else 1, bits)


def _uncompressed(number: int, parity: int) -> Iterator[bytes]:
    luma, cb, cr = _planes(number)
    fields = [
        (_field(plane, width, parity), width, width * 16 // WIDTH)
        for plane, width in ((luma, WIDTH), (cb, WIDTH // 2), (cr, WIDTH // 2))
    ]
    for y in range(HEIGHT // 32):
        for x in range(WIDTH // 16):
            yield b"".join(_block(f, w, x * side, y * side, side) for f, w, side in fields)


def h264_fields(*, second_skipped: bool) -> bytes:
    """Return 30 pictures of two fields each, a group of 10, 25 a second."""
    stream = b""
    for number in range(COUNT):
        stream += b"" if number % GROUP else _parameters()
        stream += _slice(number, 0, skipped=False) + _slice(number, 1, skipped=second_skipped)
    return stream


# --- MPEG-2
def _sequence(rate_code: int) -> bytes:
    head = Bits().u(12, WIDTH).u(12, HEIGHT).u(4, 1).u(4, rate_code).u(18, 0x3FFFF).code("1")
    head.u(10, 112).code("000")
    more = Bits().u(4, 1).u(8, 0x48).code("0").u(2, 1).u(16, 0).code("1").u(16, 0x80)  # no delay
    group = Bits().u(25, 1 << 12).code("10")
    return b"\0\0\1\xb3" + head.data() + b"\0\0\1\xb5" + more.data() + b"\0\0\1\xb8" + group.data()


def _mpeg2_picture(number: int, structure: int, *, repeats: int = 0, top_first: int = 0) -> bytes:
    head = Bits().u(10, number % GROUP).u(3, 1).u(16, 0xFFFF).code("0")
    whole = structure == FRAME
    flags = [top_first, whole, 0, 0, 0, 0, repeats, whole, whole, 0]
    more = Bits().u(4, 8).u(16, 0xFFFF).u(2, 0).u(2, structure)
    more.code("".join(str(int(flag)) for flag in flags))
    planes = zip(_planes(number), (WIDTH, WIDTH // 2, WIDTH // 2), strict=True)
    shown = [(p if whole else _field(p, w, structure - 1), w) for p, w in planes]
    slices = b""
    for row in range(HEIGHT // (16 if whole else 32)):
        slices += b"\0\0\1" + bytes([row + 1]) + _mpeg2_row(shown, row)
    return b"\0\0\1\0" + head.data() + b"\0\0\1\xb5" + more.data() + slices


def _mpeg2_row(planes: list[tuple[bytes, int]], row: int) -> bytes:
    """Return one slice: macroblocks of six blocks, each of one shade."""
    bits, before = Bits().u(5, 1).code("0"), [128, 128, 128]
    for x in range(WIDTH // 16):
        bits.code("11")  # the next macroblock, intra
        for which, (dx, dy) in ((0, (0, 0)), (0, (8, 0)), (0, (0, 8)), (0, (8, 8)), (1, (0, 0)),
                                (2, (0, 0))):  # fmt: skip
            plane, stride = planes[which]
            side = 8 if which else 16
            block = _block(plane, stride, x * side + dx, row * side + dy, 8)
            shade = sum(block) // 64
            bits.code(_dc(shade - before[which], DC_CHROMA if which else DC_LUMA)).code("10")
            before[which] = shade
    return bits.data()


def _dc(step: int, codes: tuple[str, ...]) -> str:
    size = abs(step).bit_length()
    value = step if step >= 0 else step + (1 << size) - 1
    return codes[size] + (f"{value:0{size}b}" if size else "")


def mpeg2_fields() -> bytes:
    """Return 30 pictures of two fields each, 25 a second."""
    stream = b""
    for number in range(COUNT):
        stream += b"" if number % GROUP else _sequence(3)
        stream += _mpeg2_picture(number, TOP) + _mpeg2_picture(number, BOTTOM)
    return stream


def mpeg2_film() -> bytes:
    """Return 30 pictures of 24 a second for screens of 60 fields: three fields, two, three."""
    stream = b""
    for number in range(COUNT):
        stream += b"" if number % GROUP else _sequence(4)
        repeats, top_first = (1, 0, 1, 0)[number % 4], (1, 0, 0, 1)[number % 4]
        stream += _mpeg2_picture(number, FRAME, repeats=repeats, top_first=top_first)
    return stream


def _muxed(
    stream: Callable[[], bytes], demuxer: str, rate: str, *mux: str
) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        raw = out.with_name("~raw")
        raw.write_bytes(stream())
        source = ["-f", demuxer, "-framerate", rate, "-i", str(raw)]
        run(["-fflags", "+genpts", *source, "-c", "copy", *BITEXACT, *mux, str(out)])
        raw.unlink()

    return make


def _together(out: Path) -> None:
    """Write both fields of a picture as one, with one time: the head of the second goes."""
    _muxed(lambda: h264_fields(second_skipped=True), "h264", "25", *TS)(out)
    data, is_second = bytearray(out.read_bytes()), False
    for at in range(0, len(data), TS_PACKET):
        has_more = bool(data[at + 3] & 0x20)
        start = at + 4 + (1 + data[at + 4] if has_more else 0)
        if not data[at + 1] & 0x40 or data[start : start + 4] != b"\0\0\1\xe0":
            continue
        if is_second:
            head = 9 + data[start + 8]
            data[at + 1] &= ~0x40
            data[at + 3] |= 0x20
            data[start : start + head] = b"\xff" * head
            if has_more:
                data[at + 4] += head
            else:
                data[start : start + 2] = bytes([head - 1, 0])
        is_second = not is_second
    out.write_bytes(data)


def _register() -> None:
    facts = {"count": COUNT, "rate": 25, "interlaced": True, "size": (WIDTH, HEIGHT)}

    def both() -> bytes:
        return h264_fields(second_skipped=False)

    def first() -> bytes:
        return h264_fields(second_skipped=True)

    for suffix in ("ts", "mp4", "mkv"):
        mux = TS if suffix == "ts" else []
        why = f"broadcast: a picture's fields are coded one by one ({suffix})"
        add(f"fields_h264.{suffix}", _muxed(both, "h264", "25", *mux), why, **facts)
        why += ", the second by the first"
        add(f"fields_h264_p.{suffix}", _muxed(first, "h264", "25", *mux), why, **facts)
    add("fields_together.ts", _together, "broadcast: both fields with one time", **facts)
    for suffix in ("ts", "mkv"):
        mux = TS if suffix == "ts" else []
        why = f"broadcast: MPEG-2 field pictures ({suffix})"
        add(f"fields_mpeg2.{suffix}", _muxed(mpeg2_fields, "mpegvideo", "25", *mux), why, **facts)
    film = {"count": COUNT, "size": (WIDTH, HEIGHT), "rate": None}
    ticks = [(5 * (n // 2) + 3 * (n % 2)) * 1001 / 60 for n in range(COUNT)]
    make = _muxed(mpeg2_film, "mpegvideo", "30000/1001", *TS)
    add("film_in_60_fields.ts", make, "film on American television", times_ms=tuple(ticks), **film)


_register()
