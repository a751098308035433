"""The machine and the versions that a figure was measured with; nothing that names the machine.

No host name, kernel build, user or folder is read, because reports are published.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = (
    "mnemic", "numpy", "snowballstemmer", "onnxruntime", "sentence-transformers", "torch",
    "mem0ai", "qdrant-client", "chromadb", "langgraph", "langgraph-checkpoint-sqlite", "txtai",
)  # fmt: skip
"""Those whose version can change a figure, told where they are installed."""


def machine() -> str:
    """Processor, cores, memory and system in one line."""
    held = memory()
    return ", ".join(
        part
        for part in (
            processor(),
            f"{os.cpu_count()} cores",
            f"{held / 2**30:.0f} GiB" if held else "",
            f"{platform.system()} {platform.machine()}",
        )
        if part
    )


def versions() -> dict[str, str]:
    """Package → version; Python and SQLite first."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def peak_memory() -> int | None:
    """The most bytes that this process ever held resident; None where nobody can tell (Windows)."""
    try:
        resource: Any = import_module("resource")
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def processor() -> str:
    """What the system calls its processor."""
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory() -> int | None:
    """Bytes of the machine's memory, where the system tells."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
