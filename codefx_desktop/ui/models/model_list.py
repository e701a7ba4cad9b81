"""The models of this machine and the standard ones as one list, with what is being done to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from codefx_desktop.domain.models import Model, ModelList, StandardOffer
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed
from codefx_desktop.ui.models import model_words

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.model_desk import ModelDesk

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
DEED_ROLE = Qt.ItemDataRole.UserRole + 2
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a part of the list."""

    text: str
    note: str = ""


Row = Heading | ModelDeed | Model | StandardOffer


class ModelRows(QAbstractListModel):
    """Headings, models, files that are being added, and standard models.

    Args:
        desk: Where the news comes from.
    """

    listed = Signal()
    """The rows are others; selections are to be found again by their keys."""
    changed = Signal(str)
    """Something about the row of this key is another."""

    def __init__(self, desk: ModelDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: ModelList | None = None
        self._deeds: dict[tuple[DeedKind, str], ModelDeed] = {}
        self._rows: tuple[Row, ...] = ()
        desk.listed.connect(self._on_list)
        desk.deed.connect(self._on_deed)

    @property
    def is_known(self) -> bool:
        """Whether a list has come."""
        return self._found is not None

    @property
    def folder(self) -> Path | None:
        """Where added models go."""
        return self._found.folder if self._found else None

    def row(self, index: int) -> Row | None:
        """Return what a row shows."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def find(self, key: str) -> int:
        """Return the row of a key; -1 if there is none."""
        return next((n for n, row in enumerate(self._rows) if key_of(row) == key), -1)

    def first(self) -> int:
        """Return the first row that can be chosen; -1 if there is none."""
        rows = enumerate(self._rows)
        return next((n for n, row in rows if isinstance(row, Model | StandardOffer)), -1)

    def deed(self, offer: StandardOffer) -> ModelDeed | None:
        """Return how far fetching a standard model is; None if nobody has asked for it."""
        return self._deeds.get((DeedKind.GET, offer.model.name))

    # -- what Qt asks -------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done: headings and running copies cannot be chosen."""
        if not index.isValid() or isinstance(self.row(index.row()), Model | StandardOffer):
            return super().flags(index)
        return Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a row's words, its values, or how far it is."""
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == DEED_ROLE:
            return self.deed(row) if isinstance(row, StandardOffer) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return model_words.tooltip(row) if isinstance(row, Model) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(row)
        return None

    def _words(self, row: Row) -> str:
        if isinstance(row, Heading):
            return row.text
        if isinstance(row, ModelDeed):
            return f"{model_words.added_name(row)}, {model_words.adding_line(row)}"
        if isinstance(row, Model):
            return ", ".join(
                part for part in (row.name, model_words.line(row), model_words.taken(row)) if part
            )
        return f"{row.model.name}, {model_words.offer_line(row, self.deed(row))}"

    # -- inside -------------------------------------------------------------------------------

    def _on_list(self, found: ModelList) -> None:
        self._found = found
        kept = {offer.model.name for offer in found.offers if offer.kept}
        for kind, name in list(self._deeds):
            if kind is DeedKind.GET and name in kept and self._is_over(kind, name):
                del self._deeds[kind, name]
        self._lay_out()

    def _is_over(self, kind: DeedKind, name: str) -> bool:
        return self._deeds[kind, name].phase.is_final

    def _on_deed(self, deed: ModelDeed) -> None:
        key = (deed.kind, deed.name)
        before = self._deeds.get(key)
        if deed.phase is DeedPhase.STOPPING and before is not None:
            deed = ModelDeed(deed.kind, deed.name, deed.phase, before.transfer)
        if deed.kind is not DeedKind.GET and deed.phase.is_final:
            self._deeds.pop(key, None)
            self._lay_out()
            return
        self._deeds[key] = deed
        if deed.kind is not DeedKind.GET:
            self._lay_out()
        elif (row := self.find(f"offer:{deed.name}")) >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index)
            self.changed.emit(f"offer:{deed.name}")

    def _lay_out(self) -> None:
        rows = self._wanted_rows()
        keys = [key_of(row) for row in rows]
        if keys == [key_of(row) for row in self._rows]:
            changed = [n for n, row in enumerate(rows) if row != self._rows[n]]
            self._rows = rows
            for n in changed:
                self.dataChanged.emit(self.index(n), self.index(n))
                self.changed.emit(keys[n])
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        self.listed.emit()

    def _wanted_rows(self) -> tuple[Row, ...]:
        if self._found is None:
            return ()
        adding = [deed for (kind, _), deed in self._deeds.items() if kind is not DeedKind.GET]
        return (
            Heading("On this machine"),
            *adding,
            *self._found.models,
            Heading("Standard models", "fetched when you ask for them"),
            *self._found.offers,
        )


def key_of(row: Row) -> str:
    """Return what makes a row the same one in another list."""
    if isinstance(row, Heading):
        return f"heading:{row.text}"
    if isinstance(row, ModelDeed):
        return f"adding:{row.name}"
    if isinstance(row, Model):
        return f"model:{row.path}"
    return f"offer:{row.model.name}"
