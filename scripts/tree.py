"""Write the tree of the README from the first line of each file, so that it cannot go stale.

python scripts/tree.py            (writes)        python scripts/tree.py --check
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- tree: made by scripts/tree.py -->", "<!-- end of tree -->"
FLOORS = (
    ("core", "FLOOR 0  nouns, verbs, ports: values only"),
    ("language", "FLOOR 1  text analysis, pure"),
    ("algorithms", "FLOOR 1  on scores, vectors and graphs, pure"),
    ("measure", "FLOOR 1  statistics of the instruments, pure"),
    ("store", "FLOOR 2  where records live"),
    ("index", "FLOOR 2  derived, can always be rebuilt"),
    ("models", "FLOOR 2  the world's models"),
    ("sources", "FLOOR 2  files of the world → events"),
    ("formation", "FLOOR 2  what comes in → changes, pure"),
    ("evolution", "FLOOR 2  records → changes, pure"),
    ("retrieval", "FLOOR 2  query → pack, pure"),
    ("testing", "FLOOR 2  shared checks, public"),
    ("engine", "FLOOR 3  the only composer"),
    ("bench", "FLOOR 4  benchmarks of memory systems"),
    ("surface", "FLOOR 5  what people and programs touch"),
)


def first_line(file: Path) -> str:
    """The first line of a module's docstring, without its full stop."""
    told = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return told.split("\n", 1)[0].rstrip(".")


def tree() -> str:
    """One line per file, floor by floor."""
    package = ROOT / "src" / "mnemic"
    lines = [f"src/mnemic/{'__init__.py':<30} {first_line(package / '__init__.py')}"]
    for name, meaning in FLOORS:
        lines.append(f"  {name + '/':<12} {meaning}")
        folder = package / name
        files = [file for file in sorted(folder.rglob("*.py")) if file.name != "__init__.py"]
        lines += [f"    {file.relative_to(folder)!s:<26} {first_line(file)}" for file in files]
    lines += [f"{name + '/':<14} {meaning}" for name, meaning in _OUTSIDE.items()]
    return "```text\n" + "\n".join(lines) + "\n```"


_OUTSIDE = {
    "tests": "mirrors src/mnemic, file for file; each test is a law, an example or a bug",
    "benchmarks": "speed, ranking and our own labelled conversations; results committed as JSON",
    "scripts": "what is made once: the static token table, the weights, this tree",
    "examples": "a year of conversations, questions on it, a whole assistant",
    "docs": "how-to pages, and design/: one page per decision",
}


def main() -> int:
    """Write the README's tree, or with --check say whether it is as it should be."""
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = f"{before}{BEGIN}\n{tree()}\n{END}{after}"
    if "--check" in sys.argv:
        return int(fresh != text)
    readme.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
