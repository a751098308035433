"""Secrets are found by their form; ordinary words are not; no text is slow."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.secrets import cleared, find, kinds, redacted, redacted_all

DRAWN = "q7Rk2Zp9Xw4Tn6Vb1Mc8Ld3Hs5Jf0Gy2Aa4Be6Cu8Di1Eo3Fi5"
"""A token that somebody might have been given. The ones below are made up, in parts, so that no
scanner of repositories takes them for real."""

TABLE = [
    ("AKIA" + "IOSFODNN7EXAMPLE", "key"),
    ("ghp_" + DRAWN[:36], "key"),
    ("github_pat_" + DRAWN, "key"),
    ("sk-" + "proj-" + DRAWN[:40], "key"),
    ("sk_live_" + DRAWN[:24], "key"),
    ("xoxb-" + "2411-" + DRAWN[:24], "key"),
    ("AIza" + DRAWN[:35], "key"),
    ("eyJ" + DRAWN[:20] + ".eyJ" + DRAWN[:30] + "." + DRAWN[:22], "key"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----", "key"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEow", "key"),
    ("my password is Tr0ub4dor&3", "key"),
    ("DB_PASSWORD=s3cr3t!x", "key"),
    ("Passwort: geheim99", "key"),
    ("密码：abc12345", "key"),
    (f'api_key = "{DRAWN[:24]}"', "key"),
    ("postgres://bob:hunter22@db.internal/x", "key"),
    (f"Authorization: Bearer {DRAWN}", "key"),
    ("4111 1111 1111 1111", "card"),
    ("paid with 4111-1111-1111-1111.", "card"),
    ("5555555555554444", "card"),
    ("3782 822463 10005", "card"),
    ("on 2024-01-02 4111 1111 1111 1111", "card"),
    ("DE89 3704 0044 0532 0130 00", "iban"),
    ("GB82WEST12345698765432", "iban"),
    ("123-45-6789", "ssn"),
    ("ana.silva+notes@example.org", "e-mail"),
    ("请联系ana@example.com谢谢", "e-mail"),
    ("call +44 20 7946 0958 now", "phone"),
    ("(415) 555-2671", "phone"),
]

ORDINARY = [
    "the password is required",
    "Password: correct",
    "password=hashed_password)",
    "api_key=os.environ['SOME_API_KEY_1234567890']",
    "password: ${DB_PASSWORD1}",
    "token: 3, tokens: 128000 per minute",
    "the secret is patience",
    "a sk-learn-is-a-nice-library-for-learning fan",
    "4111 1111 1111 1112",
    "1234 5678 9012 3456",
    "4006381333931",
    "at 1700000000000 milliseconds",
    "order 4111-111-1111111-11",
    "DE89 3704 0044 0532 0130 01",
    "version 123-45-67890",
    "logo@2x.png",
    "git@github.com:ana/notes.git",
    "ana@home said hi @bob",
    "+1 point for +123",
    "from 2024-05-01 to 2024-06-30",
]


@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_what_is_sensitive_is_found(text: str, kind: str) -> None:
    assert kinds(text) == (kind,)
    assert f"[{kind}]" in redacted(f"Well, {text} and so on")


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_ordinary_is_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_nothing_of_a_secret_is_left() -> None:
    text = " ".join(one for one, _ in TABLE)
    left = redacted(text)
    for one in ("hunter22", "s3cr3t", DRAWN[:20], "4111", "3704", "silva", "MIIE", "6789", "7946"):
        assert one not in left


@given(st.lists(st.sampled_from([one for one, _ in TABLE] + ORDINARY)).map("\n".join) | st.text())
def test_redacting_twice_is_redacting_once_and_stretches_lie_apart(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))


SEEDS = [
    "a", "1", "1 ", "1-", "@", "a@", "a.", "x@a.", "+1 ", "+1(", "4111 ", "AA00", "DE89 ", "eyJ",
    "eyJaaaaaaaa.", "sk-a", "password: ", "password", "api_key= ", "://a:", "://a:b@", "Bearer a",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----a: ", "(415) ", "'", " ",
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_text_made_to_be_slow_takes_time_by_its_length_only(seed: str) -> None:
    def seconds(size: int) -> float:
        text = (seed * size)[:size]
        begun = time.process_time()
        find(text)
        return time.process_time() - begun

    # 100 times the length may take 100 times as long; a square would take 10,000 times as long.
    assert seconds(100_000) < max(1000 * min(seconds(1_000) for _ in range(3)), 2.0)


def test_modes() -> None:
    text, metadata = "to ana@example.org", {"cc": ["bob@example.org"], "n": 3}
    assert cleared(text, metadata, "off") == (text, metadata)
    assert cleared(text, metadata, "mark") == (text, {**metadata, "sensitive": ["e-mail"]})
    assert cleared(text, metadata, "redact") == ("to [e-mail]", {"cc": ["[e-mail]"], "n": 3})
    assert cleared(text, metadata, str.upper) == (text.upper(), {"cc": ["BOB@EXAMPLE.ORG"], "n": 3})
    assert cleared("tea", {}, "mark") == ("tea", {})
    assert redacted_all(None) is None


def test_our_own_conversations_hold_nothing_sensitive() -> None:
    folder = Path(__file__).parents[2] / "benchmarks" / "dialogues"
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    assert len(texts) > 20
    assert [redacted(text) == text for text in texts] == [True] * len(texts)
