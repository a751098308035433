"""An English model is not asked what it cannot read."""

import pytest

from mnemic.models.latin import reads
from mnemic.models.static_table import StaticTable


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("", True),
        ("42?", True),
        ("Where does Ana live?", True),
        ("Zoë's café au lait?", True),
        ("Où est l'église?", False),
        ("Onde vive a irmã da Ana?", False),
        ("Ana 和 Bruno met where?", True),
        ("豆腐为什么要换猫粮？", False),
        ("Где живёт Анна?", False),
        ("東京", False),
    ],
)
def test_letters_and_function_words_decide(text: str, can: bool) -> None:
    assert reads(text) is can
    assert StaticTable().encode_query(text).any() == (can and any(map(str.isalnum, text)))
