"""A conversation in which something was edited or regenerated is a tree; people saw one path."""

from __future__ import annotations

from collections.abc import Mapping


def paths(parents: Mapping[str, str | None], leaf: str) -> tuple[list[str], list[list[str]]]:
    """The path from the root to `leaf`, and the other branches, each from where it parts.

    Every node occurs exactly once. A parent that is not a node ends a path, and so does a circle.

    >>> paths({"a": None, "b": "a", "c": "b", "b2": "a", "c2": "b2"}, "c")
    (['a', 'b', 'c'], [['b2', 'c2']])
    """
    shown: set[str] = set()
    main = _climb(parents, leaf, shown)
    inner = {parent for parent in parents.values() if parent is not None}
    others = [_climb(parents, node, shown) for node in parents if node not in inner]
    others += [_climb(parents, node, shown) for node in parents]  # circles have no leaf
    return main, [branch for branch in others if branch]


def _climb(parents: Mapping[str, str | None], leaf: str, shown: set[str]) -> list[str]:
    path: list[str] = []
    node: str | None = leaf
    while node is not None and node in parents and node not in shown:
        shown.add(node)
        path.append(node)
        node = parents[node]
    return path[::-1]
