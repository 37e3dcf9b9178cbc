"""What the fields of a form are called, for the template and for who reads it back."""

from __future__ import annotations

from models.words import Level, Target


def target_id(target: Target) -> str:
    return f"t-{target}"


def words_field(target: Target) -> str:
    return f"w-{target}"


def indicators_field(target: Target, level: Level) -> str:
    """A field for each level: what was ticked before the person changed the level is not sent as
    if it belonged to the new one."""
    return f"i-{target}-{level:d}"
