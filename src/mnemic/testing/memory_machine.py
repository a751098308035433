"""Random histories of a whole memory, beside a reference memory and a plain model of both.

    class TestMachine(memory_machine(open_memory, open_reference).TestCase):
        settings = settings(max_examples=10, stateful_step_count=40)

Each step is something that a user may do: add, correct, supersede, link, delete, hold, undo,
forget, try out, export, change the encoder, close and open again. The model knows in plain Python
what should be there then, and both memories must say so, word for word and alike, down to ids and
log; what they knew at earlier times must not move; and each must find itself healthy. When they do
not, hypothesis shrinks the history to the shortest that shows it.
"""

from __future__ import annotations

import copy
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from mnemic.core.changes import Link, Retire
from mnemic.core.clock import Clock, Micros, Moment
from mnemic.core.errors import Forgotten, MnemicError
from mnemic.core.ids import Mint, RecordId
from mnemic.core.records import Partition, Record

Opener: TypeAlias = Callable[[Path, Clock, Mint], Any]
"""Opens a memory in this folder, by this clock, with ids of this mint; after a restart, again."""

Edge: TypeAlias = tuple[str, str, str]

_USERS: Final = ("ana", "bo")
_LAST: Final = 10**6
_FIELDS: Final = ("text", "speaker", "weight", "valid_to", "metadata", "status")
_BEGIN: Final = Moment.parse("2026-01-01T12:00Z").micros


@dataclass(slots=True)
class Said:
    """What a record should be, in plain values."""

    user: str
    text: str
    kind: str = "turn"
    speaker: str | None = None
    weight: float = 1.0
    valid_to: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    status: str = "active"
    sources: tuple[str, ...] = ()
    name: tuple[str, str, str] | None = None
    """User, source and external id."""


@dataclass(slots=True)
class World:
    """What should be there."""

    records: dict[str, Said] = field(default_factory=dict)
    """In the order in which they came; what was forgotten is not among them."""
    links: dict[Edge, float] = field(default_factory=dict)
    forgotten: dict[str, str] = field(default_factory=dict)
    """What was forgotten → whose it was; "" once the last of a user is gone, name and all."""
    buried: set[tuple[str, str, str]] = field(default_factory=set)
    """Identities of what was forgotten."""
    replaced: dict[str, str] = field(default_factory=dict)
    """What was drawn again → what it took the place of."""

    def put(self, id: str, said: Said) -> None:
        """A record comes in, with its lineage."""
        self.records[id] = said
        self.links |= {(id, "derived_from", source): 1.0 for source in said.sources}

    def drawn_from(self, ids: set[str]) -> set[str]:
        """These, and all that was drawn from them."""
        found, edge = set(ids), set(ids)
        while edge:
            edge = {
                source
                for source, relation, target in self.links
                if relation == "derived_from" and target in edge and source not in found
            }
            found |= edge
        return found

    def forget(self, ids: set[str]) -> None:
        """These are erased."""
        gone = {id: self.records.pop(id) for id in ids}
        self.buried |= {said.name for said in gone.values() if said.name}
        self.forgotten |= {id: said.user for id, said in gone.items()}
        left = {said.user for said in self.records.values()}
        self.forgotten = {id: user if user in left else "" for id, user in self.forgotten.items()}
        self.links = {
            edge: weight for edge, weight in self.links.items() if ids.isdisjoint(edge[::2])
        }

    def back_to(self, then: World, user: str | None) -> None:
        """All that came since is taken back, but for what cannot be."""
        stay = {id for id in self.replaced if self._first(id) in then.records}
        for id, said in self.records.items():
            if user not in (None, said.user) or id in stay:
                continue
            before = then.records.get(id)
            if before is None:
                said.status = "retired"
            else:
                for name in _FIELDS:
                    setattr(said, name, copy.deepcopy(getattr(before, name)))
        mine = {id for id, said in self.records.items() if user in (None, said.user)}
        lineage = {
            (id, "derived_from", source)
            for id in mine
            for source in self.records[id].sources
            if id not in then.records
        }
        kept = {
            edge: weight
            for edge, weight in self.links.items()
            if edge[0] not in mine or not stay.isdisjoint(edge[::2])
        }
        back = {edge: weight for edge, weight in then.links.items() if edge[0] in mine}
        self.links = kept | {
            edge: weight
            for edge, weight in (back | dict.fromkeys(lineage, 1.0)).items()
            if self.records.keys() >= {edge[0], edge[2]}
        }

    def _first(self, id: str) -> str:
        while id in self.replaced:
            id = self.replaced[id]
        return id

    def undo(self, before: World, after: World) -> None:
        """One call is taken back: what it set, and nothing else."""
        for id, made in after.records.items():
            was, said = before.records.get(id), self.records.get(id)
            if said is None or was == made:
                continue
            if was is None:
                said.status = "retired"
                continue
            for name in _FIELDS:
                if getattr(was, name) != getattr(made, name):
                    setattr(said, name, copy.deepcopy(getattr(was, name)))
        for edge in before.links.keys() | after.links.keys():
            lineage = edge[0] not in before.records and edge[1] == "derived_from"
            if before.links.get(edge) == after.links.get(edge) or lineage:
                continue
            if edge in before.links:
                self.links[edge] = before.links[edge]
            else:
                self.links.pop(edge, None)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that changed something, and the model around it."""

    receipt: Any
    before: World
    after: World


@dataclass(frozen=True, slots=True)
class _Point:
    """A point that is remembered: where the log stood, when, and what should be there."""

    seq: int
    at: Micros
    world: World


def memory_machine(open_memory: Opener, open_reference: Opener) -> Any:
    """A hypothesis state machine that drives `open_memory` beside `open_reference`.

    A restart closes both and calls the openers again with what they were given first, so a
    reference that lives in memory has to hand out the same store.
    """
    from hypothesis import note
    from hypothesis import strategies as st
    from hypothesis.stateful import (
        RuleBasedStateMachine,
        initialize,
        invariant,
        precondition,
        rule,
    )

    users = st.sampled_from(_USERS)
    words = st.sampled_from(
        ["tea", "milk", "the garden", "Straße 5", "東京に住んでいます", "🏠 → 🌍"]
    )
    weights = st.sampled_from([0.0, 0.5, 1.0, 2.0])

    class MemoryMachine(RuleBasedStateMachine):
        """One history."""

        def __init__(self) -> None:
            super().__init__()
            self._folder = tempfile.TemporaryDirectory(prefix="mnemic-life-")
            self.folder = Path(self._folder.name)
            self.now = _BEGIN
            self.mints = [Mint(random.Random(1)) for _ in range(2)]
            self.homes = [self.folder / "memory", self.folder / "reference"]
            for home in self.homes:
                home.mkdir()
            self.pair: list[Any] = []
            self._open()
            self.world = World()
            self.calls: list[_Call] = []
            self.points: list[_Point] = []
            self.count = 0

        def _open(self) -> None:
            openers = (open_memory, open_reference)
            self.pair = [
                opener(home, lambda: self.now, mint)
                for opener, home, mint in zip(openers, self.homes, self.mints, strict=True)
            ]

        def teardown(self) -> None:
            """Close both memories and remove the files."""
            for memory in self.pair:
                memory.close()
            self._folder.cleanup()

        # -- how a step is made

        def _both(self, act: Callable[[Any], Any]) -> Any:
            """What both answer; they must answer alike, or fail alike, which gives None."""
            answers: list[Any] = []
            for memory in self.pair:
                try:
                    answers.append(act(memory))
                except MnemicError as error:
                    answers.append((type(error), str(error)))
            assert answers[0] == answers[1]
            failed = (
                isinstance(answers[0], tuple) and answers[0] and isinstance(answers[0][0], type)
            )
            if failed:
                note(f"both refuse: {answers[0][1]}")
            return None if failed else answers[0]

        def _done(self, act: Callable[[Any], Any], settle: Callable[[Any], None]) -> Any:
            """A step that changes something: the memories do it, then the model."""
            before = copy.deepcopy(self.world)
            answer = self._both(act)
            if answer is not None:
                settle(answer)
                if getattr(answer, "changes", None):
                    self.calls.append(_Call(answer, before, copy.deepcopy(self.world)))
            head = self.pair[1]._parts.store.head()
            self.points.append(_Point(head, self.now, copy.deepcopy(self.world)))
            self.now += 2_000_000
            return answer

        def _text(self, said: str) -> str:
            """Words that nothing else holds."""
            self.count += 1
            return f"{said} number{self.count}"

        def _one(self, data: Any, *statuses: str) -> str:
            return str(data.draw(st.sampled_from(self._ids(*statuses))))

        def _ids(self, *statuses: str) -> list[str]:
            return [
                id
                for id, said in self.world.records.items()
                if not statuses or said.status in statuses
            ]

        def _now(self) -> str:
            return str(Moment(self.now))

        # -- steps

        @initialize(first=st.lists(words, min_size=2, max_size=3))
        def begin(self, first: list[str]) -> None:
            """The first messages, of both users."""
            for user in _USERS:
                self.add(user, first, None, 1)

        @rule(
            user=users,
            said=st.lists(words, min_size=1, max_size=3),
            speaker=st.none() | st.just("Ana"),
            number=st.integers(0, 3),
        )
        def add(self, user: str, said: list[str], speaker: str | None, number: int) -> None:
            """One message or several, which the next search of their user finds."""
            texts = [self._text(each) for each in said]
            metadata = {"number": number} if number else {}

            def settle(receipt: Any) -> None:
                for id, text in zip(receipt.ids, texts, strict=True):
                    new = Said(user, text, speaker=speaker, metadata=dict(metadata))
                    self.world.put(id, new)

            self._done(
                lambda m: m.add(texts, user_id=user, speaker=speaker, metadata=metadata or None),
                settle,
            )
            self._found(user, texts[-1])

        @rule(user=users, name=st.sampled_from(["1", "2"]), said=words, same=st.booleans())
        def import_one(self, user: str, name: str, said: str, same: bool) -> None:
            """A message with an identity: new, there already, changed there, or forgotten."""
            identity = (user, "chat", name)
            there = [id for id, each in self.world.records.items() if each.name == identity]
            text = self.world.records[there[0]].text if there and same else self._text(said)

            def settle(receipt: Any) -> None:
                assert (receipt.refused == (0,)) == (identity in self.world.buried)
                if there:
                    assert not receipt.ids
                    self.world.records[there[0]].text = text
                elif receipt.ids:
                    self.world.put(receipt.ids[0], Said(user, text, name=identity))

            self._done(lambda m: m.add(text, user_id=user, source="chat", external_id=name), settle)

        @precondition(lambda self: self._ids())
        @rule(data=st.data(), how_many=st.integers(1, 2))
        def derive(self, data: st.DataObject, how_many: int) -> None:
            """A fact that was drawn from others, and says what they say."""
            first = self._one(data)
            user = self.world.records[first].user
            mine = [id for id in self._ids() if self.world.records[id].user == user]
            sources = tuple(dict.fromkeys([first, *data.draw(_some(st, mine, how_many - 1))]))
            said = ". ".join(self.world.records[id].text for id in sources)
            text = f"{self._text('fact')}. {said}."

            def settle(receipt: Any) -> None:
                self.world.put(receipt.id, Said(user, text, kind="fact", sources=sources))

            self._done(
                lambda m: m.add(text, user_id=user, kind="fact", derived_from=sources), settle
            )

        @precondition(lambda self: self._ids())
        @rule(
            data=st.data(),
            said=st.none() | words,
            fields=st.fixed_dictionaries(
                {},
                optional={
                    "speaker": st.sampled_from([None, "Ana", "Iris"]),
                    "weight": weights,
                    "valid_to": st.sampled_from([None, "2031", "2032-05"]),
                    "metadata": st.sampled_from([{}, {"a": [1, None]}, {"b": {"c": 0.5}}]),
                },
            ),
        )
        def update(self, data: st.DataObject, said: str | None, fields: dict[str, Any]) -> None:
            """A record is corrected."""
            id = self._one(data)
            text = None if said is None else self._text(said)

            def settle(receipt: Any) -> None:
                record = self.world.records[id]
                record.text = text or record.text
                for name, value in fields.items():
                    setattr(record, name, copy.deepcopy(value))

            self._done(lambda m: m.update(id, text=text, **fields), settle)

        @precondition(lambda self: self._ids())
        @rule(data=st.data(), said=words)
        def supersede(self, data: st.DataObject, said: str) -> None:
            """Something else holds from now on."""
            id, text = self._one(data), self._text(said)
            old = self.world.records[id]
            when = self._now()
            ended = old.valid_to is not None and Moment.parse(old.valid_to).micros <= self.now

            def settle(receipt: Any) -> None:
                assert old.status == "active" and not ended
                new = Said(old.user, text, old.kind, old.speaker)
                self.world.put(receipt.id, new)
                self.world.records[id].valid_to = when
                self.world.links[receipt.id, "supersedes", id] = 1.0

            done = self._done(lambda m: m.supersede(id, text=text), settle)
            assert (done is None) == (old.status != "active" or ended)

        @precondition(lambda self: self._ids()[1:])
        @rule(data=st.data(), relation=st.sampled_from(["about", "beside"]), weight=weights)
        def link(self, data: st.DataObject, relation: str, weight: float) -> None:
            """Two records are related, perhaps anew."""
            one, other = data.draw(_some(st, self._ids(), 2, least=2))

            def settle(receipt: Any) -> None:
                self.world.links[one, relation, other] = weight

            self._done(lambda m: m.link(one, relation, other, weight=weight), settle)

        @precondition(lambda self: self._unlinkable())
        @rule(data=st.data())
        def unlink(self, data: st.DataObject) -> None:
            """Two records are no longer related."""
            one, relation, other = edge = data.draw(st.sampled_from(self._unlinkable()))

            def settle(receipt: Any) -> None:
                del self.world.links[edge]

            self._done(
                lambda m: m._commit([Link(RecordId(one), relation, RecordId(other), remove=True)]),
                settle,
            )

        def _unlinkable(self) -> list[Edge]:
            return sorted(edge for edge in self.world.links if edge[1] in ("about", "beside"))

        @precondition(lambda self: self._ids())
        @rule(data=st.data(), verb=st.sampled_from(["delete", "restore", "hold"]))
        def hide_or_show(self, data: st.DataObject, verb: str) -> None:
            """A record goes out of sight, into quarantine, or comes back."""
            id = self._one(data)

            held = self.world.records[id].status == "held"

            def settle(receipt: Any) -> None:
                states = {"delete": "retired", "restore": "active", "hold": "held"}
                self.world.records[id].status = states[verb]

            acts: dict[str, Callable[[Any], Any]] = {
                "delete": lambda m: m.delete(id),
                "restore": lambda m: m.admit(id) if held else m.restore(id),
                "hold": lambda m: m._commit([Retire(id, "suspect", hold=True)]),  # type: ignore[arg-type]
            }
            self._done(acts[verb], settle)

        @precondition(lambda self: self.calls)
        @rule(data=st.data(), back=st.integers(1, 4))
        def undo(self, data: st.DataObject, back: int) -> None:
            """A call is taken back, unless something later touched the same."""
            call = self.calls[-min(back, len(self.calls))]
            self._done(
                lambda m: m.undo(call.receipt),
                lambda receipt: self.world.undo(call.before, call.after),
            )

        @precondition(lambda self: self.points)
        @rule(back=st.integers(1, 12), user=st.none() | users, by_time=st.booleans())
        def undo_since(self, back: int, user: str | None, by_time: bool) -> None:
            """All that came after a point is taken back."""
            point = self.points[-min(back, len(self.points))]
            since = Moment(point.at) if by_time else point.seq

            def settle(receipt: Any) -> None:
                self.world.back_to(point.world, user)
                gone = self.world.forgotten.items()
                mine = {id for id, whose in gone if user in (None, whose)}
                assert set(receipt.lost) == mine & point.world.records.keys()

            self._done(lambda m: m.undo(since=since, user_id=user), settle)

        @precondition(lambda self: self._ids())
        @rule(data=st.data())
        def forget(self, data: st.DataObject) -> None:
            """One record or two are erased, with what was drawn from them."""
            ids = data.draw(_some(st, self._ids(), 2, least=1))
            self._forget(lambda m: m.forget(ids), set(ids))

        @precondition(lambda self: len(self._ids()) > 8)
        @rule(user=users)
        def forget_user(self, user: str) -> None:
            """All of a user is erased."""
            mine = {id for id, said in self.world.records.items() if said.user == user}
            self._forget(lambda m: m.forget(user_id=user), mine)

        def _forget(self, act: Callable[[Any], Any], asked: set[str]) -> None:
            doomed = self.world.drawn_from(asked)

            def told(memory: Any) -> Any:
                certificate = act(memory)
                assert certificate.status == "erased", certificate
                assert set(certificate.asked) == asked
                assert set(certificate.ids) == doomed
                return dict(certificate.redrawn)

            def settle(redrawn: dict[str, str]) -> None:
                self._draw_again(redrawn)
                self.world.forget(doomed)

            assert self._done(told, settle) is not None

        def _draw_again(self, redrawn: dict[str, str]) -> None:
            """What takes the place of a derived record says no more than its other sources do."""
            reference = self.pair[1]
            for old, new in redrawn.items():
                record, was = reference.get(new), self.world.records[old]
                assert record.status.value == was.status and record.weight == was.weight
                sources = tuple(record.provenance.derived_from)
                said = " ".join(self.world.records[id].text for id in sources)
                assert all(part in said for part in record.text.rstrip(".").split(". "))
                self.world.put(new, replace(_said(record, was.user), sources=sources))
                self.world.replaced[new] = old
            for (one, relation, other), weight in list(self.world.links.items()):
                moved = redrawn.get(one, one), relation, redrawn.get(other, other)
                if moved != (one, relation, other) and relation != "derived_from":
                    self.world.links[moved] = weight

        @precondition(lambda self: self.points)
        @rule(what=st.sampled_from(["forget", "undo", "add", "fail"]), back=st.integers(1, 6))
        def try_out(self, what: str, back: int) -> None:
            """Something is tried, and nothing of it stays."""
            ids = self._ids()
            point = self.points[-min(back, len(self.points))]
            words = self._text("never kept")

            def forget(memory: Any) -> Any:
                return sorted(memory.forget(ids[:1]).ids) if ids else []

            def undo(memory: Any) -> Any:
                return memory.undo(since=point.seq)

            def add(memory: Any) -> Any:
                added = memory.add(words, user_id="ana")
                assert memory.search(words, user_id="ana")[0].text == words
                return added

            def fail(memory: Any) -> Any:
                add(memory)
                return memory.get("0" * 26)

            acts = {"forget": forget, "undo": undo, "add": add, "fail": fail}
            self._both(lambda m: m.dry_run(acts[what]))
            if self._ids("active"):
                for memory in self.pair:
                    hits = memory.search(words, all_scopes=True, limit=50)
                    assert all(hit.text != words for hit in hits)

        @precondition(lambda self: self._ids() and len(self.points) % 4 == 0)  # it takes longest
        @rule()
        def carry(self) -> None:
            """Everything is exported and loaded into fresh memories, and is the same there."""
            for place, (memory, opener) in enumerate(
                zip(self.pair, (open_memory, open_reference), strict=True)
            ):
                with tempfile.TemporaryDirectory(dir=self.folder) as home:
                    memory.export(Path(home) / "all.zip")
                    with opener(Path(home), lambda: self.now, Mint()) as fresh:
                        fresh.load(Path(home) / "all.zip")
                        for id in self.world.records:
                            assert fresh.get(id) == memory.get(id)
                        assert _links(fresh, self.world) == self.world.links
                        assert fresh.doctor().ok, fresh.doctor()
                again = memory.doctor()
                assert again.ok, (place, str(again))

        @rule(name=st.sampled_from([None, "static"]))
        def reembed(self, name: str | None) -> None:
            """Another encoder reads everything."""
            for memory in self.pair:
                memory.reembed(name)
                memory.flush()
                # Vectors of the table that ships with the package are made by the next search.
                memory.search("tea", user_id=_USERS)

        @rule()
        def restart(self) -> None:
            """Both processes end, and others open the files."""
            for memory in self.pair:
                memory.close()
            self._open()

        # -- what always holds

        def _found(self, user: str, text: str) -> None:
            """The next search finds what was just written, for its user and for nobody else."""
            for memory in self.pair:
                assert memory.search(text, user_id=user)[0].text == text
                others = memory.search(text, user_id=[u for u in _USERS if u != user])
                assert all(hit.text != text for hit in others)

        @invariant()
        def as_the_model_says(self) -> None:
            """Records, links and lists are what the model says."""
            for memory in self.pair:
                for id, said in self.world.records.items():
                    assert _said(memory.get(id), said.user, said) == said
                for id in self.world.forgotten:
                    assert _forgotten(memory, id)
                links = _links(memory, self.world)
                if links != self.world.links:
                    note(f"links: {links.items() ^ self.world.links.items()}")
                assert links == self.world.links
                for user in _USERS:
                    shown = [record.id for record in memory.list(user_id=user, limit=_LAST)]
                    mine = [id for id in self._ids("active") if self.world.records[id].user == user]
                    assert shown == mine

        @invariant()
        def alike(self) -> None:
            """Both tell the same, down to ids, versions and the log."""
            ours, reference = (_told(memory, self.world) for memory in self.pair)
            for name, value in reference.items():
                if ours[name] != value:
                    note(f"{name}: {_apart(ours[name], value)}")
                assert ours[name] == value, name

        @invariant()
        def the_past_stays(self) -> None:
            """What was known at remembered times is what it was, but for the forgotten."""
            for point in {
                id(each): each for each in (*self.points[:1], *self.points[-9::4])
            }.values():
                for memory in self.pair:
                    for user in _USERS:
                        known = memory._parts.store.known(Partition(user_id=user), point.at)
                        assert {record.id: record.text for _, record in known} == {
                            id: said.text
                            for id, said in point.world.records.items()
                            if said.user == user
                            and said.status == "active"
                            and id not in self.world.forgotten
                        }

        @invariant()
        def healthy(self) -> None:
            """Both find nothing wrong with themselves."""
            for memory in self.pair:
                found = memory.doctor()
                assert found.ok, str(found)

    return MemoryMachine


def _some(st: Any, ids: list[str], most: int, least: int = 0) -> Any:
    if not ids or most < 1:
        return st.just([])
    return st.lists(st.sampled_from(ids), min_size=least, max_size=most, unique=True)


def _said(record: Record, user: str, like: Said | None = None) -> Said:
    """A record in the model's words; what no verb changes is taken from `like`."""
    same = like or Said(user, "")
    assert record.scope.partition == Partition(user_id=user)
    return Said(
        user,
        record.text,
        record.kind,
        record.speaker,
        record.weight,
        None if record.valid_to is None else str(record.valid_to),
        dict(record.metadata),
        record.status.value,
        same.sources,
        same.name,
    )


def _links(memory: Any, world: World) -> dict[Edge, float]:
    rows = memory._parts.store.links(sorted(world.records))
    return {(row.source, row.relation, row.target): row.weight for row in rows}


def _apart(ours: Any, reference: Any) -> str:
    """Where two answers differ; the first place of lists."""
    if isinstance(ours, tuple | list) and len(ours) == len(reference):
        ours, reference = next(
            pair for pair in zip(ours, reference, strict=True) if pair[0] != pair[1]
        )
    return f"{ours}\nbut the reference says {reference}"


def _forgotten(memory: Any, id: str) -> bool:
    try:
        memory.get(id)
    except Forgotten:
        return True
    return False


def _told(memory: Any, world: World) -> dict[str, Any]:
    """What a memory tells of itself, as far as two of them must agree."""
    store = memory._parts.store
    return {
        "head": store.head(),
        "log": memory.log(since=0, limit=_LAST),
        "scopes": memory.scopes(),
        "records": {id: memory.get(id) for id in world.records},
        "histories": {id: memory.history(id) for id in list(world.records)[-3:]},
        "listed": [record.id for record in memory.list(all_scopes=True, deleted=True, limit=_LAST)],
        "jobs": store.waiting(),
    }
