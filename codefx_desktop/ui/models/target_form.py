"""A target as it is filled in: its fields as texts, what is wrong, what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.target import S3_REGION, Target, TargetKind
from codefx_desktop.settings.settings import environment_names
from codefx_desktop.settings.targets import check_endpoint
from codefx_desktop.ui.models import target_words

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_values import TargetRow

FIELDS: Final = {
    TargetKind.R2: ("account_id", "bucket", "access_key_id", "endpoint"),
    TargetKind.S3: (
        *("bucket", "region", "endpoint", "access_key_id"),
        *("input_prefix", "output_prefix"),
    ),
    TargetKind.FOLDER: ("folder",),
}
"""Texts of each kind, in the order in which they are asked for."""
_HINTS: Final = {
    "name": "As you call it",
    "account_id": "From the R2 page of Cloudflare's dashboard",
    "region": S3_REGION,
    "endpoint": "Empty for AWS itself, else https://s3.example.com",
    "access_key_id": "Empty for the standard AWS credentials",
    "input_prefix": "Before sources, such as input/",
    "output_prefix": "Before results, such as output/",
    "folder": "On a USB drive or a NAS",
}
_R2_HINTS: Final = {
    "endpoint": "Empty for Cloudflare's own",
    "access_key_id": "Of a key that may read and write objects",
}
_NUMBERS: Final = ("url_ttl_s", "retention_days", "abort_multipart_days")
_DEFAULTS: Final = {"region": S3_REGION, "input_prefix": "input/", "output_prefix": "output/"}
_SETTINGS: Final = {
    (TargetKind.R2, "account_id"): "r2_account_id",
    (TargetKind.R2, "bucket"): "r2_bucket",
    (TargetKind.R2, "access_key_id"): "r2_access_key_id",
    (TargetKind.S3, "bucket"): "s3_bucket",
    (TargetKind.S3, "region"): "s3_region",
    (TargetKind.S3, "endpoint"): "s3_endpoint_url",
    (TargetKind.S3, "access_key_id"): "s3_access_key_id",
    (TargetKind.S3, "input_prefix"): "s3_input_prefix",
    (TargetKind.S3, "output_prefix"): "s3_output_prefix",
}


class TargetForm(QObject):
    """What is filled in for one target. The secret is held here until it is kept, no longer."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row: TargetRow | None = None
        self.kind = TargetKind.R2
        self.texts: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.secret = ""
        self.session_token = ""
        self._stored: tuple[object, ...] = ()
        self.begin(TargetKind.R2)

    def begin(self, kind: TargetKind, name: str = "") -> None:
        """Begin a new target."""
        self.row, self.kind = None, kind
        self.texts = {"name": name}
        if kind is TargetKind.S3:
            self.texts |= _DEFAULTS
        blank = Target("blank", kind)
        self.numbers = {field: getattr(blank, field) for field in _NUMBERS}
        self._settle()

    def show(self, row: TargetRow) -> None:
        """Take up a target that is there."""
        target = row.target
        self.row, self.kind = row, target.kind
        self.texts = {"name": target.name}
        for field in FIELDS[target.kind]:
            value = getattr(target, field)
            self.texts[field] = "" if value is None else str(value)
        self.numbers = {field: getattr(target, field) for field in _NUMBERS}
        self._settle()

    def renew(self, row: TargetRow) -> None:
        """Take news of the same target; what is being typed stays."""
        if self.is_changed:
            self.row = row
            self.changed.emit()
        else:
            self.show(row)

    def set_text(self, field: str, text: str) -> None:
        """Take what was typed."""
        self.texts[field] = text
        self.changed.emit()

    def set_number(self, field: str, value: int) -> None:
        """Take a number."""
        self.numbers[field] = value
        self.changed.emit()

    def set_secret(self, secret: str) -> None:
        """Take what was typed as the secret."""
        self.secret = secret
        self.changed.emit()

    def set_session_token(self, token: str) -> None:
        """Take what was typed as the session token."""
        self.session_token = token
        self.changed.emit()

    @property
    def is_locked(self) -> bool:
        """Whether the environment makes the target; only its secret can be entered then."""
        return self.row is not None and self.row.target.is_from_environment

    def hint(self, field: str) -> str:
        """Return what to say in an empty field."""
        if self.kind is TargetKind.R2 and field in _R2_HINTS:
            return _R2_HINTS[field]
        return _HINTS.get(field, "")

    def variable(self, field: str) -> str:
        """Return the variable that makes a field; empty where a person does."""
        if not self.is_locked:
            return ""
        return environment_names().get(_SETTINGS.get((self.kind, field), ""), "")

    @property
    def was(self) -> str:
        """The target's name before; empty for a new one."""
        return self.row.target.name if self.row is not None else ""

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not kept."""
        return self._state() != self._stored

    @property
    def trouble(self) -> str:
        """Why it cannot be kept as it is; empty if it can."""
        try:
            self.target()
        except ValueError as error:
            text = str(error)
            return f"{text[:1].upper()}{text[1:]}."
        return ""

    @property
    def missing(self) -> str:
        """Names of the fields that are still to be filled in."""
        try:
            names = [target_words.FIELDS.get(name, name) for name in self.target().missing]
        except ValueError:
            return ""
        return ", ".join(names)

    def target(self) -> Target:
        """Return the target as it is filled in.

        Raises:
            ValueError: If a value cannot be used; the message says which.
        """
        if self.row is not None and self.is_locked:
            return self.row.target
        if not self.texts.get("name", "").strip():
            raise ValueError("give the target a name")
        texts = {
            field: self.texts.get(field, "").strip()
            for field in FIELDS[self.kind]
            if field != "folder"
        }
        for field in ("input_prefix", "output_prefix"):
            if texts.get(field):
                texts[field] = f"{texts[field].strip('/')}/"
        check_endpoint(texts.get("endpoint", ""))
        folder = self.texts.get("folder", "").strip()
        values: dict[str, Any] = {**texts, **self.numbers}
        return Target(
            self.texts["name"].strip(),
            self.kind,
            folder=Path(folder).expanduser() if folder else None,
            **values,
        )

    def kept(self) -> None:
        """Forget the secret: it is kept where it belongs now."""
        self.secret = self.session_token = ""
        self._settle()

    def _settle(self) -> None:
        self.secret = self.session_token = ""
        self._stored = self._state()
        self.changed.emit()

    def _state(self) -> tuple[object, ...]:
        texts = {field: text.strip() for field, text in self.texts.items() if text.strip()}
        numbers = tuple(sorted(self.numbers.items()))
        return tuple(sorted(texts.items())), numbers, self.secret, self.session_token
