"""AsyncMemory is Memory, awaited."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path

from mnemic import AsyncMemory, Memory


def public(cls: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(cls, callable) if not name.startswith("_")}


def test_it_has_every_method() -> None:
    assert public(AsyncMemory) == public(Memory)


def test_many_tasks_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with AsyncMemory(tmp_path / "memory.db") as memory:
            receipts = await asyncio.gather(
                *(memory.add(f"note {number} about tea", user_id="ana") for number in range(50))
            )
            assert len({receipt.id for receipt in receipts}) == 50
            found = await asyncio.gather(
                *(memory.search(f"note {number}", user_id="ana") for number in range(20))
            )
            assert all(f"note {number} " in hits[0].text for number, hits in enumerate(found))

    asyncio.run(main())


def test_closing_what_was_never_used_makes_no_file(tmp_path: Path) -> None:
    asyncio.run(AsyncMemory(tmp_path / "memory.db").close())
    assert not (tmp_path / "memory.db").exists()
