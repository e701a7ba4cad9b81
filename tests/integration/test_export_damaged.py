"""An export of a clip of which a picture is damaged: what can be had is written, the rest told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stop_jobs import make_stop_job

from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.sheet import Product, SheetRequest
from codefx_desktop.video.access import FrameAccess

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame


def test_a_picture_that_cannot_be_decoded_is_left_out_of_the_page_and_told_for_a_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, exact = make_stop_job(tmp_path / "footage", audio=False), FrameAccess.exact

    def broken(self: FrameAccess, number: int, **more: object) -> Frame:
        if number == 60:
            raise ClipUnreadable("Frame 60 is damaged.")
        return exact(self, number, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(FrameAccess, "exact", broken)
    try:
        page = SheetRequest((Product.PDF,), tmp_path / "out")
        (written,) = job.engine.export_sheet(job.record.id, page).written
        assert written.files == 1
        still = SheetRequest((Product.STILL,), tmp_path / "out", frame=60)
        with pytest.raises(ClipUnreadable, match="Frame 60"):
            job.engine.export_sheet(job.record.id, still)
    finally:
        job.engine.close()
