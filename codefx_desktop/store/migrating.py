"""Brings a history's schema up to date with Alembic, in one transaction, without an ini file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.store.connection import for_writing, history_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def known_revisions(scripts: Path | None = None) -> frozenset[str]:
    """Return all steps this program knows."""
    steps = ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    return frozenset(step.revision for step in steps)


def migrate(path: Path, scripts: Path | None = None) -> None:
    """Run all steps that the history lacks: all of them or, if one fails, none.

    Raises:
        HistoryError: If the result breaks a reference between tables.
    """
    engine = history_engine(path)
    try:
        with engine.connect() as connection:
            # SQLite changes a table by making it anew and dropping the old one; with foreign
            # keys on, the drop would take the log lines of every job with it. The setting can
            # only be changed outside a transaction.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
        with for_writing(engine).begin() as connection:
            _run(connection, scripts, path)
    finally:
        engine.dispose()


def _run(connection: Connection, scripts: Path | None, path: Path) -> None:
    config = _config(scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise HistoryError(
            f"The job history {path} could not be brought up to date: "
            f"{len(broken)} rows lost what they belong to.",
            hint="Nothing was changed. Report this with the log.",
            path=path,
        )


def _config(scripts: Path | None) -> Config:
    config = Config()
    # Alembic expands % in its options.
    config.set_main_option("script_location", str(scripts or SCRIPTS).replace("%", "%%"))
    return config
