"""One small untrained model for the tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.save_untrained(tmp_path_factory.mktemp("weights") / "best.pt")


@pytest.fixture(scope="session", autouse=True)
def open_libraries(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a test imports first, the libraries are opened as the program opens them."""
    from codefx_desktop.vision.environment import open_libraries

    open_libraries(models.folders(tmp_path_factory.mktemp("libraries")))
