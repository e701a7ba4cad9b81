"""What can be wanted of an export."""

from __future__ import annotations

from pathlib import Path

import pytest

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.sheet import (
    Product,
    SheetDone,
    SheetRequest,
    WantedEvent,
    WrittenProduct,
)

HERE = Path("/media/usb")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("stop", WantedEvent("stop")),
        ("wheel_off:FL", WantedEvent("wheel_off", Place.FRONT_LEFT)),
        ("wheel_off:fl", WantedEvent("wheel_off", Place.FRONT_LEFT)),
        ("jack_up:front", WantedEvent("jack_up", Place.FRONT)),
    ],
)
def test_an_event_is_named_as_it_is_written(text: str, event: WantedEvent) -> None:
    assert WantedEvent.parse(text) == event
    assert WantedEvent.parse(str(event)) == event


@pytest.mark.parametrize("text", ["", ":FL", "wheel_off:XX", "wheel_off:FL:2"])
def test_what_names_no_event_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="KIND:PLACE"):
        WantedEvent.parse(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"products": ()},
        {"products": (Product.PDF, Product.PDF)},
        {"pre_s": -0.1},
        {"post_s": float("nan")},
        {"pre_s": 601.0},
        {"stop": 0},
        {"frame": -1},
    ],
)
def test_what_cannot_be_exported_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"export|roll|counted"):
        SheetRequest(**{"products": (Product.PDF,), "folder": HERE, **changes})


def test_files_and_bytes_add_up() -> None:
    one = WrittenProduct(Product.PDF, (HERE / "a.pdf",), 1, 100)
    two = WrittenProduct(Product.YOLO, (HERE / "set",), 30, 50)
    done = SheetDone("a", HERE, (one, two))
    assert (done.files, done.size_bytes) == (31, 150)
