import json
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from mnemic.core.errors import InputError, MissingExtra, ModelError
from mnemic.models.cross_encoder import DIALOGUE, CrossEncoder, choose_reranker, in_dialogue
from mnemic.models.fake import FakeReranker

LOGISTIC = {count: 1 / (1 + np.exp(-count)) for count in range(5)}


class Model:
    """What a cross-encoder of the library looks like to us: it counts shared letters."""

    def __init__(self, name, revision=None, device=None, max_length=None):
        if name == "nowhere":
            raise OSError("nowhere is not a local folder and is not a valid model identifier")
        self.columns = 2 if name == "two-labels" else 1

    def predict(self, pairs, batch_size, show_progress_bar, activation_fn, convert_to_numpy):
        assert activation_fn == "identity"
        if any(text == "too much" for _, text in pairs):
            raise RuntimeError("out of memory")
        counts = [[float(len(set(query) & set(text)))] for query, text in pairs]
        return np.repeat(counts, self.columns, axis=1) if self.columns > 1 else np.ravel(counts)


class Older(Model):
    """The same, before version 4."""

    def predict(self, pairs, batch_size, show_progress_bar, activation_fct, convert_to_numpy):
        return super().predict(pairs, batch_size, show_progress_bar, activation_fct, True)


@pytest.fixture
def library(monkeypatch):
    module, torch = ModuleType("sentence_transformers"), ModuleType("torch")
    module.CrossEncoder = Model
    torch.nn = SimpleNamespace(Identity=lambda: "identity")
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return module


@pytest.mark.parametrize("version", [Model, Older])
def test_scores_are_the_logistic_of_the_models_numbers(library, version):
    library.CrossEncoder = version
    reranker = CrossEncoder("some/model")
    scores = reranker.rerank("abc", ["a", "cab", "z"])
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, [LOGISTIC[1], LOGISTIC[3], LOGISTIC[0]], rtol=1e-6)
    assert reranker.rerank("abc", []).shape == (0,)


def test_the_dialogue_is_read_with_the_question(library):
    plain, told = (CrossEncoder("m").rerank("x?", ["ana"], said) for said in ([], ["Ana: na"]))
    assert told[0] > plain[0]


def test_of_a_long_dialogue_the_end_is_read():
    asked = in_dialogue("Where?", ["long ago"] * 100 + ["just now"])
    assert asked.endswith("just now\nWhere?")
    assert len(asked) <= DIALOGUE + len("\nWhere?")
    assert in_dialogue("Where?", []) == "Where?"


def test_failures_say_what_to_do(library):
    with pytest.raises(ModelError, match="cannot load the cross-encoder 'nowhere'"):
        CrossEncoder("nowhere")
    with pytest.raises(ModelError, match=r"out of memory\. Try a smaller batch"):
        CrossEncoder("m").rerank("a", ["too much"])
    with pytest.raises(ModelError, match=r"shape \(1, 2\).*one output"):
        CrossEncoder("two-labels").rerank("a", ["b"])


@pytest.mark.parametrize("spec", ["cross-encoder:m", "yes-no:m"])
def test_without_the_library_the_install_command_is_told(spec, without):
    without("sentence_transformers")
    without("transformers")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[sentence-transformers\]"'):
        choose_reranker(spec)


def test_rerankers_are_chosen_by_name(library):
    assert choose_reranker(None) is None
    fake = FakeReranker()
    assert choose_reranker(fake) is fake
    assert choose_reranker("cross-encoder:some/model", revision="v2").name == (
        "cross-encoder:some/model@v2"
    )
    for wrong in ("cross-encoder", "cross-encoder:", "bge", "fake:x"):
        with pytest.raises(InputError, match="Use one of cross-encoder:<model>"):
            choose_reranker(wrong)
    with pytest.raises(InputError, match=r"no option colour\. It takes revision, device"):
        choose_reranker("cross-encoder:m", colour="red")


# -- a folder with a graph


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model that counts the word tea in candidates: its logit is that number."""
    onnx = pytest.importorskip("onnx")
    tokenizers = pytest.importorskip("tokenizers")
    from onnx import TensorProto as Type
    from onnx import helper

    place = tmp_path_factory.mktemp("counts-tea")
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "tea": 4}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, "[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.save(str(place / "tokenizer.json"))
    worth = helper.make_tensor(
        "worth", Type.FLOAT, [5], [9.0, 0, 0, 0, 1]
    )  # padding must not count
    zero = helper.make_tensor("axes", Type.INT64, [1], [1])
    nodes = [
        helper.make_node("Gather", ["worth", "input_ids"], ["values"]),
        helper.make_node("Mul", ["attention_mask", "token_type_ids"], ["kept"]),
        helper.make_node("Cast", ["kept"], ["weights"], to=Type.FLOAT),
        helper.make_node("Mul", ["values", "weights"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "axes"], ["logits"], keepdims=1),
    ]
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, Type.INT64, ["n", "m"]) for name in names]
    output = [helper.make_tensor_value_info("logits", Type.FLOAT, ["n", 1])]
    graph = helper.make_graph(nodes, "counts", inputs, output, [worth, zero])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(place / "model.onnx"))
    return place


def test_a_graph_reads_question_and_candidate_apart(folder):
    reranker = choose_reranker(f"cross-encoder:{folder}", batch=2)
    assert reranker.name == f"cross-encoder:{folder.name}"
    texts = ["tea", "no", "tea and more tea and words", "tea tea tea"]
    expected = [LOGISTIC[1], LOGISTIC[0], LOGISTIC[2], LOGISTIC[3]]
    np.testing.assert_allclose(reranker.rerank("tea tea", texts), expected, rtol=1e-6)
    alone = [float(reranker.rerank("tea tea", [text])[0]) for text in texts]
    np.testing.assert_allclose(alone, expected, rtol=1e-6)
    assert reranker.rerank("tea", []).shape == (0,)


def test_a_long_pair_is_cut(folder):
    reranker = choose_reranker(f"cross-encoder:{folder}", longest=8)
    assert reranker.rerank("x", ["tea " * 50])[0] == pytest.approx(LOGISTIC[4], abs=2e-2)


def test_a_broken_folder_is_told(folder, tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"cannot be loaded.*must hold model\.onnx and tokenizer"):
        choose_reranker(f"cross-encoder:{tmp_path}")
    (tmp_path / "tokenizer.json").write_text(json.dumps({"no": "tokenizer"}))
    with pytest.raises(ModelError, match=r"cannot be loaded: tokenizer\.json"):
        choose_reranker(f"cross-encoder:{tmp_path}")
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    with pytest.raises(ModelError, match="cannot be loaded"):
        choose_reranker(f"cross-encoder:{tmp_path}")


def test_without_the_runtime_the_install_command_is_told(folder, without):
    without("tokenizers")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[cross-encoder\]"'):
        choose_reranker(f"cross-encoder:{folder}")
