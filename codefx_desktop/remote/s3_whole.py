"""Answers that a broken connection cut short are broken connections, and nothing else.

Python's own http takes a head that ends with the connection for whole, and botocore asks for no
more of a body than comes: a listing that is cut becomes an empty one, which says that nothing is
in the bucket; an ETag loses its end. Over https the same, where the end is not signed off. And
botocore waits for ever for the line that ends "100 Continue" where the connection ended instead.
"""

from __future__ import annotations

import http.client
from functools import partial
from typing import Any

_CUT_HEAD = "The connection ended within the head of an answer."


class WholeAnswer(http.client.HTTPResponse):
    """An answer that is read to its end, or breaks."""

    def begin(self) -> None:
        """Read the head.

        Raises:
            ConnectionResetError: If it is cut.
        """
        fp: Any = self.fp
        head: Any = _Head(fp)
        self.fp = head  # only lines are read here
        try:
            super().begin()
        finally:
            if self.fp is head:
                self.fp = fp
        if head.is_cut:
            raise ConnectionResetError(_CUT_HEAD)

    def read(self, amt: int | None = None) -> bytes:
        """Return bytes of the body.

        Raises:
            ConnectionResetError: If fewer came than were announced.
        """
        data = super().read(amt)
        if not data and amt and self.length:
            raise ConnectionResetError("The connection ended within an answer.")
        return data


class _Head:
    """Lines of a head; knows whether they ended with the connection."""

    def __init__(self, lines: Any) -> None:  # noqa: ANN401 - a buffered reader
        self._lines = lines
        self.is_cut = False

    def readline(self, limit: int = -1) -> bytes:
        """Return a line; the last one ends where the connection does."""
        line: bytes = self._lines.readline(limit)
        self.is_cut = not line.endswith(b"\n") and len(line) != limit
        return line

    def close(self) -> None:
        """Close what the lines come from: the answer is over."""
        self._lines.close()

    def flush(self) -> None:
        """Do nothing: nothing is written."""


class _EarlyAnswer(WholeAnswer):
    """An answer that came before the body had gone, whose first line was read already."""

    def __init__(self, *args: Any, status_tuple: tuple[str, int, str], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **named)
        self._early = [status_tuple]

    def _read_status(self) -> tuple[str, int, str]:
        status: tuple[str, int, str]
        status = self._early.pop() if self._early else super()._read_status()  # type: ignore[misc]
        return status


def want_whole_answers(client: Any) -> None:  # noqa: ANN401 - no types
    """Have a client of boto3 notice answers that are cut.

    WORKAROUND(botocore 1.44, CPython 3.11-3.13): it passes ``enforce_content_length=False`` and has
    no door for another kind of answer; remove when a cut listing raises by itself.
    """
    pools = client._endpoint.http_session._pool_classes_by_scheme  # noqa: SLF001
    for scheme, pool in list(pools.items()):
        connection = _of_whole_answers(pool.ConnectionCls)
        pools[scheme] = type("WholePool", (pool,), {"ConnectionCls": connection})


def _of_whole_answers(connection: Any) -> Any:  # noqa: ANN401 - a class of botocore's
    class WholeConnection(connection):  # type: ignore[misc]
        response_class: Any = WholeAnswer

        def _consume_headers(self, fp: Any) -> None:  # noqa: ANN401 - a buffered reader
            while (line := fp.readline()) != b"\r\n":
                if not line:
                    raise ConnectionResetError(_CUT_HEAD)

        def _handle_expect_response(self, message_body: Any) -> None:  # noqa: ANN401
            super()._handle_expect_response(message_body)
            if self._response_received:
                early = self.response_class.keywords["status_tuple"]
                self.response_class = partial(_EarlyAnswer, status_tuple=early)

    return WholeConnection
