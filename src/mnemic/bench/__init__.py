"""Instruments: benchmarks of memory systems. A task asks, a system remembers, a run measures.

task.py      a task: pinned data, a pure scorer, what was tuned on it
system.py    the port of a system: insert, and query → what it found
run.py       a task, a system → a report, question by question
report.py    reports → tables, comparisons, plots, one page of HTML
tasks/       one file for each benchmark
adapters/    one file for each system
"""
