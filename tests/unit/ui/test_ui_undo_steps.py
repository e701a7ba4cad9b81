"""Steps of an undo stack whose doing is elsewhere."""

from __future__ import annotations

import gc

from PySide6.QtGui import QUndoCommand, QUndoStack

from codefx_desktop.ui.models.undo_steps import push_step


def test_steps_are_gone_through_and_a_new_one_forgets_what_could_be_redone(qapp: object) -> None:
    stack, stood = QUndoStack(), []
    stack.indexChanged.connect(stood.append)
    for text in ("one", "two", "three"):
        push_step(stack, text)
    assert [stack.text(index) for index in range(stack.count())] == ["one", "two", "three"]
    assert stood == [1, 2, 3]
    stack.undo()
    stack.undo()
    assert (stack.undoText(), stack.redoText()) == ("one", "two")
    push_step(stack, "other")
    assert [stack.text(index) for index in range(stack.count())] == ["one", "other"]
    assert not stack.canRedo()


def test_python_holds_no_command_that_it_could_free_before_the_stack(qapp: object) -> None:
    gc.collect()  # those of other stacks
    before = sum(isinstance(one, QUndoCommand) for one in gc.get_objects())
    stack = QUndoStack()
    push_step(stack, "one")
    assert stack.count() == 1
    assert sum(isinstance(one, QUndoCommand) for one in gc.get_objects()) == before
