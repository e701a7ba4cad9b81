"""What a trouble with the network means, in words of the port's errors."""

from __future__ import annotations

import ssl
from typing import Final

from codefx_desktop.domain.errors import Offline
from codefx_desktop.domain.run import Cancelled


class ConnectionBroke(Offline):
    """A connection that stood broke: by the network, or by a server that had heard enough."""


_WHYS: Final = (
    ({"ProxyConnectionError"}, "the proxy does not let it through"),
    ({"gaierror", "NameResolutionError"}, "no network, or its name is unknown"),
    ({"ConnectionRefusedError"}, "the connection was refused"),
    ({"ConnectTimeoutError", "EndpointConnectionError"}, "nobody answers"),
    ({"ReadTimeoutError", "TimeoutError"}, "nothing came for a while"),
    ({"ResponseParserError"}, "something that is no bucket answers, such as a log-in page"),
)
"""Names of errors in the chain, most telling first, and what they mean."""


def unreachable(error: Exception, place: str, host: str) -> Offline:
    """Return what a trouble with the network means."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(cause):
            return Offline(
                f"{host} cannot prove who it is, and nothing was sent.",
                hint="If this network asks for a log-in, do that; else check date and time.",
            )
    names = {type(cause).__name__ for cause in _causes(error)}
    for marks, why in _WHYS:
        if names & marks:
            return Offline(
                f"The {place} cannot be reached: {why} ({host}).",
                hint="It is tried again by itself when there is a network.",
            )
    return ConnectionBroke(
        f"The connection to the {place} broke ({host}).",
        hint="It is tried again by itself.",
    )


def was_cancelled(error: Exception) -> bool:
    """Return whether a call broke off because it was to."""
    return any(isinstance(cause, Cancelled) for cause in _causes(error))


def _causes(error: BaseException | None) -> list[BaseException]:
    """Return an error and what it came from, each once."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or cause in found:
            continue
        found.append(cause)
        told = getattr(cause, "kwargs", {}).get("error")  # where botocore keeps it
        inner = [one for one in (told, *cause.args) if isinstance(one, BaseException)]
        reason = getattr(cause, "reason", None)
        if isinstance(reason, BaseException):
            inner.append(reason)
        waiting += [cause.__cause__, cause.__context__, *inner]
    return found
