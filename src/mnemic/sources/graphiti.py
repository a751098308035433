"""Graphiti: nodes, edges and episodes of its graph, saved as JSON.

    nodes = await EntityNode.get_by_group_ids(driver, ["ana"])       # likewise EntityEdge and
    json.dump([node.model_dump(mode="json") for node in nodes], file)  # EpisodicNode

A list of them, one object to the line, an object that holds them under "nodes", "edges" and
"episodes", and what Neo4j's APOC writes (objects with "properties") are read alike. Facts
(EntityEdge) become facts, valid from `valid_at` to `invalid_at`; episodes are taken word for word;
of entities, communities and sagas the summaries. Each is known by its uuid. Links without words
(MENTIONS and the like) and vectors are left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources.decode import text
from mnemic.sources.json_stream import elements
from mnemic.sources.names import Names
from mnemic.sources.options import Notice, Options
from mnemic.sources.owners import choose, wanted
from mnemic.sources.parts import Part, select
from mnemic.sources.shape import mapping, string
from mnemic.sources.times import moment

FILES = re.compile(
    r"(?i)(^|/)(graphiti|nodes|edges|episodes|facts)[^/]*\.(json|jsonl|ndjson)(\.gz)?\Z"
)

_LISTS = (
    "episodes", "edges", "nodes", "facts", "entity_edges", "entity_nodes", "episodic_nodes",
    "episodic_edges", "communities", "community_nodes", "community_edges", "sagas", "relationships",
)  # fmt: skip
_UNWRAP = frozenset(_LISTS)
_VECTORS = ("fact_embedding", "name_embedding", "summary_embedding")
_USED = frozenset({
    "fact", "content", "summary", "valid_at", "invalid_at", "name", "group_id", *_VECTORS,
})  # fmt: skip
_NO_GROUP = "graphiti"


def recognises(value: Json) -> bool:
    """Whether a value is a node or an edge of Graphiti, or holds lists of them."""
    found = mapping(value)
    for name in _LISTS:
        held = found.get(name)
        if isinstance(held, list) and any(_is_one(_plain(one)) for one in held[:3]):
            return True
    return _is_one(_plain(value))


def _is_one(value: dict[str, Json]) -> bool:
    if not (isinstance(value.get("uuid"), str) and "group_id" in value):
        return False
    edge = "source_node_uuid" in value or "fact" in value
    episode = "content" in value and ("source_description" in value or "valid_at" in value)
    return edge or episode or ("name" in value and ("summary" in value or "labels" in value))


def _plain(value: Json) -> dict[str, Json]:
    """A node or edge as Graphiti names its fields; APOC keeps them under "properties"."""
    found = mapping(value)
    return {**found, **mapping(found.get("properties"))} if "properties" in found else found


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder or zip, its nodes*.json, edges*.json, episodes*.json ..."""
    return select(path, FILES, "nodes.json, edges.json or episodes.json")


def read(path: Path, options: Options) -> Iterator[Event]:
    """Episodes, facts and summaries, in the order of the file; those of one group.

    session_id is the group. Raises SourceError where the file is damaged or holds something else,
    and where it holds several groups of which none was asked for.
    """
    found = parts(path)
    groups = (group for part in found for group in _groups(part, options))
    chosen = choose(groups, options, str(path), "group_id")
    seen = False
    for part in found:
        names = Names("graphiti", part.stem)
        for element in elements(text(part, options), str(part), _UNWRAP):
            value = _plain(element.value)
            where = f"{part}, {element.where}"
            if "uuid" not in value:
                raise SourceError(
                    f"nothing of Graphiti: {where} has no 'uuid'. Save nodes, edges and episodes "
                    'with model_dump(mode="json"), or name another format'
                )
            seen = True
            if wanted(string(value.get("group_id")), chosen, options):
                yield from _events(value, names, where, options)
    if not seen:
        raise SourceError(f"nothing in it: {str(path)!r} has no node, edge or episode to import")


def _groups(part: Part, options: Options) -> Iterator[str | None]:
    for element in elements(text(part, options, progress=False), str(part), _UNWRAP):
        yield string(_plain(element.value).get("group_id"))


def _events(value: dict[str, Json], names: Names, where: str, options: Options) -> Iterator[Event]:
    """The record that a node or edge becomes, or none and a note."""
    name = string(value.get("name"))
    fact, content = string(value.get("fact")), string(value.get("content"))
    summary = string(value.get("summary"))
    if fact:
        words, kind, origin = fact, "fact", Origin.DERIVED
    elif content:
        said = value.get("source") == "message"
        words, kind, origin = content, "turn" if said else "document", Origin.USER
        if not said:
            origin = Origin.DOCUMENT
    elif summary:
        words, kind, origin = f"{name}: {summary}" if name else summary, "gist", Origin.DERIVED
    else:
        linked = "source_node_uuid" in value or value.get("type") == "relationship"
        options.note(Notice.LINKS if linked else Notice.EMPTY)
        return
    if any(value.get(vector) for vector in _VECTORS):
        options.note(Notice.REBUILT)
    id = string(value.get("uuid"))
    source, external = names.identity(id, words)
    session = string(value.get("group_id")) or _NO_GROUP
    about = {
        key: held
        for key, held in value.items()
        if key not in _USED and key != "properties" and held not in (None, "", [], {})
    }
    yield Event(
        text=words,
        kind=kind,
        time=moment(value.get("valid_at"), options.zone, where),
        valid_to=moment(value.get("invalid_at"), options.zone, where),
        session_id=session,
        source=source,
        external_id=external,
        position=names.place(session),
        origin=origin,
        metadata={
            **({"name": name} if name else {}),
            **({"group_id": value["group_id"]} if value.get("group_id") else {}),
            **about,
        },
    )
