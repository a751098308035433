"""ChatGPT's data export: `conversations.json`, alone, in the export's zip, or in its folder.

Each conversation is a tree (`mapping`: node to parent, children, message) of which people saw the
path that ends in `current_node`; what was edited or regenerated away is given only on request,
in sessions of its own. Newer exports part the file into conversations-000.json, -001.json ...
Custom instructions, thoughts, scraped pages and other inner traffic are not part of what was said.

A message is known as ("chatgpt:<conversation id>", <message id>): exporting again recognises it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources.decode import text
from mnemic.sources.exports import UNWRAP, parts
from mnemic.sources.identity import digest
from mnemic.sources.json_stream import Element, elements
from mnemic.sources.options import Notice, Options
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import moment
from mnemic.sources.tree import paths

_INNER = frozenset({
    "thoughts", "reasoning_recap", "user_editable_context", "model_editable_context",
    "tether_browsing_display", "tether_quote", "sonic_webpage", "system_error",
    "app_pairing_content",
})  # fmt: skip
_POINTERS = {
    "image_asset_pointer": "[image]",
    "audio_asset_pointer": "[audio]",
    "real_time_user_audio_video_asset_pointer": "[audio]",
    "video_container_asset_pointer": "[video]",
}


def recognises(value: Json) -> bool:
    """Whether a value has the shape of a conversation in this export."""
    return isinstance(mapping(value).get("mapping"), dict)


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages of all conversations, in the order of the file.

    session_id is the conversation's id, position the depth in its tree, metadata["title"] its
    title. Raises SourceError where the file is no such export, or damaged.
    """
    for part in parts(path):
        for element in elements(text(part, options), str(part), UNWRAP):
            if not recognises(element.value):
                raise SourceError(
                    f"no ChatGPT conversation: {part}, {element.where} has no object 'mapping'. "
                    'Give the export\'s conversations.json, or use format="auto"'
                )
            yield from _conversation(element, str(part), options)


def _conversation(element: Element, name: str, options: Options) -> Iterator[Event]:
    value = element.value
    nodes = {key: mapping(node) for key, node in value["mapping"].items()}
    parents = {key: string(node.get("parent")) for key, node in nodes.items()}
    title = string(value.get("title"))
    conversation = (
        string(value.get("conversation_id"))
        or string(value.get("id"))
        or digest(string(value.get("create_time")), title)
    )
    current = string(value.get("current_node"))
    main, others = paths(parents, current if current and current in nodes else _latest(nodes))
    where = f"{name}, {element.where}, conversation {conversation}"
    depths: dict[str, int] = {}
    for branch in (main, *others):
        above = parents[branch[0]] if branch else None
        depths |= {key: depth for depth, key in enumerate(branch, depths.get(above or "", -1) + 1)}
        session = conversation if branch is main else f"{conversation}/{branch[0]}"
        for key in branch:
            event = _message(nodes[key].get("message"), key, title, options, where)
            if event is None:
                continue
            if branch is not main and not options.branches:
                options.note(Notice.BRANCH)
                continue
            yield replace(
                event,
                session_id=session,
                source=f"chatgpt:{conversation}",
                position=depths[key],
                metadata={**event.metadata, **({} if branch is main else {"branch": True})},
            )


def _latest(nodes: dict[str, dict[str, Json]]) -> str:
    """The node written last: where the export forgot to say which branch was shown."""
    latest, at = "", float("-inf")
    for key, node in nodes.items():
        time = mapping(node.get("message")).get("create_time")
        written = float(time) if isinstance(time, int | float) else at
        if written >= at:
            latest, at = key, written
    return latest


def _message(
    value: Json, key: str, title: str | None, options: Options, where: str
) -> Event | None:
    """The message of a node, without its place; None, and a note, for what was never shown."""
    message = mapping(value)
    content = mapping(message.get("content"))
    about = mapping(message.get("metadata"))
    author = mapping(message.get("author"))
    role = role_of(string(author.get("role")))
    words = _words(content)
    if not words:
        if content and role in ("user", "assistant"):
            options.note(Notice.EMPTY)
        return None
    kind = string(content.get("content_type")) or "text"
    hidden = about.get("is_visually_hidden_from_conversation") or message.get("weight") == 0
    if role == "system" or hidden or kind in _INNER:
        options.note(Notice.HIDDEN)
        return None
    recipient = string(message.get("recipient"))
    files = [string(mapping(file).get("name")) for file in sequence(about.get("attachments"))]
    metadata = {
        "title": title,
        "model": string(about.get("model_slug")),
        "content_type": kind if kind not in ("text", "multimodal_text") else None,
        "recipient": recipient if recipient != "all" else None,
        "attachments": [file for file in files if file] or None,
    }
    return Event(
        text=words,
        speaker=string(author.get("name")),
        role=role,
        time=moment(message.get("create_time"), options.zone, f"{where}, message {key}"),
        external_id=string(message.get("id")) or key,
        origin=origin_of(role),
        metadata={name: held for name, held in metadata.items() if held is not None},
    )


def _words(content: dict[str, Json]) -> str:
    """What a message says; pictures and sounds as [image], [audio], [video]."""
    said = [string(content.get("text"))]
    for piece in sequence(content.get("parts")):
        inner = mapping(piece)
        pointer = _POINTERS.get(string(inner.get("content_type")) or "")
        said.append(pointer or string(inner.get("text")) or string(piece))
    return "\n".join(piece for piece in said if piece).strip()
