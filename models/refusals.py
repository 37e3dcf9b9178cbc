"""What is refused, and why: each with a code for machines, words for people, and where there is
one the field at fault and the article that asks for it. Nothing is stored when one is raised."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    code: ClassVar[str] = "refused"

    def __init__(
        self, message: str, *, field: str | None = None, source: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.source = source

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Field and words, one for each fault."""
        return [(self.field, self.message)] if self.field else []


class Invalid(Refused):
    """The content cannot be taken as it is."""

    code = "invalid"


class UnknownReference(Invalid):
    """A code or number that names nothing known."""

    code = "unknown_reference"


class Missing(Refused):
    """What was asked for does not exist."""

    code = "not_found"


class Forbidden(Refused):
    """It exists, and is not the caller's to touch."""

    code = "forbidden"


class Conflict(Refused):
    """It contradicts what was reported before under the same number."""

    code = "conflict"
