"""Helpers on vectors, scores and graphs that several rooms share; pure functions of arrays."""
