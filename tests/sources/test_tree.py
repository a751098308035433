from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.sources.tree import paths

nodes = st.dictionaries(
    st.sampled_from("abcdefgh"), st.none() | st.sampled_from("abcdefghx"), min_size=1
)


@settings(deadline=None, max_examples=60)
@given(nodes, st.data())
def test_every_node_occurs_once_and_follows_its_parent(
    parents: dict[str, str | None], data: st.DataObject
) -> None:
    """Circles and parents that are not there included."""
    leaf = data.draw(st.sampled_from(sorted(parents)))
    main, others = paths(parents, leaf)
    assert main[-1] == leaf
    assert sorted(node for path in (main, *others) for node in path) == sorted(parents)
    for path in (main, *others):
        assert all(parents[child] == parent for parent, child in pairwise(path))


def test_a_leaf_that_is_not_there_leaves_all_to_the_branches() -> None:
    assert paths({"a": None, "b": "a"}, "x") == ([], [["a", "b"]])
