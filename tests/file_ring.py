"""A keyring for child programs: what they keep is in a file that the test names.

``PYTHON_KEYRING_BACKEND=file_ring.FileRing`` with this folder on ``PYTHONPATH``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class FileRing(KeyringBackend):
    """Keeps passwords in the file that ``FILE_RING`` names."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}|{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._read(), f"{service}|{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        del kept[f"{service}|{username}"]
        self._write(kept)

    def _read(self) -> dict[str, str]:
        path = Path(os.environ["FILE_RING"])
        kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        Path(os.environ["FILE_RING"]).write_text(json.dumps(kept), "utf-8")
