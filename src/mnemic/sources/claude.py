"""Claude.ai's data export: `conversations.json`, alone, in the export's zip, or in its folder.

A conversation holds `chat_messages`; where they name parents it is a tree like ChatGPT's, and the
path that ends in the last message is what people saw. A message's blocks of text are its words;
thoughts and tool traffic are left out. The text of attached files and of artifacts comes as
documents in sessions of their own, so that a long file does not stand between two turns.

A message is known as ("claude:<conversation uuid>", <message uuid>).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources.decode import text
from mnemic.sources.exports import UNWRAP, parts
from mnemic.sources.identity import digest
from mnemic.sources.json_stream import Element, elements
from mnemic.sources.options import Notice, Options
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import moment
from mnemic.sources.tree import paths

_INNER = frozenset({"thinking", "redacted_thinking", "tool_use", "tool_result", "token_budget"})


def recognises(value: Json) -> bool:
    """Whether a value has the shape of a conversation in this export."""
    return isinstance(mapping(value).get("chat_messages"), list)


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages of all conversations, in the order of the file.

    session_id is the conversation's uuid, position the place in the file, metadata["title"] its
    name. Raises SourceError where the file is no such export, or damaged.
    """
    for part in parts(path):
        for element in elements(text(part, options), str(part), UNWRAP):
            if not recognises(element.value):
                raise SourceError(
                    f"no Claude conversation: {part}, {element.where} has no list 'chat_messages'. "
                    'Give the export\'s conversations.json, or use format="auto"'
                )
            yield from _conversation(element, str(part), options)


def _conversation(element: Element, name: str, options: Options) -> Iterator[Event]:
    value = element.value
    title = string(value.get("name"))
    conversation = string(value.get("uuid")) or digest(string(value.get("created_at")), title)
    where = f"{name}, {element.where}, conversation {conversation}"
    messages: dict[str, dict[str, Json]] = {}
    for number, message in enumerate(map(mapping, value["chat_messages"])):
        messages.setdefault(string(message.get("uuid")) or f"message {number}", message)
    if not messages:
        return
    places = {key: place for place, key in enumerate(messages)}
    leaf = string(value.get("current_leaf_message_uuid"))
    main, others = paths(_parents(messages), leaf if leaf in messages else list(messages)[-1])
    for branch in (main, *others):
        session = conversation if branch is main else f"{conversation}/{branch[0]}"
        for key in branch:
            for event in _message(messages[key], key, title, options, f"{where}, message {key}"):
                if branch is not main and not options.branches:
                    options.note(Notice.BRANCH)
                    continue
                beside = event.session_id  # an attachment or artifact, with its own session
                yield replace(
                    event,
                    session_id=f"{conversation}/{beside}" if beside else session,
                    source=f"claude:{conversation}",
                    position=0 if beside else places[key],
                    metadata={**event.metadata, **({} if branch is main else {"branch": True})},
                )


def _parents(messages: dict[str, dict[str, Json]]) -> dict[str, str | None]:
    """Who answers whom; in exports that do not say, each message answers the one before."""
    named = {key: string(message.get("parent_message_uuid")) for key, message in messages.items()}
    if any(parent in messages for parent in named.values()):
        return named
    keys = list(messages)
    return dict(zip(keys, [None, *keys], strict=False))


def _message(
    message: dict[str, Json], key: str, title: str | None, options: Options, where: str
) -> Iterator[Event]:
    """The message, and a document for each attached text and each artifact."""
    role = role_of(string(message.get("sender")))
    time = moment(message.get("created_at"), options.zone, where)
    named = {"title": title} if title else {}
    said: list[str] = []
    artifacts: list[dict[str, Json]] = []
    for block in map(mapping, sequence(message.get("content"))):
        words = string(block.get("text"))
        if block.get("type") in _INNER:
            made = mapping(block.get("input"))
            if string(made.get("content")) and block.get("type") == "tool_use":
                artifacts.append(made)
            else:
                options.note(Notice.HIDDEN)
        elif words:
            said.append(words)
    attachments = [mapping(file) for file in sequence(message.get("attachments"))]
    files = [mapping(file) for file in sequence(message.get("files"))]
    shared = [string(file.get("file_name")) for file in (*attachments, *files)]
    words = "\n\n".join(said) or ("" if artifacts else string(message.get("text")) or "")
    words = "\n".join([words, *(f"[file: {file}]" for file in shared if file)]).strip()
    if words:
        yield Event(
            text=words,
            role=role,
            time=time,
            external_id=key,
            origin=origin_of(role),
            metadata=named,
        )
    elif not artifacts:
        options.note(Notice.EMPTY)
    documents = [
        *(("attachment", file.get("file_name"), file.get("extracted_content"), Origin.DOCUMENT)
          for file in attachments),
        *(("artifact", made.get("title"), made.get("content"), Origin.ASSISTANT)
          for made in artifacts),
    ]  # fmt: skip
    for number, (what, label, content, origin) in enumerate(documents):
        held = string(content)
        if held:
            yield Event(
                text=held,
                kind="document",
                role=role,
                time=time,
                session_id=f"{key}/{what} {number}",
                external_id=f"{key}/{what} {number}",
                origin=origin,
                metadata={**named, what: string(label)} if string(label) else named,
            )
