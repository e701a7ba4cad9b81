"""Writes a bucket: whole objects, objects of parts, and nothing over what is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.errors import (
    CorruptedInFlight,
    ForeignObject,
    NotOffered,
    ObjectMissing,
    Offline,
    UploadGone,
)
from codefx_desktop.remote.s3_client import AskFirst, PacedBody, content_md5, md5_of
from codefx_desktop.remote.s3_network import ConnectionBroke
from codefx_desktop.remote.s3_reading import SHA256, S3Reading, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.object_store import ObjectFacts, Sending
    from codefx_desktop.remote.s3_calls import Answer, S3Calls


SMALLEST_PACED: Final = 256 * 1024
"""Less goes at once: it is over in a moment, and costs less of the processor."""


class S3Writing:
    """The writing half of a bucket.

    Args:
        calls: The bucket.
        reading: Its other half, to look at what is in the way.

    Attributes:
        pace: Told of each block of what is not small before it goes up; None: nobody.
    """

    def __init__(self, calls: S3Calls, reading: S3Reading) -> None:
        self._calls = calls
        self._reading = reading
        self.pace: Callable[[int], None] | None = None

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        """See ``ObjectStore.put``."""
        digest = md5_of(data)
        params = {
            "ContentMD5": content_md5(digest),
            "ContentType": sending.content_type,
            "Metadata": {SHA256: sending.sha256},
        }
        try:
            answer = self._put(key, data, params, sending)
        except ForeignObject:
            there = self._reading.facts(key)
            if there is None or not _is_same(there, sending):
                raise
            return there.stored.etag
        return self._checked(key, answer, digest.hex())

    def _put(self, key: str, data: bytes, params: Mapping[str, Any], sending: Sending) -> Answer:
        """Put an object where it may be.

        Swift knows "if nothing is there" but not "if this is there": what may be replaced is
        looked at first then, and what somebody else writes in between would be replaced too.
        """
        try:
            return self._send("put_object", key, data, **params, **_conditions(sending))
        except (ForeignObject, ObjectMissing, NotOffered) as error:
            there = self._reading.facts(key) if sending.replaces else None
            if not sending.replaces or (there and not isinstance(error, NotOffered)):
                raise
        if there is None:  # what was to be replaced has gone: then nothing may be there
            return self._send("put_object", key, data, **params, IfNoneMatch="*")
        if not _may_replace(there, sending):
            raise self._foreign(key)
        return self._send("put_object", key, data, **params)

    def _send(self, method: str, key: str, data: bytes, **params: Any) -> Answer:  # noqa: ANN401
        """Do a call with a body; where the connection breaks, once more.

        A server that refuses may hang up while the body is still coming, so that its reason is
        lost; asked first, it tells. A kept connection may have grown stale, too.
        """
        try:
            return self._calls.ask(method, key, Body=self._body(data), **params)
        except ConnectionBroke:
            body = AskFirst(data, self.pace or _at_once)
            return self._calls.ask(method, key, Body=body, **params)

    def _body(self, data: bytes) -> bytes | PacedBody:
        """Return what is sent at once or, where somebody wants to have a say in it, in blocks."""
        is_small = len(data) < SMALLEST_PACED
        return data if is_small or self.pace is None else PacedBody(data, self.pace)

    def _checked(self, key: str, answer: Answer, md5: str) -> str:
        """Return the ETag of what was put, if it is that of what was sent."""
        etag = bare(answer.get("ETag", ""))
        if not etag:
            raise Offline(
                f"Something that is no bucket answers for the {self._calls.place}.",
                hint="If this network asks for a log-in, do that first.",
            )
        # With a key of their own (KMS), buckets tell no MD5.
        is_md5 = answer.get("ServerSideEncryption", "AES256") == "AES256"
        if is_md5 and "SSECustomerAlgorithm" not in answer and etag != md5:
            raise CorruptedInFlight(
                f"Something else than {key} arrived in the {self._calls.place}.",
                hint="It is sent again.",
            )
        return etag

    def begin_upload(self, key: str, sending: Sending) -> str:
        """See ``ObjectStore.begin_upload``."""
        answer = self._calls.ask(
            "create_multipart_upload",
            key,
            ContentType=sending.content_type,
            Metadata={SHA256: sending.sha256},
        )
        return str(answer["UploadId"])

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        """See ``ObjectStore.put_part``. A part's ETag need not be its MD5 (R2)."""
        answer = self._send(
            "upload_part",
            key,
            data,
            UploadId=upload_id,
            PartNumber=number,
            ContentMD5=content_md5(md5_of(data)),
        )
        return bare(answer["ETag"])

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        """See ``ObjectStore.complete_upload``.

        R2 takes no conditions here, so that the key is looked at first; what somebody else writes
        between the two calls would be replaced there.
        """
        there = self._reading.facts(key)
        if there is not None and not _may_replace(there, sending):
            return self._same_or_foreign(key, upload_id, there, sending)
        parts = [{"ETag": f'"{etag}"', "PartNumber": n} for n, etag in enumerate(etags, start=1)]
        params = {"UploadId": upload_id, "MultipartUpload": {"Parts": parts}}
        conditions = _conditions(sending, is_there=there is not None)
        try:
            answer = self._calls.ask("complete_multipart_upload", key, **params, **conditions)
        except NotOffered:
            answer = self._calls.ask("complete_multipart_upload", key, **params)
        except ForeignObject:
            there = self._reading.facts(key)
            if there is None:
                raise
            return self._same_or_foreign(key, upload_id, there, sending)
        return bare(answer["ETag"])

    def _same_or_foreign(
        self, key: str, upload_id: str, there: ObjectFacts, sending: Sending
    ) -> str:
        if not _is_same(there, sending):
            raise self._foreign(key)
        self.abort_upload(key, upload_id)
        return there.stored.etag

    def _foreign(self, key: str) -> ForeignObject:
        return ForeignObject(
            f"Something else is under {key} in the {self._calls.place}; it was not replaced.",
            hint="Look at it, and move it away if nobody needs it.",
        )

    def abort_upload(self, key: str, upload_id: str) -> None:
        """See ``ObjectStore.abort_upload``."""
        try:
            self._calls.ask("abort_multipart_upload", key, UploadId=upload_id)
        except (UploadGone, ObjectMissing):  # the latter is what Swift says
            return


def _conditions(sending: Sending, *, is_there: bool = True) -> dict[str, str]:
    if sending.replaces and is_there:
        return {"IfMatch": f'"{sending.replaces}"'}
    return {"IfNoneMatch": "*"} if sending.only_new or sending.replaces else {}


def _may_replace(there: ObjectFacts, sending: Sending) -> bool:
    if sending.replaces:
        return there.stored.etag == sending.replaces
    return not sending.only_new


def _is_same(there: ObjectFacts, sending: Sending) -> bool:
    return bool(sending.sha256) and there.sha256 == sending.sha256


def _at_once(_size_bytes: int) -> None:
    """Let a block go."""
