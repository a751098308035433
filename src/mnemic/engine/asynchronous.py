"""`AsyncMemory`: the same methods, each run in a worker thread so that the event loop stays free.

No method is written twice: each is `Memory`'s own, wrapped, with its signature kept for type
checkers. Calls run one after another per memory, as they do with `Memory` itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from mnemic.engine.memory import Memory

P = ParamSpec("P")
R = TypeVar("R")


def _in_thread(
    method: Callable[Concatenate[Memory, P], R],
) -> Callable[Concatenate[AsyncMemory, P], Coroutine[Any, Any, R]]:
    async def call(self: AsyncMemory, /, *args: P.args, **kwargs: P.kwargs) -> R:
        memory = await self._opened()
        return await asyncio.to_thread(method, memory, *args, **kwargs)

    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


class AsyncMemory:
    """`Memory` for asyncio: the same arguments, the same methods, awaited.

    >>> async def main() -> str:
    ...     async with AsyncMemory(":memory:") as memory:
    ...         await memory.add("I moved to Lisbon.", user_id="ana")
    ...         return (await memory.search("Lisbon", user_id="ana"))[0].text
    >>> asyncio.run(main())
    'I moved to Lisbon.'
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._arguments = args, kwargs
        self._memory: Memory | None = None
        self._opening = asyncio.Lock()

    async def _opened(self) -> Memory:
        async with self._opening:
            if self._memory is None:
                args, kwargs = self._arguments
                self._memory = await asyncio.to_thread(Memory, *args, **kwargs)
            return self._memory

    async def __aenter__(self) -> Self:
        await self._opened()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    add = _in_thread(Memory.add)
    import_file = _in_thread(Memory.import_file)
    update = _in_thread(Memory.update)
    supersede = _in_thread(Memory.supersede)
    link = _in_thread(Memory.link)
    delete = _in_thread(Memory.delete)
    restore = _in_thread(Memory.restore)
    undo = _in_thread(Memory.undo)
    forget = _in_thread(Memory.forget)
    certificates = _in_thread(Memory.certificates)
    residue_scan = _in_thread(Memory.residue_scan)
    diff = _in_thread(Memory.diff)
    policy = _in_thread(Memory.policy)
    held = _in_thread(Memory.held)
    admit = _in_thread(Memory.admit)
    reject = _in_thread(Memory.reject)
    hold = _in_thread(Memory.hold)
    monitor = _in_thread(Memory.monitor)
    accept = _in_thread(Memory.accept)
    roll_back = _in_thread(Memory.roll_back)
    trials = _in_thread(Memory.trials)
    trial = _in_thread(Memory.trial)
    search = _in_thread(Memory.search)
    context = _in_thread(Memory.context)
    answer = _in_thread(Memory.answer)
    fit = _in_thread(Memory.fit)
    get = _in_thread(Memory.get)
    list = _in_thread(Memory.list)
    history = _in_thread(Memory.history)
    log = _in_thread(Memory.log)
    scopes = _in_thread(Memory.scopes)
    stats = _in_thread(Memory.stats)
    flush = _in_thread(Memory.flush)
    reembed = _in_thread(Memory.reembed)
    doctor = _in_thread(Memory.doctor)
    export = _in_thread(Memory.export)
    load = _in_thread(Memory.load)
    backup = _in_thread(Memory.backup)

    async def dry_run(self, act: Callable[[Memory], R]) -> R:
        """What `act` would answer, done to a `Memory` and taken back: nothing of it is kept."""
        memory = await self._opened()
        return await asyncio.to_thread(memory.dry_run, act)

    async def close(self) -> None:
        """Let go of the file, if it was ever opened."""
        if self._memory is not None:
            await asyncio.to_thread(self._memory.close)
