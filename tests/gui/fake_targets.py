"""A target desk without workers: targets from memory, checks and rules that a test says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_values import TargetList, TargetRow, TargetSaved
from codefx_desktop.settings.secrets import SecretPlace

USB = Target("Pit drive", TargetKind.FOLDER, folder=Path("/media/pit"))
TEAM = Target("Team R2", TargetKind.R2, "races", "0123abcd", access_key_id="key-1")
BEGUN = Target("R2", TargetKind.R2, "races", is_from_environment=True)


def rows() -> TargetList:
    """Return a list with one of each: begun by the environment, whole, a folder."""
    missing = ("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY")
    told = f"Target R2 was begun, but {', '.join(missing[:2])} and {missing[2]} are not set."
    return TargetList(
        (
            TargetRow(BEGUN, SecretPlace.NOWHERE, missing),
            TargetRow(TEAM, SecretPlace.KEYRING),
            TargetRow(USB, SecretPlace.NOT_NEEDED),
        ),
        (told,),
    )


class FakeTargetDesk(QObject):
    """Speaks as ``TargetDesk`` does; answers are emitted at once.

    Attributes:
        list: What is listed; saving and removing change it.
        asked: Every call with what it was given, in order.
        note: What saving tells of the secret.
    """

    listed = Signal(object)
    saved = Signal(object)
    removed = Signal(str)
    check = Signal(object)
    lifecycle = Signal(object)
    exported = Signal(object)
    trouble = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list = rows()
        self.asked: list[tuple[str, object]] = []
        self.note = ""

    def request_list(self) -> None:
        self.listed.emit(self.list)

    def save(
        self, target: Target, secret: str = "", session_token: str = "", *, was: str = ""
    ) -> None:
        self.asked.append(("save", (target, secret, session_token, was)))
        self.forget(was or target.name)
        place = SecretPlace.KEYRING if secret else SecretPlace.NOWHERE
        if target.kind is TargetKind.FOLDER:
            place = SecretPlace.NOT_NEEDED
        row = TargetRow(target, place, target.missing)
        self.list = replace(self.list, rows=(*self.list.rows, row))
        self.saved.emit(TargetSaved(target.name, self.note))
        self.request_list()

    def set_secret(self, name: str, secret: str, session_token: str = "") -> None:
        self.asked.append(("set_secret", (name, secret, session_token)))
        self.saved.emit(TargetSaved(name, self.note))
        self.request_list()

    def forget_secret(self, name: str) -> None:
        self.asked.append(("forget_secret", name))
        self.request_list()

    def remove(self, name: str) -> None:
        self.asked.append(("remove", name))
        self.forget(name)
        self.removed.emit(name)
        self.request_list()

    def test(self, target: Target, secret: str = "", session_token: str = "") -> None:
        self.asked.append(("test", (target, secret, session_token)))

    def stop_test(self) -> None:
        self.asked.append(("stop_test", None))

    def request_lifecycle(self, name: str) -> None:
        self.asked.append(("request_lifecycle", name))

    def set_lifecycle(self, name: str, *, expire: bool) -> None:
        self.asked.append(("set_lifecycle", (name, expire)))

    def export_lifecycle(self, name: str, file: Path, *, expire: bool) -> None:
        self.asked.append(("export_lifecycle", (name, file, expire)))
        self.exported.emit(file)

    def shutdown(self) -> None:
        self.asked.append(("shutdown", None))

    # What a test says.

    def forget(self, name: str) -> None:
        """Take a target out of the list, unheard."""
        kept = (row for row in self.list.rows if row.target.name != name)
        self.list = replace(self.list, rows=tuple(kept))
