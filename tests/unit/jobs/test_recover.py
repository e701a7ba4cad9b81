"""Recovery looks at jobs that other programs may end or delete at that very moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import FakeVision
from runs import shop_with

from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.jobs import work

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CLAIM_GRACE", timedelta(0))


def test_a_job_that_ends_while_it_is_looked_at_did_not_die(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_with(FakeVision())
    record = work.begin(shop, tmp_path / "clip.mp4", JobSpec(), JobMetadata())

    def ends(_path: Path) -> bool:
        shop.history.finish(record.id, JobStatus.COMPLETE)
        return False

    monkeypatch.setattr(work, "is_locked", ends)
    assert work.recover(shop) == ()
    assert shop.history.logs(record.id) == []


def test_a_job_that_is_deleted_while_it_is_looked_at_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_with(FakeVision())
    gone, dead = (
        work.begin(shop, tmp_path / name, JobSpec(), JobMetadata()) for name in ("a.mp4", "b.mp4")
    )

    def deleted(path: Path) -> bool:
        if gone.id in str(path):
            shop.history.delete(gone.id)
        return False

    monkeypatch.setattr(work, "is_locked", deleted)
    assert [record.id for record in work.recover(shop)] == [dead.id]
