"""Is what was forgotten gone from every byte? Random histories, real files, real restarts.

    python benchmarks/erasure.py                                    # 100 histories, two minutes
    python benchmarks/erasure.py --histories 10 --steps 25 --out -  # as in CI

In each history a few users talk; some of what they say carries canaries (words of letters that
nothing else is written with) in its text, speaker, session, agent, source, metadata, media and in
the reasons of its changes. Records are revised, superseded, linked, deleted, brought back; facts,
gists and gists of gists are drawn from one source or several; the memory is closed and opened,
exported and backed up. Then everything with a canary is forgotten: by ids, by session, or by user.

Counted is what is left of it in the bytes of every file: database, log, shared memory, exports
(unpacked) and backups. By `residue_scan`, and by eyes of our own that share no code with it: runs
of the canaries' letters in UTF-8 and UTF-16, and the media in base64.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from machine import describe
from mnemic import Memory
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Certificate, Receipt
from mnemic.core.records import REMAINING, Media, Record
from mnemic.core.storage import Listing
from mnemic.engine.backups import backup
from mnemic.engine.forgetting.residue import residue_scan

LETTERS = "qxzjkwç"
RUNS = [
    re.compile(b"(?:" + b"|".join(re.escape(sign.encode(code)) for sign in LETTERS) + b"){6,}")
    for code in ("utf-8", "utf-16-le")
]
PLAIN = (
    "I moved to Lisbon last May.",
    "We had tea by the river.",
    "The house has a red door.",
    "My brother plays chess on Sundays.",
    "The train was late again.",
    "She paints in the morning.",
    "Our cat sleeps on the piano.",
    "It rained all of April.",
    "The bakery closes at noon.",
    "He learned to sail as a boy.",
    "The garden needs water.",
    "They sold the old car.",
    "The moon was bright.",
    "A letter came from Porto.",
    "Dinner is at eight.",
)


class History:
    """A memory in use, what must not be found of it later, and what must stay."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.path = folder / "memory.db"
        self.memory = Memory(self.path)
        self.plain: list[str] = []
        self.victims: list[str] = []
        self.derived: list[str] = []
        self.texts: list[str] = []
        self.media: list[bytes] = []
        self.session, self.user = self.canary(), f"user-{self.canary()}"
        self.copies = 0
        self.last: Receipt | None = None

    def canary(self) -> str:
        """A word of which no six letters in a row may be found."""
        return "".join(self.chance.choices(LETTERS, k=self.chance.randint(9, 14)))

    def sentence(self) -> str:
        return self.chance.choice(PLAIN)

    def secret(self) -> str:
        """What a victim says, short or several pages long."""
        said = [self.sentence() for _ in range(self.chance.choice([0, 1, 5, 60]))]
        said.insert(
            len(said) // 2, f'They said "{self.canary()} {self.canary()}" to {self.canary()}.'
        )
        text = " ".join(said)
        self.texts.append(text)
        return text

    def who(self) -> str:
        return self.chance.choice(["ana", "bo"])

    def where(self) -> dict[str, str]:
        """The user of a record is asked of itself, for links stay within one."""
        return {"user_id": self.chance.choice(["ana", "bo", self.user])}

    def step(self) -> None:
        """Something that happens to a memory every day."""
        steps: list[tuple[int, Callable[[], None]]] = [
            (5, self.say), (5, self.tell), (2, self.revise), (3, self.touch), (2, self.supersede),
            (5, self.draw), (2, self.relate), (2, self.hide), (1, self.undo), (1, self.restart),
            (1, self.export), (1, self.back_up), (1, self.ask),
        ]  # fmt: skip
        weights = [weight for weight, _ in steps]
        self.chance.choices([act for _, act in steps], weights)[0]()

    def say(self) -> None:
        texts = [" ".join(self.sentence() for _ in range(self.chance.choice([1, 2, 9])))]
        texts *= 1 if self.chance.random() < 0.7 else 12
        self.plain += self.memory.add(texts, user_id=self.who(), speaker="Ana").ids

    def tell(self) -> None:
        picture = b"\x89PNG" + self.canary().encode() * 30
        self.media.append(picture)
        where = {"user_id": self.who(), "session_id": self.session}
        if self.chance.random() < 0.3:
            where = {"user_id": self.user}
        self.last = self.memory.add(
            self.secret(),
            **where,
            agent_id=self.canary(),
            speaker=self.canary().title(),
            metadata={self.canary(): [self.canary() + '\n"', {"deep": self.canary()}]},
            source=self.canary(),
            external_id=self.canary(),
            media=Media("image/png", self.canary(), self.canary(), picture),
        )
        self.victims += self.last.ids

    def revise(self) -> None:
        if self.plain:
            self.memory.update(self.chance.choice(self.plain), text=self.sentence(), weight=2.0)

    def touch(self) -> None:
        if self.victims:
            id = self.chance.choice(self.victims)
            self.last = self.memory.update(
                id, text=self.secret(), speaker=self.canary(), why=f"because {self.canary()}"
            )

    def supersede(self) -> None:
        """The new record says nothing of the old one, but its reason does."""
        if self.victims:
            old = self.memory.get(self.chance.choice(self.victims))
            if old.status.value == "active" and old.valid_to is None and not old.scope.session_id:
                why = f"no longer {self.canary()}"
                receipt = self.memory.supersede(
                    old.id, text=self.secret(), why=why, speaker=None, valid_from="2100-01-01"
                )
                self.victims += receipt.ids
            elif self.plain:
                id = self.chance.choice(self.plain)
                plain = self.memory.get(id)
                if plain.status.value == "active" and plain.valid_to is None:
                    self.victims += self.memory.supersede(
                        id, text=self.secret(), why=f"now {self.canary()}", valid_from="2100-01-01"
                    ).ids

    def draw(self) -> None:
        """A fact or gist of one source or several, some of them drawn themselves."""
        pool = [*self.victims, *self.plain[-5:], *self.derived]
        if not pool:
            return
        ids = list(dict.fromkeys(self.chance.choices(pool, k=self.chance.randint(1, 4))))
        sources = [self.memory.get(id) for id in ids]
        text = "\n".join(source.text.split(". ")[0].rstrip(".") + "." for source in sources)
        if any(self.tainted(source) for source in sources):
            text += f" So {self.canary()} it is."
            self.texts.append(text)
        receipt = self.memory.add(
            text,
            user_id=self.who(),
            kind=self.chance.choice(["fact", "gist"]),
            derived_from=ids,
            origin="derived",
            metadata={"about": self.canary()} if "So " in text else {},
        )
        self.derived += receipt.ids

    def tainted(self, record: Record) -> bool:
        return record.id in self.victims or bool(RUNS[0].search(record.text.encode()))

    def relate(self) -> None:
        everything = [*self.victims, *self.plain, *self.derived]
        if self.victims and len(everything) > 1:
            a, b = self.chance.choice(self.victims), self.chance.choice(everything)
            if a != b:
                self.memory.link(
                    *self.chance.choice([(a, self.canary(), b), (b, self.canary(), a)])
                )

    def hide(self) -> None:
        everything = [*self.victims, *self.derived, *self.plain]
        if everything:
            id = self.chance.choice(everything)
            hidden = self.memory.get(id).status.value == "retired"
            (self.memory.restore if hidden else self.memory.delete)(id)

    def undo(self) -> None:
        if self.last is not None and len(self.last.changes) == 1:
            receipt, self.last = self.last, None
            if self.memory.log(limit=1)[0].id == receipt.changes[0].id:
                self.memory.undo(receipt)

    def restart(self) -> None:
        self.memory.close()
        self.memory = Memory(self.path)

    def export(self) -> None:
        self.copies += 1
        if self.memory.stats().records:
            self.memory.export(self.folder / f"export-{self.copies}.zip")

    def back_up(self) -> None:
        self.copies += 1
        backup(self.memory._parts, self.folder / f"backup-{self.copies}.db")

    def ask(self) -> None:
        self.memory.search("What did they say about the house?", user_id=self.who())

    # -- the end

    def doomed(self) -> list[str]:
        """Everything that carries a canary, but not what is drawn from it."""
        there = self.memory._parts.store.get([RecordId(id) for id in self.victims])
        return [id for id, record in there.items() if record.text]

    def forget(self) -> list[Certificate]:
        """By user, by session, or by ids: whatever is left of the victims."""
        done = []
        if any(scope.user_id == self.user for scope in self.memory.scopes()):
            done.append(self.memory.forget(user_id=self.user, reason="user_request"))
        if self.chance.random() < 0.5:
            here = [scope.user_id for scope in self.memory.scopes() if scope.user_id != self.user]
            done += [
                self.memory.forget(user_id=user, session_id=self.session, reason="session_over")
                for user in here
            ]
        left = self.doomed()
        return [*done, self.memory.forget(left, reason="user_request")] if left else done

    def residue(self) -> list[bytes]:
        """What all files of the folder still hold, seen without any of our code."""
        found: list[bytes] = []
        packed = {base64.b64encode(picture)[8:40] for picture in self.media}
        for file in sorted(self.folder.iterdir()):
            parts = [file.read_bytes()]
            if zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as cube:
                    parts += [cube.read(name) for name in cube.namelist()]
            for data in parts:
                for pattern in RUNS:
                    # A page's list of row offsets may look like one letter over and over.
                    runs = pattern.findall(data)
                    found += [run for run in runs if len(set(run) - {0}) > 2]
                found += [each for each in packed if each in data]
        return found

    def survivors(self) -> dict[str, Record]:
        store = self.memory._parts.store
        everyone = tuple(partition for partition, _ in store.partitions())
        listed = store.listing(Listing(everyone, statuses=REMAINING), 0, 10**6)
        return {record.id: record for _, record in listed}


def run(folder: Path, seed: int, steps: int) -> dict[str, Any]:
    """One history, forgotten; what is left, and what went wrong. An empty `wrong` is the goal."""
    history = History(folder, seed)
    while len(history.victims) < 3:
        history.tell()
    for _ in range(steps):
        history.step()
    before, there = history.survivors(), len(history.residue())
    begun = time.perf_counter()
    certificates = history.forget()
    seconds = time.perf_counter() - begun
    after, left = history.survivors(), history.residue()
    scanned = residue_scan(history.memory._parts, sorted(set(history.texts)))
    alone = [str(one) for one in scanned if not one.elsewhere and one.telling]
    gone = {id for certificate in certificates for id in certificate.ids}
    redrawn = {new for certificate in certificates for new in certificate.redrawn.values()}
    wrong = []
    if there == 0:
        wrong.append("there was nothing to find")
    if any(one.status != "erased" or one.unreached for one in certificates):
        wrong.append("a certificate is not complete")
    done = [one for one in certificates if one.ids]
    if any(not (one.verified and one.regression and one.method) for one in done):
        wrong.append("a certificate lacks its checks")
    if {id: one for id, one in before.items() if id not in gone} != {
        id: one for id, one in after.items() if id not in redrawn
    }:
        wrong.append("a survivor is not as it was")
    if not history.memory.doctor().ok:
        wrong.append(str(history.memory.doctor()))
    history.memory.close()
    return {
        "seed": seed,
        "forgotten": len(gone),
        "redrawn": len(redrawn),
        "survivors": len(after),
        "files": len(list(folder.iterdir())),
        "copies reached": sum(len(one.reached) for one in certificates),
        "seconds": round(seconds, 3),
        "found before": there,
        "residue bytes": sum(map(len, left)),
        "residue_scan": len(alone),
        "wrong": wrong,
        "examples": [*(repr(run) for run in left[:3]), *alone[:3]],
    }


def main() -> int:
    """Run the histories, print one line for all of them, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=None, help="a JSON file; - for none")
    given = parser.parse_args()
    rows = []
    for seed in range(given.seed, given.seed + given.histories):
        with tempfile.TemporaryDirectory(prefix="mnemic-erasure-") as folder:
            rows.append(run(Path(folder), seed, given.steps))
        if rows[-1]["wrong"] or rows[-1]["examples"]:
            print(json.dumps(rows[-1], indent=1), file=sys.stderr)
    names = ["forgotten", "redrawn", "survivors", "files", "copies reached", "seconds"]
    names += ["found before", "residue bytes", "residue_scan"]
    total = {name: round(sum(row[name] for row in rows), 3) for name in names}
    total |= {"histories": len(rows), "histories with a fault": sum(bool(r["wrong"]) for r in rows)}
    print(json.dumps(total, indent=1))
    if given.out != "-":
        day = datetime.now(UTC).date().isoformat()
        out = Path(given.out or Path(__file__).parent / "results" / f"erasure-{day}.json")
        out.parent.mkdir(parents=True, exist_ok=True)
        kept = {"day": day, "machine": describe(), "total": total, "histories": rows}
        out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return int(
        bool(total["residue bytes"] or total["residue_scan"] or any(r["wrong"] for r in rows))
    )


if __name__ == "__main__":
    sys.exit(main())
