"""Calls to a bucket, with everything that can go wrong told in the port's errors."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from codefx_desktop.domain.errors import BucketMissing, Offline, RemoteError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners, new_client
from codefx_desktop.remote.s3_errors import translated
from codefx_desktop.remote.s3_network import unreachable, was_cancelled
from codefx_desktop.remote.s3_said import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codefx_desktop.settings.secrets import Access

log = logging.getLogger(__name__)

Answer = dict[str, Any]
"""What the client makes of an answer."""


class S3Calls:
    """One bucket's client.

    Args:
        target: The bucket.
        access: The key that signs.
        manners: How patient, and whom it trusts.

    Raises:
        SettingsError: If the endpoint is no address.
    """

    def __init__(self, target: Target, access: Access, manners: Manners) -> None:
        self.place = place_of(target)
        self._bucket = target.bucket
        self._secrets = [one for one in (access.secret, access.session_token) if one]
        self.client = new_client(target, access, manners)

    def ask(self, method: str, key: str = "", **params: Any) -> Answer:  # noqa: ANN401 - no types
        """Do one call, once.

        Args:
            method: The client's name of it.
            key: The object it is about, if it is about one.
            params: More of it, in S3's names.

        Raises:
            RemoteError: What went wrong.
            Cancelled: If what paces the body raised it.
        """
        if key:
            params["Key"] = key
        with self.translating(key):
            answer: Answer = getattr(self.client, method)(Bucket=self._bucket, **params)
        return answer

    def pages(self, method: str, **params: Any) -> Iterator[Answer]:  # noqa: ANN401 - no types
        """Yield the pages of a listing."""
        with self.translating(""):
            yield from self.client.get_paginator(method).paginate(Bucket=self._bucket, **params)

    def sign(self, method: str, key: str, ttl_s: int) -> str:
        """Return an address that does a call for whoever has it, for a time."""
        params = {"Bucket": self._bucket, "Key": key}
        link: str = self.client.generate_presigned_url(method, Params=params, ExpiresIn=ttl_s)
        return link

    def date(self) -> str | None:
        """Return the time of an answer as the server tells it, be it an error."""
        from botocore.exceptions import ClientError

        with self.translating(""):
            try:
                answer = self.client.list_objects_v2(Bucket=self._bucket, MaxKeys=1)
            except ClientError as error:
                answer = error.response
        told: str | None = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        return told

    def told(self, error: Mapping[str, Any], operation: str) -> RemoteError:
        """Return what an error means that came as a part of an answer."""
        key = str(error.get("Key", ""))
        return translated(said({"Error": error}, operation, self.place, key, self._secrets))

    @contextmanager
    def translating(self, key: str) -> Iterator[None]:
        """Translate the client's errors about an object."""
        from botocore import exceptions as they
        from urllib3.exceptions import HTTPError

        try:
            yield
        except they.ClientError as error:
            it = said(error.response, error.operation_name, self.place, key, self._secrets)
            log.debug("%s of %r: %s %s", it.operation, key, it.status, it.code)
            # A server may have quoted a token; its own words are then left out of every report.
            raise translated(it) from (None if self._tells(error) else error)
        except they.ParamValidationError as error:
            raise self._unusable() from error
        except (they.BotoCoreError, HTTPError, OSError) as error:
            if was_cancelled(error):
                raise Cancelled from error
            raise self._unreachable(error) from error

    def _tells(self, error: Exception) -> bool:
        return any(secret in str(error) for secret in self._secrets)

    def _unreachable(self, error: Exception) -> Offline:
        log.debug("%s: %s", self.place, type(error).__name__)
        return unreachable(error, self.place, self._server)

    def _unusable(self) -> RemoteError:
        return BucketMissing(
            f"{self._bucket!r} cannot be the name of a bucket.",
            hint="Bucket names have 3 to 63 small letters, digits, dots and dashes.",
        )

    @property
    def _server(self) -> str:
        return _host(self.client.meta.endpoint_url)


def place_of(target: Target) -> str:
    """Return what a bucket is, for a person."""
    if target.kind is TargetKind.R2:
        return f"R2 bucket {target.bucket}"
    if target.endpoint:
        return f"bucket {target.bucket} at {_host(target.endpoint)}"
    return f"S3 bucket {target.bucket}"


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]
