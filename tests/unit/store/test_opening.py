"""Opening a history: new, old, newer, damaged, another program's, in an impossible place."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, LogLine, QualityPreset
from codefx_desktop.domain.plan import MAX_PROFILE_CHARS, VIDEO
from codefx_desktop.store import connection, opening
from codefx_desktop.store.history import History, open_history
from codefx_desktop.store.migrating import SCRIPTS
from codefx_desktop.store.opening import HEAD, prepare
from codefx_desktop.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = Path(__file__).with_name("history_v1.sql")
"""A history that the program's first version wrote: three jobs, four lines of log."""
LATER = "9999"
NEXT_STEP = '''
"""Adds a lap, and makes the table anew on the way, as SQLite must for most changes."""
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "HEAD"
def upgrade() -> None:
    with op.batch_alter_table("jobs", recreate="always") as table:
        table.add_column(sa.Column("lap", sa.Integer))
    FAIL
'''


def later_scripts(folder: Path, *, fails: bool = False) -> Path:
    """Return the scripts that a later version of the program would have."""
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    failure = 'op.execute("INSERT INTO nowhere VALUES (1)")' * fails
    step = NEXT_STEP.replace("HEAD", HEAD).replace("FAIL", failure)
    (folder / "versions" / "v9999_lap.py").write_text(step)
    return folder


def fill(path: Path) -> str:
    """Make a history with one job and one log line; return the job's id."""
    with open_history(path).history as history:
        record = history.add(
            input_path=path,
            input_size_bytes=1,
            spec=JobSpec(),
            metadata=JobMetadata("GT3"),
            job_root=path.parent,
        )
        history.log(record.id, [LogLine(datetime.now(UTC), "INFO", "kept")])
        return record.id


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def files(path: Path, what: str) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}.{what}-*"))


def test_a_new_history_is_made_with_its_folder(history_path: Path) -> None:
    opened = open_history(history_path)
    opened.history.close()
    assert opened.notices == ()
    assert ask(history_path, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert files(history_path, "copy") == []


def test_an_empty_file_is_a_new_history(history_path: Path) -> None:
    history_path.parent.mkdir()
    history_path.touch()
    assert fill(history_path)


def test_the_migrations_make_the_tables_that_the_program_knows(history: History) -> None:
    with history._engine.connect() as database:
        assert compare_metadata(MigrationContext.configure(database), Base.metadata) == []


def test_a_history_of_the_first_version_loses_nothing(history_path: Path) -> None:
    history_path.parent.mkdir()
    with closing(sqlite3.connect(history_path)) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
        columns = ", ".join(row[1] for row in database.execute("PRAGMA table_info(jobs)"))
    queries = (f"SELECT {columns} FROM jobs", "SELECT * FROM log_lines")  # noqa: S608 - our names
    before = [ask(history_path, query) for query in queries]
    assert [len(rows) for rows in before] == [3, 4]
    opened = open_history(history_path)
    assert opened.notices == ()
    assert [ask(history_path, query) for query in queries] == before
    with opened.history as history:
        queued, failed, complete = history.page()[0]
        assert [(job.scene_count, job.artifact_frames) for job in (queued, failed, complete)] == [
            (None, None)
        ] * 3
        assert failed.spec.quality is QualityPreset.HIGH
        assert complete.metadata.notes == "wet\nthen dry"
        assert len(history.logs(complete.id)) == 2
        assert history.claim_next() == history.get(queued.id)
        history.finish(queued.id, JobStatus.COMPLETE, scene_count=4, artifact_frames=12)
        assert history.get(queued.id).scene_count == 4
        history.delete(complete.id)
        assert history.logs(complete.id) == []
    (copy,) = files(history_path, "copy")
    assert ask(copy, queries[0]) == before[0]


def test_a_profile_may_have_the_longest_name_there_is(history: History) -> None:
    assert Base.metadata.tables["jobs"].c.profile.type.length == MAX_PROFILE_CHARS
    spec = JobSpec(profile="ä" * MAX_PROFILE_CHARS, plan=VIDEO.plan)
    record = history.add(
        input_path=history.path,
        input_size_bytes=1,
        spec=spec,
        metadata=JobMetadata(),
        job_root=history.path.parent,
    )
    assert history.get(record.id).spec == spec


def test_the_newest_step_is_the_one_the_program_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_every_connection_is_as_safe_as_it_can_be(history: History) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 15_000, "foreign_keys": 1}
    wanted |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
    with history._engine.connect() as database:
        found = {name: database.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_a_disk_that_cannot_be_made_safe_is_refused(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.close()
    monkeypatch.setattr(connection, "PRAGMAS", (("journal_mode", "DELETE", "wal"),))
    with pytest.raises(HistoryError, match="cannot be kept safely"):
        History(history.path).queue()


def test_writers_take_the_lock_at_once_and_readers_never(history: History) -> None:
    with closing(sqlite3.connect(history.path, timeout=0, isolation_level=None)) as other:
        with history._read() as session:
            session.connection()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with history._write() as session:
            session.connection()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")


def test_a_history_that_stays_busy_is_said_so(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.close()
    monkeypatch.setattr(connection, "PRAGMAS", (("busy_timeout", "10", 10),))
    with closing(sqlite3.connect(history.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="busy"):
            History(history.path).claim_next()


def test_a_copy_is_kept_before_the_schema_changes(history_path: Path, tmp_path: Path) -> None:
    job_id = fill(history_path)
    scripts = later_scripts(tmp_path / "100% later")
    assert prepare(history_path, scripts, LATER) == ()
    assert ask(history_path, "SELECT id, series, lap FROM jobs") == [(job_id, "GT3", None)]
    assert ask(history_path, "SELECT job_id, text FROM log_lines") == [(job_id, "kept")]
    (copy,) = files(history_path, "copy")
    assert ask(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    with open_history(copy).history as old:
        assert old.get(job_id).metadata.series == "GT3"
        assert len(old.logs(job_id)) == 1
    # Opened again, there is nothing left to do.
    prepare(history_path, scripts, LATER)
    assert [path for path in files(history_path, "copy") if path.suffix == ".sqlite"] == [copy]


def test_a_step_that_fails_changes_nothing(history_path: Path, tmp_path: Path) -> None:
    job_id = fill(history_path)
    with pytest.raises(HistoryError, match="nowhere"):
        prepare(history_path, later_scripts(tmp_path / "later", fails=True), LATER)
    with open_history(history_path).history as history:
        assert history.get(job_id)
        assert len(history.logs(job_id)) == 1


def test_only_the_last_copies_are_kept(history_path: Path, tmp_path: Path) -> None:
    fill(history_path)
    stranger = history_path.with_name("history.copy.sqlite")
    stranger.touch()
    made = [opening._keep_copy(history_path) for _ in range(opening.COPIES_KEPT + 2)]
    assert files(history_path, "copy") == made[-opening.COPIES_KEPT :]
    assert stranger.exists()


def test_a_newer_history_is_refused_and_left_alone(history_path: Path, tmp_path: Path) -> None:
    fill(history_path)
    prepare(history_path, later_scripts(tmp_path / "later"), LATER)
    before = history_path.read_bytes()
    with pytest.raises(HistoryError, match="newer version"):
        open_history(history_path)
    assert history_path.read_bytes() == before
    assert files(history_path, "damaged") == []


def test_a_database_of_another_program_is_refused_and_left_alone(history_path: Path) -> None:
    history_path.parent.mkdir()
    with closing(sqlite3.connect(history_path)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    before = history_path.read_bytes()
    with pytest.raises(HistoryError, match="another program"):
        open_history(history_path)
    assert history_path.read_bytes() == before


def garbage(data: bytes) -> bytes:
    return b"this is no database" * 1000


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def scratched(data: bytes) -> bytes:
    return data[:4096] + b"\xa5" * 8192 + data[4096 + 8192 :]


@pytest.mark.parametrize("damage", [garbage, half, scratched])
def test_a_damaged_history_is_set_aside_and_a_new_one_begun(
    history_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    fill(history_path)
    history_path.write_bytes(damage(history_path.read_bytes()))
    damaged = history_path.read_bytes()
    log = history_path.with_name("history.sqlite-wal")
    log.write_bytes(b"old log")
    opened = open_history(history_path)
    with opened.history as history:
        assert history.page() == ((), 0)
        assert history.queue() == ()
    kept = files(history_path, "damaged")
    assert kept[0].read_bytes() == damaged
    assert kept[0].with_name(kept[0].name + "-wal").read_bytes() == b"old log"
    (notice,) = opened.notices
    assert kept[0].name in notice
    assert fill(history_path)
    assert open_history(history_path).notices == ()


def test_damage_that_shows_later_is_told(history: History) -> None:
    history.close()
    data = history.path.read_bytes()
    history.path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    with pytest.raises(HistoryError, match="Start the program again"):
        History(history.path).page()


def test_an_impossible_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable, match="cannot be kept there"):
        open_history(tmp_path / "file" / "history.sqlite")
    with pytest.raises(NotWritable, match="folder of that name"):
        open_history(tmp_path)


def test_a_file_that_cannot_be_written_is_told(history: History) -> None:
    with history._engine.connect() as database:
        driver = database.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only = ON")
    with pytest.raises(NotWritable, match="cannot be written"):
        history.claim_next()


def test_a_connection_that_could_not_be_set_up_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PRAGMAS", (("journal_mode", "WAL", "wal"),))
    path = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN EXCLUSIVE")
        ours = sqlite3.connect(path, timeout=0)
        ours.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            connection._configure(ours, None)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        ours.execute("SELECT 1")
