"""The guards of pyproject.toml hold on the real tree, and each has been seen to fail.

A guard that has never failed is not a guard: every contract and every ban gets an offence planted
in a copy of the package, and must name it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {c["id"]: c["name"] for c in PYPROJECT["tool"]["importlinter"]["contracts"]}
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"


@dataclass(frozen=True)
class Offence:
    """Source files (below the package) that break one contract."""

    title: str
    contract: str
    files: dict[str, str]


def _one(contract: str, room: str, code: str) -> Offence:
    return Offence(f"{contract}: {room}: {code}", contract, {f"{room}/planted.py": code})


OFFENCES = (
    _one("rooms", "domain", "import codefx_desktop.settings"),
    _one("rooms", "video", "import codefx_desktop.store"),
    _one("rooms", "jobs", "import codefx_desktop.ui"),
    Offence("rooms: a room nobody listed", "rooms", {"utils/__init__.py": ""}),
    _one("qt", "analysis", "from PySide6.QtCore import QObject"),
    _one("torch", "ui", "import torch"),
    _one("torch", "jobs", "import ultralytics"),
    _one("sql", "jobs", "from sqlalchemy import text"),
    _one("av", "artifacts", "import av"),
    _one("s3", "store", "import boto3"),
    _one("scenes", "jobs", "import scenedetect"),
    _one("secrets", "ui", "import keyring"),
    _one("threads", "vision", "from concurrent.futures import ThreadPoolExecutor"),
    _one("threads", "ui", "import threading"),
    _one("threads", "video", "import subprocess"),
    _one("ui-doors", "ui", "import codefx_desktop.artifacts"),
    _one("ports", "jobs", "import codefx_desktop.vision"),
    _one("ports", "bench", "import codefx_desktop.remote"),
    Offence(
        "cycles: two modules of one room",
        "cycles",
        {
            "domain/planted_a.py": "import codefx_desktop.domain.planted_b",
            "domain/planted_b.py": "import codefx_desktop.domain.planted_a",
        },
    ),
)

BANS = (
    ("TID253", "jobs/planted.py", "import torch"),
    ("TID253", "vision/__init__.py", "import ultralytics"),
    ("TID251", "jobs/planted.py", "from PySide6.QtCore import QThread"),
    ("TID252", "store/planted.py", "from . import tables"),
    ("T201", "jobs/planted.py", "print('hello')"),
    ("BLE001", "video/planted.py", "try:\n    x = 1\nexcept Exception:\n    x = 2"),
    ("E722", "video/planted.py", "try:\n    x = 1\nexcept:\n    x = 2"),
    ("DTZ005", "store/planted.py", "from datetime import datetime\nnow = datetime.now()"),
)


def lint_imports(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    limit = ["--contract", contract] if contract else []
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-logo", "--no-cache", *limit],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package beside its pyproject.toml, without resources."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        ROOT / "codefx_desktop",
        folder / "codefx_desktop",
        ignore=shutil.ignore_patterns("__pycache__", "resources"),
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def planted(copy: Path, offence: Offence) -> Iterator[Path]:
    """Put the offence into the copy, and take it out again."""
    package = copy / "codefx_desktop"
    paths = [package / name for name in offence.files]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{offence.files[path.relative_to(package).as_posix()]}\n")
    yield copy
    for path in paths:
        path.unlink()
        if path.name == "__init__.py":
            path.parent.rmdir()


def test_every_contract_holds_on_the_real_tree() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in result.stdout


def test_every_contract_has_an_offence() -> None:
    assert {offence.contract for offence in OFFENCES} == set(CONTRACTS)


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda offence: offence.title)
def test_a_planted_offence_breaks_its_contract(planted: Path, offence: Offence) -> None:
    result = lint_imports(planted, offence.contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{CONTRACTS[offence.contract]} BROKEN" in result.stdout
    assert "planted" in result.stdout or "utils" in result.stdout


@pytest.mark.parametrize(("rule", "file", "code"), BANS, ids=lambda value: str(value)[:40])
def test_ruff_bans_it(rule: str, file: str, code: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache"]
    result = subprocess.run(
        [*command, "--output-format=concise", "--stdin-filename", f"codefx_desktop/{file}", "-"],
        cwd=ROOT,
        input=f'"""A module."""\n\n{code}\n',
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert f" {rule} " in result.stdout
