"""What exported files are called: after the clip, the same wherever they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.layout import safe_stem
from codefx_desktop.domain.sheet import Product

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.sheet import SheetRequest

_FOLDERS: Final = {
    Product.YOLO: "training",
    Product.COCO: "coco",
    Product.MOT: "mot",
    Product.FRAMES_JSON: "frames_json",
    Product.FRAMES_TOON: "frames_toon",
}


def names_of(record: JobRecord, request: SheetRequest, product: Product) -> tuple[str, ...]:
    """Return the names of the files or folders that a product puts into its folder."""
    stem = safe_stem(record.input_path.stem)
    stop = f"{stem}_stop{request.stop}"
    event = "" if request.event is None else f"_{str(request.event).replace(':', '_')}"
    named = {
        Product.PDF: (f"{stop}_report.pdf",),
        Product.XLSX: (f"{stem}_stops.xlsx",),
        Product.CSV: (f"{stem}_events.csv", f"{stem}_durations.csv"),
        Product.JSON: (f"{stem}_stops.json",),
        Product.TOON: (f"{stem}_stops.toon",),
        Product.CLIP: (f"{stop}{event}.mp4",),
        Product.STILL: (f"{stem}_{_still(request, stop=request.stop)}{event}.png",),
        Product.VIDEO: (f"{stem}_redrawn.mp4",),
    }
    return named.get(product) or (f"{stem}_{_FOLDERS[product]}",)


def _still(request: SheetRequest, *, stop: int) -> str:
    return f"stop{stop}" if request.frame is None else f"frame{request.frame}"
