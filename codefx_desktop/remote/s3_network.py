"""What a trouble with the network means, in words of the port's errors."""

from __future__ import annotations

import ssl

from codefx_desktop.domain.errors import Offline


def unreachable(error: Exception, place: str, host: str) -> Offline:
    """Return what a trouble with the network means."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(cause):
            return Offline(
                f"{host} cannot prove who it is, and nothing was sent.",
                hint="If this network asks for a log-in, do that; else check date and time.",
            )
    names = {type(cause).__name__ for cause in _causes(error)}
    if "ProxyConnectionError" in names:
        why = "the proxy does not let it through"
    elif names & {"gaierror", "NameResolutionError"}:
        why = "no network, or its name is unknown"
    elif "ConnectTimeoutError" in names or "ConnectTimeout" in names:
        why = "nobody answers"
    elif names & {"ReadTimeoutError", "TimeoutError", "ReadTimeout"}:
        why = "nothing came for a while"
    elif "ConnectionRefusedError" in names:
        why = "the connection was refused"
    elif "ResponseParserError" in names:
        why = "something that is no bucket answers, such as a network's log-in page"
    else:
        why = "the connection broke"
    return Offline(
        f"The {place} cannot be reached: {why} ({host}).",
        hint="It is tried again by itself when there is a network.",
    )


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
