"""How far a text is trusted, by where it comes from. A table; and what is drawn from others.

Trust is not truth: it says whose word counts when two disagree, and who may not give orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mnemic.core.records import Origin

TRUST: Final[Mapping[Origin, float]] = {
    Origin.USER: 1.0,
    Origin.ASSISTANT: 0.9,
    Origin.AGENT: 0.9,
    Origin.DERIVED: 0.8,
    Origin.DOCUMENT: 0.7,
    Origin.TOOL: 0.3,
    Origin.WEB: 0.2,
}
"""From 0 (nothing counts) to 1, for each origin. `Policy.trust` overrides single ones."""


def inherited(
    own: Origin, sources: Iterable[Origin], trust: Mapping[Origin, float] = TRUST
) -> Origin:
    """The origin of what is drawn from others: the least trusted of its own and theirs.

    Otherwise a page could be laundered: a summary of it would count as the user's own words. Of
    equals its own stays. An origin that `trust` lacks has that of TRUST.

    >>> str(inherited(Origin.DERIVED, [Origin.USER, Origin.WEB]))
    'web'
    >>> str(inherited(Origin.DERIVED, [Origin.USER]))
    'derived'
    """
    return min((own, *sources), key=lambda one: trust.get(one, TRUST[one]))
