"""What one step costs the window: each widget painted once, with the picture, nothing laid out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gui.reviewing import CTRL, key, painted, settled, wheel
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from codefx_desktop.ui.models.placing import PATIENCE_MS

if TYPE_CHECKING:
    import pytest
    from gui.fake_frames import FakeFrameServer
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


class Heard(QObject):
    """Counts what widgets are asked to do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.seen: Counter[tuple[QEvent.Type, QObject]] = Counter()
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in (QEvent.Type.Paint, QEvent.Type.LayoutRequest):
            self.seen[event.type(), watched] += 1
        return False

    def paints(self, widget: QWidget) -> int:
        return self.seen[QEvent.Type.Paint, widget]

    def stop(self) -> None:
        QApplication.instance().removeEventFilter(self)


def rest(qtbot: QtBot) -> None:
    for _ in range(5):
        QApplication.processEvents()
    qtbot.wait(2 * PATIENCE_MS)


def test_a_step_is_painted_once(qtbot: QtBot, review: MainWindow, frames: FakeFrameServer) -> None:
    page = review.review.page
    review.review.view.placing._patience.setInterval(60_000)  # on any machine
    key(qtbot, review, Qt.Key.Key_Right)
    settled(qtbot, review)
    rest(qtbot)
    heard = Heard(review)
    for number in range(2, 7):
        heard.seen.clear()
        frames.hold = True
        review.review.view.step(1)
        for _ in range(3):
            QApplication.processEvents()
        frames.release()
        qtbot.waitUntil(lambda: heard.paints(page.picture) > 0)
        rest(qtbot)
        widgets = (page.picture, page.transport.bar, page.lanes.lanes)
        assert [heard.paints(widget) for widget in widgets] == [1, 1, 1]
        assert page.transport.bar.value() == number
    heard.stop()


def test_the_place_is_told_when_its_picture_takes_long(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    page, view = review.review.page, review.review.view
    frames.hold = True
    view.step(1)
    assert page.transport.bar.value() == 0
    qtbot.waitUntil(lambda: page.transport.bar.value() == 1)
    assert painted(review) == 0
    frames.release()
    assert settled(qtbot, review) == 1


def test_who_drags_sees_the_place_at_once(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    frames.hold = True
    review.review.view.drag_to(40)
    assert review.review.page.transport.bar.value() == 40
    frames.release()
    review.review.view.release_at(40)
    assert settled(qtbot, review) == 40


def test_pictures_are_made_ready_for_their_place(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    picture = review.review.page.picture
    size = picture.picture_rect().size().toSize()
    assert frames.of("fit_to")[-1] == ((size.width(), size.height()),)
    key(qtbot, review, Qt.Key.Key_Right)
    settled(qtbot, review)
    assert review.review.view.shown.fitted.shape[:2] == (size.height(), size.width())
    assert painted(review) == 1
    wheel(picture, 2, CTRL)
    assert frames.of("fit_to")[-1] == (None,), "enlarged by hand"
    picture.fit()
    assert frames.of("fit_to")[-1] == ((size.width(), size.height()),)
    review.resize(review.width() + 60, review.height() + 40)
    qtbot.waitUntil(lambda: picture.screen_size() != (size.width(), size.height()))
    assert frames.of("fit_to")[-1] == (picture.screen_size(),)
    assert painted(review) == 1, "until it comes again it is scaled here"


def test_what_is_painted_is_what_came_ready(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    """Of two pictures of one frame the ready one is shown; of another size it is not."""
    page, view = review.review.page, review.review.view
    key(qtbot, review, Qt.Key.Key_Right)
    settled(qtbot, review)
    view.shown.fitted[..., :3] = 77
    page.picture.repaint()
    image = page.picture.grab().toImage()
    assert image.pixelColor(image.rect().center()).getRgb()[:3] == (77, 77, 77)
    page.picture.zoom(1)
    assert painted(review) != 77
    page.picture.fit()
    key(qtbot, review, Qt.Key.Key_Right)
    assert settled(qtbot, review) == 2


def test_a_step_lays_nothing_out(qtbot: QtBot, review: MainWindow) -> None:
    """What shows figures has room for any of them; a longer text is laid out once."""
    page = review.review.page
    heard = Heard(review)
    for _ in range(3):
        key(qtbot, review, Qt.Key.Key_Right)
        settled(qtbot, review)
        rest(qtbot)
        heard.seen.clear()  # the first has other words than the picture before it
    key(qtbot, review, Qt.Key.Key_Right)
    settled(qtbot, review)
    rest(qtbot)
    laid_out = {watched for kind, watched in heard.seen if kind == QEvent.Type.LayoutRequest}
    assert not laid_out & {page, page.transport, review}
    heard.stop()
    label = page.transport.time
    assert label.text() == "00:00:00.160"
    assert label.width() == label.sizeHint().width()
    label.say("-100:00:00.160")
    assert label.width() == label.sizeHint().width()
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    label.setFont(font)
    assert label.width() == label.sizeHint().width()


def test_what_can_be_done_is_settled_where_it_changes(
    qtbot: QtBot, review: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions, settled_at = review.review.actions, []
    settle = actions.settle
    monkeypatch.setattr(
        actions, "settle", lambda: (settled_at.append(review.review.view.position), settle())
    )
    for _ in range(3):
        key(qtbot, review, Qt.Key.Key_Right)
        settled(qtbot, review)
    assert settled_at == []
    assert actions.save.isEnabled()
    review.review.view.close()
    assert not actions.save.isEnabled()
    assert settled_at


def test_words_about_the_frame_follow_its_picture(qtbot: QtBot, review: MainWindow) -> None:
    facts = review.review.panel.lists["Frame in view"]
    key(qtbot, review, Qt.Key.Key_Right)
    settled(qtbot, review)
    qtbot.waitUntil(lambda: facts.texts()["Frame"].startswith("1 of 250"))
