"""What onnxruntime raises: its errors share no base but Exception, so they are named one by one."""

from __future__ import annotations

_NAMES = (
    "Fail",
    "NoSuchFile",
    "InvalidProtobuf",
    "InvalidGraph",
    "InvalidArgument",
    "RuntimeException",
    "NotImplemented",
)


def runtime_errors() -> tuple[type[Exception], ...]:
    """The errors of loading and of running a graph; for an `except`. Imports onnxruntime."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return tuple(getattr(state, name) for name in _NAMES if hasattr(state, name))
