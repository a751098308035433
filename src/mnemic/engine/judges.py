"""Who reads the best hits again: a reranker by its name, loaded once for all searches."""

from __future__ import annotations

from functools import lru_cache

from mnemic.core.errors import InputError
from mnemic.core.ports import Reranker
from mnemic.models.cross_encoder import choose_reranker
from mnemic.retrieval.rerank import ByReading, Judge

_KEPT = 2
"""Models that stay loaded; each takes hundreds of megabytes."""


def judge(chosen: str | Reranker | Judge) -> Judge:
    """The judge for a reranker or its name; a judge is returned as it is.

    Raises InputError for an unknown name or what is no reranker, MissingExtra or ModelError if it
    cannot be used here.
    """
    if isinstance(chosen, str):
        return _named(chosen)
    if isinstance(chosen, Judge):
        return chosen
    if not callable(getattr(chosen, "rerank", None)):
        raise InputError(
            f"rerank={chosen!r:.60} reads nothing. Give a name such as cross-encoder:<model>, a "
            "Reranker, or a judge of mnemic.retrieval.rerank"
        )
    return ByReading(chosen)


@lru_cache(maxsize=_KEPT)
def _named(name: str) -> Judge:
    reranker = choose_reranker(name)
    assert reranker is not None  # it is None for None alone
    return ByReading(reranker)
