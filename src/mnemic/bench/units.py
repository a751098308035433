"""The unit that is stored and found: a turn, or a whole session as one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from mnemic.core.events import Event
from mnemic.sources.questions import Question


def said(event: Event) -> str:
    """A turn as a line of its session: with the speaker's name, where there is one."""
    return f"{event.speaker}: {event.text}" if event.speaker else event.text


def sessions(events: Sequence[Event], line: Callable[[Event], str] = said) -> list[Event]:
    """One text for each session, of its turns in order; its id is the session's."""
    made = []
    for session, turns in groupby(events, key=lambda event: event.session_id):
        held = list(turns)
        kept = dict(held[0].metadata)
        made.append(
            replace(
                held[0],
                text="\n".join(line(turn) for turn in held),
                kind="document",
                speaker=None,
                role=None,
                external_id=session,
                position=0,
                metadata={**kept, "turn": session},
            )
        )
    return made


def by_session(question: Question) -> Question:
    """The question with its evidence in sessions."""
    return replace(question, evidence=question.sessions)
