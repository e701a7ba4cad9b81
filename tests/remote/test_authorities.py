"""Whom a bucket's server has to prove itself to: the usual authorities, or a company's own."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import Offline
from codefx_desktop.remote.s3_store import S3Store

if TYPE_CHECKING:
    from buckets.miniflare import Simulator


def test_a_companys_certificates_are_taken_from_the_environment(
    r2: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(r2.certificate))
    with closing(S3Store(r2.target(), r2.access)) as store:
        assert list(store.list("jobs/nobody/")) == []


def test_a_server_that_nobody_vouches_for_gets_nothing(
    r2: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    with closing(S3Store(r2.target(), r2.access)) as store, pytest.raises(Offline):
        list(store.list("jobs/nobody/"))
