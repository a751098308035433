"""The recipe on a transformer, and the real libraries: only where PyTorch is installed."""

import numpy as np
import pytest

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.models.cross_encoder import choose_reranker
from mnemic.models.cross_encoder_student import CrossEncoderStudent
from mnemic.retrieval.learn import Lesson, Recipe, taught

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "tea", "river", "dog", "who", "drinks"]


@pytest.fixture
def small(tmp_path):
    """A BERT of one layer, never trained."""
    pytest.importorskip("torch")
    library = pytest.importorskip("transformers")
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    library.BertTokenizerFast(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    config = library.BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    library.BertForSequenceClassification(config).save_pretrained(tmp_path)
    return tmp_path


@pytest.mark.filterwarnings("default")
def test_the_same_recipe_teaches_a_transformer_that_then_reranks(small, tmp_path):
    texts = ["tea", "river", "dog"]
    pairs = [("who drinks", text) for text in texts]
    example = Lesson(inputs=pairs, soft=np.array([0.75, 0, 0]), group="a")
    student = CrossEncoderStudent(str(small), rate=3e-3)
    recipe = Recipe(soft_epochs=30, contrast_epochs=10, batch=4)
    taught(student, [example] * 4, recipe)
    [logits] = student.logits([pairs])
    assert logits[0] > max(logits[1:]) + 1
    student.save(tmp_path / "mine")
    pytest.importorskip("sentence_transformers")
    reranker = choose_reranker(f"cross-encoder:{tmp_path / 'mine'}", device="cpu")
    scores = reranker.rerank("who drinks", texts)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits)), atol=1e-3)


@pytest.mark.filterwarnings("default")
def test_a_generative_model_weighs_yes_against_no(tmp_path):
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {word: place for place, word in enumerate(["[UNK]", "yes", "no", "tea", "dog"])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, "[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    fast = library.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]")
    fast.save_pretrained(tmp_path)
    config = library.GPT2Config(vocab_size=5, n_positions=512, n_embd=16, n_layer=1, n_head=2)
    torch.manual_seed(0)
    library.GPT2LMHeadModel(config).save_pretrained(tmp_path)
    reranker = choose_reranker(f"yes-no:{tmp_path}", batch=2)
    texts = ["tea", "dog dog dog", "tea dog tea dog"]
    scores = reranker.rerank("tea", texts)
    assert ((scores > 0) & (scores < 1)).all()
    alone = [float(reranker.rerank("tea", [text])[0]) for text in texts]
    np.testing.assert_allclose(scores, alone, atol=1e-5)  # neither padding nor neighbours count


def test_what_is_missing_is_told(without):
    without("torch")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[sentence-transformers\]"'):
        CrossEncoderStudent("m")


def test_a_model_that_is_not_there_is_told(tmp_path):
    pytest.importorskip("transformers")
    with pytest.raises(ModelError, match="cannot load"):
        CrossEncoderStudent(str(tmp_path))
