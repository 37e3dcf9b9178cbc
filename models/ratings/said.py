"""An evaluation in words, for the person who gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.rulebooks.rulebook import Version
from models.tables import Evaluation
from models.words import Level, Provenance, Target


@dataclass(frozen=True, slots=True)
class Said:
    level: Level
    at: datetime
    keyed_in: bool
    """By staff, from paper or a call."""
    lines: tuple[tuple[str, str], ...]
    """Per target: the indicators chosen and the words written."""


def said(evaluation: Evaluation, version: Version) -> Said:
    level = Level(evaluation.level)
    lines = []
    for name, reason in evaluation.reasons.items():
        target = Target(name)
        texts = {each.code: each.text for each in version.indicators.choices(target, level)}
        parts = [texts.get(code, code) for code in reason["indicators"]]
        if reason["words"]:
            parts.append(reason["words"])
        lines.append((target.label, "；".join(parts)))
    keyed_in = evaluation.provenance == Provenance.PROXY
    return Said(level, evaluation.at, keyed_in, tuple(lines))
