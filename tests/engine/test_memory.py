"""The public face: what each verb promises."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import mnemic
from mnemic import Memory
from mnemic.core.storage import Reading

CHAT = [
    {"role": "user", "name": "Ana", "content": "I moved to Lisbon last May.", "id": "m1"},
    {"role": "assistant", "name": "Iris", "content": "How do you like the city?", "id": "m2"},
    {"role": "user", "name": "Ana", "content": "The light is wonderful.", "id": "m3"},
]


def texts(found: mnemic.Hits) -> list[str]:
    return [hit.text for hit in found]


# -- add


def test_a_receipt_means_found_by_the_next_search(memory: Memory) -> None:
    receipt = memory.add("The spare key hangs behind the blue door.", user_id="ana")
    hits = memory.search("Where is the spare key?", user_id="ana")
    assert hits[0].id == receipt.id
    assert [change.verb for change in receipt.changes] == ["put"]


def test_a_receipt_means_found_by_other_handles(
    memory: Memory, reopen: Callable[..., Memory]
) -> None:
    with reopen() as other:
        memory.add("first, about tea", user_id="ana")
        assert texts(other.search("tea", user_id="ana")) == ["first, about tea"]
        memory.add("second, about tea", user_id="ana")
        assert len(other.search("tea", user_id="ana")) == 2
        other.add("third, about tea", user_id="ana")
        assert len(memory.search("tea", user_id="ana")) == 3


def test_it_is_still_there_after_reopening(memory: Memory, reopen: Callable[..., Memory]) -> None:
    memory.add(CHAT, user_id="ana", session_id="s1")
    memory.close()
    with reopen() as again:
        assert texts(again.search("Lisbon", user_id="ana"))[0] == CHAT[0]["content"]
        assert again.doctor().ok


def test_messages_keep_their_fields_and_order(memory: Memory) -> None:
    memory.add(
        {
            "role": "user",
            "name": "Ana",
            "content": "I moved.",
            "timestamp": "2025-06-02T10:00+01:00",
            "metadata": {"turn": "D7:3", "mood": ["glad"]},
        },
        user_id="ana",
        agent_id="iris",
        session_id="s7",
    )
    (record,) = memory.list(user_id="ana")
    assert record.speaker == "Ana"
    assert record.role == "user"
    assert str(record.valid_from) == "2025-06-02T10:00+01:00"
    assert record.metadata == {"turn": "D7:3", "mood": ["glad"]}
    assert (record.scope.agent_id, record.scope.session_id) == ("iris", "s7")
    memory.add(CHAT, user_id="ana", session_id="s7")
    ordinals = [record.ordinal for record in memory.list(user_id="ana", session_id="s7")]
    assert ordinals == [0, 1, 2, 3]


def test_the_same_identity_is_the_same_message(memory: Memory) -> None:
    first = memory.add(CHAT, user_id="ana", session_id="s1", source="chat")
    again = memory.add(CHAT, user_id="ana", session_id="s1", source="chat")
    assert len(first.ids) == 3
    assert again.ids == ()
    assert [(d.place, d.of, d.written) for d in again.duplicates] == [
        (place, id, False) for place, id in enumerate(first.ids)
    ]
    assert memory.stats().records == 3


def test_an_identity_whose_words_changed_is_revised(memory: Memory) -> None:
    (id,) = memory.add("tea at four", user_id="ana", source="cal", external_id="7").ids
    receipt = memory.add("tea at five", user_id="ana", source="cal", external_id="7")
    assert [change.verb for change in receipt.changes] == ["revise"]
    assert memory.get(id).text == "tea at five"
    assert [step.record.text for step in memory.history(id)] == ["tea at four", "tea at five"]


def test_people_repeat_themselves(memory: Memory) -> None:
    """Equal words are kept, and named: losing a message is worse than keeping it twice."""
    first = memory.add("Thanks!", user_id="ana", session_id="s1", timestamp="2025-06-02T10:00Z")
    again = memory.add("Thanks!", user_id="ana", session_id="s1", timestamp="2025-06-02T10:00Z")
    assert len(memory.list(user_id="ana")) == 2
    (echo,) = again.duplicates
    assert (echo.of, echo.written) == (first.id, True)


def test_one_bad_message_refuses_the_whole_list(memory: Memory) -> None:
    with pytest.raises(mnemic.InputError, match=r"message 1: the text is empty"):
        memory.add(
            [{"role": "user", "content": "fine"}, {"role": "user", "content": " "}], user_id="ana"
        )
    assert memory.stats().changes == 0


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("half \ud83d a smile", "lone surrogate"),
        ("a\0b", "NUL byte"),
        ("x" * 1_000_001, "1,000,001 characters"),
        (7, "not a message"),
        (b"bytes", "not a message"),
        ({"role": "user"}, '"content" is NoneType'),
        ({"content": "x", "colour": "red"}, "unknown field 'colour'"),
        ({"content": "x", "timestamp": "yesterday-ish"}, "not a time: 'yesterday-ish'"),
        ({"content": "x", "timestamp": True}, "not a time"),
        ({"content": "x", "metadata": {"a": {1, 2}}}, "metadata cannot be kept"),
        ({"content": "x", "metadata": {"a": float("nan")}}, "metadata cannot be kept"),
        ({"content": "x", "metadata": {"a": "\ud800"}}, "lone surrogate"),
        ({"content": "x", "metadata": {"a": "\0"}}, "NUL byte"),
        ({"content": "x", "origin": "moon"}, "unknown origin 'moon'"),
        ({"content": "x", "position": -1}, "'position'"),
        ({"content": "x", "kind": "novel"}, "unknown kind 'novel'"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(
    memory: Memory, message: object, complaint: str
) -> None:
    with pytest.raises(mnemic.MnemicError) as told:
        memory.add(message, user_id="ana")  # type: ignore[arg-type]
    assert complaint in str(told.value)
    assert memory.stats().changes == 0


def test_chat_interfaces_are_taken_as_they_are(memory: Memory) -> None:
    memory.add(
        [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is in the picture?"},
                    {"type": "image_url", "image_url": {"url": "..."}},
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "a heron"},
        ],
        user_id="ana",
    )
    picture, tool = memory.list(user_id="ana")
    assert picture.text == "What is in the picture?"
    assert tool.provenance.origin == "tool"
    assert tool.metadata == {"tool_call_id": "call_1"}


# -- scopes


def test_one_partition_needs_no_scope(memory: Memory) -> None:
    memory.add("likes tea", user_id="ana")
    assert texts(memory.search("tea")) == ["likes tea"]


def test_several_partitions_need_one_and_the_error_lists_them(memory: Memory) -> None:
    memory.add("likes tea", user_id="ana")
    memory.add("likes coffee", user_id="bruno")
    with pytest.raises(mnemic.ScopeError, match=r"user_id='ana' \(1\); user_id='bruno' \(1\)"):
        memory.search("tea")
    with pytest.raises(mnemic.ScopeError):
        memory.add("whose is this?")
    assert len(memory.search("likes", all_scopes=True)) == 2
    assert len(memory.search("likes", user_id=["ana", "bruno"])) == 2


def test_an_empty_file_wants_to_know_whose_it_is(memory: Memory) -> None:
    with pytest.raises(mnemic.ScopeError, match="whose memory is this"):
        memory.add("hello")
    assert len(memory.search("anything", user_id="nobody yet")) == 0


def test_a_user_never_sees_another(memory: Memory) -> None:
    memory.add("my PIN is 4711", user_id="ana")
    memory.add("my PIN is 0815", user_id="bruno")
    assert texts(memory.search("PIN", user_id="bruno")) == ["my PIN is 0815"]
    assert [r.text for r in memory.list(user_id="ana")] == ["my PIN is 4711"]


def test_scores_do_not_depend_on_other_partitions(memory: Memory) -> None:
    for text in ("tea in the garden", "a walk by the river", "the garden gate is open"):
        memory.add(text, user_id="ana")
    before = [(hit.text, hit.score) for hit in memory.search("garden", user_id="ana")]
    for number in range(200):
        memory.add(f"garden garden {number}", user_id="bruno")
    after = [(hit.text, hit.score) for hit in memory.search("garden", user_id="ana")]
    assert before == after


def test_agent_and_session_narrow_within_a_partition(memory: Memory) -> None:
    memory.add("tea with milk", user_id="ana", agent_id="iris", session_id="s1")
    memory.add("tea with lemon", user_id="ana", agent_id="otto", session_id="s2")
    assert texts(memory.search("tea", user_id="ana", agent_id="iris")) == ["tea with milk"]
    assert texts(memory.search("tea", user_id="ana", session_id="s2")) == ["tea with lemon"]


def test_namespaces_are_apart(memory: Memory) -> None:
    memory.add("tea", user_id="ana", namespace="work")
    memory.add("coffee", user_id="ana", namespace="home")
    assert texts(memory.search("drink tea", user_id="ana", namespace="work")) == ["tea"]


# -- search


def test_filters_are_met_before_ranking(memory: Memory) -> None:
    for number in range(30):
        memory.add(f"tea number {number}", user_id="ana", metadata={"n": number})
    found = memory.search("tea", user_id="ana", filters={"n": {"gte": 27}}, limit=10)
    assert sorted(hit.metadata["n"] for hit in found) == [27, 28, 29]
    with pytest.raises(mnemic.FilterError, match="unknown operator 'gt'"):
        memory.search("tea", user_id="ana", filters={"n": {"gt": 27}})


def test_two_characters_of_japanese_are_found(memory: Memory) -> None:
    memory.add("来年、東京都に引っ越します。", user_id="mei")
    memory.add("猫が好きです。", user_id="mei")
    assert texts(memory.search("東京", user_id="mei"))[0].startswith("来年")


def test_text_alone_is_a_supported_mode(path: Path) -> None:
    with Memory(path, encoder=None) as memory:
        memory.add("the ferry leaves at noon", user_id="ana")
        assert len(memory.search("ferry", user_id="ana")) == 1
        assert memory.stats().vectors == 0
        assert memory.doctor().ok
    with Memory(path) as memory:
        memory.add("the boat trip was fun", user_id="ana")
        assert len(memory.search("ship", user_id="ana", limit=2)) == 2
        assert memory.stats().vectors == memory.stats().passages == 2


def test_as_of_asks_for_the_world_and_known_at_for_the_memory(memory: Memory) -> None:
    (old,) = memory.add(
        "Ana lives in Porto", user_id="ana", kind="fact", timestamp="2024-01-01"
    ).ids
    before = memory.log()[-1].at / 1e6
    memory.supersede(old, text="Ana lives in Lisbon", valid_from="2025-05-01")
    question = "Where does Ana live?"
    assert texts(memory.search(question, user_id="ana")) == ["Ana lives in Lisbon"]
    assert texts(memory.search(question, user_id="ana", as_of="2024-06-01")) == [
        "Ana lives in Porto"
    ]
    assert texts(memory.search(question, user_id="ana", known_at=before)) == ["Ana lives in Porto"]


def test_explain_shows_what_made_the_score(memory: Memory) -> None:
    memory.add(CHAT, user_id="ana", session_id="s1")
    found = memory.search("Where did Ana move?", user_id="ana", explain=True)
    assert found[0].why
    assert found.explanation["milliseconds"] > 0
    assert not memory.search("Where did Ana move?", user_id="ana")[0].why


def test_a_threshold_leaves_out_what_scores_below(memory: Memory) -> None:
    memory.add(CHAT, user_id="ana", session_id="s1")
    scores = [hit.score for hit in memory.search("Lisbon", user_id="ana")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    some = memory.search("Lisbon", user_id="ana", threshold=scores[0])
    assert len(some) == 1


def test_context_packs_with_citations_under_the_budget(memory: Memory) -> None:
    memory.add(CHAT, user_id="ana", session_id="s1")
    pack = memory.context("Where does Ana live?", user_id="ana", max_tokens=60)
    assert "Lisbon" in str(pack)
    assert "[1]" in pack.text
    assert pack.tokens <= 60
    assert {citation.id for citation in pack.citations} <= {
        record.id for record in memory.list(user_id="ana")
    }


@pytest.mark.parametrize("question", ["", " ", "\ud800"])
def test_a_question_must_ask_something(memory: Memory, question: str) -> None:
    with pytest.raises(mnemic.InputError):
        memory.search(question, user_id="ana")


def test_odd_questions_find_nothing_and_break_nothing(memory: Memory) -> None:
    memory.add(CHAT, user_id="ana")
    for question in ('"', "AND OR NOT", "tokens:x", "*", "(((", "\ue0001", "?", "🦔", "a" * 5000):
        memory.search(question, user_id="ana")


# -- revise


def test_update_is_a_new_version_of_the_same_record(memory: Memory) -> None:
    (id,) = memory.add("the meeting is at nine", user_id="ana").ids
    memory.update(id, text="the meeting is at ten", metadata={"room": 4})
    assert memory.get(id).version == 2
    assert texts(memory.search("meeting", user_id="ana")) == ["the meeting is at ten"]
    assert not [hit for hit in memory.search("nine", user_id="ana") if "nine" in hit.text]


def test_an_update_that_expects_another_version_is_stale(memory: Memory) -> None:
    (id,) = memory.add("the meeting is at nine", user_id="ana").ids
    memory.update(id, text="the meeting is at ten", expects=1)
    with pytest.raises(mnemic.Stale, match="at version 2, not 1"):
        memory.update(id, text="the meeting is at eleven", expects=1)
    assert memory.get(id).text == "the meeting is at ten"


def test_updating_nothing_changes_nothing(memory: Memory) -> None:
    (id,) = memory.add("tea", user_id="ana").ids
    assert memory.update(id, text="tea").changes == ()
    assert memory.get(id).version == 1


def test_delete_hides_and_restore_brings_back(memory: Memory) -> None:
    (id,) = memory.add("an old rumour", user_id="ana").ids
    memory.delete(id)
    assert len(memory.search("rumour", user_id="ana")) == 0
    assert len(memory.list(user_id="ana")) == 0
    assert len(memory.list(user_id="ana", deleted=True)) == 1
    memory.restore(id)
    assert len(memory.search("rumour", user_id="ana")) == 1


def test_an_interval_must_not_end_before_it_begins(memory: Memory) -> None:
    (id,) = memory.add("in Porto", user_id="ana", timestamp="2025-01-01").ids
    with pytest.raises(mnemic.InputError, match="end before it begins"):
        memory.update(id, valid_to="2024-01-01")


def test_undo_takes_back_each_verb(memory: Memory) -> None:
    added = memory.add("Ana lives in Porto", user_id="ana", kind="fact", timestamp="2024-01-01")
    id = added.id
    state = memory.get(id)
    for act in (
        lambda: memory.update(id, text="Ana lives in Braga"),
        lambda: memory.update(id, weight=2.5),
        lambda: memory.delete(id),
        lambda: memory.supersede(id, text="Ana lives in Lisbon", valid_from="2025-05-01"),
    ):
        receipt = act()
        assert memory.get(id) != state
        memory.undo(receipt)
        now = memory.get(id)
        assert (now.text, now.weight, now.status, now.valid_to) == (
            state.text,
            state.weight,
            state.status,
            state.valid_to,
        )
    memory.undo(added)
    assert len(memory.list(user_id="ana")) == 0
    assert memory.doctor().ok


def test_undo_of_what_was_changed_again_is_refused(memory: Memory) -> None:
    (id,) = memory.add("one", user_id="ana").ids
    first = memory.update(id, text="two")
    memory.update(id, text="three")
    with pytest.raises(mnemic.Stale, match="Undo that one first"):
        memory.undo(first)
    assert memory.get(id).text == "three"


def test_undo_keeps_what_later_changes_of_other_fields_did(memory: Memory) -> None:
    (id,) = memory.add("one", user_id="ana").ids
    first = memory.update(id, text="two")
    memory.update(id, metadata={"seen": True})
    memory.undo(first)
    assert (memory.get(id).text, memory.get(id).metadata) == ("one", {"seen": True})


def test_history_leads_through_what_was_superseded(memory: Memory) -> None:
    (old,) = memory.add("Porto", user_id="ana", kind="fact", timestamp="2024-01-01").ids
    (new,) = memory.supersede(old, text="Lisbon", valid_from="2025-05-01").ids
    steps = memory.history(new)
    assert [step.record.text for step in steps] == ["Porto", "Lisbon", "Porto"]
    assert str(steps[-1].record.valid_to) == "2025-05-01"


def test_unknown_ids_are_not_found(memory: Memory) -> None:
    memory.add("tea", user_id="ana")
    for act in (memory.get, memory.delete, memory.restore, memory.history, memory.undo):
        with pytest.raises(mnemic.NotFound):
            act("01ARZ3NDEKTSV4RRFFQ69G5FAV")


# -- pages


def test_list_pages_by_keyset_without_gaps_or_repeats(memory: Memory) -> None:
    memory.add([f"note {number}" for number in range(25)], user_id="ana")
    seen: list[str] = []
    cursor = None
    while True:
        page = memory.list(user_id="ana", limit=7, cursor=cursor)
        seen += [record.text for record in page]
        memory.add("written meanwhile by somebody else", user_id="bruno")
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [f"note {number}" for number in range(25)]
    with pytest.raises(mnemic.InputError, match="not a cursor"):
        memory.list(user_id="ana", cursor="page two")


# -- files


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 100)
    with pytest.raises(mnemic.NotADatabase, match="is not a database"):
        Memory(path)
    assert path.read_text().startswith("Dear diary")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name)")
    other.commit()
    other.close()
    with pytest.raises(mnemic.NotADatabase, match="another program"):
        Memory(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(mnemic.NotADatabase, match="is a folder"):
        Memory(tmp_path)


def test_a_closed_memory_says_so(path: Path) -> None:
    memory = Memory(path)
    memory.close()
    memory.close()
    with pytest.raises(mnemic.Closed, match="was closed"):
        memory.add("late", user_id="ana")


@pytest.mark.parametrize(
    "settings",
    [
        {"encoder": "word2vec"},
        {"language": "klingon"},
        {"timezone": "Mars/Olympus"},
        {"durability": "perhaps"},
    ],
)
def test_wrong_settings_name_the_choices(path: Path, settings: dict[str, str]) -> None:
    with pytest.raises(mnemic.InputError):
        Memory(path, **settings)  # type: ignore[arg-type]


def test_naive_times_are_read_in_the_memory_s_zone(path: Path) -> None:
    with Memory(path, timezone="Europe/Lisbon") as memory:
        memory.add("tea", user_id="ana", timestamp="2025-06-02T10:00")
        (record,) = memory.list(user_id="ana")
        assert str(record.valid_from) == "2025-06-02T10:00+01:00"


def test_a_file_keeps_its_language(path: Path) -> None:
    with Memory(path, language="portuguese") as memory:
        memory.add("as crianças correram", user_id="ana")
        with pytest.raises(mnemic.InputError, match="indexed as portuguese, not german"):
            Memory(path, language="german")
        assert memory.doctor().ok
    with Memory(path) as memory:
        assert memory.stats().language == "portuguese"


def test_an_older_analysis_is_read_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Memory(path) as memory:
        memory.add("she was running", user_id="ana")
        with memory._parts.store.writing():
            memory._parts.store.set_meta("analyser", "words-0 english")
            memory._parts.store.rewrite([(1, Reading("outdated", 0, ()))])
    with Memory(path) as memory:
        assert memory.doctor().ok
        assert texts(memory.search("runs", user_id="ana")) == ["she was running"]


WRONG_CALLS: dict[str, Callable[[Memory, str], object]] = {
    "limit": lambda memory, id: memory.search("tea", limit="3"),
    "threshold": lambda memory, id: memory.search("tea", threshold=float("nan")),
    "tokens": lambda memory, id: memory.context("tea", max_tokens="10"),
    "no tokens": lambda memory, id: memory.context("tea", max_tokens=0),
    "weight": lambda memory, id: memory.update(id, weight="x"),
    "metadata": lambda memory, id: memory.update(id, metadata=5),
    "speaker": lambda memory, id: memory.update(id, speaker=5),
    "half a speaker": lambda memory, id: memory.supersede(id, text="x", speaker="\ud800"),
    "relation": lambda memory, id: memory.link(id, 5, id),
    "link weight": lambda memory, id: memory.link(id, "about", id, weight=float("nan")),
    "id": lambda memory, id: memory.get("\ud800"),
    "ids": lambda memory, id: memory.get(["x"]),
    "reason": lambda memory, id: memory.forget([id], reason=None),
    "agent": lambda memory, id: memory.add("x", user_id="ana", agent_id=5),
    "dialogue": lambda memory, id: memory.search("tea", dialogue=[5]),
    "cursor": lambda memory, id: memory.list(cursor="bad"),
    "lineage": lambda memory, id: memory.add("x", user_id="ana", derived_from=["\ud800"]),
    "no lineage": lambda memory, id: memory.add("x", user_id="ana", derived_from=None),
    "media": lambda memory, id: memory.add("x", user_id="ana", media=5),
    "user": lambda memory, id: memory.search("tea", user_id=5),
    "kinds": lambda memory, id: memory.search("tea", kinds=5),
    "a huge limit": lambda memory, id: memory.list(limit=10**30),
    "log's limit": lambda memory, id: memory.log(limit="3"),
    "log's since": lambda memory, id: memory.log(since=10**30),
    "undo": lambda memory, id: memory.undo(5),
    "half an undo": lambda memory, id: memory.undo("\ud800"),
    "forget": lambda memory, id: memory.forget(5),
    "forget by no text": lambda memory, id: memory.forget(query=5),
    "forget by half": lambda memory, id: memory.forget(query="tea", threshold="half"),
    "hold": lambda memory, id: memory.hold(None),
    "residue": lambda memory, id: memory.residue_scan(b"tea"),
    "dry run": lambda memory, id: memory.dry_run(None),
    "trial": lambda memory, id: memory.trial("x", [{"query": "tea", "relevant": [id]}]),
    "thresholds": lambda memory, id: memory.trial(
        lambda m: None, [{"query": "tea", "relevant": [id]}], thresholds=5
    ),
    "load": lambda memory, id: memory.load(None),
    "export": lambda memory, id: memory.export(""),
    "backup": lambda memory, id: memory.backup("a\0b"),
    "restored": lambda memory, id: mnemic.restore_backup(b"x", "y"),
    "merge": lambda memory, id: mnemic.merge_cubes("a", "b", 5),
    "import": lambda memory, id: memory.import_file(5),
    "fit": lambda memory, id: memory.fit("a\0b"),
    "encoder": lambda memory, id: Memory(":memory:", encoder=5),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_wrong_arguments_are_told_and_change_nothing(memory: Memory, call: str) -> None:
    (id,) = memory.add("tea", user_id="ana").ids
    with pytest.raises(mnemic.MnemicError):
        WRONG_CALLS[call](memory, id)
    assert memory.stats().changes == 1
    assert texts(memory.search("tea")) == ["tea"]


@pytest.mark.parametrize("wrong", ["", "a\0b", "postgresql://u:secret@host/db", 5, b"x.db"])
def test_a_path_that_is_none_is_refused(
    wrong: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(mnemic.InputError) as told:
        Memory(wrong)  # type: ignore[arg-type]
    assert "secret" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_dialogue_may_be_messages(memory: Memory) -> None:
    memory.add(CHAT, user_id="ana")
    dialogue = [{"role": "user", "content": "We spoke of Lisbon."}]
    assert len(memory.search("And the light?", user_id="ana", dialogue=dialogue)) == 3


def test_undo_is_refused_when_a_record_was_hidden_and_shown_since(memory: Memory) -> None:
    (id,) = memory.add("tea", user_id="ana").ids
    first = memory.delete(id)
    memory.restore(id)
    memory.delete(id)
    with pytest.raises(mnemic.Stale, match="deleted or restored since"):
        memory.undo(first)
    assert len(memory.list(user_id="ana")) == 0


def test_an_export_of_nobody_is_an_error(memory: Memory, tmp_path: Path) -> None:
    memory.add("tea", user_id="ana")
    with pytest.raises(mnemic.ScopeError, match="nothing to export for user_id='zzz'"):
        memory.export(tmp_path / "x.zip", user_id="zzz")
    assert not (tmp_path / "x.zip").exists()


def test_events_take_what_the_call_says(memory: Memory) -> None:
    memory.add([mnemic.Event("tea")], user_id="ana", session_id="s1", speaker="Ana")
    (record,) = memory.list(user_id="ana")
    assert (record.scope.session_id, record.speaker) == ("s1", "Ana")


def test_every_public_method_is_documented() -> None:
    for name, member in inspect.getmembers(Memory, inspect.isfunction):
        assert name.startswith("_") or member.__doc__, name
