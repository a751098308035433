"""Floor 2: shared checks that everyone who writes a part of mnemic can run on it."""
