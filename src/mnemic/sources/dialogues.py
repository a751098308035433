"""The project's own labelled conversations: plain text that a person writes and reads.

    # title: The allotment
    # kind: people                          people, assistant or document
    # language: english
    # speakers: N=Nadia; T=Tom Hale
    == 1 | 2024-03-02 19:40                 a session and its time
    1 N: The beans are up.                  a turn; \\n in it is a line break
    2 T: Already?
    ?? questions
    single | What has sprouted? | 1:1 | the beans
    followup | @2024-05-01 << And Tom? >> What did he say? | 1:2 | that it was early

A question is `type | text | evidence | answer`. Evidence are turns as `session:turn`, parted by
blanks; a question of type `none` has no evidence and no answer. Before the text may stand the day
on which it is asked (else the day after the last session), and what was said just before it.
Other lines that begin with # are comments.

Every bad line is an InputError that names it: these files are written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import InputError, TimestampError
from mnemic.core.events import Event
from mnemic.sources.questions import Question
from mnemic.sources.roles import origin_of, role_of

KINDS = ("people", "assistant", "document")

TYPES = (
    "single",
    "multi",
    "temporal",
    "open",
    "adversarial",
    "latest",
    "first",
    "yesno",
    "followup",
    "none",
)

_HEAD = re.compile(r"#\s*(title|kind|language|speakers)\s*:\s*(.*)\Z")
_SESSION = re.compile(r"==\s*(\d+)\s*\|\s*(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)\s*\Z")
_TURN = re.compile(r"(\d+)\s+([^\s:]+):\s*(.+)\Z")
_SPEAKER = re.compile(r"([^\s:=]+)\s*=\s*(.+)\Z")
_ASKED = re.compile(r"@(\d{4}-\d\d-\d\d)\s*")
_BEFORE = re.compile(r"<<(.*?)>>\s*")
_PLACE = re.compile(r"\d+:\d+\Z")
_ASSISTANTS = {"助手", "assistent", "asistente", "assistente"}
"""As speakers are called in other languages; the English names are those of `role_of`."""
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A labelled conversation."""

    slug: str
    """The file's name without its ending; every id begins with it."""
    title: str
    kind: str
    """One of KINDS."""
    language: str
    speakers: tuple[str, ...]
    events: tuple[Event, ...]
    """The turns; metadata["turn"] is "<slug>/<session>:<turn>", a session "<slug>/<session>"."""
    questions: tuple[Question, ...]
    """category is one of TYPES; metadata["dialogue"] is what was said before, oldest first."""


def read(path: Path) -> Dialogue:
    """The conversation in a file. Raises InputError where it cannot be read or a line is bad."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as reason:
        raise InputError(
            f"not a labelled conversation: {path} ({reason}). Give a text file in UTF-8"
        ) from None
    return parse(written, path.stem, str(path))


def parse(written: str, slug: str, name: str | None = None) -> Dialogue:
    """The conversation in a text.

    slug: what its ids begin with.
    name: what it is called in messages.

    >>> found = parse('''# kind: people
    ... # speakers: N=Nadia; T=Tom
    ... == 1 | 2024-03-02 19:40
    ... 1 N: The beans are up.
    ... ?? questions
    ... single | What has sprouted? | 1:1 | the beans
    ... ''', "beans")
    >>> found.events[0].speaker, found.questions[0].evidence, str(found.questions[0].now)
    ('Nadia', ('beans/1:1',), '2024-03-03')
    """
    reader = _Reader(slug, name or slug)
    for number, line in enumerate(written.split("\n"), 1):
        if line.strip():
            reader.line(number, line.strip())
    return reader.dialogue()


class _Reader:
    """What has been read so far, line by line."""

    def __init__(self, slug: str, name: str) -> None:
        self.slug = slug
        self.name = name
        self.at = 0
        self.head: dict[str, str] = {}
        self.speakers: dict[str, str] = {}
        self.session = 0
        self.turn = 0
        self.time: Moment | None = None
        self.events: dict[str, Event] = {}
        self.asking = False
        self.questions: list[Question] = []

    def line(self, number: int, line: str) -> None:
        """Take one line that is not blank."""
        self.at = number
        if line.startswith("#"):
            self._heading(line)
        elif line.startswith("??"):
            self._begin_questions()
        elif self.asking:
            self._question(line)
        elif line.startswith("=="):
            self._begin_session(line)
        else:
            self._say(line)

    def dialogue(self) -> Dialogue:
        """What all lines said."""
        if not self.events:
            raise InputError(
                f'no turns: {self.name}. Write a line "== 1 | 2024-03-02 19:40" and below it lines '
                'such as "1 N: Hello"'
            )
        return Dialogue(
            slug=self.slug,
            title=self.head.get("title", self.slug),
            kind=self.head["kind"],
            language=self.head.get("language", "english"),
            speakers=tuple(self.speakers.values()),
            events=tuple(self.events.values()),
            questions=tuple(self.questions),
        )

    def _heading(self, line: str) -> None:
        found = _HEAD.match(line)
        if not found:
            return
        key, value = found[1], found[2].strip()
        self.head[key] = value
        if key == "kind" and value not in KINDS:
            raise self._bad(f"no kind of conversation: {value!r}", f"one of {', '.join(KINDS)}")
        if key == "speakers":
            for one in filter(None, (part.strip() for part in value.split(";"))):
                named = _SPEAKER.match(one)
                if not named:
                    raise self._bad(f"not a speaker: {one!r}", '"# speakers: N=Nadia; T=Tom Hale"')
                self.speakers[named[1]] = named[2].strip()

    def _begin_session(self, line: str) -> None:
        found = _SESSION.match(line)
        if not found:
            raise self._bad(f"not a session: {line!r}", '"== 2 | 2024-03-09 08:15"')
        if "kind" not in self.head or not self.speakers:
            raise self._bad(
                "a session before the kind and the speakers",
                'lines "# kind: people" and "# speakers: N=Nadia; T=Tom Hale" above it',
            )
        if int(found[1]) != self.session + 1:
            raise self._bad(
                f"session {found[1]} after {self.session}", f'"== {self.session + 1} | ..."'
            )
        time = self._moment(found[2])
        if self.time and time < self.time:
            raise self._bad(
                f"session of {found[2]} after one of {self.time}", "sessions in the order of time"
            )
        self.session, self.turn, self.time = int(found[1]), 0, time

    def _say(self, line: str) -> None:
        found = _TURN.match(line)
        if not found:
            raise self._bad(f"not a turn: {line[:60]!r}", '"3 N: what Nadia says"')
        if self.time is None:
            raise self._bad("a turn before the first session", '"== 1 | 2024-03-02 19:40" above it')
        if int(found[1]) != self.turn + 1:
            raise self._bad(f"turn {found[1]} after {self.turn}", f'"{self.turn + 1} ..."')
        if found[2] not in self.speakers:
            raise self._bad(
                f"no speaker {found[2]!r}", f"one of {', '.join(self.speakers)}, or name them above"
            )
        self.turn += 1
        place = f"{self.session}:{self.turn}"
        name, role = self.speakers[found[2]], self._role(found[2])
        self.events[place] = Event(
            text=found[3].strip().replace("\\n", "\n"),
            kind="document" if self.head["kind"] == "document" else "turn",
            # "user" is the name of a part in a chat, and of nobody.
            speaker=None if role and role_of(name) else name,
            role=role,
            # One second for each turn keeps their order; the precision stays what was written.
            time=Moment(
                self.time.micros + self.turn * _SECOND, self.time.offset, self.time.precision
            ),
            session_id=f"{self.slug}/{self.session}",
            source=f"dialogues:{self.slug}",
            external_id=place,
            position=self.turn - 1,
            origin=origin_of(role),
            metadata={"conversation": self.slug, "turn": f"{self.slug}/{place}"},
        )

    def _role(self, code: str) -> str | None:
        """In a chat with an assistant: the one so called, or else coded A, or else named last."""
        if self.head["kind"] != "assistant":
            return None
        called = [one for one, name in self.speakers.items() if _is_assistant(name)]
        coded = [one for one in self.speakers if one == "A"]
        return "assistant" if code == [*self.speakers, *coded, *called][-1] else "user"

    def _begin_questions(self) -> None:
        if not self.events:
            raise self._bad("questions before the first turn", "the sessions above them")
        self.asking = True

    def _question(self, line: str) -> None:
        kind, *rest = re.split(r"\s*\|\s*", line, maxsplit=3)
        if len(rest) < 2 or not rest[0]:
            raise self._bad(f"not a question: {line[:60]!r}", '"single | What ...? | 1:3 | beans"')
        if kind not in TYPES:
            raise self._bad(f"no type of question: {kind!r}", f"one of {', '.join(TYPES)}")
        text, asked, before = rest[0], None, []
        while found := _ASKED.match(text) or _BEFORE.match(text):
            if found.re is _ASKED:
                asked = self._moment(found[1])
            else:
                before += [said.strip() for said in found[1].split("\\n") if said.strip()]
            text = text[found.end() :]
        places = list(dict.fromkeys(rest[1].split()))
        for place in places:
            if not _PLACE.match(place) or place not in self.events:
                raise self._bad(
                    f"no such turn: {place!r}", "evidence as session:turn, such as 1:3 2:11"
                )
        if bool(places) == (kind == "none"):
            raise self._bad(
                f"{'evidence' if places else 'no evidence'} for a question of type {kind!r}",
                'turns such as "1:3", and none just for type none',
            )
        if not text:
            raise self._bad("a question without text", '"single | What ...? | 1:3 | beans"')
        metadata: Mapping[str, Sequence[str]] = {"dialogue": tuple(before)} if before else {}
        self.questions.append(
            Question(
                id=f"{self.slug}/{len(self.questions)}",
                conversation=self.slug,
                text=text,
                answer=(rest[2] if len(rest) > 2 else "") or None,
                category=kind,
                evidence=tuple(f"{self.slug}/{place}" for place in places),
                sessions=tuple(
                    dict.fromkeys(f"{self.slug}/{place.split(':')[0]}" for place in places)
                ),
                now=asked or self._day_after(),
                metadata=metadata,
            )
        )

    def _day_after(self) -> Moment:
        assert self.time is not None  # there are turns, so there is a session
        return Moment(self.time.micros // _DAY * _DAY + _DAY, 0, Precision.DAY)

    def _moment(self, written: str) -> Moment:
        try:
            return Moment.parse(written)
        except TimestampError:
            raise self._bad(f"not a time: {written!r}", "2024-03-02 or 2024-03-02 19:40") from None

    def _bad(self, what: str, remedy: str) -> InputError:
        return InputError(f"{what}: {self.name}, line {self.at}. Write {remedy}")


def _is_assistant(name: str) -> bool:
    return role_of(name) == "assistant" or name.casefold() in _ASSISTANTS
