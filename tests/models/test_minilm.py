import threading

import numpy as np
import pytest

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import EncoderId
from mnemic.models import minilm_build
from mnemic.models.minilm import LONGEST, MiniLM
from mnemic.models.minilm_build import build
from mnemic.models.minilm_numpy import forward, pool, shape_of
from mnemic.models.weights import find

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


@pytest.fixture(scope="module")
def folder(weights, tmp_path_factory):
    return build(weights, tmp_path_factory.mktemp("cache") / "minilm")


@pytest.fixture(scope="module")
def encoder(folder):
    return MiniLM(folder)


def test_the_id_is_the_hash_of_the_weights(encoder, weights):
    assert encoder.id == EncoderId("minilm", find(weights).revision, "int8", 64)
    assert encoder.inline is False


def test_it_equals_the_reference(encoder, tensors):
    ids = np.array([[2, 8, 9, 6, 10, 3]])
    expected = pool(forward(tensors, shape_of(tensors), ids, np.ones_like(ids)), np.ones_like(ids))
    row = encoder.encode(["Moved to Lisbon."])
    assert (row * expected).sum() > 0.995
    np.testing.assert_allclose(np.linalg.norm(row, axis=1), 1, atol=1e-5)


def test_rows_come_in_the_order_of_the_texts(encoder):
    texts = [" ".join(["tea"] * n + ["river"]) for n in (9, 0, 30, 2, 14, 1, 21, 3, 7, 5, 11)]
    rows = encoder.encode(texts)
    for text, row in zip(texts, rows, strict=True):
        np.testing.assert_allclose(encoder.encode_query(text), row, atol=1e-5)


def test_empty_texts_are_zero_rows(encoder):
    assert encoder.encode([]).shape == (0, 64)
    assert encoder.encode(["", " \n", "tea"]).any(axis=1).tolist() == [False, False, True]
    assert not encoder.encode_query("").any()


def test_a_long_text_is_cut(encoder):
    longer, cut = "tea " * 500, "tea " * LONGEST
    np.testing.assert_array_equal(encoder.encode_query(longer), encoder.encode_query(cut))


def test_threads_share_it(folder):
    shared = MiniLM(folder)
    expected = shared.encode(["tea river", "lisbon"])
    found: list[np.ndarray] = []
    fresh = MiniLM(folder)
    threads = [
        threading.Thread(target=lambda: found.append(fresh.encode(["tea river", "lisbon"])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for rows in found:
        np.testing.assert_allclose(rows, expected, atol=1e-6)


def test_what_is_not_built_names_the_command(tmp_path):
    with pytest.raises(ModelError, match="Run mnemic models build minilm"):
        MiniLM(tmp_path)


def test_a_missing_runtime_names_the_command(folder, without):
    without("onnxruntime")
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[minilm\]"'):
        MiniLM(folder)


def test_damaged_files_are_told(weights, tmp_path):
    folder = build(weights, tmp_path)
    next(folder.glob("*.onnx")).write_bytes(b"half a file")
    with pytest.raises(ModelError, match=r"cannot be loaded.*mnemic models build minilm"):
        MiniLM(folder).encode(["tea"])
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        MiniLM(folder)


def test_building_again_writes_no_second_graph(weights, tmp_path):
    folder = build(weights, tmp_path)
    (model,) = folder.glob("*.onnx")
    made = model.stat().st_mtime_ns
    assert build(weights, tmp_path) == folder
    assert model.stat().st_mtime_ns == made
    assert sorted(file.suffix for file in folder.iterdir()) == [".json", ".onnx", ".txt"]


def test_a_build_that_fails_leaves_the_old_model(weights, tmp_path, monkeypatch):
    before = MiniLM(build(weights, tmp_path)).encode(["tea"])
    monkeypatch.setattr(minilm_build, "GRAPH_VERSION", 2)

    def fail(*_, **__):
        raise MissingExtra("gone")

    monkeypatch.setattr(minilm_build, "graph", fail)
    with pytest.raises(MissingExtra):
        build(weights, tmp_path)
    np.testing.assert_array_equal(MiniLM(tmp_path).encode(["tea"]), before)
