"""Snowball stems: `moved`, `moves` and `moving` are found by one another.

The algorithms are Martin Porter's Snowball (2001) in the pure-Python package `snowballstemmer`. If
PyStemmer is installed, that package hands out its C code instead, which may be of another Snowball
version with other stems; an index must not depend on what else is installed, so the pure-Python
classes are taken by name. They are slow (60 µs a word, half of that as `quick_stems.py` makes
them), which the memo hides: a text repeats its words.

Nothing is imported before the first stem is asked for. Which languages there are is read off the
installed package. Stop words and scripts are not known here.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from mnemic.core.errors import InputError
from mnemic.language.quick_stems import Make, quick

NONE: Final = "none"
"""The language whose words are their own stems."""

_LONGEST: Final = 32
"""Characters up to which a word can be one of a language's; base64 is not worth its stem."""


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be configured, sorted; the last is "none".

    >>> {"english", "portuguese", "german"} <= set(languages())
    True
    """
    from importlib.util import find_spec
    from pkgutil import iter_modules

    spec = find_spec("snowballstemmer")
    places = list(spec.submodule_search_locations or ()) if spec else []
    names = (module.name for module in iter_modules(places))
    return (*sorted(n.removesuffix("_stemmer") for n in names if n.endswith("_stemmer")), NONE)


def check(language: str) -> None:
    """Raise InputError, naming the choices, unless `language` can be configured."""
    if language not in languages():
        raise InputError(f"unknown language {language!r}. Use one of {', '.join(languages())}")


@cache
def version() -> str:
    """The version of the installed stemmers; other versions may give other stems."""
    from importlib.metadata import version as installed

    return installed("snowballstemmer")


@lru_cache(maxsize=32_768)
def stem(word: str, language: str = "english") -> str:
    """The stem of a folded word; a word with digits, or too long to be one, is its own.

    Raises InputError for an unknown language.

    >>> stem("memories"), stem("recordações", "portuguese"), stem("b2b")
    ('memori', 'record', 'b2b')
    """
    make = _algorithm(language)
    if make is None or len(word) > _LONGEST or any(map(str.isdigit, word)):
        return word
    # A stemmer keeps its word in itself, so two threads must not share one. Making one is .5 µs.
    return make().stemWord(word)


@cache
def _algorithm(language: str) -> Make | None:
    check(language)
    if language == NONE:
        return None
    module = import_module(f"snowballstemmer.{language}_stemmer")
    name = "".join(part.capitalize() for part in language.split("_")) + "Stemmer"
    return quick(getattr(module, name))
