"""The tables of bridges are well-formed, and the reader speaks in the analyser's tokens."""

from __future__ import annotations

from importlib.resources import files
from itertools import chain

import pytest

from mnemic.core.errors import InputError
from mnemic.language.analyser import Analyser
from mnemic.language.bridges import LANGUAGES, _key, bridges
from mnemic.language.stopwords import stop_words
from mnemic.language.words import paired, words

TABLES = (*LANGUAGES, "chinese")

Lines = list[tuple[list[str], list[str]]]


def table(name: str) -> Lines:
    text = files("mnemic.language.bridges").joinpath(f"{name}.txt").read_text("utf-8")
    bare = (line.partition("#")[0].strip() for line in text.splitlines())
    parted = [line.split(" : ") for line in bare if line]
    assert all(len(parts) == 2 for parts in parted), [p for p in parted if len(p) != 2]
    return [(heads.split(), members.split()) for heads, members in parted]


def language(name: str) -> str:
    return name if name in LANGUAGES else "english"


@pytest.mark.parametrize("name", TABLES)
def test_every_line_is_a_bridge_of_words(name: str) -> None:
    for heads, members in table(name):
        line = f"{heads[:1]}: {len(members)} members"
        assert heads and (8 if name == "english" else 6) <= len(members) <= 60, line
        assert len(set(members)) == len(members), line
        for word in (*heads, *members):
            assert word == word.lower(), word
            if name == "chinese":
                assert all(map(paired, words(word))), word
            else:
                assert len(words(word)) == 1, word


def test_a_chinese_head_is_one_token() -> None:
    assert {head for heads, _ in table("chinese") for head in heads if len(head) > 2} == set()


@pytest.mark.parametrize("name", TABLES)
def test_no_head_stands_twice(name: str) -> None:
    tokens = Analyser(language(name)).tokens
    heads = [" ".join(tokens(head)) for heads, _ in table(name) for head in heads]
    assert sorted({head for head in heads if heads.count(head) > 1}) == []


@pytest.mark.parametrize("name", TABLES)
def test_neither_end_is_a_stop_word(name: str) -> None:
    stop = stop_words(language(name)).words
    every = set(chain.from_iterable((*heads, *members) for heads, members in table(name)))
    assert sorted(every & stop) == []


@pytest.mark.parametrize("name", TABLES)
def test_the_reader_has_what_the_table_says(name: str) -> None:
    """Every head is found although only heads that begin like the question's token are stemmed."""
    tokens, found = Analyser(language(name)).tokens, bridges(language(name))
    for heads, members in table(name):
        for head in heads:
            token = tokens(head)[0]
            assert _key(head) == _key(token), head
            every = (*members, *heads)
            reached = {each for word in every for each in _indexed(tokens(word))} - {token}
            assert set(found[token]) == reached, head
    if name in LANGUAGES:
        assert set(found) > {tokens(head)[0] for heads, _ in table(name) for head in heads}


def _indexed(tokens: list[str]) -> list[str]:
    return [each for each in tokens if len(each) > 1 or not paired(each)] or tokens


@pytest.mark.parametrize(
    ("configured", "question", "turn"),
    [
        ("english", "Which instrument does Ana play?", "I was late for my cello lesson"),
        ("english", "Where does she live?", "we signed the lease for a flat"),
        ("english", "What does he do for a living?", "I lost my job"),
        ("english", "What is his occupation?", "my shift at the clinic"),
        ("english", "What pets do they have?", "the puppies chewed my shoe"),
        ("english", "What is she allergic to?", "peanuts make my throat swell"),
        ("english", "How did he get hurt?", "sprained, with a cast and stitches"),
        ("spanish", "¿Qué instrumento toca Ana?", "llegué tarde a la clase de violín"),
        ("spanish", "¿Qué mascotas tiene?", "el perro se comió mi zapato"),
        ("portuguese", "Que instrumento toca a Ana?", "cheguei atrasada à aula de violino"),
        ("portuguese", "Qual é a profissão dela?", "sou enfermeira há dez anos"),
        ("german", "Welches Instrument spielt Ana?", "meine Geige ist kaputt"),
        ("german", "Welche Haustiere hat er?", "der Hund und zwei Katzen"),
        ("french", "De quel instrument joue-t-elle ?", "mon violon est cassé"),
        ("french", "Quel est son métier ?", "je suis infirmière depuis dix ans"),
        ("english", "她养了什么宠物？", "我家的猫咪又生病了"),
        ("finnish", "他的职业是什么？", "我今天在医院值班，护士很忙"),
    ],
)
def test_a_question_reaches_a_turn_that_shares_no_word(
    configured: str, question: str, turn: str
) -> None:
    analyser, found = Analyser(configured), bridges(configured)
    reached = {member for term in analyser.query_terms(question) for member in found.get(term, ())}
    assert reached & set(analyser.tokens(turn))


def test_heads_of_a_line_lead_to_one_another() -> None:
    assert {"mom", "mum"} <= set(bridges("english")["mother"])
    assert "故乡" in bridges("none")["老家"]


def test_a_bridge_leads_one_way_and_never_to_itself() -> None:
    english = bridges("english")
    assert "violin" in english["instrument"]
    assert "instrument" not in english.get("violin", ())
    assert all(token not in english[token] for token in english)
    assert all(len(set(members)) == len(members) for members in english.values())


def test_a_language_without_a_table_has_the_chinese_one() -> None:
    assert set(bridges("finnish")) == set(bridges("none"))
    assert set(bridges("none")) < set(bridges("english"))
    assert "宠物" in bridges("none") and "instrument" not in bridges("none")


def test_a_longer_chinese_word_is_reached_by_its_pairs() -> None:
    assert {"程师", "工程"} <= set(bridges("none")["职业"])
    assert "师" not in bridges("none")["职业"]
    assert "猫" in bridges("none")["宠物"]


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(InputError, match="klingon"):
        bridges("klingon")


def test_loading_stems_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second otherwise; the first question would wait for it."""
    stemmed: list[str] = []

    def counting(_: Analyser, text: str) -> list[str]:
        stemmed.append(text)
        return [text]

    monkeypatch.setattr(Analyser, "tokens", counting)
    fresh = bridges.__wrapped__("english")
    assert stemmed == []
    assert "cello" in fresh["instrument"]
    assert 0 < len(stemmed) < 200
