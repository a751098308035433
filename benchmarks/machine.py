"""The machine a figure was measured on: what decides speed, and nothing that names the machine.

No host name, user or folder is read; results are published.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = (
    "mnemic", "numpy", "snowballstemmer", "mem0ai", "qdrant-client", "chromadb",
    "langgraph-checkpoint-sqlite", "sqlite-vec", "onnxruntime",
)  # fmt: skip


def describe() -> dict[str, Any]:
    """Processor, cores, memory, system, and the versions that were used."""
    return {
        "processor": _processor(),
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


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
