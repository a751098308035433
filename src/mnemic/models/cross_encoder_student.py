"""A cross-encoder that learns, for the recipe of `mnemic.retrieval.learn`.

The recipe knows losses and their slopes by the logits; PyTorch carries a slope from the logits to
the weights. So the same recipe that teaches a linear ranker teaches a transformer. It reads pairs:

    student = CrossEncoderStudent("some/model", device="cuda", rate=2e-5)
    taught(student, [Lesson(inputs=[(question, text), ...], soft=..., group=...), ...], recipe)
    student.save("my-reranker")           # choose_reranker("cross-encoder:my-reranker")
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import MissingExtra, ModelError

Doubles: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Question (with the dialogue before it) and candidate."""


class CrossEncoderStudent:
    """A transformer with one output a pair, and AdamW.

    `model` is a name on the Hugging Face hub or a folder; a new head with one output is made where
    it has another. `rate` is the learning rate, `decay` the weight decay; `longest`, at how many
    tokens a pair is cut; `device` is "cpu", "cuda" and so on. Dropout stays off, so that a seed
    decides everything: the labels' noise is regularisation enough for the few passes that are made.

    All pairs of a step are in memory at once: keep `Recipe.batch` and the number of candidates
    small. Raises MissingExtra without the library, ModelError if it cannot load the model.
    """

    def __init__(
        self,
        model: str,
        *,
        rate: float = 2e-5,
        decay: float = 0.01,
        longest: int = 256,
        device: str = "cpu",
        seed: int = 0,
    ) -> None:
        try:
            self._torch: Any = import_module("torch")
            library = import_module("transformers")
        except ImportError as error:
            raise MissingExtra(
                f"transformers is not installed, and to teach {model!r} needs it. "
                'Run pip install "mnemic[sentence-transformers]"'
            ) from error
        self._torch.manual_seed(seed)
        try:
            self._tokenizer: Any = library.AutoTokenizer.from_pretrained(model)
            loaded = library.AutoModelForSequenceClassification.from_pretrained(
                model, num_labels=1, ignore_mismatched_sizes=True
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"transformers cannot load {model!r}: {error}. Check the name, or give the folder "
                "of a model"
            ) from error
        self._model: Any = loaded.to(device).eval()
        self._optimizer: Any = self._torch.optim.AdamW(
            self._model.parameters(), lr=rate, weight_decay=decay
        )
        self._longest, self._device = longest, device
        self._seen: Any = None

    def logits(self, inputs: Sequence[Pairs]) -> list[Doubles]:
        """The logits (n,) of each question's candidates; `learn` refers to the last call."""
        pairs = [pair for one in inputs for pair in one]
        read = self._tokenizer(
            [query for query, _ in pairs],
            [text for _, text in pairs],
            padding=True,
            truncation="longest_first",
            max_length=self._longest,
            return_tensors="pt",
        ).to(self._device)
        self._seen = self._model(**read).logits[:, 0]
        values = self._seen.detach().double().cpu().numpy()
        return np.split(values, np.cumsum([len(one) for one in inputs])[:-1])

    def learn(self, slopes: Sequence[Doubles]) -> None:
        """One step against the slopes of a loss by the logits that were last given."""
        slope = self._torch.tensor(
            np.concatenate(slopes), dtype=self._seen.dtype, device=self._device
        )
        self._optimizer.zero_grad()
        self._seen.backward(slope)
        self._optimizer.step()

    def save(self, folder: str | Path) -> None:
        """Write model and tokenizer to a folder that `choose_reranker` can be given."""
        self._model.save_pretrained(folder)
        self._tokenizer.save_pretrained(folder)
