"""Lets the clients of all tests share what botocore reads from its files: 0.1 s of each client."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_READING = ("load_service_model", "load_data_with_path", "list_available_services")


def share_models() -> None:
    """Have every client find what an earlier one has read; once is enough."""
    from botocore.loaders import Loader

    for name in _READING:
        method = getattr(Loader, name)
        if not hasattr(method, "is_shared"):
            setattr(Loader, name, _shared(method))


def _shared(method: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[object, Any] = {}

    @wraps(method)
    def call(self: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        key = (given, tuple(sorted(named.items())))
        if key not in kept:
            kept[key] = method(self, *given, **named)
        return kept[key]

    call.is_shared = True  # type: ignore[attr-defined]
    return call
