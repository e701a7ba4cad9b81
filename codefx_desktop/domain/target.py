"""Targets: the places a person pushes results to, and the keys that things have there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

R2_REGION: Final = "auto"
S3_REGION: Final = "us-east-1"
LONGEST_TTL_S: Final = 7 * 24 * 3600

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z ._-]{0,31}")
_INPUT = re.compile(r"jobs/[^/]+/input/")


class TargetKind(StrEnum):
    """What a target is."""

    R2 = "r2"
    S3 = "s3"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to push to. Carries no secret.

    Attributes:
        name: As a person calls it; unique, in any case of letters.
        kind: What it is.
        bucket: Its bucket; empty for a folder.
        account_id: Of Cloudflare, for R2.
        endpoint: Another S3 server's address (https); empty: AWS's own.
        region: Of the bucket; ``auto`` for R2.
        access_key_id: Which key signs; the secret that goes with it is kept by the system. Empty
            on S3: the standard AWS credentials of this machine sign.
        folder: The folder; None for buckets.
        input_prefix: Before the keys of sources, on S3.
        output_prefix: Before all other keys, on S3.
        url_ttl_s: How long links work, 7 days at most.
        retention_days: After how many days the bucket is to delete what was pushed.
        abort_multipart_days: After how many days it is to drop uploads that never ended.
        is_from_environment: Whether the environment made it; then it cannot be changed here.
    """

    name: str
    kind: TargetKind
    bucket: str = ""
    account_id: str = ""
    endpoint: str = ""
    region: str = ""
    access_key_id: str = ""
    folder: Path | None = None
    input_prefix: str = ""
    output_prefix: str = ""
    url_ttl_s: int = 3600
    retention_days: int = 7
    abort_multipart_days: int = 1
    is_from_environment: bool = False

    def __post_init__(self) -> None:
        """Check ranges; what is merely missing is told by ``missing``.

        Raises:
            ValueError: If a value cannot be used; the message says which.
        """
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                "a target's name has 1 to 32 letters, digits, spaces, dots, dashes or underscores"
            )
        if not 1 <= self.url_ttl_s <= LONGEST_TTL_S:
            raise ValueError(f"links work for 1 to {LONGEST_TTL_S} seconds (7 days)")
        for name in ("retention_days", "abort_multipart_days"):
            if not 1 <= getattr(self, name) <= 3650:
                raise ValueError(f"{name} must be between 1 and 3650")
        for name in ("input_prefix", "output_prefix"):
            prefix = getattr(self, name)
            if prefix and (not prefix.endswith("/") or prefix.startswith("/") or "//" in prefix):
                raise ValueError(f"{name} must end with one slash and not begin with one")

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields without which it cannot be used."""
        wanted = {
            TargetKind.R2: ("account_id", "bucket", "access_key_id"),
            TargetKind.S3: ("bucket",),
            TargetKind.FOLDER: ("folder",),
        }[self.kind]
        return tuple(name for name in wanted if not getattr(self, name))

    @property
    def used_endpoint(self) -> str:
        """The server's address; empty for AWS's own."""
        if self.kind is TargetKind.R2 and not self.endpoint:
            return f"https://{self.account_id}.r2.cloudflarestorage.com"
        return self.endpoint

    @property
    def used_region(self) -> str:
        """The region that requests are signed for."""
        return self.region or (R2_REGION if self.kind is TargetKind.R2 else S3_REGION)

    def key(self, key: str) -> str:
        """Return where the object of a job's key (``jobs/<id>/...``) is in this target."""
        return (self.input_prefix if _INPUT.match(key) else self.output_prefix) + key

    def prefixes(self, job_id: str) -> tuple[str, ...]:
        """Return the prefixes under which everything of a job is, each once."""
        return tuple(
            dict.fromkeys(
                (
                    f"{self.output_prefix}jobs/{job_id}/",
                    f"{self.input_prefix}jobs/{job_id}/",
                )
            )
        )
