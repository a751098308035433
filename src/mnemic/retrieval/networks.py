"""A small network over features: linear, or with hidden layers. numpy, seeded, deterministic.

    features ─▶ standardise ─▶ (linear ─▶ tanh)* ─▶ linear ─▶ one logit a candidate

Without hidden layers it is a linear ranker that can be read weight by weight. `Network` is the
value that is kept; `NetworkStudent` holds one while it learns (Adam, Kingma and Ba 2015, arXiv
1412.6980, with decay apart from the gradient, Loshchilov and Hutter 2019, arXiv 1711.05101).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError

Doubles: TypeAlias = NDArray[np.float64]

_BETAS: Final = (0.9, 0.999)
_TINY: Final = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Weights, and the means and spreads of the features that they were learned on."""

    mean: Doubles
    """(features,)"""
    spread: Doubles
    """(features,)"""
    layers: tuple[tuple[Doubles, Doubles], ...]
    """Each: weights (inputs, outputs), biases (outputs,); the last has one output."""

    def logits(self, features: ArrayLike) -> Doubles:
        """One logit for each row of `features` (n, features)."""
        return _forward(self, _standard(self, features))[-1][:, 0]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, for a file."""
        return {
            "mean": self.mean.tolist(),
            "spread": self.spread.tolist(),
            "layers": [[weights.tolist(), biases.tolist()] for weights, biases in self.layers],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Network:
        """What `to_json` gave. Raises InputError for anything else."""
        try:
            mean, spread = (np.array(told[name], np.float64) for name in ("mean", "spread"))
            layers = tuple(
                (np.array(weights, np.float64), np.array(biases, np.float64))
                for weights, biases in told["layers"]
            )
            sizes = [len(mean), *(weights.shape[1] for weights, _ in layers)]
            fits = mean.ndim == 1 and mean.shape == spread.shape and sizes[-1] == 1 and layers
            for (weights, biases), inputs in zip(layers, sizes, strict=False):
                fits = fits and weights.shape[0] == inputs and biases.shape == weights.shape[1:]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(f"not a network: {error!r}. Give what to_json made") from error
        if not fits:
            raise InputError("not a network: its layers do not fit. Give what to_json made")
        return cls(mean, spread, layers)


class NetworkStudent:
    """A network that learns. Its inputs are feature matrices, one a question.

    `examples` (each (n, features)) give means and spreads. `hidden` are the sizes of hidden layers.
    `rate` is how far one step goes; `decay` how strongly weights are drawn to 0 (per step, times
    `rate`). Raises InputError without examples.
    """

    def __init__(
        self,
        examples: Sequence[Doubles],
        *,
        hidden: Sequence[int] = (),
        rate: float = 0.01,
        decay: float = 0.01,
        seed: int = 0,
    ) -> None:
        if not examples:
            raise InputError("no examples: means and spreads are unknown. Give at least one matrix")
        rows = np.concatenate(examples).astype(np.float64)
        chance = np.random.default_rng(seed)
        sizes = [rows.shape[1], *hidden, 1]
        layers = tuple(
            (chance.normal(0, 1 / sqrt(inputs), (inputs, outputs)), np.zeros(outputs))
            for inputs, outputs in pairwise(sizes)
        )
        last, bias = layers[-1]
        layers = (*layers[:-1], (last * 0, bias))  # all candidates begin equal
        spread = rows.std(axis=0)
        self.network = Network(rows.mean(axis=0), np.where(spread > 1e-9, spread, 1.0), layers)
        self._rate, self._decay = rate, decay
        self._slopes = [np.zeros_like(part) for layer in layers for part in layer]
        self._squares = [np.zeros_like(part) for layer in layers for part in layer]
        self._steps = 0
        self._seen: list[Doubles] = []

    def logits(self, inputs: Sequence[Doubles]) -> list[Doubles]:
        """The logits (n,) of each question's candidates; `learn` refers to the last call."""
        self._seen = _forward(self.network, _standard(self.network, np.concatenate(inputs)))
        ends = np.cumsum([len(one) for one in inputs])
        return np.split(self._seen[-1][:, 0], ends[:-1])

    def learn(self, slopes: Sequence[Doubles]) -> None:
        """One step against the slopes of a loss by the logits that were last given."""
        back = np.concatenate(slopes)[:, None]
        found: list[Doubles] = []
        for place in range(len(self.network.layers) - 1, -1, -1):
            below = self._seen[place]
            found = [below.T @ back, back.sum(axis=0), *found]
            if place:
                back = back @ self.network.layers[place][0].T * (1 - below**2)
        self._step(found)

    def _step(self, found: Sequence[Doubles]) -> None:
        self._steps += 1
        one, two = _BETAS
        parts = [part for layer in self.network.layers for part in layer]
        moved = []
        for place, (part, slope) in enumerate(zip(parts, found, strict=True)):
            self._slopes[place] = one * self._slopes[place] + (1 - one) * slope
            self._squares[place] = two * self._squares[place] + (1 - two) * slope**2
            mean = self._slopes[place] / (1 - one**self._steps)
            square = self._squares[place] / (1 - two**self._steps)
            drawn = self._decay * part if part.ndim > 1 else 0.0  # a bias is no complexity
            moved.append(part - self._rate * (mean / (np.sqrt(square) + _TINY) + drawn))
        layers = tuple(zip(moved[::2], moved[1::2], strict=True))
        self.network = Network(self.network.mean, self.network.spread, layers)


def _standard(network: Network, features: ArrayLike) -> Doubles:
    # Not clipped: a rare flag is many deviations away, and clipping it cost .8 points of MAP.
    rows = np.asarray(features, np.float64)
    return np.asarray((rows - network.mean) / network.spread, np.float64)


def _forward(network: Network, rows: Doubles) -> list[Doubles]:
    """What goes into each layer, and what comes out of the last."""
    seen = [rows]
    for place, (weights, biases) in enumerate(network.layers, 1):
        out = seen[-1] @ weights + biases
        seen.append(out if place == len(network.layers) else np.tanh(out))
    return seen
