"""LMEB: invented folders of each layout, lists of candidates, instructions, the means."""

from __future__ import annotations

import json

import pytest

from mnemic.bench.tasks.lmeb import TASK
from mnemic.core.errors import InputError, SourceError


def lines(*values: dict[str, object]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def lay(write):
    write("Dialogue/LoCoMo/corpus.jsonl", lines(
        {"id": "d1", "title": "8 May", "text": "beans"},
        {"id": "d2", "title": "", "text": "a boat"},
        {"id": "d3", "text": "rain"},
    ))  # fmt: skip
    write("Dialogue/LoCoMo/candidates.jsonl", lines(
        {"scene_id": "conv_1", "candidate_doc_ids": ["d1", "d2", "gone"]},
        {"scene_id": "conv_2", "candidate_doc_ids": ["d3"]},
    ))  # fmt: skip
    for task, asked in (("single_hop", ["conv_1_0", "conv_2_0"]), ("multi_hop", ["conv_1_9"])):
        write(f"Dialogue/LoCoMo/{task}/queries.jsonl", lines(
            *({"id": id, "text": f"what of {id}?"} for id in asked)
        ))  # fmt: skip
        write(f"Dialogue/LoCoMo/{task}/qrels.tsv", "query-id\tcorpus-id\tscore\n" + "".join(
            f"{id}\t{'d3' if '_2_' in id else 'd1'}\t1\n" for id in asked
        ))  # fmt: skip
    write("Semantic/Covid-QA/corpus.jsonl", lines({"_id": "c", "text": "masks"}))
    write("Semantic/Covid-QA/queries.jsonl", lines({"_id": "q", "text": "masks?"}))
    write("Semantic/Covid-QA/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\tc\t1\nq\tx\t0\n")
    return write("task_instructions.json", {
        "LoCoMo": {"single_hop": "Find.", "multi_hop": "Hop."}, "CovidQA": {"Covid-QA": "Cure."},
    }).parent  # fmt: skip


def test_candidates_are_partitions(write, outcome):
    data = TASK.load(lay(write), {})
    told = {
        name: [event.metadata["turn"] for event in events]
        for name, events in data.partitions.items()
    }
    assert told == {
        "Dialogue/LoCoMo/conv_1": ["d1", "d2"],
        "Dialogue/LoCoMo/conv_2": ["d3"],
        "Semantic/Covid-QA": ["c"],
    }
    assert data.partitions["Dialogue/LoCoMo/conv_1"][0].text == "8 May\nbeans"
    assert [(q.metadata["type"], q.category, q.metadata["task"]) for q in data.questions] == [
        ("dialogue", "LoCoMo", "multi_hop"),
        ("dialogue", "LoCoMo", "single_hop"),
        ("dialogue", "LoCoMo", "single_hop"),
        ("semantic", "Covid-QA", "Covid-QA"),
    ]
    assert data.questions[3].evidence == ("c",)
    scores = TASK.score(outcome(data, 0, ["d2", "d1"]))
    assert scores["recall_capped@1"] == 0.0 and scores["recall_capped@5"] == 1.0


def test_instructions(write):
    path = lay(write)
    texts = [question.text for question in TASK.load(path, {"instruction": "yes"}).questions]
    assert texts[0] == "Instruct: Hop.\nQuery: what of conv_1_9?"
    assert texts[3] == "Instruct: Cure.\nQuery: masks?"
    (path / "task_instructions.json").unlink()
    with pytest.raises(InputError, match="no instructions"):
        TASK.load(path, {"instruction": "yes"})


def test_one_task_of_its_own_keeps_its_names(write):
    path = lay(write) / "Dialogue" / "LoCoMo"
    (question,) = TASK.load(path, {"only": "multi_hop"}).questions
    assert (question.metadata["type"], question.metadata["set"]) == ("dialogue", "LoCoMo")
    beir = TASK.load(path.parents[1] / "Semantic" / "Covid-QA", {})
    assert beir.questions[0].category == "Covid-QA"


def test_data_sets_and_types_count_alike(write):
    data = TASK.load(lay(write), {})
    scores = [{"ndcg@10": value} for value in (1.0, 0.0, 1.0, 0.25)]
    figures = TASK.summary(data.questions, scores)
    assert figures["ndcg@10 LoCoMo"] == 0.75  # the mean of 1 and of (0 + 1) / 2
    assert figures["ndcg@10 (mean of data sets)"] == figures["ndcg@10 (mean of types)"] == 0.5


def test_incomplete_and_damaged(write, tmp_path):
    with pytest.raises(InputError, match="no task in"):
        TASK.load(tmp_path, {})
    write("x/queries.jsonl", lines({"id": "q", "text": "a"}))
    with pytest.raises(InputError, match=r"no qrels\.tsv"):
        TASK.load(tmp_path, {})
    write("x/qrels.tsv", "q\tc\t1\nnonsense\n")
    write("x/corpus.jsonl", "{\n")
    with pytest.raises(SourceError, match=r"not a judgement: .*line 2"):
        TASK.load(tmp_path, {})
    write("x/qrels.tsv", "q 0 c 1\n")
    data = TASK.load(tmp_path, {})
    with pytest.raises(SourceError, match="line 1"):
        data.partitions["x"]
