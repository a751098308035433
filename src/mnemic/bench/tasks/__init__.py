"""Benchmarks: a file with a `TASK` is one, named as its file; the others are parts of their task.

What several tasks share lies in the folder above: files.py, options.py, units.py, ranked.py,
answered.py.
"""
