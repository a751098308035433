from __future__ import annotations

import sys

import numpy as np
import pytest

from mnemic.core.errors import InputError, MissingExtra
from mnemic.measure import mixed
from mnemic.measure.mixed import fit_mixed

pytest.importorskip("statsmodels")


def _balanced(seed: int = 0) -> tuple[list[float], list[str], list[int]]:
    """Two systems on twelve data sets, six values each."""
    draw = np.random.default_rng(seed)
    values, systems, groups = [], [], []
    for group in range(12):
        level = draw.normal(0.5, 0.2)
        for system, gain in (("a", 0.0), ("b", 0.1)):
            for _ in range(6):
                values.append(float(level + gain + draw.normal(0, 0.05)))
                systems.append(system)
                groups.append(group)
    return values, systems, groups


def test_a_balanced_design_gives_what_the_analysis_of_variance_gives() -> None:
    values, systems, groups = _balanced()
    found = fit_mixed(values, {"system": systems}, groups)
    table = np.array(values).reshape(12, 2, 6)
    means = table.mean(axis=(0, 2))
    a, b = found.marginal_means("system")
    assert (a.levels, b.levels) == ({"system": "a"}, {"system": "b"})
    assert [a.mean, b.mean] == pytest.approx(means, abs=1e-6)
    residual = table - table.mean(axis=(1, 2), keepdims=True) - means[None, :, None]
    residual += table.mean()
    within = float((residual**2).sum() / (12 * 12 - 12 - 1))
    between = float(12 * table.mean(axis=(1, 2)).var(ddof=1))
    assert found.residual_variance == pytest.approx(within, rel=1e-3)
    assert found.group_variance == pytest.approx((between - within) / 12, rel=1e-2)
    reach = 1.96 * np.sqrt(found.group_variance / 12 + found.residual_variance / 72)
    assert (a.high - a.low) / 2 == pytest.approx(reach, rel=1e-2)
    assert found.effects["system=b"] == pytest.approx(means[1] - means[0], abs=1e-6)
    assert found.notes == ()


def test_members_interactions_and_marginal_means() -> None:
    draw = np.random.default_rng(4)
    rows: dict[str, list[str]] = {"system": [], "kind": []}
    values, groups, members = [], [], []
    for group in range(6):
        level = draw.normal(0.5, 0.15)
        for member in range(8):
            question = draw.normal(0, 0.1)
            for system in ("a", "b"):
                for kind in ("clean", "typo"):
                    hurt = -0.2 if (system, kind) == ("b", "typo") else 0.0
                    values.append(float(level + question + hurt + draw.normal(0, 0.02)))
                    rows["system"].append(system)
                    rows["kind"].append(kind)
                    groups.append(group)
                    members.append(member)
    found = fit_mixed(values, rows, groups, members)
    cells = {tuple(m.levels.values()): m.mean for m in found.marginal_means()}
    for cell, mean in cells.items():
        inside = [
            v for v, *at in zip(values, rows["system"], rows["kind"], strict=True) if (*at,) == cell
        ]
        assert mean == pytest.approx(np.mean(inside), abs=1e-6)
    (_, b) = found.marginal_means("system")
    assert b.mean == pytest.approx((cells["b", "clean"] + cells["b", "typo"]) / 2)
    assert found.effects["system=b:kind=typo"] == pytest.approx(-0.2, abs=0.02)
    assert found.member_variance == pytest.approx(0.01, rel=0.6)
    assert found.residual_variance == pytest.approx(0.0004, rel=0.3)
    plain = fit_mixed(values, rows, groups, interactions=False)
    assert list(plain.effects) == ["mean", "system=b", "kind=typo"]
    assert plain.member_variance is None


def test_the_order_of_rows_is_nothing() -> None:
    values, systems, groups = _balanced(1)
    order = np.random.default_rng(0).permutation(len(values))
    there = fit_mixed(values, {"s": systems}, groups)
    back = fit_mixed(
        [values[i] for i in order], {"s": [systems[i] for i in order]}, [groups[i] for i in order]
    )
    assert {m.levels["s"]: m.mean for m in there.marginal_means()} == pytest.approx(
        {m.levels["s"]: m.mean for m in back.marginal_means()}, abs=1e-4
    )
    assert back.group_variance == pytest.approx(there.group_variance, rel=1e-2)


def test_a_fit_at_the_edge_says_so() -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(0, 1, 40)
    values -= np.repeat(values.reshape(4, 10).mean(axis=1), 10)  # groups that do not differ
    found = fit_mixed(list(values), {"s": ["a", "b"] * 20}, list(np.repeat(range(4), 10)))
    assert found.group_variance == pytest.approx(0, abs=1e-3)
    assert found.notes


def test_what_cannot_be_used_is_said() -> None:
    values, systems, groups = _balanced()
    with pytest.raises(InputError, match="groups has 3 entries for 144 values"):
        fit_mixed(values, {"s": systems}, [1, 2, 3])
    with pytest.raises(InputError, match="factor 's' has one level"):
        fit_mixed(values, {"s": ["a"] * 144}, groups)
    with pytest.raises(InputError, match="all values are of one group"):
        fit_mixed(values, {"s": systems}, [0] * 144)
    with pytest.raises(InputError, match="no factor"):
        fit_mixed(values, {}, groups)
    with pytest.raises(InputError, match="never occurs"):
        fit_mixed(values, {"s": systems, "same": systems}, groups)
    with pytest.raises(InputError, match="no row of finite numbers"):
        fit_mixed([float("nan"), *values[1:]], {"s": systems}, groups)
    with pytest.raises(InputError, match=r"no factor 'x'\. It has 's'"):
        fit_mixed(values, {"s": systems}, groups).marginal_means("x")


def test_without_statsmodels_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.regression.mixed_linear_model", None)
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[bench\]"'):
        mixed.fit_mixed([1.0, 2.0, 3.0, 5.0], {"s": ["a", "b", "a", "b"]}, [0, 0, 1, 1])
