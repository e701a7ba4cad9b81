"""Servers that tests share; each is started by the first test that asks, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from buckets.miniflare import Simulator, simulating
from buckets.openstack import Swift, swifting
from buckets.shared_models import share_models

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def r2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Return Cloudflare's R2 simulator; tests write below a job of their own."""
    share_models()
    with simulating(tmp_path_factory.mktemp("r2")) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """Return OpenStack Swift; tests write below a job of their own."""
    share_models()
    with swifting(tmp_path_factory.mktemp("swift")) as server:
        yield server
