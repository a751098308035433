"""What a segment is asked by: its own words, some of them gone, or other words for them.

Verbatim text saturates SORT: it tells stores apart where storage is lossy or the cue is. A
paraphrase here is a mechanical one, from a table of our own: other words where the table has them,
contractions opened, clauses in another order. It changes about a fifth of the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final

MASK: Final = "…"
CUES: Final = ("verbatim", "masked", "paraphrased")

_GROUPS: Final = """
said remarked; asked inquired; replied answered; looked gazed; saw noticed; went walked; came
arrived; took seized; gave handed; found discovered; thought believed; knew understood; began
started; stood rose; sat rested; turned swung; heard caught; told informed; seemed appeared; felt
sensed; left departed; kept held; put placed; ran hurried; called cried; tried attempted; wanted
wished; brought carried; showed revealed; stopped halted; spoke talked; opened unlocked; closed
shut; smiled grinned; laughed chuckled; fell dropped; waited lingered; moved stirred; man fellow;
woman lady; boy lad; girl lass; house dwelling; room chamber; door entrance; road way; street lane;
night evening; day daytime; morning dawn; face countenance; eyes gaze; hand palm; head skull; voice
tone; words speech; money cash; letter note; friend companion; child youngster; people folk; father
dad; mother mum; home household; place spot; moment instant; time hour; year twelvemonth; work
labour; question query; answer reply; story tale; idea notion; reason cause; trouble bother; fear
dread; joy delight; anger wrath; end close; beginning start; way manner; kind sort; part portion;
great large; big huge; little small; good fine; bad poor; old aged; young youthful; new fresh; long
lengthy; short brief; quick rapid; quickly fast; slowly gradually; suddenly abruptly; quite rather;
very extremely; perhaps maybe; nearly almost; certainly surely; always ever; often frequently; again
anew; also too; but yet; because since; beautiful lovely; strange odd; happy glad; sad sorrowful;
dark gloomy; bright brilliant; cold chilly; warm mild; quiet silent; loud noisy; strong sturdy; weak
feeble; clear plain; certain sure; poor needy; rich wealthy; dead lifeless; afraid frightened;
angry cross; tired weary; many numerous; several some; whole entire; first earliest; last final;
important weighty; difficult hard; simple easy; true real; false untrue; near close; far distant;
above over; beneath under; behind after; toward towards; among amid; without lacking
"""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LETTER = re.compile(r"\w")


def _other_words() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in " ".join(_GROUPS.split()).split("; "):
        one, other = group.split()
        table.setdefault(one, other)
        table.setdefault(other, one)
    return table


_OTHER: Final = _other_words()
_OPENED: Final = (
    (re.compile(r"n['’]t\b"), " not"),
    (re.compile(r"['’]ll\b"), " will"),
    (re.compile(r"['’]ve\b"), " have"),
    (re.compile(r"['’]re\b"), " are"),
    (re.compile(r"['’]m\b"), " am"),
)


def cue(words: Sequence[str], kind: str, random: Random, share: float = 0.5) -> str:
    """A segment as it is asked; `share` of the words are masked where `kind` is "masked".

    >>> cue(["The", "old", "man", "ran."], "masked", Random(1))
    'The … … ran.'
    """
    if kind == "masked":
        gone = set(random.sample(range(len(words)), round(share * len(words))))
        kept = (
            MASK if place in gone and _LETTER.search(word) else word
            for place, word in enumerate(words)
        )
        return " ".join(kept)
    if kind == "paraphrased":
        return paraphrase(" ".join(words), random)
    return " ".join(words)


def paraphrase(text: str, random: Random) -> str:
    """The text in other words, as far as the table has any, with its clauses in another order.

    >>> paraphrase("The old man didn't reply", Random(0))
    'The aged fellow did not answer'
    """
    for pattern, opened in _OPENED:
        text = pattern.sub(opened, text)
    clauses = re.split(r"(?<=[,;:]) ", text)
    random.shuffle(clauses)
    return _WORD.sub(_other, " ".join(clauses))


def _other(found: re.Match[str]) -> str:
    word = found[0]
    other = _OTHER.get(word.lower())
    if other is None:
        return word
    return other.capitalize() if word[0].isupper() else other
