"""Every theme can be read: contrast of text, of shapes, of what can be operated."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui import icons
from codefx_desktop.ui.theme import THEMES, Tokens, contrast, faint_edge, palette, style_sheet

GROUNDS = ("window", "surface", "raised")
themes = pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES.keys())


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@themes
@pytest.mark.parametrize("ink", ["text", "muted"])
def test_text_can_be_read(tokens: Tokens, ink: str) -> None:
    for ground in GROUNDS:
        assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, ground
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_canvas, tokens.canvas) >= 4.5


@themes
@pytest.mark.parametrize("ink", ["accent", "ok", "warning", "error", "edge"])
def test_shapes_and_outlines_can_be_seen(tokens: Tokens, ink: str) -> None:
    for ground in GROUNDS:
        assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 3.0, ground


@themes
@pytest.mark.parametrize("ink", ["warning", "error"])
def test_log_lines_in_colour_can_be_read(tokens: Tokens, ink: str) -> None:
    assert contrast(getattr(tokens, ink), tokens.surface) >= 4.5


def test_sunlight_has_the_highest_contrast() -> None:
    tokens = THEMES["sunlight"]
    assert contrast(tokens.text, tokens.surface) == pytest.approx(21)
    for ink in ("muted", "accent", "ok", "warning", "error"):
        assert contrast(getattr(tokens, ink), tokens.surface) >= 7.0, ink


@themes
def test_disabled_text_is_fainter(tokens: Tokens) -> None:
    colors = palette(tokens)
    role, group = QPalette.ColorRole.Text, QPalette.ColorGroup
    faint = colors.color(group.Disabled, role).name()
    assert contrast(faint, tokens.surface) < contrast(tokens.text, tokens.surface) / 2


@themes
def test_what_cannot_be_operated_has_a_fainter_outline(tokens: Tokens) -> None:
    faint = contrast(faint_edge(tokens), tokens.surface)
    assert faint < 0.75 * contrast(tokens.edge, tokens.surface)
    assert f"border-color: {faint_edge(tokens)}" in style_sheet(tokens)


@themes
def test_style_rules_are_complete(tokens: Tokens) -> None:
    rules = style_sheet(tokens)
    assert rules.count("{") == rules.count("}")
    assert "None" not in rules


def test_statuses_differ_by_shape_not_only_by_colour(qapp: object) -> None:
    shapes = {status: drawn(icons.status_glyph(status)) for status in JobStatus}
    for one, two in itertools.combinations(JobStatus, 2):
        assert shapes[one] != shapes[two], (one, two)


@pytest.mark.parametrize("name", sorted({*icons.STROKES, *icons.FILLS}))
def test_every_glyph_draws_within_its_box(qapp: object, name: str) -> None:
    image = drawn(name, margin=8)
    inked = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 40
    ]
    assert len(inked) > 20
    assert min(min(point) for point in inked) >= 7
    assert max(max(point) for point in inked) <= 40


def test_every_icon_is_drawn_as_itself_the_first_time_and_later(qapp: object) -> None:
    kinds = list(
        itertools.product(
            ("stop", "complete"), (THEMES["dark"], THEMES["light"]), (None, "#ff0000"), (0, 4)
        )
    )
    first, again = (
        [
            pictures(icons.icon(name, tokens, color=color, gap=gap))
            for name, tokens, color, gap in kinds
        ]
        for _ in range(2)
    )
    assert first == again
    for (i, one), (k, two) in itertools.combinations(enumerate(first), 2):
        assert one != two, (kinds[i], kinds[k])
    for images, (*_, gap) in zip(first, kinds, strict=True):
        assert [image.width() for image in images] == [(16 + gap) * n for n in (1, 2, 3)] * 2
    cut = [icons.icon("complete", THEMES[name], color="#ff0000") for name in ("dark", "light")]
    assert pictures(cut[0])[0] != pictures(cut[1])[0]  # what is cut out has the ground's colour


def pictures(icon: QIcon) -> list[QImage]:
    """Return an icon as it looks on screens of 100 to 300 %, enabled and disabled."""
    modes = (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    size = icon.availableSizes()[0]
    return [icon.pixmap(size, ratio, mode).toImage() for mode in modes for ratio in (1, 2, 3)]


def drawn(name: str, margin: int = 0) -> QImage:
    """Return a glyph in one colour at 32 pixels, with a margin around it."""
    edge = 32 + 2 * margin
    image = QImage(edge, edge, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    box = QRectF(margin, margin, 32, 32)
    icons.draw(painter, box, name, QColor("#ffffff"), QColor("#000000"))
    painter.end()
    return image
