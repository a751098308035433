"""Cues: what is read off a text once, when it is written, and kept as bits beside it."""

from enum import IntFlag


class Cue(IntFlag):
    """A bit per cue; ranking uses them as soft priors."""

    QUESTION = 1
    """The text asks something."""
    TIME = 2
    """It holds a time expression: "last May", "on Friday", "two weeks ago", "2023"."""
    FIRST_PERSON = 4
    """Somebody speaks of themselves."""
    NUMBER = 8
    """It holds a number, in digits or as a word."""
    NAME = 16
    """It holds a name: a capitalised word within a sentence."""
    LIST = 32
    """It is a list of words without the function words of a sentence."""
