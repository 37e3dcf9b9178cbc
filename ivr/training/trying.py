"""How well a model hears voices that it has never heard, as figures for its README."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from ivr.speech.meaning import agreed, meant, rating_grammar
from ivr.speech.phrases import LEVELS
from ivr.speech.recognising import SURE, Recogniser, Transcript
from ivr.training.lines import heard_over, padded
from ivr.training.sentences import COMPLAINTS, PRAISE
from ivr.training.speaking import HELD_OUT, Sound, spoken, voice
from ivr.training.units import SYLLABLES, syllables
from models.ratings.heard import heard
from models.words import Level

NOISE: Final = ((20.0, 40.0), (10.0, 20.0), (0.0, 10.0))
"""Between how many decibels it lies below the voice."""


@dataclass(frozen=True, slots=True)
class Tried:
    """`said`: nothing where it was no sentence."""

    said: str
    transcript: Transcript

    @property
    def meant(self) -> Level | None:
        return heard(self.said).level

    @property
    def understood(self) -> Level | None:
        found = heard(self.transcript.text)
        return found.level if found.sure else None

    @property
    def sure(self) -> bool:
        return self.transcript.confidence >= SURE


def write_figures(model: Path, seed: int) -> None:
    """In place of those that the README of the model ends with."""
    readme = model / "README.md"
    before, heading, _ = readme.read_text().partition("## Figures\n")
    readme.write_text("\n".join([before + heading, *asyncio.run(figures(model, seed))]) + "\n")


async def figures(model: Path, seed: int) -> list[str]:
    random = Random(seed)  # noqa: S311
    levels = [said for each in LEVELS.values() for said in each]
    reasons = [
        f"{random.choice(LEVELS[level])} {random.choice(why)}"
        for level, why in (
            (Level.VERY_SATISFIED, PRAISE),
            (Level.DISSATISFIED, COMPLAINTS),
            (Level.VERY_DISSATISFIED, COMPLAINTS),
        )
        * 24
    ]
    strange = [" ".join(random.choices(SYLLABLES, k=random.randint(2, 7))) for _ in range(80)]
    recogniser = Recogniser(model)
    grammar = rating_grammar(recogniser)
    rows: list[str] = []
    every: list[Tried] = []
    for noise in NOISE:
        for name, sentences, narrowed in (
            ("levels", levels, None),
            ("levels, grammar", levels, grammar),
            ("strange syllables", strange, None),
            ("strange syllables, grammar", strange, grammar),
            ("with a reason", reasons, None),
        ):
            out = await tried(recogniser, sentences, recordings(sentences, noise, seed), narrowed)
            below = f"{noise[0]:.0f} to {noise[1]:.0f} dB"
            rows.append(f"| {name} | {below} | {_row(out)} |")
            if narrowed is None:
                every += out
                free = out
            else:
                rows.append(f"| {name} and free | {below} | {_row_of_both(out, free)} |")
    recogniser.close()
    return [
        "| said | noise below the voice | word for word | level right | sure | wrong | sure |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Sure: how many of those with a confidence of at least {SURE}. On the telephone what is",
        "heard with the grammar and without must agree to be sure (“grammar and free”). Strange",
        "syllables are rightly heard as no word and no level. All without a grammar, what was",
        "meant (down) and what was understood, sure or not:",
        "",
        *_confusion(every),
    ]


def recordings(sentences: Sequence[str], noise: tuple[float, float], seed: int) -> list[Sound]:
    random, numbers = Random(seed), np.random.default_rng(seed)  # noqa: S311
    pinyin = [
        "".join(each for word in said.split() for each in syllables(word)) for said in sentences
    ]
    sounds = [padded(spoken(each, voice(random, HELD_OUT)), numbers) for each in pinyin]
    return heard_over(sounds, numbers, noise)


async def tried(
    recogniser: Recogniser, sentences: Sequence[str], sounds: Sequence[Sound], grammar: str | None
) -> list[Tried]:
    transcripts = await asyncio.gather(
        *(recogniser.hear(sound.astype("<i2").tobytes(), grammar=grammar) for sound in sounds)
    )
    return [
        Tried("" if said.isascii() else said.replace(" ", ""), transcript)
        for said, transcript in zip(sentences, transcripts, strict=True)
    ]


def _row(out: Sequence[Tried]) -> str:
    exact = sum(each.transcript.text == each.said for each in out)
    right = [each.sure for each in out if each.understood == each.meant]
    wrong = [each.sure for each in out if each.understood not in (None, each.meant)]
    return f"{exact} of {len(out)} | {len(right)} | {sum(right)} | {len(wrong)} | {sum(wrong)}"


def _row_of_both(narrow: Sequence[Tried], free: Sequence[Tried]) -> str:
    """As on the telephone."""
    out = [
        (one.meant, agreed(meant(one.transcript), meant(two.transcript)))
        for one, two in zip(narrow, free, strict=True)
    ]
    right = [heard.sure for level, heard in out if heard.level == level]
    wrong = [heard.sure for level, heard in out if heard.level not in (None, level)]
    return f"| {len(right)} | {sum(right)} | {len(wrong)} | {sum(wrong)}"


def _confusion(every: Sequence[Tried]) -> Iterator[str]:
    columns = [*reversed(Level), None]
    names = ["非常满意", "满意", "基本满意", "不满意", "非常不满意", "none"]
    counts = Counter((each.meant, each.understood) for each in every)
    yield "| | " + " | ".join(names) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for row, name in zip(columns, names, strict=True):
        yield f"| {name} | " + " | ".join(str(counts[row, each]) for each in columns) + " |"
