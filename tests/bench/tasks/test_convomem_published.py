"""The published tables of ConvoMem: an invented one; all of the real ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mnemic.bench.tasks.convomem_published import baselines
from mnemic.core.errors import InputError, SourceError

HEAD = (
    "context_size,success_rate_percent,total_processed,"
    "avg_response_time_ms,avg_input_tokens,avg_cost\n"
)
SHARED = Path(os.environ.get("MNEMIC_SHARED", Path(__file__).parents[4] / "shared"))


def test_a_table(tmp_path):
    folder = tmp_path / "facts (what" / "who)" / "mem0" / "big" / "helper_model_small"
    folder.mkdir(parents=True)
    (folder / "2_evidence.csv").write_text(HEAD + "10,45.5,600,1153,1782,0.0006\n")
    (one,) = baselines(tmp_path)
    assert (one.questions, one.method, one.model, one.helper) == (
        "facts (what/who)", "mem0", "big", "small",
    )  # fmt: skip
    assert (one.evidence, one.conversations, one.accuracy) == (2, 10, 0.455)
    (folder / "3_evidence.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="not a published table"):
        baselines(tmp_path)


def test_nothing_there(tmp_path):
    with pytest.raises(InputError, match="no published tables"):
        baselines(tmp_path)


@pytest.mark.shared
def test_all_tables():
    if not SHARED.is_dir():
        pytest.skip("no benchmark data beside the checkout")
    found = {
        one.conversations: one.accuracy
        for one in baselines(SHARED / "data" / "convomem")
        if (one.questions, one.method, one.model)
        == ("user_facts", "long_context", "gemini_2_5_flash")
        and one.evidence == 1
    }
    assert [found[1], found[100], found[300]] == pytest.approx([0.947, 0.844, 0.836])
