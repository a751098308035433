"""Floor 2: where records live. `ram.py` is the reference, `sqlite.py` the file."""
