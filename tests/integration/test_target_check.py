"""The test of the connection on servers that are not ours, and what comes between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from buckets.fault_proxy import FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift

from codefx_desktop.jobs.target_check import FOLDER, check_target
from codefx_desktop.jobs.target_values import CheckName, CheckState
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.target_values import TargetCheck

Server = Simulator | Swift


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def store(server: Server, target: Target, access: Access | None = None) -> S3Store:
    verify = server.certificate if isinstance(server, Simulator) else True
    return S3Store(target, access or server.access, Manners(2.0, 5.0, verify=verify))


def check(server: Server, target: Target, access: Access | None = None) -> TargetCheck:
    place = store(server, target, access)
    try:
        return check_target(target, place)
    finally:
        place.close()


def leftovers(server: Server) -> list[str]:
    place = store(server, server.target())
    keys = [one.key for one in place.list("") if FOLDER in one.key]
    place.close()
    return keys


def failed(check: TargetCheck) -> list[CheckName]:
    return [step.name for step in check.steps if step.state is CheckState.FAILED]


def test_all_is_well(server: Server) -> None:
    target = replace(server.target(), input_prefix="in/", output_prefix="out/")
    found = check(server, target)
    assert found.is_passed, [step for step in found.steps if step.message]
    passed = {step.name for step in found.steps if step.state is CheckState.PASSED}
    # The simulator does not tell its time.
    assert set(CheckName) - passed <= {CheckName.OPEN, CheckName.CLOCK}
    assert leftovers(server) == []


def test_a_wrong_secret_is_told(server: Server) -> None:
    found = check(server, server.target(), Access(server.access.key_id, "wrong"))
    assert failed(found)[0] in (CheckName.CLOCK, CheckName.PUT)
    assert next(step.message for step in found.steps if step.message)
    assert not found.is_passed
    assert leftovers(server) == []


def test_a_bucket_that_is_not_there_is_told(server: Server) -> None:
    found = check(server, replace(server.target(), bucket="nobody-s-bucket"))
    assert failed(found)
    assert not found.is_passed


def test_a_network_that_goes_away_is_told(r2: Simulator) -> None:
    with FaultProxy(r2.port) as proxy:
        target = r2.target(proxy.port)
        place = store(r2, target)

        def tell(so_far: TargetCheck) -> None:
            proxy.offline = so_far.steps[-1].name is CheckName.READ and not so_far.is_over

        found = check_target(target, place, tell)
        place.close()
    assert failed(found) == [CheckName.CONDITION]
    assert [step.state for step in found.steps[-2:]] == [CheckState.SKIPPED] * 2
    for key in found.left:  # nobody could be asked to remove it
        place = store(r2, r2.target())
        place.delete([key])
        place.close()
    assert leftovers(r2) == []
