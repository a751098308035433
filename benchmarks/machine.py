"""The machine a figure was measured on: what decides speed, and nothing that names the machine.

No host name, user or folder is read; results are published.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mnemic.bench.environment import memory, processor

LIBRARIES = (
    "mnemic", "numpy", "snowballstemmer", "mem0ai", "qdrant-client", "chromadb",
    "langgraph-checkpoint-sqlite", "sqlite-vec", "onnxruntime",
)  # fmt: skip


def describe() -> dict[str, Any]:
    """Processor, cores, memory, system, and the versions that were used."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def load() -> list[float] | None:
    """Processes that ran or waited to run, mean of the last 1, 5 and 15 minutes."""
    return [round(mean, 2) for mean in os.getloadavg()] if hasattr(os, "getloadavg") else None


def calibrate() -> float:
    """Milliseconds of CPU for a fixed loop: how fast this processor is just now.

    A core that shares its caches or is clocked down takes longer; figures are never divided by it.
    """
    begun = time.process_time()
    total = 0
    for number in range(300_000):
        total += number * number
    return 1e3 * (time.process_time() - begun)


def _memory_gib() -> float | None:
    held = memory()
    return None if held is None else round(held / 2**30, 1)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
