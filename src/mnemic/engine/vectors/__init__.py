"""Who makes vectors, when, and what is held of them in memory."""
