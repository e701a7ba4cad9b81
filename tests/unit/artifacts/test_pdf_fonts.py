"""Letters that the program's own font lacks: from another font, or said to be missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from report_samples import job_report, told

from codefx_desktop.artifacts.pdf_fonts import Face, OtherFonts, as_drawn, font_folders
from codefx_desktop.artifacts.report_values import AuditRow
from codefx_desktop.artifacts.stop_pdf import stop_pdf
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.settings.paths import resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEAM = "日本 Racing"


def make_font(path: Path, letters: str, restricted: bool = False) -> Path:
    """Write a font whose letters are all the same box."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (950, 700), (950, 0)):
        pen.lineTo(corner)
    pen.closePath()
    names = [".notdef", *(f"u{ord(letter):X}" for letter in letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):X}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, fsType=2 if restricted else 0)
    builder.setupPost()
    builder.save(path)
    return path


def words(team: str, others: Sequence[Path], audit: Sequence[AuditRow] = ()) -> str:
    """Return what a reader finds on the page of a team's stop."""
    one = told()
    one = replace(one, stop=replace(one.stop, facts=StopFacts("27", team)))
    report = replace(job_report(one), audit=tuple(audit))
    document = pypdfium2.PdfDocument(stop_pdf(report, one, (), resource("fonts"), others=others))
    try:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


def test_letters_come_from_fonts_that_have_them(tmp_path: Path) -> None:
    make_font(tmp_path / "han.ttf", "日本\N{CJK UNIFIED IDEOGRAPH-20BB7}")
    text = words(f"{TEAM} \N{CJK UNIFIED IDEOGRAPH-20BB7}", [tmp_path])
    assert f"#27 {TEAM} \N{CJK UNIFIED IDEOGRAPH-20BB7}" in text
    assert "no font of this computer" not in text


def test_two_fonts_complete_each_other(tmp_path: Path) -> None:
    make_font(tmp_path / "a.ttf", "日")
    make_font(tmp_path / "b.ttf", "本")
    assert TEAM in words(TEAM, [tmp_path])


def test_a_font_may_lie_among_others_in_one_file(tmp_path: Path) -> None:
    collection = TTCollection()
    parts = [make_font(tmp_path / f"{n}.ttf", letter) for n, letter in enumerate("日本")]
    collection.fonts = [TTFont(part) for part in parts]
    (tmp_path / "both").mkdir()
    collection.save(tmp_path / "both" / "all.ttc")
    assert TEAM in words(TEAM, [tmp_path / "both"])


def test_a_letter_that_no_font_has_is_marked_and_named() -> None:
    text = words(TEAM, [])
    assert "#27 \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} Racing" in text
    assert "no font of this computer has U+65E5, U+672C; the workbook says it all" in text


def test_of_one_that_only_an_old_change_has_too() -> None:
    audit = [AuditRow("2026-11-21T14:00:00+00:00", "田中", "Move Stop by 1 frame")]
    assert "has U+4E2D, U+7530;" in words("Écurie", [], audit)


def test_what_is_damaged_or_may_not_be_embedded_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"no font at all")
    (tmp_path / "b.ttc").write_bytes(b"")
    make_font(tmp_path / "c.ttf", "日本", restricted=True)
    make_font(tmp_path / "LastResort.ttf", "日本")
    whole = make_font(tmp_path / "d.ttf", "日")
    cut = make_font(tmp_path / "e.ttf", "本")
    cut.write_bytes(cut.read_bytes()[:200])
    found = OtherFonts([tmp_path, tmp_path / "none"]).faces({"日", "本"})
    assert found == {"日": Face(whole)}


def test_plain_fonts_of_known_names_are_asked_first(tmp_path: Path) -> None:
    for name in ("A", "Meiryo Bold", "Meiryo"):
        make_font(tmp_path / f"{name}.ttf", "日")
    assert OtherFonts([tmp_path]).faces({"日"}) == {"日": Face(tmp_path / "Meiryo.ttf")}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Sa\N{COMBINING TILDE}o", "São"),  # as macOS writes it
        ("a\x07b\nc", "a b c"),
        ("a\N{ZERO WIDTH JOINER}b\N{RIGHT-TO-LEFT MARK}", "ab"),
        ("\u05d0\u05d1 1", "1 \u05d1\u05d0"),  # Hebrew
        ("\udcff", "\N{REPLACEMENT CHARACTER}"),
    ],
)  # fmt: skip
def test_a_line_holds_what_has_a_shape(text: str, drawn: str) -> None:
    assert as_drawn(text) == drawn


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_every_system_has_folders_of_fonts(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr("codefx_desktop.artifacts.pdf_fonts.sys.platform", platform)
    assert len(font_folders()) >= 2
