"""The settings of pushing: buckets of the environment, copies of sources, how hard to push.

Secrets are no settings: ``settings.secrets`` finds them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, field_validator

from codefx_desktop.domain.target import LONGEST_TTL_S, S3_REGION

SECRET_VARIABLES: Final = ("R2_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Environment variables that carry secrets; the settings file never does."""


class PushSettings(BaseModel):
    """Fields of ``Settings`` that are about pushing."""

    storage_backend: Annotated[
        Literal["local", "s3"],
        Field(
            validation_alias="STORAGE_BACKEND",
            title="Storage",
            description="s3 makes the target S3 of the AWS_* variables; local makes none.",
        ),
    ] = "local"
    s3_bucket: Annotated[
        str,
        Field(
            validation_alias="AWS_S3_BUCKET",
            title="S3 bucket",
            description="Bucket of the target S3.",
        ),
    ] = ""
    s3_region: Annotated[
        str,
        Field(
            validation_alias="AWS_S3_REGION",
            title="S3 region",
            description="Region of the bucket.",
        ),
    ] = S3_REGION
    s3_input_prefix: Annotated[
        str,
        Field(
            validation_alias="AWS_S3_INPUT_PREFIX",
            title="S3 prefix of sources",
            description="Before the keys of sources in the bucket; / is none.",
        ),
    ] = "input/"
    s3_output_prefix: Annotated[
        str,
        Field(
            validation_alias="AWS_S3_OUTPUT_PREFIX",
            title="S3 prefix of results",
            description="Before all other keys in the bucket; / is none.",
        ),
    ] = "output/"
    s3_endpoint_url: Annotated[
        str,
        Field(
            validation_alias="AWS_ENDPOINT_URL_S3",
            title="S3 endpoint",
            description="Address of another S3 server than AWS's own.",
        ),
    ] = ""
    s3_access_key_id: Annotated[
        str,
        Field(
            validation_alias="AWS_ACCESS_KEY_ID",
            title="S3 access key",
            description="Which key signs; without it the default one of AWS's credentials file.",
        ),
    ] = ""
    r2_account_id: Annotated[
        str,
        Field(
            validation_alias="R2_ACCOUNT_ID",
            title="R2 account",
            description="Of Cloudflare, for the target R2.",
        ),
    ] = ""
    r2_bucket: Annotated[
        str,
        Field(
            validation_alias="R2_BUCKET",
            title="R2 bucket",
            description="Bucket of the target R2.",
        ),
    ] = ""
    r2_access_key_id: Annotated[
        str,
        Field(
            validation_alias="R2_ACCESS_KEY_ID",
            title="R2 access key",
            description="Which key signs.",
        ),
    ] = ""
    url_ttl_s: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_TTL_S,
            validation_alias="R2_URL_TTL_SECONDS",
            title="Links work for (s)",
            description="How long links to pushed results work, 7 days at most.",
        ),
    ] = 3600
    retention_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            validation_alias="R2_RETENTION_DAYS",
            title="Kept in the bucket (days)",
            description="Days after which the rules for a bucket delete what was pushed.",
        ),
    ] = 7
    abort_multipart_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            validation_alias="R2_ABORT_MULTIPART_DAYS",
            title="Broken uploads kept (days)",
            description="Days after which the rules for a bucket drop uploads that never ended.",
        ),
    ] = 1
    temp_media_dir: Annotated[
        Path | None,
        Field(
            validation_alias="TEMP_MEDIA_DIR",
            title="Copies of sources",
            description="Folder of the app's own copies; by default tmp_media in the data folder.",
        ),
    ] = None
    cleanup_local_video_after_upload: Annotated[
        bool,
        Field(
            validation_alias="CLEANUP_LOCAL_VIDEO_AFTER_UPLOAD_DEFAULT",
            title="Remove copies of sources",
            description="Whether the app's own copy goes once it was pushed and verified.",
        ),
    ] = True
    push_workers: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            validation_alias="CODEFX_PUSH_WORKERS",
            title="Transfers at a time",
            description="Transfers that are under way at the same time.",
        ),
    ] = 32
    push_workers_during_job: Annotated[
        int,
        Field(
            ge=0,
            le=64,
            validation_alias="CODEFX_PUSH_WORKERS_DURING_JOB",
            title="Transfers beside a job",
            description="The same while a job runs; 0 waits for its end.",
        ),
    ] = 2
    push_limit_mbit: Annotated[
        float,
        Field(
            ge=0,
            allow_inf_nan=False,
            validation_alias="CODEFX_PUSH_LIMIT_MBIT",
            title="Push limit (Mbit/s)",
            description="Most that pushing takes of the network; 0 is no limit.",
        ),
    ] = 0.0

    @field_validator("s3_input_prefix", "s3_output_prefix")
    @classmethod
    def _with_one_slash(cls, value: str) -> str:
        bare = value.strip().strip("/")
        if "//" in bare:
            raise ValueError("no two slashes may follow each other")
        return f"{bare}/" if bare else ""

    @field_validator(
        "s3_bucket",
        "s3_region",
        "s3_endpoint_url",
        "s3_access_key_id",
        "r2_account_id",
        "r2_bucket",
        "r2_access_key_id",
    )
    @classmethod
    def _without_space_around(cls, value: str) -> str:
        return value.strip()
