"""A transformer small enough to make anew for each run: two layers, 64 numbers wide."""

import json
from pathlib import Path

import numpy as np
import pytest

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "tea", "river", "lisbon", "##s", "moved", "to", "."]
HIDDEN, INNER, LAYERS, POSITIONS = 64, 128, 2, 80


@pytest.fixture(scope="session")
def tensors():
    """Random weights of about the sizes that training leaves."""
    chance = np.random.default_rng(7)

    def normal(*shape, scale=0.15, mean=0.0):
        return (mean + scale * chance.standard_normal(shape)).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": normal(len(WORDS), HIDDEN, scale=0.5),
        "embeddings.position_embeddings.weight": normal(POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": normal(2, HIDDEN),
        "embeddings.LayerNorm.weight": normal(HIDDEN, mean=1),
        "embeddings.LayerNorm.bias": normal(HIDDEN),
    }
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part, rows, columns in (
            ("attention.self.query", HIDDEN, HIDDEN),
            ("attention.self.key", HIDDEN, HIDDEN),
            ("attention.self.value", HIDDEN, HIDDEN),
            ("attention.output.dense", HIDDEN, HIDDEN),
            ("intermediate.dense", INNER, HIDDEN),
            ("output.dense", HIDDEN, INNER),
        ):
            made[f"{name}.{part}.weight"] = normal(rows, columns)
            made[f"{name}.{part}.bias"] = normal(rows)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            made[f"{name}.{part}.weight"] = normal(HIDDEN, mean=1)
            made[f"{name}.{part}.bias"] = normal(HIDDEN)
    return made


def safetensors(tensors):
    """The bytes of a safetensors file."""
    header, data = {}, b""
    for name, values in tensors.items():
        part = values.astype("<f4").tobytes()
        ends = [len(data), len(data) + len(part)]
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": ends}
        data += part
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + data


@pytest.fixture(scope="session")
def weights(tensors, tmp_path_factory) -> Path:
    """A folder with the small model's weights and vocabulary."""
    folder = tmp_path_factory.mktemp("weights")
    (folder / "model.safetensors").write_bytes(safetensors(tensors))
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def without(monkeypatch):
    """Makes a module look as if it were not installed."""

    def hide(name):
        import sys

        monkeypatch.setitem(sys.modules, name, None)

    return hide
