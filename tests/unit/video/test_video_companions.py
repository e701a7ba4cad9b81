"""Packets that give no picture of their own."""

from __future__ import annotations

import pytest
from nasty.fielded import Bits, h264_fields

from codefx_desktop.video.companions import Kind, PacketKinds

PICTURE, HIDDEN, SECOND = Kind.PICTURE, Kind.HIDDEN, Kind.SECOND_FIELD


def units(stream: bytes) -> list[bytes]:
    """Return the fields of a stream as packets: with the parameters in front, where there are."""
    found, waiting = [], b""
    for unit in stream.split(b"\0\0\0\1")[1:]:
        waiting += b"\0\0\0\1" + unit
        if unit[0] & 31 in (1, 5):
            found.append(waiting)
            waiting = b""
    return found


@pytest.fixture(scope="module")
def fields() -> list[bytes]:
    return units(h264_fields(second_skipped=True))[:24]


def kinds(packets: list[bytes], codec: str = "h264", extradata: bytes | None = None) -> list[Kind]:
    told = PacketKinds(codec, extradata)
    return [told.kind(memoryview(packet)) for packet in packets]


def test_every_other_field_belongs_to_the_picture_before(fields: list[bytes]) -> None:
    assert kinds(fields) == [PICTURE, SECOND] * 12


def test_a_lost_field_does_not_pair_strangers(fields: list[bytes]) -> None:
    found = kinds(fields[:3] + fields[4:10])
    assert found == [PICTURE, SECOND, PICTURE, PICTURE, SECOND, PICTURE, SECOND, PICTURE, SECOND]


def test_two_fields_of_one_side_are_two_pictures(fields: list[bytes]) -> None:
    assert kinds([fields[0], fields[0], fields[2]]) == [PICTURE] * 3


def test_parameters_in_front_and_lengths_instead_of_start_codes(fields: list[bytes]) -> None:
    head, _, rest = fields[0][4:].partition(b"\0\0\0\1")
    record = bytes([1, *head[1:4], 0xFF, 0xE1]) + len(head).to_bytes(2, "big") + head
    assert rest
    packets = [unit.split(b"\0\0\0\1")[-1] for unit in fields]
    measured = [len(unit).to_bytes(4, "big") + unit for unit in packets]
    assert kinds(measured, extradata=record) == [PICTURE, SECOND] * 12


@pytest.mark.parametrize(
    "extradata", [None, b"", b"\1", b"\1" * 9, b"\0\0\1\x67", b"\0\0\1\x67\xff"]
)
def test_stumps_and_noise_are_pictures(extradata: bytes | None) -> None:
    packets = [b"\0", b"\0\0\1", b"\0\0\1\x67", b"\0\0\1\x65", bytes(40), b"\xff" * 40]
    assert kinds(packets, extradata=extradata) == [PICTURE] * 6


def test_profiles_with_scaling_lists_are_read_past(fields: list[bytes]) -> None:
    parameters = Bits().u(8, 100).u(8, 0).u(8, 30).ue(0, 1, 0, 0).code("01")
    parameters.code("1").ue(*[0] * 16).code("1").ue(16).code("000000")  # two lists of eight
    parameters.ue(4, 2, 1).u(1, 0).ue(9, 2).code("0")
    unit = b"\0\0\0\1\x67" + parameters.code("1").data()
    without = [b"\0\0\0\1" + packet.split(b"\0\0\0\1")[-1] for packet in fields]
    assert kinds([unit + without[0], *without[1:]]) == [PICTURE, SECOND] * 12


@pytest.mark.parametrize(
    ("codec", "packet", "kind"),
    [
        ("vp8", b"\x10\0\0", PICTURE),
        ("vp8", b"\x11\0\0", PICTURE),
        ("vp8", b"\x01\0\0", HIDDEN),
        ("vp9", b"\x82\0\0", PICTURE),
        ("vp9", b"\x84\0\0", HIDDEN),
        ("vp9", b"\x88\0\0", PICTURE),  # shows one that is there
        ("vp9", b"\x84\0\xc1", PICTURE),  # several in one packet
        ("vp9", b"\xb1\0\0", PICTURE),
        ("vp9", b"\xb2\0\0", HIDDEN),
        ("av1", b"\x00\0\0", PICTURE),
    ],
)
def test_hidden_pictures(codec: str, packet: bytes, kind: Kind) -> None:
    assert kinds([packet], codec) == [kind]
