"""Benchmarks, one file for each; each gives a `TASK`."""
