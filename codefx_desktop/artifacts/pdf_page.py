"""One printed page: millimetres, the program's letters, boxes, lines and texts that fit."""

from __future__ import annotations

import io
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from fpdf.enums import RenderStyle
from fpdf.fonts import TTFFont

from codefx_desktop.artifacts.files import jpeg
from codefx_desktop.artifacts.numbers import text as plain_text
from codefx_desktop.artifacts.pdf_fonts import NO_LETTER, as_drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from codefx_desktop.artifacts.pdf_fonts import Face, OtherFonts
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
_BODY: Final = "body"
_FACES: Final = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}


class Page:
    """A page that is drawn on from its top left corner; y goes down.

    Args:
        size: ``A4`` or ``Letter``.
        fonts: The folder with the letters.
        others: Fonts to take letters from that the program's own lack.
        title: Of the document.
        made_at: When it is made.

    Attributes:
        missing: Letters that were wanted and that no font has.
    """

    def __init__(
        self, size: str, fonts: Path, others: OtherFonts, title: str, made_at: datetime
    ) -> None:
        self.missing: set[str] = set()
        self._others = others
        self._families: dict[Face, str] = {}
        self._pdf = pdf = FPDF(unit="mm", format=size)
        pdf.set_auto_page_break(auto=False)
        pdf.c_margin = 0.0
        for style, name in _FACES.items():
            pdf.add_font(_BODY, style, fonts / name)
        body = pdf.fonts[_BODY]
        assert isinstance(body, TTFFont)
        self._own = frozenset(body.cmap)
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
        wide = 0.0
        for family, run in self._runs(text):
            self._pdf.set_font(family, "B" if bold and family == _BODY else "", size)
            wide += float(self._pdf.get_string_width(run))
        return wide

    def text(
        self, x: float, base: float, text: str, size: float, color: Rgb = INK, *, bold: bool = False
    ) -> float:
        """Write from a point on the base line; return where it ends."""
        self._pdf.set_text_color(*color)
        for family, run in self._runs(text):
            self._pdf.set_font(family, "B" if bold and family == _BODY else "", size)
            self._pdf.text(x, base, run)
            x += float(self._pdf.get_string_width(run))
        return x

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

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """Return a text as parts, each with the name of a font that has all of its letters."""
        drawn = as_drawn(text)
        strange = {letter for letter in drawn if ord(letter) not in self._own}
        if not strange:
            return [(_BODY, drawn)] if drawn else []
        faces = self._others.faces(strange)
        self.missing |= strange - faces.keys()
        parts = []
        for face, letters in groupby(drawn, faces.get):
            run = "".join(letters)
            if face is None:
                run = "".join(NO_LETTER if one in strange else one for one in run)
            parts.append((_BODY if face is None else self._family(face), run))
        return parts

    def _family(self, face: Face) -> str:
        """Return what a font is called in this document; it is put into it when first used."""
        if face not in self._families:
            name = self._families[face] = f"other{len(self._families)}"
            self._pdf.add_font(name, "", face.path, collection_font_number=face.number)
        return self._families[face]

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
