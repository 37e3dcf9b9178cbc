"""What the hotline says, by name and language, as `prompts.toml` has it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

OURS: Final = Path(__file__).parent
"""Texts, and a folder of recordings for each language."""


class Language(StrEnum):
    MANDARIN = "cmn"
    CANTONESE = "yue"


class Prompt(StrEnum):
    """Pieces, said one after the other. RATE: by voice or keys; the number is the best level's."""

    GREETING = "greeting"
    RATE_5 = "rate-5"
    RATE_1 = "rate-1"
    RATE_5_KEYS = "rate-5-keys"
    RATE_1_KEYS = "rate-1-keys"
    NO_INPUT = "no-input"
    NO_MATCH = "no-match"
    YOU_SAID = "you-said"
    LEVEL_5 = "level-5"
    LEVEL_4 = "level-4"
    LEVEL_3 = "level-3"
    LEVEL_2 = "level-2"
    LEVEL_1 = "level-1"
    CONFIRM = "confirm"
    WHY = "why"
    TONE = "tone"
    THANKS = "thanks"
    THANKS_NEGATIVE = "thanks-negative"
    LINK = "link"
    ALREADY = "already"
    FAULT = "fault"
    GOODBYE = "goodbye"


SPOKEN: Final = tuple(prompt for prompt in Prompt if prompt is not Prompt.TONE)


@dataclass(frozen=True, slots=True)
class Wording:
    """`reading`: numbered pinyin as it is pronounced, or jyutping."""

    text: str
    reading: str


def wordings() -> Mapping[tuple[Language, Prompt], Wording]:
    """Of all that is SPOKEN. Raises KeyError where one is missing."""
    told = tomllib.loads((OURS / "prompts.toml").read_text("utf-8"))
    return {
        (language, prompt): Wording(
            told[prompt][language]["text"], " ".join(told[prompt][language]["reading"].split())
        )
        for language in Language
        for prompt in SPOKEN
    }


def path(folder: Path, language: Language, prompt: Prompt) -> Path:
    return folder / language / f"{prompt}.wav"
