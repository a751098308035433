"""mnemic: memory for AI systems."""
