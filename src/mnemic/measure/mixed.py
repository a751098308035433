"""What a system is worth over data sets that differ: a linear mixed-effects model.

A bare average over data sets says nothing of how far it would move with other ones. Here systems
and kinds of question are fixed effects, data sets and questions in them random ones, and marginal
means with intervals are reported: `value ~ system * kind + (1 | group/member)`, as in "Robustness
of LLM-based dense retrievers" (2026, arXiv 2604.16576). Fitting, by restricted maximum likelihood,
is left to statsmodels, which is imported when a model is fitted and not before.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import InputError, MissingExtra

Doubles: TypeAlias = NDArray[np.float64]

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class MarginalMean:
    """What is expected at some levels, the other fixed factors weighing all their levels alike."""

    levels: Mapping[str, str]
    """Factor → level; factors that are not named were averaged over."""
    mean: float
    low: float
    """95 %, normal approximation: too narrow for fewer than about ten groups."""
    high: float


@dataclass(frozen=True, slots=True)
class MixedModel:
    """A fitted model."""

    factors: Mapping[str, tuple[str, ...]]
    """Factor → its levels; the first is the one that effects are measured from."""
    effects: Mapping[str, float]
    """Fixed effects by name, such as "system=b" or "system=b:kind=typo"."""
    covariance: tuple[tuple[float, ...], ...]
    """Of the fixed effects, in their order."""
    group_variance: float
    member_variance: float | None
    """Of the members of a group; None where none were told apart."""
    residual_variance: float
    interactions: bool
    n: int
    notes: tuple[str, ...]
    """What went wrong on the way, such as that the fit did not converge."""

    def marginal_means(self, *names: str) -> tuple[MarginalMean, ...]:
        """One for each combination of levels of the named factors; without names, of all of them.

        Raises InputError for a factor that the model does not have.
        """
        unknown = next((name for name in names if name not in self.factors), None)
        if unknown is not None:
            raise InputError(
                f"the model has no factor {unknown!r}. It has {', '.join(map(repr, self.factors))}"
            )
        chosen = names or tuple(self.factors)
        cells = [
            dict(zip(self.factors, cell, strict=True)) for cell in product(*self.factors.values())
        ]
        rows = np.array([self._row(cell) for cell in cells])
        effects, covariance = np.array(list(self.effects.values())), np.array(self.covariance)
        means = []
        for levels in product(*(self.factors[name] for name in chosen)):
            wanted = dict(zip(chosen, levels, strict=True))
            inside = [all(cell[name] == wanted[name] for name in chosen) for cell in cells]
            row = rows[np.array(inside)].mean(axis=0)
            mean = float(row @ effects)
            reach = _NORMAL_95 * float(np.sqrt(row @ covariance @ row))
            means.append(MarginalMean(wanted, mean, mean - reach, mean + reach))
        return tuple(means)

    def _row(self, cell: Mapping[str, str]) -> list[float]:
        """The row of the design matrix for one level of each factor."""
        return [term.value(cell) for term in _terms(self.factors, self.interactions)]


def fit_mixed(
    values: Sequence[float],
    factors: Mapping[str, Sequence[str]],
    groups: Sequence[Hashable],
    members: Sequence[Hashable] | None = None,
    *,
    interactions: bool = True,
) -> MixedModel:
    """Fit values (n,) on fixed factors, with a random intercept for each group.

    `factors` names columns of n levels each, such as {"system": [...], "kind": [...]}. `groups` are
    the data sets or conversations, two or more. `members` are the questions, which several systems
    were asked: they get an intercept of their own within their group, and time grows faster than
    a group does (five groups of 900 rows took 5 s). `interactions` lets each combination of levels
    have an effect of its own.

    Raises InputError for columns of other lengths, a factor of one level, fewer than two groups, or
    a combination of levels that never occurs; MissingExtra without statsmodels.
    """
    library = _library()
    measured, columns = _checked(values, factors, groups, members)
    levels = {name: tuple(dict.fromkeys(column)) for name, column in columns.items()}
    terms = _terms(levels, interactions)
    cells = [dict(zip(columns, cell, strict=True)) for cell in zip(*columns.values(), strict=True)]
    design = np.array([[term.value(cell) for term in terms] for cell in cells])
    if np.linalg.matrix_rank(design) < len(terms):
        raise InputError(
            "some combination of levels never occurs, so that its effect is unknown. "
            "Leave out levels, or set interactions=False"
        )
    order, inner = _grouped(groups, members)
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = library.MixedLM(
            measured[order],
            design[order],
            np.array(list(_numbers(groups)))[order],
            exog_re=np.ones((len(measured), 1)),
            exog_vc=None if inner is None else _components(library, inner),
        )
        fit = _fitted(model)
    notes += dict.fromkeys(str(warning.message).splitlines()[0] for warning in caught)
    count = len(terms)
    covariance = np.asarray(fit.cov_params(), np.float64)[:count, :count]
    return MixedModel(
        factors=levels,
        effects={
            term.name: float(effect)
            for term, effect in zip(terms, np.asarray(fit.fe_params), strict=True)
        },
        covariance=tuple(tuple(map(float, row)) for row in covariance),
        group_variance=float(np.asarray(fit.cov_re)[0, 0]),
        member_variance=None if inner is None else float(np.asarray(fit.vcomp)[0]),
        residual_variance=float(fit.scale),
        interactions=interactions,
        n=len(measured),
        notes=tuple(notes) if fit.converged else ("the fit did not converge", *notes),
    )


def _fitted(model: Any) -> Any:
    """The fit; by a search without slopes where these fail, as at a variance of 0."""
    try:
        return model.fit(reml=True)
    except np.linalg.LinAlgError:
        pass
    try:
        return model.fit(reml=True, method="powell")
    except np.linalg.LinAlgError as error:
        raise InputError(
            f"the model cannot be fitted: {error}. Leave out factors or members that hardly vary"
        ) from error


@dataclass(frozen=True, slots=True)
class _Term:
    """A column of the design matrix: 1 where each factor of it is at its level."""

    levels: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Such as "system=b:kind=typo"; the constant is "mean"."""
        return ":".join(f"{factor}={level}" for factor, level in self.levels) or "mean"

    def value(self, cell: Mapping[str, str]) -> float:
        """The entry for a row."""
        return float(all(cell[factor] == level for factor, level in self.levels))


def _terms(factors: Mapping[str, Sequence[str]], interactions: bool) -> list[_Term]:
    """Treatment coding: the constant, each further level, and their products if asked for."""
    options = [
        [(), *(((name, level),) for level in levels[1:])] for name, levels in factors.items()
    ]
    terms = [
        _Term(tuple(part for parts in choice for part in parts)) for choice in product(*options)
    ]
    kept = [term for term in terms if interactions or len(term.levels) < 2]
    place = {name: number for number, name in enumerate(factors)}
    return sorted(
        kept, key=lambda term: (len(term.levels), [place[name] for name, _ in term.levels])
    )


def _grouped(
    groups: Sequence[Hashable], members: Sequence[Hashable] | None
) -> tuple[NDArray[np.int64], list[Doubles] | None]:
    """Row numbers, group after group; and for each group which row belongs to which member."""
    numbers = np.array(list(_numbers(groups)))
    order = np.argsort(numbers, kind="stable")
    if members is None:
        return order, None
    inside = np.array(list(_numbers(list(zip(groups, members, strict=True)))))
    blocks = []
    for group in range(int(numbers.max()) + 1):
        own = inside[order][numbers[order] == group]
        blocks.append((own[:, None] == np.unique(own)[None, :]).astype(np.float64))
    return order, blocks


def _numbers(labels: Sequence[Hashable]) -> list[int]:
    """A number for each label, in order of first appearance."""
    places: dict[Hashable, int] = {}
    return [places.setdefault(label, len(places)) for label in labels]


def _components(library: Any, blocks: list[Doubles]) -> Any:
    """One variance for the members of all groups, as statsmodels wants it told."""
    names = [[str(number) for number in range(block.shape[1])] for block in blocks]
    return library.VCSpec(["member"], [names], [blocks])


def _checked(
    values: Sequence[float],
    factors: Mapping[str, Sequence[str]],
    groups: Sequence[Hashable],
    members: Sequence[Hashable] | None,
) -> tuple[Doubles, dict[str, list[str]]]:
    """Values and columns, if a model can be made of them."""
    measured = np.asarray(values, np.float64)
    if measured.ndim != 1 or not np.isfinite(measured).all():
        raise InputError("values are no row of finite numbers. Leave out rows without a value")
    lengths = {name: len(column) for name, column in factors.items()} | {"groups": len(groups)}
    if members is not None:
        lengths["members"] = len(members)
    for name, length in lengths.items():
        if length != len(measured):
            raise InputError(
                f"{name} has {length} entries for {len(measured)} values. Give one for each value"
            )
    if not factors:
        raise InputError("no factor to tell apart. Name one or more columns of levels")
    for name, column in factors.items():
        if len(set(column)) < 2:
            raise InputError(f"the factor {name!r} has one level. Leave it out")
    if len(set(groups)) < 2:
        raise InputError(
            "all values are of one group, whose influence cannot be told. "
            "Give two data sets or more, or use bootstrap_difference"
        )
    return measured, {name: list(column) for name, column in factors.items()}


def _library() -> Any:
    """The part of statsmodels that fits, or a MissingExtra that says how to get it."""
    try:
        return import_module("statsmodels.regression.mixed_linear_model")
    except ImportError as error:
        raise MissingExtra(
            "statsmodels is not installed, and a mixed-effects model needs it. "
            'Run pip install "mnemic[bench]"'
        ) from error
