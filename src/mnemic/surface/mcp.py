"""`mnemic mcp`: the memory as tools of the Model Context Protocol, over stdin and stdout.

A client starts one server process per session, so several on one file are the usual case. Each
opens the file at the first call, lets calls in one at a time, off the event loop, and lets go of
the file when its input ends or a signal comes. What the tools are is told in `tools.py`; the
protocol itself is the official SDK's, which is imported only when a server starts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import click

from mnemic import __version__
from mnemic.core.errors import InputError, MissingExtra, MnemicError
from mnemic.core.records import Json
from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import DRY_RUN, Operation, perform

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp_types import Tool

    from mnemic.engine.memory import Memory

_NAME: Final = "mnemic"


@dataclass(slots=True)
class Desk:
    """Does what tools are called for, on a memory that is opened when it is first needed.

    One call at a time, in whichever thread: who calls sees to that.
    """

    invocation: Invocation
    memory: Memory | None = field(default=None, init=False)

    def call(self, operation: Operation, given: Mapping[str, Json]) -> tuple[dict[str, Json], bool]:
        """The answer to a call as JSON, and whether it is an error."""
        from mnemic.surface import tools

        try:
            values = tools.values(operation, given, self.invocation.settings.user)
            dry = DRY_RUN.name in values
            if self.memory is None and dry and not self.invocation.there:
                with self._opened(operation, kept=False) as passing:
                    return tools.told(
                        operation, perform(passing, operation, values), dry=dry
                    ), False
            if self.memory is None:
                self.memory = self._opened(operation)
            return tools.told(operation, perform(self.memory, operation, values), dry=dry), False
        except MnemicError as error:
            if self.invocation.debug:
                import traceback

                traceback.print_exc()
            return tools.failed(error), True

    def _opened(self, operation: Operation, *, kept: bool = True) -> Memory:
        return self.invocation.memory(creates=operation.creates, kept=kept, actor="mcp")

    def close(self) -> None:
        """Let go of the file, if it was ever opened."""
        if self.memory is not None:
            self.memory.close()


def tool(operation: Operation) -> Tool:
    """An operation as clients list it."""
    from mcp_types import Tool, ToolAnnotations

    from mnemic.surface import tools

    return Tool(
        name=operation.tool,
        description=operation.help,
        input_schema=tools.schema(operation),
        annotations=ToolAnnotations(
            read_only_hint=not operation.writes,
            destructive_hint=operation.destroys,
            idempotent_hint=not operation.writes or operation.repeatable,
            open_world_hint=False,
        ),
    )


async def serve(desk: Desk) -> Exit:
    """Answer on stdin and stdout until the input ends, or nobody reads the answers."""
    import anyio
    from anyio.to_thread import run_sync
    from mcp.server.stdio import stdio_server

    alone = anyio.CapacityLimiter(1)
    ended = Exit.OK

    async def until_told() -> None:
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for number in signals:
                await run_sync(desk.close, limiter=alone)  # a call that has begun is finished first
                # The SDK reads stdin in a thread that nothing can wake, and that Python would wait
                # for: as long as the client keeps the pipe open, there is no other way out.
                os._exit(Exit.INTERRUPTED if number == signal.SIGINT else Exit.OK)

    try:
        async with stdio_server() as (incoming, outgoing), anyio.create_task_group() as group:
            if sys.platform != "win32":  # there, clients end a server at once
                group.start_soon(until_told)
            server = _server(desk, alone)
            await server.run(incoming, outgoing, server.create_initialization_options())
            group.cancel_scope.cancel()
    except* BrokenPipeError:
        ended = Exit.PIPE
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(desk.close, limiter=alone)
    return ended


def _server(desk: Desk, alone: Any) -> Server[Any]:
    from anyio.to_thread import run_sync
    from mcp import MCPError
    from mcp.server import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp_types import (
        INVALID_PARAMS,
        CallToolRequestParams,
        CallToolResult,
        ListToolsResult,
        PaginatedRequestParams,
        TextContent,
    )

    from mnemic.surface import tools, wire

    async def list_tools(
        _: ServerRequestContext[Any], __: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[tool(operation) for operation in tools.TOOLS.values()])

    async def call_tool(
        _: ServerRequestContext[Any], asked: CallToolRequestParams
    ) -> CallToolResult:
        operation = tools.TOOLS.get(asked.name)
        if operation is None:
            known = ", ".join(tools.TOOLS)
            raise MCPError(INVALID_PARAMS, f"no tool {asked.name!r}. There are {known}")
        made, failed = await run_sync(desk.call, operation, asked.arguments or {}, limiter=alone)
        text = made["error"]["message"] if failed else wire.dumps(made)
        return CallToolResult(
            content=[TextContent(text=text)], structured_content=made, is_error=failed
        )

    return Server(
        _NAME,
        version=__version__,
        instructions=tools.INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _check() -> None:
    """Raise MissingExtra unless the SDK is there, in a version that speaks as `_server` does."""
    try:
        import mcp_types  # noqa: F401  (there since 2.0)
    except ImportError as error:
        raise MissingExtra(
            "the MCP SDK is not installed, or is older than 2.0, and `mnemic mcp` needs it. "
            'Run pip install "mnemic[mcp]"'
        ) from error


@click.pass_context
def _mcp(context: click.Context, /, user: str | None) -> int:
    invocation = context.find_object(Invocation)
    assert invocation is not None
    _check()
    if invocation.key_prompt:
        raise InputError("a client cannot be asked for a key. Set MNEMIC_KEY for the server")
    if user is not None:
        invocation.settings = replace(invocation.settings, user=user)
    if sys.stdin.isatty():
        invocation.remark("a client starts this and speaks MCP to it; Ctrl-D ends it")
    return asyncio.run(serve(Desk(invocation)))


COMMAND: Final = click.Command(
    "mcp",
    params=[
        click.Option(
            ["--user"],
            metavar="TEXT",
            help="Whose memory, where a call does not say; never for memory_forget.",
        ),
        *common_options(),
    ],
    callback=_mcp,
    help="Serve the memory as tools of the Model Context Protocol (MCP), over stdin and stdout.",
    short_help="Serve the memory as MCP tools, over stdin and stdout.",
)
