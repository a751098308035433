"""Systems under test, one file for each; `mnemic.bench.systems` knows them by name.

texts.py and libraries.py serve several of them: what a system is handed, and whether its library
is here. Nothing is imported for a system that is not asked for.
"""
