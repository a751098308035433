"""Generative rerankers: a model is asked whether a text answers, and "yes" is weighed against "no".

The prompt has the form that Qwen3-Reranker was trained on (2025, arXiv 2506.05176), which
MemReranker keeps: an instruction, the question, the text, and then the one token that is looked at.

    score = exp(yes) / (exp(yes) + exp(no))

Models of other families want other prompts: then give a cross-encoder instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import numpy as np

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import Floats
from mnemic.models.cross_encoder import in_dialogue, logistic

INSTRUCTION: Final = (
    "Given a question about a remembered conversation, retrieve what was said that answers it"
)

# The words of the form belong to the models' training: others would be another question.
_BEFORE: Final = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and "
    'the Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>\n'
    "<|im_start|>user\n"
)
_AFTER: Final = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


class YesNo:
    """A causal language model through transformers; threads may share it.

    `model` is a name on the Hugging Face hub or a folder. `instruction` says what is looked for;
    models follow it, so name the kind of memory. `revision` pins a version; `device` is "cpu",
    "cuda" and so on; `batch` is how many texts run together; `longest`, at how many tokens the
    question and text of one prompt are cut.

    Raises MissingExtra without the library, ModelError if it cannot load the model.
    """

    def __init__(
        self,
        model: str,
        *,
        instruction: str = INSTRUCTION,
        revision: str | None = None,
        device: str = "cpu",
        batch: int = 8,
        longest: int = 1024,
    ) -> None:
        try:
            self._torch: Any = import_module("torch")
            library = import_module("transformers")
        except ImportError as error:
            raise MissingExtra(
                f"transformers is not installed, and the reranker {model!r} needs it. "
                'Run pip install "mnemic[sentence-transformers]"'
            ) from error
        try:
            self._tokenizer: Any = library.AutoTokenizer.from_pretrained(model, revision=revision)
            loaded = library.AutoModelForCausalLM.from_pretrained(model, revision=revision)
            self._model: Any = loaded.to(device).eval()
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"transformers cannot load {model!r}: {error}. Check the name, or give the folder "
                "of a generative model"
            ) from error
        self._instruction, self._device = instruction, device
        self._batch, self._longest = batch, longest
        self._name = f"yes-no:{model}" + (f"@{revision}" if revision else "")
        self._yes, self._no = (self._one(word) for word in ("yes", "no"))
        self._before, self._after = self._ids(_BEFORE), self._ids(_AFTER)

    @property
    def name(self) -> str:
        """ "yes-no:<model>", with the revision if one was given."""
        return self._name

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        """The probability of "yes" against "no" for each candidate (n,). Raises ModelError."""
        asked = in_dialogue(query, dialogue)
        prompts = [self._prompt(asked, candidate) for candidate in candidates]
        scores = np.zeros(len(prompts), np.float32)
        order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            scores[places] = self._run([prompts[place] for place in places])
        return scores

    def _prompt(self, asked: str, candidate: str) -> list[int]:
        told = f"<Instruct>: {self._instruction}\n<Query>: {asked}\n<Document>: {candidate}"
        return [*self._before, *self._ids(told)[: self._longest], *self._after]

    def _run(self, prompts: list[list[int]]) -> Floats:
        longest = max(map(len, prompts))
        # Padded on the left, so that the last token of each is the one that answers.
        ids = [[0] * (longest - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        # Told apart from the padding, places make a score independent of the texts beside it.
        places = [[0] * (longest - len(prompt)) + [*range(len(prompt))] for prompt in prompts]
        try:
            with self._torch.inference_mode():
                logits = self._model(
                    input_ids=self._torch.tensor(ids, device=self._device),
                    attention_mask=self._torch.tensor(mask, device=self._device),
                    position_ids=self._torch.tensor(places, device=self._device),
                ).logits[:, -1]
                apart = (logits[:, self._yes] - logits[:, self._no]).float().cpu().numpy()
        except RuntimeError as error:  # what PyTorch raises, out of memory included
            raise ModelError(
                f"{self._name} failed on {len(prompts)} prompts: {error}. Try a smaller batch"
            ) from error
        return logistic(apart, len(prompts), self._name)

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found

    def _one(self, word: str) -> int:
        ids = self._ids(word)
        if len(ids) != 1:
            raise ModelError(
                f"{self._name} has no token for {word!r}: it is no model that answers yes or no. "
                'Use a cross-encoder, as in "cross-encoder:<model>"'
            )
        return ids[0]
