"""Numbered SQL files; each is applied once, in one transaction, and recorded in the database."""
