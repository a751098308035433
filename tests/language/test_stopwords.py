"""Stop words: what is dropped from questions, and what never is."""

from __future__ import annotations

import pytest

from mnemic.language.stopwords import LANGUAGES, stop_words
from mnemic.language.words import words

EXPECTED = {
    "english": "who what when where why how is are did does the a of in and or not i you she",
    "portuguese": "quem que quando onde como foi está o a de em não eu você ela nao",
    "spanish": "quién qué cuándo dónde cómo fue está el la de en no yo usted ella que",
    "german": "wer was wann wo warum wie ist sind hat der die das und nicht ich sie dass",
    "french": "qui que quand où comment pourquoi est sont le la de et ne pas je elle qu",
    "italian": "chi che quando dove come perché è sono il la di non io lei",
}
CONTENT = {
    "english": "time year day week month ago yesterday last first name house ill well tell",
    "portuguese": "dia ano casa tempo ontem nome segunda",
    "spanish": "día año casa tiempo ayer nombre",
    "german": "tag jahr haus zeit gestern morgen essen name",
    "french": "jour an maison temps hier été or nom",
    "italian": "giorno anno casa tempo ieri nome",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_function_words_are_in_and_content_is_not(language: str) -> None:
    stop = stop_words(language).words
    assert set(EXPECTED[language].split()) <= stop
    assert not stop & set(CONTENT[language].split())


@pytest.mark.parametrize("language", [*LANGUAGES, "finnish"])
def test_each_is_a_word_as_words_makes_them(language: str) -> None:
    for word in stop_words(language).words:
        assert word in words(word)


def test_han_and_kana_lists_serve_beside_every_language() -> None:
    assert {"什么", "的", "です", "は"} <= stop_words("english").words & stop_words("finnish").words
    assert "the" not in stop_words("finnish").words


def test_names_are_stop_words() -> None:
    for language in LANGUAGES:
        assert stop_words(language).names <= stop_words(language).words
