"""`Memory`: what users hold. A list of short methods; each says what it means and asks the engine.

Nothing is decided here: arguments become values (`inputs.py`, `scopes.py`), values go to the part
that knows (`intake.py`, `recall.py`, `forgetting/`, ...), answers come back as values that print
well.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mnemic.core import filters as conditions
from mnemic.core.changes import KEEP, Change, Keep, Link, Retire, Revise, Reweigh
from mnemic.core.clock import Clock, Moment, TimeLike, system_clock
from mnemic.core.errors import Forgotten, InputError, NotFound, ScopeError
from mnemic.core.ids import RecordId
from mnemic.core.kinds import kind as find_kind
from mnemic.core.ports import Encoder, Reranker
from mnemic.core.queries import Answer, Filters, Hits, Pack, Query
from mnemic.core.receipts import Certificate, Diagnosis, Fitted, Imported, Page, Receipt, Step
from mnemic.core.records import Json, Media, Partition, Record, Status
from mnemic.core.storage import Entry, Listing, Store
from mnemic.engine import (
    answering,
    doctor,
    fitting,
    judges,
    paging,
    recall,
    reembed,
    scopes,
    trying,
)
from mnemic.engine.build import Durability, EncoderOptions, build
from mnemic.engine.cubes import cube
from mnemic.engine.forgetting import erase, residue, selection
from mnemic.engine.forgetting.certificates import certificates
from mnemic.engine.forgetting.residue import Residue
from mnemic.engine.forgetting.selection import Selection
from mnemic.engine.history import diff, undo
from mnemic.engine.history.between import Point
from mnemic.engine.history.diff import Diff
from mnemic.engine.inputs import (
    Defaults,
    Message,
    check_metadata,
    check_name,
    check_number,
    check_question,
    check_text,
    check_threshold,
    events,
    named_path,
    said_before,
    several,
)
from mnemic.engine.intake import take_in
from mnemic.engine.labels import labels
from mnemic.engine.parts import Parts
from mnemic.engine.reembed import Reembedding
from mnemic.engine.supersede import superseding
from mnemic.engine.survey import ScopeInfo, Stats, survey
from mnemic.engine.trust import admission, door, review
from mnemic.engine.trust.admission import Trial, Verdict
from mnemic.engine.trust.probing import Probe
from mnemic.engine.trust.review import Held
from mnemic.engine.vectors import jobs
from mnemic.engine.write import commit, receipt
from mnemic.evolution.govern import Policy
from mnemic.language.secrets import Redaction
from mnemic.retrieval.pack import hits_for
from mnemic.retrieval.rerank import Judge
from mnemic.retrieval.route import EFFORT, Effort

if TYPE_CHECKING:
    from mnemic.engine.backups import Backup

R = TypeVar("R")


class Memory:
    """A memory in one local file, offline.

    `path`: a file; None is the user's data folder, ":memory:" keeps nothing. `encoder`: by
    default what the file was told with `reembed`, which is "static" (a token table that ships with
    the package) in a new one; or "minilm", "openai:<model>", "sentence-transformers:<name>", an
    `Encoder`, or None for text alone. `language`: the Snowball
    language of stems and stop words; None takes the file's. `timezone`: where naive times were
    said. `durability="full"` survives a loss of power, not only of the process. `timeout`: seconds
    to wait for another process's write. `actor`: who the log says made a change. `effort`: what a
    search may try beside one round over words and vectors (`mnemic.retrieval.route.Effort`).
    `redact`: what becomes of keys, card numbers, e-mail addresses and account numbers in texts and
    metadata: "off", "mark" (noted in the metadata), "redact" (replaced), or a function of a text.
    `key`: 32 bytes or a passphrase; seals a new file (extra `encryption`), opens a sealed one.

    >>> with Memory(":memory:") as memory:
    ...     receipt = memory.add("I moved to Lisbon last May.", user_id="ana", speaker="Ana")
    ...     memory.search("Where does Ana live?", user_id="ana")[0].text
    'I moved to Lisbon last May.'
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        encoder: str | Encoder | Keep | None = KEEP,
        encoder_options: EncoderOptions | None = None,
        language: str | None = None,
        timezone: str = "UTC",
        durability: Durability = "normal",
        timeout: float = 10.0,
        actor: str = "user",
        effort: Effort = EFFORT,
        redact: Redaction = "off",
        key: bytes | str | None = None,
        store: Store | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._parts, self._worker = build(
            path,
            encoder=encoder,
            encoder_options=encoder_options or {},
            language=language,
            timezone=timezone,
            durability=durability,
            timeout=timeout,
            actor=actor,
            effort=effort,
            redact=redact,
            key=key,
            store=store,
            clock=clock,
        )

    def close(self) -> None:
        """Let go of the file; background work that is left is kept in it."""
        trying.refuse(self._parts.store, "closing")
        self._worker.stop()
        self._parts.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- write

    def add(
        self,
        messages: Message | Sequence[Message],
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        speaker: str | None = None,
        role: str | None = None,
        timestamp: TimeLike | None = None,
        kind: str = "turn",
        metadata: Mapping[str, Json] | None = None,
        source: str | None = None,
        external_id: str | None = None,
        origin: str | None = None,
        derived_from: Sequence[str] = (),
        media: Media | None = None,
    ) -> Receipt:
        """Remember a text, a message or a list of messages: all of them, or none.

        A message is `{"role", "content", "name", "timestamp", "metadata", "id", ...}`; keyword
        arguments hold for every message that does not say otherwise. `source` and `external_id`
        name a message where it comes from: adding the same again writes nothing, and revises it
        if its words have changed. Without a timestamp it was said now.

        Raises InputError, TimestampError or ScopeError before anything is written, StoreError when
        the file cannot be; nothing is kept then.
        """
        defaults = Defaults(
            session_id=session_id,
            speaker=speaker,
            role=role,
            timestamp=timestamp,
            kind=kind,
            metadata=metadata,
            source=source,
            external_id=external_id,
            origin=origin,
            derived_from=_ids(derived_from),
            media=media,
        )
        read = events(messages, defaults, zone=self._parts.zone, now=self._parts.now)
        partition = self._partition(namespace, user_id, agent_id, session_id)
        return take_in(self._parts, read, partition, agent_id)

    def import_file(
        self,
        path: str | Path,
        *,
        format: str = "auto",
        user_id: str | None = None,
        agent_id: str | None = None,
        namespace: str | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Imported:
        """Take in conversations or notes from a file or folder; a second import adds nothing.

        `format`: "auto" or one of `mnemic.sources.read.FORMATS`. `progress` is called with the
        stage ("checking", "importing"), bytes done and bytes in all. The whole file is checked
        before anything is written. Raises SourceError when it cannot be read.
        """
        from mnemic.engine import importing  # with it come the readers of nine formats

        partition = self._partition(namespace, user_id, agent_id, None)
        return importing.import_file(
            self._parts,
            named_path(path),
            partition,
            agent_id,
            format=format,
            progress=progress or (lambda stage, done, total: None),
        )

    def update(
        self,
        id: str,
        *,
        text: str | None = None,
        metadata: Mapping[str, Json] | None = None,
        speaker: str | Keep | None = KEEP,
        valid_from: TimeLike | Keep | None = KEEP,
        valid_to: TimeLike | Keep | None = KEEP,
        weight: float | None = None,
        expects: int | None = None,
        why: str = "updated",
    ) -> Receipt:
        """Correct a record: same id, a new version; the old one stays in its history.

        Raises Stale, and changes nothing, when the record is not at version `expects`.
        """
        if text is not None:
            check_text(text)
        if metadata is not None:
            check_metadata(metadata)
        if not isinstance(speaker, Keep):
            check_name(speaker, "speaker")
        if weight is not None:
            check_number(weight, "weight", least=0)
        _check_why(why)
        seen = {} if expects is None else {_id(id): expects}
        text, metadata = door.clear_some(self._parts, text, metadata)
        revision = Revise(
            _id(id),
            text=KEEP if text is None else text,
            valid_from=self._moment(valid_from),
            valid_to=self._moment(valid_to),
            speaker=speaker,
            metadata=KEEP if metadata is None else metadata,
            why=why,
            expects=seen,
        )
        weighed = () if weight is None else (Reweigh(_id(id), weight, why),)
        return self._commit((revision, *weighed))

    def supersede(
        self,
        old_id: str,
        *,
        text: str,
        valid_from: TimeLike | None = None,
        metadata: Mapping[str, Json] | None = None,
        speaker: str | Keep | None = KEEP,
        why: str = "superseded",
    ) -> Receipt:
        """Say what holds now instead of an older record: a new record from `valid_from` on.

        The old one keeps its text and the interval in which it held; `search(as_of=...)` finds it.
        Raises NotFound, Forgotten, or InputError when the old one has ended already.
        """
        check_text(text)
        check_metadata({} if metadata is None else metadata)
        if not isinstance(speaker, Keep):
            check_name(speaker, "speaker")
        _check_why(why)
        since = self._parts.now() if valid_from is None else self._moment(valid_from)
        assert isinstance(since, Moment)
        text, metadata = door.clear(self._parts, text, metadata or {})
        old = self.get(old_id)
        changes = superseding(
            old,
            text=text,
            since=since,
            speaker=old.speaker if isinstance(speaker, Keep) else speaker,
            metadata=metadata,
            now=self._parts.clock(),
            id=RecordId(self._parts.new_id()),
            ordinal=self._parts.store.next_ordinal(old.scope.partition, old.scope.session_id),
            why=why,
        )
        return self._commit(changes)

    def link(
        self, source_id: str, relation: str, target_id: str, *, weight: float = 1.0
    ) -> Receipt:
        """Say how two records are related. Raises NotFound when one of them is not there."""
        if relation is None:
            raise InputError("a link needs a relation, such as 'about' or 'answers'")
        check_name(relation, "relation")
        check_number(weight, "weight", least=0)
        return self._commit([Link(_id(source_id), relation, _id(target_id), weight, why="linked")])

    def delete(self, id: str, *, expects: int | None = None, why: str = "deleted") -> Receipt:
        """Take a record out of sight. `restore` or `undo` brings it back; `forget` erases.

        Raises NotFound, Forgotten, or Stale when it is not at version `expects`.
        """
        _check_why(why)
        seen = {} if expects is None else {_id(id): expects}
        return self._commit([Retire(_id(id), why, seen)])

    def restore(self, id: str, *, why: str = "restored") -> Receipt:
        """Bring a deleted record back; what is held comes in by `admit`.

        Raises NotFound, Forgotten if it was erased, InputError if it is held.
        """
        _check_why(why)
        return review.restore(self._parts, _id(id), why)

    def undo(
        self,
        change: str | Receipt | Imported | cube.Cube | Iterable[str] | None = None,
        *,
        since: Point | None = None,
        user_id: str | None = None,
        namespace: str | None = None,
    ) -> Receipt:
        """Take back a change, all changes of a receipt, or everything since a point; by new ones.

        `since`: a time, a sequence number of the log, a change or a receipt (what came after it);
        what is there then equals what was there at that point, with a longer history. `user_id`
        and `namespace`: only what happened to these since. What was forgotten meanwhile is named
        in `lost`. Raises Stale when a later change touched the same, Forgotten when it was erased.
        """
        if (change is None) == (since is None):
            raise InputError("say what to undo: either a change, or since=...")
        if since is not None:
            return undo.undo_since(self._parts, since, self._only(namespace, user_id))
        if user_id is not None or namespace is not None:
            raise InputError("a change belongs to one user. Give user_id with since=... alone")
        if isinstance(change, Receipt):
            return undo.undo(self._parts, [applied.id for applied in change.changes])
        if isinstance(change, Imported):
            return undo.undo(self._parts, change.changes)
        if isinstance(change, cube.Cube):
            return undo.undo(self._parts, change.made)
        return undo.undo(self._parts, _ids(change))

    def forget(
        self,
        ids: Sequence[str] | str = (),
        *,
        user_id: str | None = None,
        session_id: str | None = None,
        agent_id: str | None = None,
        namespace: str | None = None,
        query: str | None = None,
        threshold: float | None = None,
        since: TimeLike | None = None,
        until: TimeLike | None = None,
        origin: str | None = None,
        kinds: Sequence[str] | None = None,
        reason: str = "requested",
    ) -> Certificate:
        """Erase records, and all that was drawn from them, from every place. Nothing undoes it.

        By ids, or all that meets every condition: a scope, what a `query` finds with a probability
        of `threshold` (by default .5), when it was said or held, `origin`, `kinds`. What was drawn
        from others as well is drawn anew without the forgotten. `reason` is kept: give a code, not
        what is forgotten. Look first with `dry_run(lambda m: m.forget(...))`. The certificate says
        `pending` while another process's open read holds the last step back; whoever opens the file
        next completes it.
        """
        _check_why(reason)
        if query is not None:
            check_question(query)
        if threshold is not None:
            check_threshold(threshold)
        wanted = list(_ids(ids))
        scope = (user_id, session_id, agent_id, namespace)
        scoped = any(name is not None for name in scope)
        told = (query, threshold, since, until, origin, kinds)
        chosen = ""
        if scoped or any(one is not None for one in told):
            if wanted:
                raise InputError("say what to forget: either ids=[...] or conditions, not both")
            which = Selection(
                (self._partition(namespace, user_id, agent_id, session_id),),
                agent_id,
                session_id,
                scoped,
                query,
                threshold,
                self._time(since),
                self._time(until),
                selection.origin(origin),
                _kinds(kinds),
            )
            wanted, chosen = selection.select(self._parts, which), str(which)
        elif not wanted:
            selection.select(self._parts, Selection(()))
        return erase.forget(
            self._parts,
            wanted,
            reason,
            selection=chosen,
            scrub=not trying.under_way(self._parts.store),
        )

    def certificates(self) -> tuple[Certificate, ...]:
        """What was forgotten, when, why and how it was verified, oldest first."""
        return tuple(certificates(self._parts.store))

    def residue_scan(self, texts: Sequence[str] | str) -> tuple[Residue, ...]:
        """What the raw bytes of the file, and of copies that it knows of, hold of these texts.

        Plain, escaped, as token ids, marks and index terms; of texts that other memories say, too,
        it says so. Empty: nothing was found.
        """
        given = several(texts, "texts")
        for text in given:
            check_text(text)
        return tuple(residue.residue_scan(self._parts, given))

    def dry_run(self, act: Callable[[Memory], R]) -> R:
        """What `act` would answer, done to this memory and taken back: nothing of it is kept.

        `memory.dry_run(lambda m: m.forget(user_id="ana"))` tells what would be forgotten. Others
        wait with writing meanwhile. What `act` raises is raised.
        """
        _check_act(act)
        return trying.try_out(self._parts, lambda parts: act(self._with(parts)))

    # -- whom to trust

    def policy(self, given: Policy | str | Mapping[str, Any] | Keep | None = KEEP) -> Policy:
        """The rules by which things come in, kept in the file; with `given`, other ones.

        "open" (all comes in), "strict" (what tells an assistant what to do, from the web or a
        tool, waits for a review), or rules of your own (`mnemic.evolution.govern`). Every process
        applies them from its next write on. Raises InputError for what is no policy.
        """
        if isinstance(given, Keep):
            return self._parts.rules.now()
        return door.keep_policy(self._parts, given)

    def held(
        self,
        *,
        user_id: str | Sequence[str] | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        all_scopes: bool = False,
    ) -> tuple[Held, ...]:
        """What waits in quarantine for a review, and why. Nothing else finds it."""
        scope = self._partitions(namespace, user_id, agent_id, session_id, all_scopes)
        return review.waiting(self._parts, scope, agent_id=agent_id, session_id=session_id)

    def admit(self, ids: Sequence[str] | str, *, why: str = "reviewed") -> Receipt:
        """Let held records in. Raises InputError for one that is not held; nothing is done then."""
        return self._reviewed(review.admit, ids, why)

    def reject(self, ids: Sequence[str] | str, *, why: str = "reviewed") -> Receipt:
        """Delete held records; `forget` erases them for good. Raises what `admit` raises."""
        return self._reviewed(review.reject, ids, why)

    def hold(self, ids: Sequence[str] | str, *, why: str = "to be reviewed") -> Receipt:
        """Put records into quarantine. Raises InputError for one that is not active."""
        return self._reviewed(review.hold, ids, why)

    def trial(
        self,
        act: Callable[[Memory], object],
        probes: Iterable[Probe | Mapping[str, Any]],
        *,
        thresholds: admission.Thresholds = None,
    ) -> Verdict:
        """Do something to this memory, and take it back if it answers the probes worse than it may.

        `probes`: labelled questions, {"query": ..., "relevant": [...]}; `thresholds` by default
        those of DMM-Gov (2025, arXiv 2509.18868). The trial stays open to `monitor` until
        `accept`; all of it stands in the log. Raises InputError before anything is done.
        """
        _check_act(act)
        return admission.admit(
            self._parts, lambda parts: act(self._with(parts)), probes, thresholds
        )

    def monitor(
        self, probes: Iterable[Probe | Mapping[str, Any]], *, trial_id: str | None = None
    ) -> tuple[Verdict, ...]:
        """Ask the probes of the open trials again; what violates a threshold is rolled back."""
        return admission.monitor(self._parts, probes, trial_id)

    def accept(self, trial_id: str, *, why: str = "accepted") -> Trial:
        """Close a trial: what it did stays. Raises NotFound, or InputError if it is closed."""
        _check_why(why)
        return admission.accept(self._parts, trial_id, why)

    def roll_back(self, trial_id: str, *, why: str = "on request") -> Verdict:
        """Undo what a trial did. Raises Stale when a later change stands on top of it."""
        _check_why(why)
        return admission.roll_back(self._parts, trial_id, why)

    def trials(self, *, open: bool = False) -> tuple[Trial, ...]:
        """The trials of this file, oldest first; `open`: those that are not closed."""
        return admission.trials(self._parts.store, open=open)

    # -- read

    def search(
        self,
        query: str,
        *,
        user_id: str | Sequence[str] | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        all_scopes: bool = False,
        limit: int = 10,
        now: TimeLike | None = None,
        dialogue: Sequence[str] | Sequence[Message] = (),
        as_of: TimeLike | None = None,
        known_at: TimeLike | None = None,
        kinds: Sequence[str] | None = None,
        filters: Filters | None = None,
        threshold: float | None = None,
        explain: bool = False,
        rerank: str | Reranker | Judge | None = None,
    ) -> Hits:
        """The memories that a question needs, best first.

        `now`: the time of the question, for "last May". `dialogue`: what was said before it.
        `as_of`: what was true in the world then; `known_at`: what this memory knew then.
        `filters`: conditions on metadata and fields (`mnemic.core.filters`), met before anything
        is ranked. `threshold`: leave out hits that are less likely to answer; scores are
        probabilities.
        `explain`: every hit's `why`. `rerank`: who reads the best 30 again, such as
        "cross-encoder:<model>", a `Reranker`, or a judge of `mnemic.retrieval.rerank`.

        Raises InputError for an empty question, ScopeError when it is open whose memory is meant,
        FilterError for an unknown operator, MissingExtra or ModelError for a reranker.
        """
        asked = self._query(
            query,
            user_id=user_id,
            agent_id=agent_id,
            session_id=session_id,
            namespace=namespace,
            all_scopes=all_scopes,
            limit=limit,
            now=now,
            dialogue=dialogue,
            as_of=as_of,
            known_at=known_at,
            kinds=kinds,
            filters=filters,
            threshold=threshold,
        )
        judge = None if rerank is None else judges.judge(rerank)
        return recall.search(self._parts, asked, explain=explain, judge=judge)

    def context(
        self,
        query: str,
        *,
        max_tokens: int = 800,
        user_id: str | Sequence[str] | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        all_scopes: bool = False,
        limit: int | None = None,
        now: TimeLike | None = None,
        dialogue: Sequence[str] | Sequence[Message] = (),
        as_of: TimeLike | None = None,
        known_at: TimeLike | None = None,
        kinds: Sequence[str] | None = None,
        filters: Filters | None = None,
        threshold: float | None = None,
    ) -> Pack:
        """What a question needs, as one text for a prompt: dated lines with citations.

        At most `max_tokens` tokens (estimated; see `mnemic.retrieval.pack`), chosen from `limit`
        hits (by default as many as could fit), oldest first. `str()` of it is the text. Raises what
        `search` raises.
        """
        check_number(max_tokens, "max_tokens", least=1, whole=True)
        asked = self._query(
            query,
            user_id=user_id,
            agent_id=agent_id,
            session_id=session_id,
            namespace=namespace,
            all_scopes=all_scopes,
            limit=hits_for(max_tokens) if limit is None else limit,
            now=now,
            dialogue=dialogue,
            as_of=as_of,
            known_at=known_at,
            kinds=kinds,
            filters=filters,
            threshold=threshold,
        )
        return recall.context(self._parts, asked, max_tokens)

    def answer(
        self,
        question: str,
        *,
        user_id: str | Sequence[str] | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        all_scopes: bool = False,
        limit: int = 1000,
        now: TimeLike | None = None,
        dialogue: Sequence[str] | Sequence[Message] = (),
        as_of: TimeLike | None = None,
        known_at: TimeLike | None = None,
        kinds: Sequence[str] | None = None,
        filters: Filters | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The value that a question asks for, by rule: dates, places, people, counts, lists, sides.

        With the hits that it was read from, and a confidence. It abstains where what the question
        names is not in memory, where nothing holds all of it together, and below `threshold`
        (by default a low one). `limit`: how many records are looked through, as lists and counts
        need all that match; the rest is as in `search`. Raises what `search` raises.
        """
        asked = self._query(
            question,
            user_id=user_id,
            agent_id=agent_id,
            session_id=session_id,
            namespace=namespace,
            all_scopes=all_scopes,
            limit=limit,
            now=now,
            dialogue=dialogue,
            as_of=as_of,
            known_at=known_at,
            kinds=kinds,
            filters=filters,
            threshold=threshold,
        )
        return answering.answer(self._parts, asked)

    def fit(
        self,
        examples: Iterable[Mapping[str, Any]] | str | Path | None,
        *,
        user_id: str | None = None,
        namespace: str | None = None,
    ) -> Fitted | None:
        """Learn from labelled questions how much each feature of search counts for your data.

        An example is {"query": ..., "relevant": [ids of the records that answer it]}, and may hold
        "user_id", "namespace", "now" and "dialogue"; a path names a file with one as JSON on each
        line. A few hundred suffice. The new weights are kept in the file only if questions that
        they were not fitted on gain by more than chance; None goes back to the shipped ones.
        Raises InputError for too few or unusable examples.
        """
        if examples is None:
            self._parts = fitting.forget_fit(self._parts)
            return None
        asked = []
        for one in labels(examples):
            query = self._query(
                one.query,
                user_id=one.user_id or user_id,
                agent_id=None,
                session_id=None,
                namespace=one.namespace or namespace,
                all_scopes=False,
                limit=10,
                now=one.now,
                dialogue=one.dialogue,
                as_of=None,
                known_at=None,
                kinds=None,
                filters=None,
                threshold=None,
            )
            asked.append((query, one.relevant))
        self._parts, told = fitting.fit(self._parts, fitting.labelled(asked))
        return told

    def get(self, id: str) -> Record:
        """The current version of a record. Raises NotFound, or Forgotten if it was erased."""
        record = self._parts.store.get([_id(id)]).get(_id(id))
        if record is None:
            raise NotFound(f"no record {id!r}. Memory.list() shows what is there")
        if record.status is Status.FORGOTTEN:
            raise Forgotten(f"record {id} was forgotten. Nothing of it can come back")
        return record

    def list(
        self,
        *,
        user_id: str | Sequence[str] | None = None,
        agent_id: str | None = None,
        session_id: str | None = None,
        namespace: str | None = None,
        all_scopes: bool = False,
        kinds: Sequence[str] | None = None,
        filters: Filters | None = None,
        deleted: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """Records in the order in which they came, a page at a time; `deleted`: those as well.

        Give a page's `cursor` to get the next one. Raises ScopeError, FilterError, or InputError
        for a cursor that no page gave.
        """
        which = Listing(
            self._partitions(namespace, user_id, agent_id, session_id, all_scopes),
            _kinds(kinds),
            agent_id,
            session_id,
            statuses=(Status.ACTIVE, Status.RETIRED) if deleted else (Status.ACTIVE,),
        )
        conditions.check(filters or {})
        return paging.page(self._parts.store, which, filters or {}, limit, cursor)

    def history(self, id: str) -> tuple[Step, ...]:
        """How a record came to be what it is, oldest first: its versions, and those it replaced.

        Raises NotFound, or Forgotten if it was erased.
        """
        self.get(id)
        return tuple(paging.history(self._parts.store, _id(id)))

    def log(
        self,
        *,
        since: int | None = None,
        limit: int = 100,
        id: str | None = None,
        user_id: str | None = None,
        namespace: str | None = None,
    ) -> tuple[Entry, ...]:
        """What was done, by whom and why, oldest first: to everything, a user's records, or one.

        The changes after the sequence number `since`; without it, the latest ones.
        """
        check_number(limit, "limit", least=1, whole=True)
        if since is not None:
            check_number(since, "since", least=0, whole=True)
        named = user_id is not None or namespace is not None
        partition = self._partition(namespace, user_id, None, None) if named else None
        one = None if id is None else _id(id)
        return tuple(paging.log(self._parts.store, since, limit, one, partition))

    def diff(
        self,
        earlier: Point,
        later: Point | None = None,
        *,
        user_id: str | Sequence[str] | None = None,
        namespace: str | None = None,
    ) -> Diff:
        """What this memory knew at one point against another; `later` None: against now.

        A point is a time, a sequence number of the log, a change or a receipt. By default of all
        users. Raises InputError when the points are the wrong way round.
        """
        return diff.diff(self._parts, earlier, later, self._only(namespace, user_id))

    def scopes(self) -> tuple[ScopeInfo, ...]:
        """Whose memories this file holds, and how many each."""
        return tuple(
            ScopeInfo(partition.namespace, partition.user_id or None, count)
            for partition, count in self._parts.store.partitions()
        )

    def stats(self, *, user_id: str | None = None, namespace: str | None = None) -> Stats:
        """How much there is, of all users or of one, and by which encoder it is searched."""
        named = user_id is not None or namespace is not None
        partition = self._partition(namespace, user_id, None, None) if named else None
        return survey(self._parts, self._worker, partition)

    # -- care

    def flush(self) -> int:
        """Finish background work and erasures that were held back; returns the jobs done.

        Raises ModelError when the encoder fails; the work stays in the file.
        """
        trying.refuse(self._parts.store, "background work")
        erase.complete(self._parts.store)
        return jobs.finish(self._parts.store, self._parts.encoders, self._parts.clock)

    def reembed(
        self, encoder: str | None, *, kinds: Sequence[str] | str | None = None
    ) -> Reembedding:
        """Change the encoder of the file, for all records or for those of some kinds.

        By name ("minilm", "static", ...; None: text alone). The vectors are computed in the
        background, by whichever process holds the file, and resumed after a crash; until a user's
        memories all have the new ones the old ones serve. Then the old ones are removed. Raises
        InputError, ModelError or MissingExtra before anything is changed.
        """
        return reembed.reembed(self._parts, encoder, _kinds(kinds))

    def doctor(self, *, repair: bool = False) -> Diagnosis:
        """Hold log, versions, passages, vectors and text index against each other.

        `repair` makes anew what is derived; the truth is never touched. Raises StoreError.
        """
        return doctor.examine(self._parts, repair=repair)

    def export(
        self,
        path: str | Path,
        *,
        user_id: str | Sequence[str] | None = None,
        namespace: str | None = None,
        vectors: bool = False,
    ) -> cube.Cube:
        """Write memories with their whole history to one portable file; by default all of them.

        As plain text, also those of a sealed file. `vectors`: those that were computed, as well.

        Raises ScopeError for a user who is not here, SourceError when the file cannot be written.
        """
        everything = user_id is None
        partitions = self._partitions(namespace, user_id, None, None, everything)
        there = {partition for partition, _ in self._parts.store.partitions()}
        if not there.issuperset(partitions) or (namespace is not None and not partitions):
            missing = next((p for p in partitions if p not in there), namespace)
            known = "; ".join(map(str, sorted(there))) or "nothing"
            raise ScopeError(f"nothing to export for {missing}. This file holds {known}")
        return cube.save(self._parts, named_path(path), partitions, vectors=vectors)

    def load(self, path: str | Path) -> cube.Cube:
        """Take over the memories of an exported file; what is here already is passed over.

        Raises SourceError, and takes over nothing, when the file is no cube or is damaged.
        """
        return cube.load(self._parts, named_path(path))

    def backup(self, path: str | Path, *, overwrite: bool = False) -> Backup:
        """Copy the whole file, as it is committed now, while others read and write it.

        It appears whole or not at all; `mnemic.restore_backup` puts it back. What is forgotten
        later is erased there as well, as long as it lies where it was made. A backup that is there
        is replaced, another file only with `overwrite`. Raises InputError, StoreError.
        """
        from mnemic.engine import backups  # with it come SQLite's own copies

        return backups.backup(self._parts, named_path(path), overwrite=overwrite)

    # -- from arguments to values

    def _partition(
        self,
        namespace: str | None,
        user_id: str | None,
        agent_id: str | None,
        session_id: str | None,
    ) -> Partition:
        scopes.check(agent_id=agent_id, session_id=session_id)
        return scopes.one(
            self._parts.store.partitions,
            namespace=namespace,
            user_id=user_id,
            within=agent_id is not None or session_id is not None,
        )

    def _partitions(
        self,
        namespace: str | None,
        user_id: str | Sequence[str] | None,
        agent_id: str | None,
        session_id: str | None,
        all_scopes: bool,
    ) -> tuple[Partition, ...]:
        scopes.check(agent_id=agent_id, session_id=session_id)
        return scopes.several(
            self._parts.store.partitions,
            namespace=namespace,
            user_id=user_id,
            within=agent_id is not None or session_id is not None,
            all_scopes=all_scopes,
        )

    def _only(
        self, namespace: str | None, user_id: str | Sequence[str] | None
    ) -> tuple[Partition, ...] | None:
        """The partitions that are named, None where none is."""
        if namespace is None and user_id is None:
            return None
        return self._partitions(namespace, user_id, None, None, all_scopes=user_id is None)

    def _reviewed(
        self,
        verdict: Callable[[Parts, Sequence[RecordId], str], Receipt],
        ids: Sequence[str] | str,
        why: str,
    ) -> Receipt:
        _check_why(why)
        return verdict(self._parts, _ids(ids), why)

    def _with(self, parts: Parts) -> Memory:
        """This memory, made of other parts."""
        other = copy.copy(self)
        other._parts = parts
        return other

    def _time(self, time: TimeLike | None) -> Moment | None:
        return None if time is None else Moment.parse(time, self._parts.zone)

    def _query(
        self,
        text: str,
        *,
        user_id: str | Sequence[str] | None,
        agent_id: str | None,
        session_id: str | None,
        namespace: str | None,
        all_scopes: bool,
        limit: int,
        now: TimeLike | None,
        dialogue: Sequence[str] | Sequence[Message],
        as_of: TimeLike | None,
        known_at: TimeLike | None,
        kinds: Sequence[str] | None,
        filters: Filters | None,
        threshold: float | None,
    ) -> Query:
        check_question(text)
        check_number(limit, "limit", least=1, whole=True)
        if threshold is not None:
            check_threshold(threshold)
        conditions.check(filters or {})
        moments = [self._moment(time) if time is not None else None for time in (as_of, known_at)]
        asked_at = self._parts.now() if now is None else self._moment(now)
        assert isinstance(asked_at, Moment)
        return Query(
            text=text,
            partitions=self._partitions(namespace, user_id, agent_id, session_id, all_scopes),
            now=asked_at,
            limit=limit,
            agent_id=agent_id,
            session_id=session_id,
            kinds=_kinds(kinds),
            filters=filters or {},
            as_of=moments[0],  # type: ignore[arg-type]
            known_at=moments[1],  # type: ignore[arg-type]
            threshold=threshold,
            dialogue=said_before(dialogue),
        )

    def _moment(self, time: TimeLike | Keep | None) -> Moment | Keep | None:
        if time is None or isinstance(time, Keep):
            return time
        return Moment.parse(time, self._parts.zone)

    def _commit(self, changes: Sequence[Change]) -> Receipt:
        return receipt(commit(self._parts, changes))


def _id(id: object) -> RecordId:
    """An id as users give it; InputError unless it is a text."""
    if not isinstance(id, str) or not id.isascii():
        raise InputError(f"not an id: {id!r}. Receipts, hits and Memory.list() give them")
    return RecordId(id)


def _ids(ids: object) -> tuple[RecordId, ...]:
    """One id, or several, as users give them."""
    return tuple(map(_id, several(ids, "ids")))


def _check_act(act: object) -> None:
    if not callable(act):
        raise InputError(f"not something to do: {act!r}. Give a function of a memory")


def _check_why(why: object) -> None:
    if why is None:
        raise InputError("the log needs a reason: `why` (of forget: `reason`) is None")
    check_name(why, "why")


def _kinds(names: Sequence[str] | str | None) -> tuple[str, ...] | None:
    """The kinds that are asked for; InputError for one that nobody declared."""
    if names is None:
        return None
    return tuple(find_kind(name).name for name in several(names, "kinds"))
