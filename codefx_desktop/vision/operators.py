"""Whether torchvision's compiled operators are there: detection needs one of them."""

from __future__ import annotations

from codefx_desktop.domain.errors import DeviceError


def check_operators() -> str:
    """Run non-maximum suppression on two boxes that are one object; return what was done.

    A torchvision that does not match its torch, or that a packager left half behind, imports or
    not by the version, and lacks ``torchvision::nms`` in either case.

    Raises:
        DeviceError: If it cannot be imported, lacks the operator, or gives a wrong answer.
    """
    try:
        import torch  # noqa: PLC0415 - whether these can be imported is the question
        from torchvision.ops import nms  # noqa: PLC0415

        boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0]])
        kept = nms(boxes, torch.tensor([0.5, 0.9]), 0.5).tolist()
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise _unusable(f"{type(error).__name__}: {error}") from error
    if kept != [1]:
        raise _unusable(f"of two boxes it kept {kept}, not [1]")
    return "torchvision.ops.nms works"


def _unusable(detail: str) -> DeviceError:
    return DeviceError(
        f"torchvision's operators cannot be used: {detail.rstrip('.')}.",
        hint="Install torch and torchvision together, from one package index.",
    )
