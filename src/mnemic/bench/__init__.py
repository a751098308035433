"""Instruments: benchmarks of memory systems. A task asks, a system remembers, a run measures.

The two ports, which know nothing of each other:
task.py         a task: data, a pure scorer, what was tuned on it
system.py       a system: insert, and query → what it found

By name, for the command line:
catalogue.py    the tasks of tasks/
systems.py      the systems of adapters/, with their encoders
named.py        python:module:name, for those of one's own

Running:
run.py          a task, a system, data → a report, question by question
sample.py       fewer questions, for a quick look
lazy.py         partitions that are read when they are asked for
environment.py  the machine and the versions

Showing:
result.py       a report: one value and one file
comparison.py   two reports → differences
report.py       reports → tables; tables.py how cells and numbers are written
plots.py        reports → pictures
html.py         reports → one page

What tasks are made of:
files.py        the data's files: where they are, whether they are the published ones
options.py      options as text → values
units.py        turns → sessions
ranked.py       a ranking and the gold → scores
answered.py     an answer and the gold → scores

tasks/          one file for each benchmark, and parts that only one of them has
adapters/       one file for each system, and what the systems are handed
"""
