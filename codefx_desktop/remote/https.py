"""Opens https addresses with the standard library, and tells what broke in a part of a sentence."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from codefx_desktop import __version__
from codefx_desktop.domain.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BLOCK_BYTES: Final = 64 * 1024
LONGEST_WAIT_S: Final = 30.0
USB: Final = "or take the file from a USB drive"

_BUSY: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_NOBODY: Final = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


class Broken(Exception):  # noqa: N818 - a signal inside this room
    """A try came to nothing; another one may not.

    Args:
        why: For a person, as a part of a sentence.
        wait_s: How long the server wants to be left alone.
        has_answered: Whether there is a network and a server that says something.
        is_final: Whether another try at once is of no use.
    """

    def __init__(
        self, why: str, *, wait_s: float = 0.0, has_answered: bool = False, is_final: bool = False
    ) -> None:
        super().__init__(why)
        self.why = why
        self.wait_s = wait_s
        self.has_answered = has_answered
        self.is_final = is_final


def open_address(
    url: str, headers: Mapping[str, str], *, silence_s: float, allow_http: bool = False
) -> http.client.HTTPResponse:
    """Send a GET; certificates are checked, proxies taken from the environment.

    Args:
        url: The address.
        headers: Sent besides our own.
        silence_s: How long nothing may come.
        allow_http: Whether plain http will do. For a test's own server alone.

    Raises:
        Broken: If another try may help, or nobody is there.
        DownloadError: If the server refuses for good, or an address is not https.
    """
    require_https(url, allow_http=allow_http)
    own = {
        "User-Agent": f"CodeFxDesktop/{__version__}",
        "Accept-Encoding": "identity",  # what was compressed could not be appended
    }
    request = urllib.request.Request(url, headers={**own, **headers})  # noqa: S310 - checked above
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(secure, _Redirects(allow_http=allow_http))
    try:
        answer: http.client.HTTPResponse = opener.open(request, timeout=silence_s)
    except urllib.error.HTTPError as error:
        error.close()
        raise _refused(url, error) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url, error) from error
    return answer


def require_https(url: str, *, allow_http: bool) -> None:
    """Check an address.

    Raises:
        DownloadError: If it is not https.
    """
    if urlsplit(url).scheme != "https" and not allow_http:
        raise DownloadError(
            f"{url} is not an https address, and nothing is fetched from others.",
            hint="Take the file from a USB drive.",
        )


def blocks(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield what arrives, as it arrives.

    Raises:
        Broken: If the connection breaks or is silent for too long.
    """
    while True:
        try:
            block = answer.read1(BLOCK_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise Broken(_told(error)) from error
        if not block:
            return
        yield block


def host(url: str) -> str:
    """Return who is asked, for a person."""
    return urlsplit(url).hostname or url


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https only."""

    def __init__(self, *, allow_http: bool) -> None:
        self._allow_http = allow_http

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Check the new address first."""
        require_https(newurl, allow_http=self._allow_http)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refused(url: str, error: urllib.error.HTTPError) -> Broken | DownloadError:
    says = f"{host(url)} says {error.code} {error.reason}".strip()
    if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return RangeRefused(says, has_answered=True)
    if error.code in _BUSY:
        return Broken(says, wait_s=_seconds(error.headers.get("Retry-After")), has_answered=True)
    gone = error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    what = "The file is not there any more" if gone else "The file is not handed out"
    return DownloadError(f"{what}: {says}.", hint=f"Try a newer version of this program, {USB}.")


class RangeRefused(Broken):
    """The server has nothing from where we want to go on."""


def _unreachable(url: str, error: Exception) -> Broken:
    reason = getattr(error, "reason", error)
    cause = reason if isinstance(reason, Exception) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = (
            f"{host(url)} cannot prove who it is ({cause.verify_message}); this machine's clock "
            "may be wrong, or the network wants a log-in first"
        )
        return Broken(why, has_answered=True, is_final=True)
    # A laptop without a network knows so at once.
    nobody = isinstance(cause, socket.gaierror) or (
        isinstance(cause, OSError) and cause.errno in _NOBODY
    )
    return Broken(f"{host(url)} cannot be reached ({_told(cause)})", is_final=nobody)


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "nothing came for a while"
    if isinstance(error, http.client.IncompleteRead | http.client.RemoteDisconnected):
        return "the connection was closed too early"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:] if text else type(error).__name__


def _seconds(retry_after: str | None) -> float:
    """Return how long a server wants to be left alone, within reason."""
    try:
        return min(max(float(retry_after or 0), 0.0), LONGEST_WAIT_S)
    except ValueError:  # a date; the usual pause will do
        return 0.0
