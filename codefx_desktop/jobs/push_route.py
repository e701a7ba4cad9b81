"""One push on its way: its place, what is there already, and what of it may be replaced."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.manifest import Manifest, read_manifest
from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ClockWrong,
    CorruptedInFlight,
    ForeignObject,
    NotOffered,
    ObjectMissing,
    RemoteError,
)
from codefx_desktop.domain.object_store import MEBIBYTE, Sending
from codefx_desktop.jobs.push_patience import Patience
from codefx_desktop.jobs.review_key import review_key

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore, StoredObject
    from codefx_desktop.domain.push import Piece, Push
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.push_bandwidth import Bandwidth
    from codefx_desktop.store.outbox import Outbox

log = logging.getLogger(__name__)

MANIFEST_NAME: Final = "manifest.json"
STOPS_TARGET: Final = (AccessRefused, ClockWrong, BucketMissing, BucketFull)
"""What is wrong with a place as a whole until a person acts."""


@dataclass(frozen=True, slots=True)
class PushSettings:
    """How pushes are transferred.

    Attributes:
        workers: Transfers at the same time.
            Source: at 50 ms to a place, 32 lift 16 objects a second to 325, and 64 add nothing.
        workers_beside_job: While a job runs.
        part_bytes: Size of the parts of large objects, and the largest that goes whole. More
            where an object would have too many.
        parts_at_once: Parts of one object under way at the same time.
        large_at_once: Objects of several parts under way at the same time.
        tries: How often one piece may fail in a row before its push stops.
        patience: With a place that does not answer.
        turn_s: How often the outbox is looked at while something goes ...
        idle_s: ... and while nothing does.
        tell_s: How often progress is told.
    """

    workers: int = 32
    workers_beside_job: int = 2
    part_bytes: int = 8 * MEBIBYTE
    parts_at_once: int = 4
    large_at_once: int = 2
    tries: int = 5
    patience: Patience = field(default_factory=Patience)
    turn_s: float = 0.05
    idle_s: float = 0.5
    tell_s: float = 0.25


@dataclass(frozen=True, slots=True)
class There:
    """An object that need not be sent: the place has it."""

    stored: StoredObject
    is_proven: bool


@dataclass(slots=True)
class Route:
    """One push to one place, while it is transferred. Shared by workers.

    Attributes:
        push: The push.
        target: Its target.
        store: The place.
        outbox: What is kept of it.
        bandwidth: The limit of all transfers.
        cancel: Set when the push is not to go on now.
        settings: How it goes.
        there: What was under the job's prefixes when the push was surveyed or checked last, by
            the place's keys.
        review_key: Key of the job's review, without the target's prefix.
    """

    push: Push
    target: Target
    store: ObjectStore
    outbox: Outbox
    bandwidth: Bandwidth
    cancel: CancelSignal
    settings: PushSettings
    there: dict[str, StoredObject] = field(default_factory=dict)
    review_key: str = field(init=False)

    def __post_init__(self) -> None:
        """Know which piece is the review: every piece is asked whether it is."""
        self.review_key = review_key(self.push.job_id)

    def key(self, piece: Piece) -> str:
        """Return where a piece is in the place."""
        return self.target.key(piece.key)

    @property
    def manifest_key(self) -> str:
        """Where the job's manifest is in the place."""
        return self.target.key(f"jobs/{self.push.job_id}/{MANIFEST_NAME}")

    @property
    def largest_whole(self) -> int:
        """The largest object that goes in one request."""
        return max(self.settings.part_bytes, self.store.traits.smallest_part_bytes)

    def part_bytes(self, size_bytes: int) -> int:
        """Return the size of each part but the last of an object: whole MiB."""
        most = self.store.traits.most_parts
        return max(self.largest_whole, -(-size_bytes // (most * MEBIBYTE)) * MEBIBYTE)

    def look(self) -> None:
        """Note what the place has of the job."""
        self.there = {
            stored.key: stored
            for prefix in self.target.prefixes(self.push.job_id)
            for stored in self.store.list(prefix)
        }

    def abort_orphans(self) -> None:
        """Abort the job's multipart uploads that the outbox does not go on with.

        A kill between the answer of the place and the outbox leaves such; their parts would be
        paid for. Called while nothing of the push is under way.
        """
        if not self.outbox.has_pieces_over(self.push.id, self.largest_whole):
            return
        known = self.outbox.uploads()
        try:
            for prefix in self.target.prefixes(self.push.job_id):
                for found in list(self.store.open_uploads(prefix)):
                    if found.upload_id not in known:
                        log.info("Aborted the upload %s of %s", found.upload_id, found.key)
                        self.store.abort_upload(found.key, found.upload_id)
        except NotOffered:
            log.debug("%s does not list uploads", self.store.label)

    def sending(self, piece: Piece, sha256: str, replaces: str) -> Sending:
        """Return what is said of a piece when it is sent."""
        return Sending(piece.content_type, sha256, only_new=not replaces, replaces=replaces)

    def before_sending(self, piece: Piece, sha256: str, md5: str = "") -> There | str:
        """Return that a piece is there already, or the ETag of what it may replace (or nothing).

        Raises:
            ForeignObject: If something else is under the key that is not ours.
        """
        stored = self.there.get(self.key(piece))
        return "" if stored is None else self._resolve(piece, stored, sha256, md5)

    def in_the_way(self, piece: Piece, sha256: str, md5: str = "") -> There | str:
        """Return the same as ``before_sending`` after the place has refused a piece.

        Raises:
            ForeignObject: If what is there is not ours.
        """
        facts = self.store.facts(self.key(piece))
        if facts is None:
            return ""
        if piece.key == self.review_key and facts.sha256 != sha256:
            # Somebody pushed it this very moment: what is new in it has to come in first.
            self.there[facts.stored.key] = facts.stored
            raise CorruptedInFlight(
                f"{facts.stored.key} was changed by another machine meanwhile.",
                hint="It is taken in and sent again.",
            )
        return self._resolve(piece, facts.stored, sha256, md5)

    def _resolve(self, piece: Piece, stored: StoredObject, sha256: str, md5: str) -> There | str:
        if piece.lost and stored.etag == piece.replaces:
            return stored.etag  # what is there is damaged, whatever its ETag says
        is_of_size = stored.size_bytes == piece.size_bytes
        if is_of_size and md5 and stored.etag == md5:
            return There(stored, is_proven=True)
        if stored.etag and stored.etag in (piece.etag, piece.replaces):
            return stored.etag
        facts = self.store.facts(stored.key)
        if facts is None:
            return ""
        if facts.sha256 == sha256 and facts.stored.size_bytes == piece.size_bytes:
            return There(facts.stored, is_proven=False)
        if facts.sha256 and self._manifest_says(piece.key) == facts.sha256:
            return facts.stored.etag
        raise ForeignObject(
            f"Something else is under {stored.key} in the {self.store.label}; it was not replaced.",
            hint="Look at it, and move it away if nobody needs it; then retry.",
            job_id=self.push.job_id,
        )

    def _manifest_says(self, key: str) -> str:
        """Return the SHA-256 that an earlier push left under a key, as its manifest says."""
        manifest = self.read_manifest()
        if manifest is None:
            return ""
        return next((entry.sha256 for entry in manifest.entries if entry.key == key), "")

    def read_manifest(self) -> Manifest | None:
        """Return the job's manifest in the place; None where there is none that makes sense."""
        try:
            data = self.store.read(self.manifest_key)
        except ObjectMissing:
            return None
        try:
            return read_manifest(data, self.push.job_id)
        except RemoteError as error:
            log.warning("%s in the %s: %s", self.manifest_key, self.store.label, error)
            return None
