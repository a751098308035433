"""Fewer questions, for a quick look: drawn evenly from all, and said to be a sample."""

from __future__ import annotations

from dataclasses import replace

from mnemic.bench.lazy import Made
from mnemic.bench.task import Data
from mnemic.core.errors import InputError


def sample(data: Data, count: int) -> Data:
    """`count` questions at even distances, with the partitions that they are asked of.

    The others are left out, so that nobody waits for texts that no question needs, and no
    partition is read before it is asked for. The revision says that it is a sample: its figures
    are compared with none of the whole.
    """
    if count < 1:
        raise InputError(f"the sample is to have {count} questions. Give 1 or more")
    whole = data.questions
    if count >= len(whole):
        return data
    drawn = [whole[place * len(whole) // count] for place in range(count)]
    asked = {question.conversation for question in drawn}
    return replace(
        data,
        partitions=Made(
            [name for name in data.partitions if name in asked], data.partitions.__getitem__
        ),
        questions=drawn,
        revision=f"{data.revision} ({count} of {len(whole)} questions)",
        notes=[*data.notes, f"a sample: {count} of {len(whole)} questions, at even distances"],
    )
