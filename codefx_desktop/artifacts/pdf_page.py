"""One printed page: millimetres, the program's letters, boxes, lines and texts that fit."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from fpdf.enums import RenderStyle

from codefx_desktop.artifacts.files import jpeg
from codefx_desktop.artifacts.numbers import text as plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb

INK: Final[Rgb] = (24, 30, 38)
MUTED: Final[Rgb] = (96, 106, 118)
LINE: Final[Rgb] = (205, 211, 218)
GROUND: Final[Rgb] = (244, 246, 248)
PAPER_WHITE: Final[Rgb] = (255, 255, 255)
MARGIN_MM: Final = 11.0
PICTURE_QUALITY: Final = 86
_POINT_MM: Final = 25.4 / 72
_CAPITAL: Final = 0.711
"""Height of a capital of Roboto, in sizes."""
_FACES: Final = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}


class Page:
    """A page that is drawn on from its top left corner; y goes down.

    Args:
        size: ``A4`` or ``Letter``.
        fonts: The folder with the letters.
        title: Of the document.
        made_at: When it is made.
    """

    def __init__(self, size: str, fonts: Path, title: str, made_at: datetime) -> None:
        self._pdf = pdf = FPDF(unit="mm", format=size)
        pdf.set_auto_page_break(auto=False)
        pdf.c_margin = 0.0
        for style, name in _FACES.items():
            pdf.add_font("body", style, fonts / name)
        pdf.set_title(plain_text(title))
        pdf.set_creator("CodeFx Desktop")
        pdf.set_lang("en")
        pdf.set_creation_date(made_at)
        pdf.add_page()
        self.width: float = pdf.w
        self.height: float = pdf.h
        self.left = MARGIN_MM
        self.right = pdf.w - MARGIN_MM

    def data(self) -> bytes:
        """Return the document."""
        return bytes(self._pdf.output())

    # -- texts --------------------------------------------------------------------------------

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is, mm, in letters of a size in points."""
        self._pdf.set_font("body", "B" if bold else "", size)
        return float(self._pdf.get_string_width(plain_text(text)))

    def text(
        self, x: float, base: float, text: str, size: float, color: Rgb = INK, *, bold: bool = False
    ) -> float:
        """Write from a point on the base line; return where it ends."""
        clean = plain_text(text)
        self._pdf.set_font("body", "B" if bold else "", size)
        self._pdf.set_text_color(*color)
        self._pdf.text(x, base, clean)
        return x + float(self._pdf.get_string_width(clean))

    def text_right(
        self, x: float, base: float, text: str, size: float, color: Rgb = INK, *, bold: bool = False
    ) -> None:
        """Write up to a point on the base line."""
        self.text(x - self.wide(text, size, bold=bold), base, text, size, color, bold=bold)

    def fitted(self, text: str, room: float, size: float, *, bold: bool = False) -> str:
        """Return as much of a text as there is room for, mm."""
        one_line = " ".join(text.split())
        if self.wide(one_line, size, bold=bold) <= room:
            return one_line
        while one_line and self.wide(f"{one_line}…", size, bold=bold) > room:
            one_line = one_line[:-1]
        return f"{one_line.rstrip()}…"

    def shrunk(self, text: str, room: float, size: float, least: float) -> float:
        """Return the size, points, at which a text has room, mm; not below ``least``."""
        wide = self.wide(text, size)
        return size if wide <= room else max(least, 0.99 * size * room / wide)

    def wrapped(self, text: str, room: float, size: float, most: int) -> tuple[str, ...]:
        """Return a text as lines of a width, mm, at most so many; the last one may be cut."""
        lines, words = [""], text.split()
        for place, word in enumerate(words):
            longer = f"{lines[-1]} {word}".strip()
            if self.wide(longer, size) <= room or not lines[-1]:
                lines[-1] = longer
            elif len(lines) < most:
                lines.append(word)
            else:
                lines[-1] = " ".join((lines[-1], *words[place:]))
                break
        return tuple(self.fitted(line, room, size) for line in lines if line)

    @staticmethod
    def capital(size: float) -> float:
        """Return how high a capital is, mm, in letters of a size in points."""
        return size * _POINT_MM * _CAPITAL

    # -- shapes -------------------------------------------------------------------------------

    def box(
        self,
        place: tuple[float, float, float, float],
        fill: Rgb | None = None,
        edge: Rgb | None = None,
        *,
        line: float = 0.2,
        radius: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Draw a rectangle: x, y, width and height, mm."""
        pdf = self._pdf
        style = RenderStyle.DF if fill and edge else RenderStyle.F if fill else RenderStyle.D
        with self._opaque(opacity):
            if fill is not None:
                pdf.set_fill_color(*fill)
            if edge is not None:
                pdf.set_draw_color(*edge)
                pdf.set_line_width(line)
            pdf.rect(*place, style=style, round_corners=radius > 0, corner_radius=radius)

    def line(
        self,
        begin: tuple[float, float],
        end: tuple[float, float],
        color: Rgb = LINE,
        wide: float = 0.2,
        *,
        dash: float = 0.0,
    ) -> None:
        """Draw a line; with a dash, mm, a broken one."""
        pdf = self._pdf
        pdf.set_draw_color(*color)
        pdf.set_line_width(wide)
        pdf.set_dash_pattern(dash=dash, gap=dash)
        pdf.line(*begin, *end)
        pdf.set_dash_pattern()

    def polygon(self, points: Sequence[tuple[float, float]], fill: Rgb) -> None:
        """Fill a polygon."""
        self._pdf.set_fill_color(*fill)
        self._pdf.polygon(list(points), style=RenderStyle.F)

    def picture(self, place: tuple[float, float, float, float], pixels: Pixels, name: str) -> None:
        """Put a picture, RGB (H, W, 3) uint8, into x, y, width and height, mm.

        Args:
            place: Where; it keeps its aspect and stands in the middle.
            pixels: The picture.
            name: What it shows, for who cannot see it.
        """
        x, y, wide, high = place
        scale = min(wide / pixels.shape[1], high / pixels.shape[0])
        across, down = pixels.shape[1] * scale, pixels.shape[0] * scale
        file = io.BytesIO(jpeg(pixels, PICTURE_QUALITY))
        at = (x + (wide - across) / 2, y + (high - down) / 2)
        self._pdf.image(file, *at, across, down, alt_text=plain_text(name))

    @contextmanager
    def _opaque(self, opacity: float) -> Iterator[None]:
        if opacity >= 1.0:
            yield
            return
        with self._pdf.local_context(fill_opacity=opacity, stroke_opacity=opacity):
            yield
