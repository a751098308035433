"""What a memory is made of, as one value: built once, handed to every function of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from mnemic.core.clock import Clock, Moment
from mnemic.core.ids import Mint
from mnemic.core.storage import Store
from mnemic.engine.reader import Reader
from mnemic.engine.rules import Rules
from mnemic.engine.vectors.encoders import Encoders
from mnemic.engine.vectors.shelves import Shelves
from mnemic.language.secrets import Redaction
from mnemic.retrieval.route import EFFORT, Effort
from mnemic.retrieval.weights import Rankers


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one `Memory`."""

    path: str
    store: Store
    reader: Reader
    shelves: Shelves
    encoders: Encoders
    """Who makes vectors: as a record is written, and after the receipt."""
    clock: Clock
    zone: tzinfo
    actor: str
    secret: bytes
    """The file's own key: marks of words and identities are hashed with it."""
    rankers: Rankers
    rules: Rules
    """By which things come in."""
    wake: Callable[[], None]
    """Tells the background worker that there is something to do."""
    effort: Effort = EFFORT
    """How much a search may cost, and what it may try."""
    redact: Redaction = "off"
    """What is done about secrets and personal identifiers in what this handle writes."""
    mint: Mint = field(default_factory=Mint)

    def now(self) -> Moment:
        """The time, in the memory's zone."""
        micros = self.clock()
        seconds = datetime.fromtimestamp(micros / 1e6, UTC).astimezone(self.zone).utcoffset()
        return Moment(micros, round(seconds.total_seconds() / 60) if seconds else 0)

    def new_id(self) -> str:
        """A fresh id."""
        return self.mint.new(self.clock())
