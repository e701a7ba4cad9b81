"""What a person names a pushed job by: its id or its beginning, or an address of a file of it.

::

    4f1c                                                          the beginning of an id
    s3://races/output/jobs/4f1c.../manifest.json                  or any other file of it
    https://<server>/races/jobs/4f1c.../manifest.json?X-Amz-...   a link

An address says where the job is. It is not what is read with: the target of this machine that is
the same bucket is, and its key signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

_JOB_ID: Final = re.compile(r"(?:^|/)jobs/([0-9A-Za-z][0-9A-Za-z_-]{0,63})/")
_AWS: Final = re.compile(r"(?:(.+)\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")


@dataclass(frozen=True, slots=True)
class JobAddress:
    """Where a pushed job is.

    Attributes:
        bucket: The bucket; empty where it is in the path, after what only the target knows.
        key: The key of a file of the job, the target's prefix included; the whole path where the
            bucket is in it.
        job_id: The job.
        server: Host and port of the server; empty where only the bucket was named.
    """

    bucket: str
    key: str
    job_id: str
    server: str = ""


def is_address(text: str) -> bool:
    """Return whether a person gave an address and not an id."""
    return "://" in text


def parse_address(text: str) -> JobAddress:
    """Return where a link or an ``s3://`` address leads. Its signature is neither used nor kept.

    Raises:
        SettingsError: If no file of a pushed job can be there. The message does not repeat it: a
            link opens what it leads to for whoever reads it.
    """
    try:
        parts = urlsplit(text.strip())
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError as error:
        raise _no_address() from error
    path = unquote(parts.path)
    match = _JOB_ID.search(path)
    if match is None or not host or parts.scheme not in ("s3", "https", "http"):
        raise _no_address()
    if parts.scheme == "s3":
        return JobAddress(parts.netloc, path.lstrip("/"), match[1])
    return _of_link(parts, host, path, match[1])


def _of_link(parts: SplitResult, host: str, path: str, job_id: str) -> JobAddress:
    aws = _AWS.fullmatch(parts.hostname or "")
    if aws is not None and aws[1]:  # the bucket is in the server's name
        return JobAddress(aws[1], path.lstrip("/"), job_id, host.removeprefix(f"{aws[1]}."))
    return JobAddress("", path, job_id, host)


def target_of(address: JobAddress, targets: Iterable[Target]) -> Target:
    """Return the target of this machine to which an address leads.

    Raises:
        SettingsError: If none does, with what would have to be added.
    """
    found = [target for target in targets if _leads_to(address, target)]
    if found:
        return found[0]
    place = f"the bucket {address.bucket}" if address.bucket else f"a bucket at {address.server}"
    raise SettingsError(
        f"The address leads to {place}, which is no target of this machine.",
        hint="Add it with its key: codefx targets add. A link opens one file; fetching needs all.",
    )


def _leads_to(address: JobAddress, target: Target) -> bool:
    """Return whether a target has what is under the address, prefixes included."""
    if target.kind is TargetKind.FOLDER or target.missing:
        return False
    key = _key_in(address, target)
    return key is not None and key.startswith(target.prefixes(address.job_id))


def _key_in(address: JobAddress, target: Target) -> str | None:
    """Return the key in the target's bucket; None if the address leads to another one."""
    endpoint = urlsplit(target.used_endpoint)
    if address.bucket:
        # A server that was not named is any; one whose name holds the bucket is AWS's own.
        is_there = not address.server or not target.used_endpoint
        return address.key if is_there and address.bucket == target.bucket else None
    beginning = f"{endpoint.path.rstrip('/')}/{target.bucket}/"
    if target.used_endpoint:
        is_there = endpoint.netloc.rpartition("@")[2].lower() == address.server
    else:
        is_there = _AWS.fullmatch(address.server) is not None
    is_there = is_there and address.key.startswith(beginning)
    return address.key.removeprefix(beginning) if is_there else None


def _no_address() -> SettingsError:
    return SettingsError(
        "This is no address of a pushed job.",
        hint="It looks like s3://bucket/jobs/<id>/manifest.json, or is a link that codefx links "
        "made; a job's id will do, too.",
    )
