"""[hotline]: the telephone of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ivr.prompts import Language

Port = Annotated[int, Field(ge=0, le=65535)]


class Queue(BaseModel):
    """[hotline.queues.NAME]: callers of this queue hear another number order or language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    best: Literal[1, 5] | None = None
    language: Language | None = None


class Hotline(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str | None = None
    """Where the two ports below are listened on. None: where the service is."""
    audiosocket: Port | Literal[False] = 9092
    """False: no switch comes this way."""
    fastagi: Port | Literal[False] = 4573
    audiosocket_address: Annotated[str, Field(pattern=r"^[^\s,:\"]+:[0-9]{1,5}$")] | None = None
    """HOST:PORT under which the switch reaches the first of them; FastAGI tells it. None: the host
    at which it has reached FastAGI."""
    best: Literal[1, 5] = 5
    """The key that means 非常满意."""
    language: Language = Language.MANDARIN
    queues: dict[str, Queue] = {}
    prompts: Path | None = None
    """A folder with recordings by the names of ours, which they take the place of."""
    listened_to: Annotated[int, Field(ge=0, le=1000)] = 60
    """Calls at once whose callers may speak; further ones rate by key."""

    def best_in(self, queue: str) -> Literal[1, 5]:
        own = self.queues.get(queue)
        return self.best if own is None or own.best is None else own.best

    def language_in(self, queue: str) -> Language:
        own = self.queues.get(queue)
        return self.language if own is None or own.language is None else own.language
