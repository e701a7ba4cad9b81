"""Signed addresses of everything that was pushed of a job, for the window and the terminal.

A link works for whoever has it until it expires: links go where the person sends them, never into
a log. All calls block; they belong on a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.formats import encode
from codefx_desktop.artifacts.pushed_keys import frame_of
from codefx_desktop.domain.errors import NotOffered, SettingsError
from codefx_desktop.domain.object_store import LONGEST_LINK_S
from codefx_desktop.domain.push import PushPart
from codefx_desktop.jobs.pushed_jobs import manifest_key, read_pushed

if TYPE_CHECKING:
    from codefx_desktop.artifacts.formats import Encoded
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.pushed_jobs import PushedFile

LINKS_SCHEMA: Final = "codefx-links"
LINKS_VERSION: Final = 1

_ORDER: Final = (
    PushPart.OUTPUT,
    PushPart.REPORT,
    None,
    PushPart.ANALYSIS,
    PushPart.FRAMES,
    PushPart.SOURCE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One object and its address.

    Attributes:
        name: The file as seen from the job's folder, such as ``output/lap12_annotated.mp4``.
        part: What it belongs to; None for ``manifest.json`` and ``job.json``.
        size_bytes: Its size.
        content_type: Such as ``video/mp4``.
        sha256: Of its bytes, hexadecimal; empty for the manifest, which holds all others'.
        url: The address.
    """

    name: str
    part: PushPart | None
    size_bytes: int
    content_type: str
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of everything that a target has of a job.

    Attributes:
        job_id: The job.
        target: Name of the target.
        place: What the target is, for a person.
        ttl_s: How long the links work.
        signed_at: Since when, in UTC.
        files: The manifest first, then what a person wants most: video, reports, the rest.
    """

    job_id: str
    target: str
    place: str
    ttl_s: int
    signed_at: datetime
    files: tuple[Link, ...]

    @property
    def expires_at(self) -> datetime:
        """Until when they work, in UTC."""
        return self.signed_at + timedelta(seconds=self.ttl_s)

    @property
    def manifest(self) -> Link:
        """The link by which another machine finds the job (``codefx fetch``)."""
        return self.files[0]

    @property
    def video(self) -> Link | None:
        """The annotated video; None where it was not pushed."""
        videos = (one for one in self.files if one.part is PushPart.OUTPUT)
        return next((one for one in videos if one.content_type.startswith("video/")), None)

    def content(self) -> dict[str, Any]:
        """Return them as JSON values, the files as rows of a table."""
        return {
            "schema": LINKS_SCHEMA,
            "version": LINKS_VERSION,
            "job_id": self.job_id,
            "target": self.target,
            "ttl_s": self.ttl_s,
            "signed_at": _told(self.signed_at),
            "expires_at": _told(self.expires_at),
            "expires_at_local": self.expires_at.astimezone().isoformat(timespec="seconds"),
            "files": [
                {
                    "name": one.name,
                    "part": one.part and one.part.value,
                    "size_bytes": one.size_bytes,
                    "content_type": one.content_type,
                    "sha256": one.sha256 or None,
                    "url": one.url,
                }
                for one in self.files
            ],
        }

    def encoded(self) -> Encoded:
        """Return the content as JSON and as TOON, which say the same."""
        return encode(self.content())


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _place(file: PushedFile) -> tuple[int, int, str]:
    """Return a key that sorts files by what a person wants first, frames by their numbers."""
    return _ORDER.index(file.part), frame_of(file.rest) or 0, file.rest


def checked_ttl(ttl_s: int) -> int:
    """Return how long links are to work, if they can.

    Raises:
        SettingsError: If nobody signs for such a time.
    """
    if not 1 <= ttl_s <= LONGEST_LINK_S:
        raise SettingsError(
            f"Links cannot work for {ttl_s} seconds.",
            hint=f"They work for 1 second to {LONGEST_LINK_S} seconds (7 days).",
        )
    return ttl_s


def make_links(store: ObjectStore, target: Target, job_id: str, ttl_s: int | None = None) -> Links:
    """Return signed addresses of everything that was pushed of a job; one small request is made.

    Args:
        store: The target's place.
        target: The target.
        job_id: The job.
        ttl_s: How long they are to work; None: as long as the target says.

    Raises:
        SettingsError: If they cannot work for such a time.
        NotOffered: If the target is a folder.
        JobStateError: If the job was not pushed there to the end.
        RemoteError: If the target cannot be asked.
    """
    seconds = checked_ttl(target.url_ttl_s if ttl_s is None else ttl_s)
    if not store.traits.signs_links:
        raise NotOffered(
            f"Target {target.name} is a folder: there are no links to what is in it.",
            hint=f"The files are in {target.folder}, below jobs/{job_id}.",
            job_id=job_id,
        )
    job = read_pushed(store, target, job_id)
    # Cut to the second as signatures are, and before any of them: none expires earlier than told.
    now = datetime.now(UTC).replace(microsecond=0)
    key = manifest_key(job_id)
    first = Link(
        "manifest.json",
        None,
        job.manifest_bytes,
        "application/json",
        "",
        store.signed_link(target.key(key), seconds),
    )
    others = (
        Link(
            one.rest,
            one.part,
            one.size_bytes,
            one.content_type,
            one.sha256,
            store.signed_link(target.key(one.key), seconds),
        )
        for one in sorted(job.files, key=_place)
    )
    return Links(job_id, target.name, store.label, seconds, now, (first, *others))
