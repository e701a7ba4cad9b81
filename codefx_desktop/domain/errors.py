"""Every error this program knows, in one tree.

::

    CodefxError
    ├── ClipError
    │   ├── ClipMissing      (also FileNotFoundError)
    │   ├── ClipRefused      wrong type, empty, over the size limit, not a regular file
    │   ├── ClipUnreadable   nothing in it can be decoded
    │   └── ClipLost         the drive went away while reading; the job is INTERRUPTED
    ├── WeightsError
    │   ├── WeightsNotChosen no weights found anywhere and none were named
    │   ├── WeightsMissing   (also FileNotFoundError)
    │   ├── WeightsUnusable  not a weights file, unsafe, or of the wrong task
    │   └── WeightsInUse     waiting jobs need the file
    ├── OutputError          (also OSError)
    │   ├── NoSpace
    │   ├── NotWritable
    │   ├── AlreadyThere     a file of a person's would be replaced
    │   └── ArtifactsBroken  artifacts that a job promised are missing or damaged
    ├── EncodeError          the encoder failed or the written file did not verify
    ├── DeviceError          a device that was asked for is not there or broke
    ├── SettingsError        a setting has a value that cannot be used
    │   └── ZonesWithoutSize zones in pixels, of a picture whose size nobody told
    ├── DownloadError        a file that was asked for could not be fetched
    │   ├── NoNetwork        nobody answers; what was fetched stays for the next time
    │   └── DownloadDamaged  something else arrived; it was thrown away
    ├── RemoteError          a bucket, or another place that results are pushed to
    │   ├── Offline          no network, no answer: waits and is tried again
    │   ├── Throttled        the place asks to slow down: waits and is tried again
    │   ├── AccessRefused    wrong secret or no permission: stops until a person acts
    │   ├── ClockWrong       this machine's clock is off: stops until a person acts
    │   ├── BucketMissing    no such bucket or folder: stops until a person acts
    │   ├── BucketFull       stops until a person acts
    │   ├── ObjectMissing    (also LookupError)
    │   ├── ForeignObject    something else is under the key: never overwritten
    │   ├── CorruptedInFlight  something else arrived: sent again
    │   ├── UploadGone       the place forgot a multipart upload: begun anew
    │   └── NotOffered       the place cannot do this, whoever asks
    └── HistoryError
        ├── UnknownJob       (also LookupError)
        ├── UnknownPush      (also LookupError)
        ├── ReviewConflict   two people corrected the same: a push stops until a person looked
        └── JobStateError    the job is not in a state that allows this

Each says what happened, to which file or job, and what the person can do. Rooms translate
library errors at their door with ``raise ... from``. Anything outside this tree is a bug.
Cancelling is a signal (``domain.run.CancelSignal``), not an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CodefxError(Exception):
    """A known trouble, told to a person.

    Args:
        message: What happened, one sentence, without the hint.
        hint: What the person can do about it, one sentence; may be empty.
        path: The file it happened to, if any.
        job_id: The job it happened to, if any.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: Path | None = None,
        job_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.job_id = job_id

    def __str__(self) -> str:
        """Return the message and the hint as one text for a person."""
        return f"{self.message} {self.hint}".strip()


class ClipError(CodefxError):
    """Something about a clip."""


class ClipMissing(ClipError, FileNotFoundError):
    """The clip is not where it was."""


class ClipRefused(ClipError):
    """The file is not a clip this program takes."""


class ClipUnreadable(ClipError):
    """No picture of the file can be decoded."""


class ClipLost(ClipError):
    """The clip became unreadable while it was being read (a drive unplugged)."""


class WeightsError(CodefxError):
    """Something about detector weights."""


class WeightsNotChosen(WeightsError):
    """No weights were named and none are in the places that are searched."""


class WeightsMissing(WeightsError, FileNotFoundError):
    """Weights were named and are not there."""


class WeightsUnusable(WeightsError):
    """The file cannot be loaded safely as the weights that are wanted."""


class WeightsInUse(WeightsError):
    """Waiting jobs need the file."""


class OutputError(CodefxError, OSError):
    """Something about a place to write to."""


class NoSpace(OutputError):
    """The disk is full or will not hold the result."""


class NotWritable(OutputError):
    """The output place cannot be written to."""


class AlreadyThere(OutputError):
    """A file that a person may want is in the way; nothing was written."""


class OtherFilesHere(AlreadyThere):
    """A pushed job is here already, and files of it are others than those that were pushed.

    Attributes:
        files: Which ones, as seen from the job's folder.
    """

    files: tuple[str, ...] = ()


class ArtifactsBroken(OutputError):
    """Artifacts that a job promised are missing or damaged."""


class EncodeError(CodefxError):
    """The output video could not be made or did not verify."""


class DeviceError(CodefxError):
    """A computing device is not there or broke."""


class SettingsError(CodefxError):
    """A setting has a value that cannot be used."""


class ZonesWithoutSize(SettingsError):
    """Zones are in pixels of a picture whose size is not known: ask for it."""


class HistoryError(CodefxError):
    """Something about the job history."""


class UnknownJob(HistoryError, LookupError):
    """No job has this id."""


class UnknownPush(HistoryError, LookupError):
    """No push has this number."""


class ReviewConflict(HistoryError):
    """Two people corrected the same since they last had the same review."""


class JobStateError(HistoryError):
    """The job is not in a state that allows this."""


class DownloadError(CodefxError):
    """A file that was asked for could not be fetched."""


class NoNetwork(DownloadError):
    """Nobody answers, or the connection keeps breaking."""


class DownloadDamaged(DownloadError):
    """What arrived is not what was promised."""


class RemoteError(CodefxError):
    """Something about a place that results are pushed to."""


class Offline(RemoteError):
    """The place could not be reached, or the connection broke."""


class Throttled(RemoteError):
    """The place asks to slow down or has a trouble of its own.

    Attributes:
        retry_after_s: How long it wants to be left alone; 0 where it did not say.
    """

    retry_after_s: float = 0.0


class AccessRefused(RemoteError):
    """The secret is wrong, or does not allow this."""


class ClockWrong(RemoteError):
    """This machine's clock is too far from the place's for signed requests."""


class BucketMissing(RemoteError):
    """The bucket or the folder is not there."""


class BucketFull(RemoteError):
    """The place takes no more."""


class ObjectMissing(RemoteError, LookupError):
    """No object is under this key."""


class ForeignObject(RemoteError):
    """Something that is not ours, or not the same, is under the key."""


class CorruptedInFlight(RemoteError):
    """What arrived is not what was sent."""


class UploadGone(RemoteError):
    """The place does not know a multipart upload (any more)."""


class NotOffered(RemoteError):
    """The place cannot do this, whoever asks."""
