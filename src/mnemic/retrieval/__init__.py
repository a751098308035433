"""Query → candidates → ranked → pack: what is recalled, in which order, and how it is shown.

analyse.py     what a question names: speakers, periods, "when", what was said before
candidates.py  which rows may be shown, and which of them are worth a closer look
features.py    what is known about a candidate
weights.py     how much each of it counts, and why
rank.py        features and weights → order, with the share of each
search.py      the stages one after the other
rerank.py      a second look at the best few, by a learned ranker, a reader or a language model
listwise.py    the ask that has a language model put candidates in order, and its answer
learn.py       the recipe for a reranker: soft labels, contrast, calibration
losses.py      what the recipe teaches by: cross-entropy, InfoNCE, hard negatives
networks.py    a linear or small network over features, and how it learns
teachers.py    who of two candidates answers better, told by judges who err
soft_labels.py  comparisons → strengths → five levels → labels
pack.py        hits → text for a prompt, under a budget, with citations
coordinates.py  who, where, when and about what a question asks
evidence.py    which records hold these coordinates
attributes.py  the day, the place, the people and the event of one record
enumeration.py  answers from all records that match
extraction.py  answers from the best turns of a talk
confidence.py  how likely an answer is right
answer.py      hits → a value with its evidence, or that there is none
tokens.py      how many tokens a text is, without a tokenizer

Pure functions: columns, scores and texts come in as arguments, `now` too.
"""
