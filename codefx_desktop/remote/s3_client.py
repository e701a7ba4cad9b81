"""Makes the client that speaks S3: the only module that knows how boto3 is set.

Nothing but the target and the access decides what it does: neither the person's AWS files and
profile nor an instance's metadata service are asked, and no endpoint comes from the environment.
Proxies and a company's certificates (``AWS_CA_BUNDLE``) still do.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from codefx_desktop import __version__
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.remote.s3_whole import want_whole_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.target import Target
    from codefx_desktop.settings.secrets import Access

CONNECTIONS: Final = 40
"""More than the transfers at a time, so that a look at the bucket does not wait for one."""

LARGEST_BLOCK: Final = 256 * 1024
"""Connections take a body by 16 to 128 KiB, as urllib3 was made."""

_CHATTY: Final = ("boto3", "botocore", "s3transfer", "urllib3")
_NEEDS_MD5: Final = ("DeleteObjects", "PutBucketLifecycleConfiguration")


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient a client is, and whom it trusts.

    Attributes:
        connect_s: How long nobody may answer, and how long 128 KiB may take to go out: 13 KB/s.
        silence_s: How long nothing may come. Long, because what the system still holds of a part
            (some MB) goes out in this time on a slow network, and giving up would send it again.
        verify: By which authorities a server proves who it is: True for the usual ones, or a file
            of others. Only tests and benchmarks change it.
    """

    connect_s: float = 10.0
    silence_s: float = 60.0
    verify: Literal[True] | Path = True


def new_client(target: Target, access: Access, manners: Manners) -> Any:  # noqa: ANN401 - no types
    """Return a client for a target; it may be used by many threads.

    Raises:
        SettingsError: If the endpoint is no address.
    """
    import boto3
    import botocore.session
    from botocore.handlers import add_expect_header

    _hush()
    # As if there were no files and no profile.
    nowhere = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    core = botocore.session.Session(session_vars=nowhere)
    session = boto3.session.Session(botocore_session=core)
    try:
        client = session.client(
            "s3",
            region_name=target.used_region,
            endpoint_url=target.used_endpoint or None,
            aws_access_key_id=access.key_id,
            aws_secret_access_key=access.secret,
            aws_session_token=access.session_token or None,
            # Nothing said: those of AWS_CA_BUNDLE where it is set. True would pass it by.
            verify=None if manners.verify is True else str(manners.verify),
            config=_config(target, manners),
        )
    except ValueError as error:
        raise SettingsError(
            f"{target.used_endpoint!r} is not the address of an S3 server (target {target.name}).",
            hint="It looks like https://s3.example.com.",
        ) from error
    # Asking first whether a body may come costs a round trip each time, and a second where nobody
    # answers that (measured: 1.0 s instead of 0.01 s for a small object on R2's simulator).
    client.meta.events.unregister("before-call.s3", add_expect_header)
    client.meta.events.register("before-call.s3", _ask_first)
    want_whole_answers(client)
    for operation in _NEEDS_MD5:
        client.meta.events.register(f"before-call.s3.{operation}", _add_md5)
    return client


def _config(target: Target, manners: Manners) -> Any:  # noqa: ANN401 - no types
    from botocore.config import Config

    # AWS itself is asked by the bucket's own name, in its region ("auto" signs links for no
    # region); a name with a dot is in nobody's certificate, and other servers want paths.
    wants_path = bool(target.used_endpoint) or "." in target.bucket
    return Config(
        # R2 and Swift do not know the newer sums that boto3 sends by itself.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        signature_version="s3v4",
        s3={
            "addressing_style": "path" if wants_path else "virtual",
            "us_east_1_regional_endpoint": "regional",
        },
        # ``jobs`` waits and tries again; a retry in here would hide that from it.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=CONNECTIONS,
        connect_timeout=manners.connect_s,
        read_timeout=manners.silence_s,
        tcp_keepalive=True,
        defaults_mode="legacy",  # "auto" asks the metadata service
        ignore_configured_endpoint_urls=True,
        user_agent_extra=f"CodeFxDesktop/{__version__}",
    )


def md5_of(data: bytes) -> bytes:
    """Return the MD5 of what is sent; no secret hangs on it."""
    return hashlib.md5(data, usedforsecurity=False).digest()


def content_md5(digest: bytes) -> str:
    """Return an MD5 as the Content-MD5 header has it."""
    return base64.b64encode(digest).decode()


class PacedBody(io.BytesIO):
    """A body whose blocks go up when each may.

    Args:
        data: What is sent.
        pace: Told the size of each block before it goes; may wait, and raise ``Cancelled``.
    """

    def __init__(self, data: bytes, pace: Callable[[int], None]) -> None:
        super().__init__(data)
        self._pace = pace

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        block = super().read(size)
        # Over plain http it is read once more to be signed, by the MiB: that does not go up.
        if block and size is not None and 0 < size <= LARGEST_BLOCK:
            self._pace(len(block))
        return block


class AskFirst(PacedBody):
    """A body that is sent when the server has said that it will take it."""


def _ask_first(params: dict[str, Any], **_: object) -> None:
    if isinstance(params.get("body"), AskFirst):
        params["headers"]["Expect"] = "100-continue"


def _add_md5(params: dict[str, Any], **_: object) -> None:
    """Send the old sum instead of a CRC32, which only AWS takes for these calls."""
    params["headers"]["Content-MD5"] = content_md5(md5_of(params["body"]))
    params["context"].get("checksum", {}).pop("request_algorithm", None)


def _hush() -> None:
    """Keep the client's own debugging out of logs: it tells tokens and signatures."""
    for name in _CHATTY:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))
