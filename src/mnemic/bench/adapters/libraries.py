"""Libraries of other systems: whether they are here, and how they come here.

None is a dependency of mnemic, and none is imported before it is asked for. `make peers` installs
all of them into an environment of their own, because together they bring gigabytes.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from mnemic.core.errors import MissingExtra


@dataclass(frozen=True, slots=True)
class Library:
    """A library that an adapter drives."""

    module: str
    """What is imported."""
    distribution: str
    """The package whose version is told."""
    packages: tuple[str, ...]
    """What pip installs."""

    @property
    def command(self) -> str:
        """The command that installs it."""
        return f"pip install {' '.join(self.packages)}"

    @property
    def here(self) -> bool:
        """Whether it can be imported; nothing is."""
        try:
            return find_spec(self.module) is not None
        except ModuleNotFoundError:  # of the package above it
            return False

    @property
    def version(self) -> str:
        """The version that is installed."""
        return importlib.metadata.version(self.distribution)

    def load(self) -> Any:
        """The module. Raises MissingExtra where it is not installed."""
        try:
            return import_module(self.module)
        except ImportError as error:
            raise MissingExtra(
                f"{self.module} cannot be imported ({error}), and the system under test needs it. "
                f"Run {self.command}, or make peers"
            ) from error


MEM0: Final = Library("mem0", "mem0ai", ("mem0ai", "qdrant-client"))
CHROMADB: Final = Library("chromadb", "chromadb", ("chromadb",))
LANGGRAPH: Final = Library(
    "langgraph.store.sqlite", "langgraph-checkpoint-sqlite", ("langgraph-checkpoint-sqlite",)
)
TXTAI: Final = Library("txtai", "txtai", ("txtai",))
