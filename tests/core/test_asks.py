from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.asks import Ask, Message
from mnemic.core.errors import InputError

SCHEMA = {"type": "object", "properties": {"order": {"type": "array"}}, "required": ["order"]}
ASK = Ask("rerank", (Message("system", "Be brief."), Message("user", "Which?")), SCHEMA, 100)


def test_the_key_is_the_same_on_every_machine():
    # Kept answers are found by it: a change of this value throws all of them away.
    assert ASK.key == "473a20a3736aa043c40916c96f4b4d2a09956ce0cc83eda58e3c8095cbc66799"


def test_the_key_does_not_depend_on_the_order_of_the_schema_or_on_the_purpose():
    turned = {name: SCHEMA[name] for name in reversed(SCHEMA)}
    assert replace(ASK, schema=turned).key == ASK.key
    assert replace(ASK, purpose="judge").key == ASK.key


@pytest.mark.parametrize(
    "other",
    [
        replace(ASK, messages=ASK.messages[::-1]),
        replace(ASK, messages=(*ASK.messages, Message("assistant", "This."))),
        replace(ASK, messages=(Message("user", "Be brief."), Message("user", "Which?"))),
        replace(ASK, schema={}),
        replace(ASK, max_tokens=101),
    ],
)
def test_whatever_can_change_the_answer_changes_the_key(other):
    assert other.key != ASK.key


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters()), st.text(st.characters()))
def test_different_texts_have_different_keys_and_any_text_has_one(one, other):
    keys = {Ask("test", (Message("user", text),), {}).key for text in (one, other)}
    assert len(keys) == len({one, other})


def test_where_a_text_ends_matters():
    one = Ask("test", (Message("user", "a"), Message("user", "b")), {})
    assert one.key != Ask("test", (Message("user", "a\nb"),), {}).key


def test_an_ask_without_a_message_or_room_is_refused():
    with pytest.raises(InputError, match="has no message"):
        Ask("rerank", (), {})
    with pytest.raises(InputError, match="max_tokens=0"):
        replace(ASK, max_tokens=0)
