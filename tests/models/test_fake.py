import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.models.fake import FakeEncoder


@settings(deadline=None)
@given(st.text())
def test_rows_have_length_one_or_no_words(text):
    row = FakeEncoder().encode_query(text)
    assert np.isclose(np.linalg.norm(row), 1, atol=1e-5) or not row.any()


def test_it_is_the_same_on_every_machine():
    signs = np.sign(FakeEncoder(size=8).encode_query("lisbon"))
    assert signs.tolist() == [1, 1, 1, 1, -1, -1, -1, -1]


def test_case_and_order_do_not_matter():
    rows = FakeEncoder().encode(["Tea in Lisbon", "lisbon, in TEA!"])
    np.testing.assert_array_equal(*rows)


def test_sizes_beyond_one_hash_are_not_repeated():
    row = FakeEncoder(size=1024).encode_query("tea")
    assert not np.array_equal(row[:512], row[512:])


def test_calls_and_texts_are_counted():
    fake = FakeEncoder(inline=False, name="other", size=16)
    fake.encode(["a", "b"])
    fake.encode([])
    fake.encode_query("c")
    assert (fake.calls, fake.texts) == (3, 3)
    assert str(fake.id) == "other@1 (16-d int8)"
    assert fake.inline is False
