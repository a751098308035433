"""Memories in one portable file: written, read, loaded, merged."""
