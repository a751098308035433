"""The part that somebody plays in a prompt, from the many names that files give it."""

from __future__ import annotations

from mnemic.core.records import Origin

_ROLES = {
    "user": "user", "human": "user", "me": "user", "you": "user", "prompter": "user",
    "assistant": "assistant", "ai": "assistant", "bot": "assistant", "model": "assistant",
    "gpt": "assistant", "chatgpt": "assistant", "chatbot": "assistant", "llm": "assistant",
    "system": "system", "developer": "system",
    "tool": "tool", "function": "tool", "ipython": "tool", "observation": "tool",
}  # fmt: skip

"""Names that people also have, such as Claude, are not among them."""

_ORIGINS = {"assistant": Origin.ASSISTANT, "tool": Origin.TOOL}


def role_of(name: str | None) -> str | None:
    """user, assistant, system or tool; None for a name that is none of their many names.

    >>> role_of("Human"), role_of("Ana")
    ('user', None)
    """
    return _ROLES.get(name.strip().lower()) if name else None


def origin_of(role: str | None) -> Origin:
    """Who a text of this role comes from."""
    return _ORIGINS.get(role or "", Origin.USER)
