"""What an error that a bucket sent means, in words of the port's errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ClockWrong,
    CorruptedInFlight,
    ForeignObject,
    NotOffered,
    ObjectMissing,
    Offline,
    RemoteError,
    Throttled,
    UploadGone,
)
from codefx_desktop.remote.s3_said import Said, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_SKEW_S: Final = 15 * 60
"""Source: Signature Version 4, "request time too skewed"."""

_MAY: Final = {
    "PutObject": "write objects",
    "CreateMultipartUpload": "write objects",
    "UploadPart": "write objects",
    "CompleteMultipartUpload": "write objects",
    "AbortMultipartUpload": "drop uploads that were begun",
    "ListMultipartUploads": "list uploads that were begun",
    "HeadObject": "read objects",
    "GetObject": "read objects",
    "ListObjectsV2": "list objects",
    "DeleteObjects": "delete objects",
    "GetBucketLifecycleConfiguration": "read the lifecycle rules",
    "PutBucketLifecycleConfiguration": "change the lifecycle rules",
    "DeleteBucketLifecycle": "change the lifecycle rules",
}


class BeyondEnd(RemoteError):
    """Nothing of the object is where it was to be read from."""


class NoRules(RemoteError):
    """The bucket has no lifecycle rules."""


def translated(it: Said) -> RemoteError:
    """Return what a server's error means."""
    is_late = it.offset_s is not None and abs(it.offset_s) > LARGEST_SKEW_S
    if is_late and it.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _clock_wrong(it)
    for codes, made in _MADE:
        if it.code in codes:
            return made(it)
    return _by_status(it)


def _by_status(it: Said) -> RemoteError:
    known: dict[int, Callable[[Said], RemoteError]] = {
        HTTPStatus.UNAUTHORIZED: _key_unknown,
        HTTPStatus.FORBIDDEN: _not_allowed,
        HTTPStatus.PRECONDITION_FAILED: _foreign,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _full,
        HTTPStatus.TOO_MANY_REQUESTS: _throttled,
        HTTPStatus.NOT_IMPLEMENTED: _not_offered,
        HTTPStatus.INSUFFICIENT_STORAGE: _full,
        # No bucket answers these: networks that ask for a log-in do.
        HTTPStatus.FOUND: _no_bucket,
        HTTPStatus.SEE_OTHER: _no_bucket,
        HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED: _no_bucket,
    }
    if made := known.get(it.status):
        return made(it)
    if it.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _throttled(it)
    if it.status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.TEMPORARY_REDIRECT):
        return _elsewhere(it)
    words = f": {it.message}" if it.message else ""
    return RemoteError(
        f"The {it.place} says {it.code or it.status}{words}.",
        hint="Try again; if it comes back, look at the target's settings.",
    )


def _clock_wrong(it: Said) -> RemoteError:
    if it.offset_s is None or abs(it.offset_s) <= LARGEST_SKEW_S:
        how = "more than 15 minutes off"
    else:
        way = "slow" if it.offset_s > 0 else "fast"
        how = f"{round(abs(it.offset_s) / 60):,} minutes {way}"
    return ClockWrong(
        f"This machine's clock is {how}, and the {it.place} refuses what it signs.",
        hint="Set date, time and time zone, then retry.",
    )


def _key_unknown(it: Said) -> RemoteError:
    return AccessRefused(
        f"The {it.place} does not know this access key ID.",
        hint="Check the access key ID, and that it belongs to this account and endpoint.",
    )


def _secret_wrong(it: Said) -> RemoteError:
    return AccessRefused(
        f"The {it.place} refuses the key: its secret does not belong to its ID.",
        hint="Enter the access key ID and the secret access key again.",
    )


def _token_expired(it: Said) -> RemoteError:
    return AccessRefused(
        f"The access to the {it.place} has expired.",
        hint="Get a new key, or a new session token, and enter it in the target's settings.",
    )


def _not_allowed(it: Said) -> RemoteError:
    may = _MAY.get(it.operation, "do this")
    return AccessRefused(
        f"This access key may not {may} in the {it.place}.",
        hint="Give the key this permission (R2: Object Read & Write), or use another key.",
    )


def _bucket_missing(it: Said) -> RemoteError:
    return BucketMissing(
        f"There is no {it.place}.",
        hint="Check the bucket's name, and that it belongs to this account and endpoint.",
    )


def _elsewhere(it: Said) -> RemoteError:
    region = it.headers.get("x-amz-bucket-region", "")
    where = f"region {region}" if region else "another region, or at another endpoint"
    return BucketMissing(
        f"The {it.place} is in {where}.",
        hint=f"Set the target's region{f' to {region}' if region else ''}.",
    )


def _full(it: Said) -> RemoteError:
    return BucketFull(
        f"The {it.place} takes no more: its space or quota is used up.",
        hint="Delete old jobs there or raise the quota, then retry.",
    )


def _throttled(it: Said) -> RemoteError:
    busy = it.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    says = "asks to slow down" if busy else "has a trouble of its own"
    error = Throttled(
        f"The {it.place} {says} ({it.status or it.code}).", hint="It is tried again by itself."
    )
    error.retry_after_s = seconds(it.headers.get("retry-after"))
    return error


def _corrupted(it: Said) -> RemoteError:
    return CorruptedInFlight(
        f"{it.key or 'Something'} was damaged on the way to the {it.place}, which refused it.",
        hint="It is sent again.",
    )


def _upload_gone(it: Said) -> RemoteError:
    return UploadGone(
        f"The {it.place} does not know the upload of {it.key}, or a part of it, any more.",
        hint="It is begun again.",
    )


def _object_missing(it: Said) -> RemoteError:
    return ObjectMissing(
        f"There is no {it.key} in the {it.place}.",
        hint="It may have been deleted there, or was never pushed.",
    )


def _foreign(it: Said) -> RemoteError:
    return ForeignObject(
        f"Something else is under {it.key} in the {it.place}; it was not replaced.",
        hint="Look at it, and move it away if nobody needs it.",
    )


def _not_offered(it: Said) -> RemoteError:
    return NotOffered(
        f"The {it.place} does not offer to {_MAY.get(it.operation, 'do this')}.",
        hint="Nothing here can change that.",
    )


def _beyond_end(it: Said) -> RemoteError:
    return BeyondEnd(f"{it.key} in the {it.place} ends before that.")


def _no_rules(it: Said) -> RemoteError:
    return NoRules(f"The {it.place} has no lifecycle rules.")


def _no_bucket(it: Said) -> RemoteError:
    return Offline(
        f"Something that is no bucket answers for the {it.place} ({it.status}).",
        hint="If this network asks for a log-in, do that first.",
    )


def _too_slow(it: Said) -> RemoteError:
    return Offline(f"The {it.place} got nothing for a while.", hint="It is tried again by itself.")


_MADE: Final[tuple[tuple[frozenset[str], Callable[[Said], RemoteError]], ...]] = (
    (frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"}), _clock_wrong),
    (frozenset({"InvalidAccessKeyId", "Unauthorized", "InvalidClientTokenId"}), _key_unknown),
    (frozenset({"SignatureDoesNotMatch"}), _secret_wrong),
    (frozenset({"ExpiredToken", "TokenRefreshRequired", "InvalidToken"}), _token_expired),
    # As a part of an answer, such as a deletion's, these come without a status.
    (frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem"}), _not_allowed),
    (frozenset({"NoSuchBucket"}), _bucket_missing),
    (
        frozenset({"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"}),
        _elsewhere,
    ),
    (
        frozenset(
            {
                "EntityTooLarge",  # Swift's quota, with status 400; nothing that is sent is
                "QuotaExceeded",
                "StorageQuotaExceeded",
                "InsufficientStorage",
                "XMinioStorageFull",
                "XMinioAdminBucketQuotaExceeded",
            }
        ),
        _full,
    ),
    (
        frozenset(
            {
                "InternalError",
                "SlowDown",
                "Throttling",
                "ThrottlingException",
                "RequestLimitExceeded",
                "OperationAborted",
                "ConditionalRequestConflict",
            }
        ),
        _throttled,
    ),
    (
        frozenset({"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"}),
        _corrupted,
    ),
    (frozenset({"NoSuchUpload", "InvalidPart", "InvalidPartOrder"}), _upload_gone),
    (frozenset({"NoSuchKey"}), _object_missing),
    (frozenset({"PreconditionFailed"}), _foreign),
    (frozenset({"NotImplemented"}), _not_offered),
    (frozenset({"RequestTimeout"}), _too_slow),
    (frozenset({"InvalidRange"}), _beyond_end),
    (frozenset({"NoSuchLifecycleConfiguration"}), _no_rules),
)
