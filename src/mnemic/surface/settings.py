"""The environment, read once into a value; no other file reads it.

    MNEMIC_DB         the database, where --db does not name one
    MNEMIC_USER       whose memory, where --user does not say (never for forget and export)
    MNEMIC_ENCODER    static, minilm, openai:<model>, sentence-transformers:<name>, none
    MNEMIC_TIMEZONE   where times without a zone were said, such as Europe/Lisbon
    MNEMIC_CACHE      the folder for models that were built
    MNEMIC_KEY        the key of a sealed file: a passphrase, or hex: and 64 hexadecimal digits
    MNEMIC_REDACT     what becomes of secrets in what is written: off, mark or redact
    OPENAI_API_KEY    for openai: encoders
    OPENAI_BASE_URL   the endpoint, for anything that speaks the same protocol

An empty variable counts as none. (NO_COLOR and its kin are read by `rich`.)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    db: str | None = None
    user: str | None = None
    encoder: str | None = None
    timezone: str | None = None
    cache: str | None = None
    key: str | None = field(default=None, repr=False)
    redact: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None

    @staticmethod
    def read(environment: Mapping[str, str] | None = None) -> Settings:
        """The settings in `environment`; None reads the process's own.

        >>> Settings.read({"MNEMIC_USER": "ana", "MNEMIC_DB": ""}).user
        'ana'
        """
        if environment is None:
            environment = os.environ

        def say(name: str) -> str | None:
            return environment.get(name) or None

        return Settings(
            db=say("MNEMIC_DB"),
            user=say("MNEMIC_USER"),
            encoder=say("MNEMIC_ENCODER"),
            timezone=say("MNEMIC_TIMEZONE"),
            cache=say("MNEMIC_CACHE"),
            key=say("MNEMIC_KEY"),
            redact=say("MNEMIC_REDACT"),
            openai_api_key=say("OPENAI_API_KEY"),
            openai_base_url=say("OPENAI_BASE_URL"),
        )
