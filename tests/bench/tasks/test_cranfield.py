"""Cranfield: an invented collection in the TREC form; the counts of the real one."""

from __future__ import annotations

import gzip

import pytest

from mnemic.bench.tasks.cranfield import TASK
from mnemic.core.errors import InputError

DOCUMENTS = """<doc><docno>1</docno><title>wings</title><text>wings
lift .</text></doc><doc><docno>2</docno><text></text></doc>
<doc><docno>3</docno><text>drag</text></doc>"""
QUERIES = (
    "<top><num>9</num><title>\nwhat\nlifts .</title></top><top><num>12</num><title>x</title></top>"
)
JUDGEMENTS = "1 0 1 1\n1 0 2 1\n1 0 3 0\n2 0 2 1\n"


def test_texts_queries_and_judgements(write, outcome):
    write("cran.qry.xml", QUERIES)
    write("cranqrel.trec.txt", JUDGEMENTS)
    path = write("cran.all.1400.xml", DOCUMENTS).parent
    plain = TASK.load(path, {})
    (events,) = plain.partitions.values()
    assert [(event.metadata["turn"], event.text) for event in events] == [
        ("1", "wings lift ."),
        ("3", "drag"),
    ]
    # The first query is number 1, its number 9 notwithstanding; the second has nothing to find.
    (question,) = plain.questions
    assert (question.text, question.evidence) == ("what lifts .", ("1",))
    assert TASK.score(outcome(plain, 0, ["3", "1"]))["recall@100"] == 1.0
    with gzip.open(path / "cran.all.1400.xml.gz", "wt") as packed:
        packed.write(DOCUMENTS)
    assert TASK.load(path, {}).questions == plain.questions


def test_a_part_is_missing(write):
    with pytest.raises(InputError, match=r"no cran\.qry\.xml or cran\.qry\.xml\.gz"):
        TASK.load(write("cran.all.1400.xml", DOCUMENTS).parent, {})


@pytest.mark.shared
def test_the_collection(data):
    found = TASK.load(data / "cranfield", {})
    assert len(found.partitions["cranfield"]) == 1398
    assert len(found.questions) == 225
    assert found.notes == []
