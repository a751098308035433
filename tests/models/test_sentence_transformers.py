import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import EncoderId
from mnemic.models.sentence_transformers import SentenceTransformerEncoder


class Model:
    """What a model of the library looks like to us (before version 5)."""

    commit: str | None = "0123456789abcdef"

    def __init__(self, name, revision=None, device=None):
        if name == "nowhere":
            raise OSError("nowhere is not a local folder and is not a valid model identifier")
        self.seen = []

    def __getitem__(self, place):
        config = SimpleNamespace(_commit_hash=self.commit)
        return SimpleNamespace(auto_model=SimpleNamespace(config=config))

    def encode(self, texts, **options):
        assert options["convert_to_numpy"] is True
        assert options["show_progress_bar"] is False
        self.seen.append(("encode", *texts))
        if "too much" in texts:
            raise RuntimeError("out of memory")
        return np.array([[3.0, 4.0 * len(text), 0.0] for text in texts], dtype=np.float64)


class Newer(Model):
    """The same, of version 5: questions and documents apart."""

    commit = None

    def encode_query(self, texts, **options):
        self.seen.append(("query", *texts))
        return np.array([[0.0, 0.0, 2.0] for _ in texts])

    def encode_document(self, texts, **options):
        return self.encode(texts, **options)


@pytest.fixture
def library(monkeypatch):
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return module


def test_rows_are_unit_rows(library):
    encoder = SentenceTransformerEncoder("some/model")
    rows = encoder.encode(["a", "bcd"])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows[0], [0.6, 0.8, 0])
    np.testing.assert_allclose(encoder.encode_query("a"), rows[0])
    assert encoder.encode([]).shape == (0, 3)
    assert encoder.inline is False


def test_the_id_has_the_commit_or_what_was_asked_for(library):
    name = "sentence-transformers:m"
    assert SentenceTransformerEncoder("m").id == EncoderId(name, "0123456789ab", "int8", 3)
    assert SentenceTransformerEncoder("m", revision="v2").id == EncoderId(name, "v2", "int8", 3)
    library.SentenceTransformer = Newer
    assert SentenceTransformerEncoder("m").id == EncoderId(name, "local", "int8", 3)


def test_questions_are_encoded_as_questions(library):
    library.SentenceTransformer = Newer
    encoder = SentenceTransformerEncoder("m")
    assert encoder.encode_query("where?").tolist() == [0, 0, 1]
    assert encoder.encode(["there"])[0, 2] == 0


def test_failures_say_what_to_do(library):
    with pytest.raises(ModelError, match="cannot load 'nowhere'"):
        SentenceTransformerEncoder("nowhere")
    with pytest.raises(ModelError, match=r"out of memory\. Try a smaller batch"):
        SentenceTransformerEncoder("m").encode(["too much"])


def test_without_the_library_the_install_command_is_told(without):
    without("sentence_transformers")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[sentence-transformers\]"'):
        SentenceTransformerEncoder("m")
