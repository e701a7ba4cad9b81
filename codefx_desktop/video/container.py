"""The one door through which a file is opened: what is refused, and in which words.

The file is looked at before FFmpeg sees it (a named pipe would block for ever), and FFmpeg may
use only the demuxers of the formats this program takes and only the file it was given: a playlist
or script that carries a video's name can neither be opened nor reach another file or address.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

import av
import av.error
from av.stream import Disposition
from av.video.stream import VideoStream

from codefx_desktop.domain.clip import CLIP_SUFFIXES
from codefx_desktop.domain.errors import (
    ClipError,
    ClipLost,
    ClipMissing,
    ClipRefused,
    ClipUnreadable,
)

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

    from av.container import InputContainer

DEMUXERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
MAX_PIXELS: Final = 8192 * 8192
"""Larger pictures are claims of a broken or hostile file: 8K is half of this."""

_PAGE_BYTES: Final = 64 * 1024
"""The largest page of the systems in use; what is smaller is forgotten with its neighbours."""

OPEN_LIMIT_S: Final = 15.0
READ_LIMIT_S: Final = 20.0
"""A drive may wake up and a share may stall; but a terabyte that was never written, behind a few
good bytes, would be searched for hours."""

_HINT_TAKES = f"Choose a video file ({', '.join(s[1:] for s in CLIP_SUFFIXES)})."
_HINT_COPY = "Copy it from the camera again, or repair it with the camera's own tool."

# What a file begins with -> what it really is.
_NOT_VIDEO: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat", "a script that names other files"),
    (b"<?xml", "an XML document"),
    (b"<html", "a web page"),
)
_PICTURE_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


def check_file(path: Path, max_size_bytes: int | None = None) -> os.stat_result:
    """Check that ``path`` is a regular, non-empty file of allowed size, without opening it.

    Raises:
        ClipMissing: If nothing is there.
        ClipRefused: If it is no regular file, is empty or too large.
        ClipLost: If the operating system cannot say.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ClipMissing(
            f"{path.name} is not there.",
            hint="Check that its drive is connected, or choose the file again.",
            path=path,
        ) from error
    except OSError as error:
        raise _lost(path, error.strerror or str(error)) from error
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
        raise ClipRefused(f"{path.name} is {kind}.", hint=_HINT_TAKES, path=path)
    if found.st_size == 0:
        raise ClipRefused(f"{path.name} is empty (0 bytes).", hint=_HINT_COPY, path=path)
    if max_size_bytes is not None and found.st_size > max_size_bytes:
        raise ClipRefused(
            f"{path.name} has {found.st_size / 2**20:,.1f} MB; "
            f"the limit is {max_size_bytes / 2**20:,.0f} MB (of 1,048,576 bytes).",
            hint="Cut it into shorter clips, or raise MAX_FILE_SIZE_MB.",
            path=path,
        )
    return found


def check_kind(path: Path) -> None:
    """Check the suffix and the first bytes.

    Raises:
        ClipRefused: If the name or the content is not a video's.
        ClipLost: If it cannot be read.
    """
    if path.suffix.lower() not in CLIP_SUFFIXES:
        kind = f"{path.suffix} files are" if path.suffix else "a file without a suffix is"
        raise ClipRefused(f"{path.name}: {kind} not taken.", hint=_HINT_TAKES, path=path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise _lost(path, error.strerror or str(error)) from error
    if kind := _recognise(head):
        raise ClipRefused(
            f"{path.name} is {kind} with a video's name.", hint=_HINT_TAKES, path=path
        )


def open_clip(path: Path, *, edited: bool = True) -> InputContainer:
    """Open a clip that passed ``check_file``; close it after use (it is a context manager).

    Args:
        path: The file.
        edited: Whether an MP4's edits are followed; False tells what lies beneath them.

    Raises:
        ClipError: As ``check_kind``, or ClipUnreadable if it is no video inside.
    """
    check_kind(path)
    options = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS}
    if not edited:
        options["ignore_editlist"] = "1"
    try:
        return av.open(
            f"file:{path.absolute()}",
            "r",
            options=options,
            metadata_errors="replace",
            timeout=(OPEN_LIMIT_S, READ_LIMIT_S),
        )
    except (av.error.FFmpegError, MemoryError) as error:
        raise translate(error, path) from error


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """Return the stream a player would show.

    Raises:
        ClipUnreadable: If there is none, or nothing here decodes it.
    """
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:
        sound = "only sound" if container.streams.audio else "no pictures"
        raise ClipUnreadable(f"{path.name} has {sound}.", hint=_HINT_TAKES, path=path)
    if stream.codec_context is None:
        raise ClipUnreadable(
            f"{path.name} is coded in a way this program does not know.",
            hint="Convert it to H.264 with the camera's own tool.",
            path=path,
        )
    return stream


def translate(error: Exception, path: Path) -> ClipError:
    """Return the domain error for what FFmpeg or the operating system said about ``path``."""
    if isinstance(error, OSError) and still_readable(path) is not None:
        return _lost(path, error.strerror or str(error))
    detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ClipUnreadable(
        f"{path.name} cannot be read as a video: {detail}.", hint=_HINT_COPY, path=path
    )


def still_readable(path: Path) -> str | None:
    """Ask the operating system whether the file's start and end can be read.

    Returns:
        None if they can, otherwise what it said. (Demuxers report many parse errors as I/O
        errors, so their word alone does not tell a broken file from a lost drive.)
    """
    try:
        with path.open("rb", buffering=0) as file:
            _forget(file)
            file.read(1)
            file.seek(-1, os.SEEK_END)
            if not file.read(1):
                return os.strerror(errno.EIO)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _forget(file: FileIO) -> None:
    """Have the next reads of a file's start and end ask the drive, not the system's memory.

    Linux keeps a mount whose drive was pulled, and answers from memory what it has read before.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    last = max(0, file.seek(0, os.SEEK_END) - 1)
    for place in (0, last - last % _PAGE_BYTES):
        os.posix_fadvise(file.fileno(), place, _PAGE_BYTES, os.POSIX_FADV_DONTNEED)
    file.seek(0)


def _lost(path: Path, detail: str) -> ClipLost:
    return ClipLost(
        f"{path.name} can no longer be read: {detail}.",
        hint="Check that its drive is connected, then run the job again.",
        path=path,
    )


def _recognise(head: bytes) -> str:
    for magic, kind in _NOT_VIDEO:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "a picture"
    if not any(head):
        return "a file of zeros"
    try:
        text = head.decode("ascii")
    except UnicodeDecodeError:
        return ""
    plain = all(letter.isprintable() or letter in "\r\n\t" for letter in text)
    return "a text file" if plain else ""
