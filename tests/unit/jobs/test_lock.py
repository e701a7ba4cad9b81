from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from codefx_desktop.domain.errors import JobStateError, NotWritable
from codefx_desktop.jobs.lock import is_locked, job_lock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from codefx_desktop.jobs.lock import job_lock
with job_lock(Path(sys.argv[1]), "job"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_program_is_seen_and_its_death_too(tmp_path: Path) -> None:
    path = tmp_path / "job" / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert is_locked(path)
        with pytest.raises(JobStateError, match="another program"), job_lock(path, "job"):
            pass
        other.kill()
        other.wait()
    assert not is_locked(path)
    with job_lock(path, "job"):
        pass


def test_no_file_is_no_lock_and_asking_makes_none(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("not a folder")
    with (
        pytest.raises(NotWritable, match="cannot be written"),
        job_lock(tmp_path / "jobs" / "lock", "job"),
    ):
        pass


def test_who_only_asks_does_not_take_the_lock_from_who_begins(tmp_path: Path) -> None:
    """Asking holds the lock for an instant; a run that begins just then must not fail."""
    path = tmp_path / "job.lock"
    asking = FileLock(path, thread_local=False)
    asking.acquire()
    threading.Timer(0.2, asking.release).start()
    with job_lock(path, "job"):
        assert not asking.is_locked


def test_a_place_that_cannot_be_looked_at_is_no_lock(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / ("x" * 300) / "job.lock")
