"""A line of widgets that becomes several where there is no room for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from codefx_desktop.ui.flow_layout import FlowLayout, flow_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _block(width: int, *, grows: bool = False) -> QWidget:
    block = QWidget()
    block.setMinimumSize(width, 20)
    policy = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
    block.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
    return block


def test_lines_break_and_the_page_gives_them_their_height(qtbot: QtBot) -> None:
    page, bar = QWidget(), QWidget()
    qtbot.addWidget(page)
    blocks = [_block(100) for _ in range(5)]
    bar.setLayout(FlowLayout(*blocks, spacing=10, line_spacing=4))
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bar)
    column.addStretch(1)
    page.resize(540, 200)
    page.show()
    assert [(one.x(), one.y()) for one in blocks] == [(110 * k, 0) for k in range(5)]
    page.resize(330, 200)
    assert [one.y() for one in blocks] == [0, 0, 0, 24, 24]
    assert bar.height() == 44
    assert page.minimumSizeHint().width() == 100
    blocks[1].hide()
    qtbot.waitUntil(lambda: [blocks[k].x() for k in (0, 2, 3, 4)] == [0, 110, 220, 0])


def test_what_grows_shares_the_rest_of_its_line(qtbot: QtBot) -> None:
    bar = QWidget()
    qtbot.addWidget(bar)
    blocks = [_block(100, grows=True), _block(50), _block(60, grows=True)]
    bar.setLayout(FlowLayout(*blocks, spacing=0))
    bar.resize(450, 40)
    bar.show()
    assert [(one.x(), one.width()) for one in blocks] == [(0, 200), (200, 50), (250, 200)]
    bar.resize(140, 60)
    assert [one.y() for one in blocks] == [0, 24, 24]


def test_the_middle_row_stands_in_the_middle(qtbot: QtBot) -> None:
    rows = [QHBoxLayout() for _ in range(3)]
    for row, width in zip(rows, (80, 100, 200), strict=True):
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(_block(width))
    strip = QWidget()
    qtbot.addWidget(strip)
    strip.setLayout(flow_of(*rows))
    strip.resize(600, 30)
    strip.show()
    middle = rows[1].parentWidget()
    assert abs(middle.geometry().center().x() - 300) <= 1
    strip.resize(300, 60)
    assert rows[2].parentWidget().y() > middle.y()
