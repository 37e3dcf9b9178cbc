"""python -m ivr.training"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

import click
import numpy as np

from ivr.speech.recognising import OURS, UNKNOWN
from ivr.training import acoustics, graph, network, speaking
from ivr.training.lines import heard_over, padded
from ivr.training.network import (
    HIDDEN,
    Alignment,
    Features,
    Network,
    best,
    evenly,
    features,
    trained,
)
from ivr.training.sentences import WORDS, sentence
from ivr.training.speaking import RATE, VARIANTS, Sound, invented, voice
from ivr.training.trying import write_figures
from ivr.training.units import SYLLABLES, syllables


def texts(random: Random, how_many: int) -> Iterator[list[str]]:
    """Sentences, words in any order, and syllables in any order: those stand for what no caller was
    expected to say."""
    for _ in range(how_many):
        kind = random.random()
        if kind < 0.6:
            yield sentence(random).split()
        elif kind < 0.75:
            yield random.sample(WORDS, random.randint(1, 5))
        else:
            yield random.choices(SYLLABLES, k=random.randint(2, 7))


def spoken(words: Sequence[str], random: Random) -> Sound:
    """By anybody, the words together or with pauses."""
    between = random.choice(["", "", " ", ", "]) if len(words) > 2 else ""
    pinyin = between.join("".join(syllables(word)) for word in words)
    who = invented(random) if random.random() < INVENTED else voice(random, VARIANTS)
    return speaking.spoken(pinyin, who)


@click.command()
@click.option("--seed", default=4, show_default=True)
@click.option("--utterances", default=7000, show_default=True)
@click.option("--model", default=OURS, show_default=True, type=click.Path(path_type=Path))
def main(seed: int, utterances: int, model: Path) -> None:
    random, numbers = Random(seed), np.random.default_rng(seed)  # noqa: S311
    speaking.check([*SYLLABLES, *(each for word in WORDS for each in syllables(word))])
    said = list(texts(random, utterances))
    sounds = [padded(spoken(words, random), numbers) for words in said]
    click.echo(f"{len(sounds)} utterances, {sum(map(len, sounds)) / RATE / 60:.0f} minutes")
    clean = [features(sound + numbers.normal(0, 3, len(sound))) for sound in sounds]
    heard = [features(sound) for _ in range(2) for sound in heard_over(sounds, numbers)]
    click.echo("heard over lines, twice")
    parts = [network.parts(words) for words in said]
    aligned = cut(clean, parts, seed)
    click.echo("cut")
    learnt = trained(heard, aligned * 2, FIRST_PASSES, HIDDEN, seed)
    aligned = cut_by(learnt, clean, parts)
    click.echo("cut anew")
    learnt = trained(heard, aligned * 2, PASSES, HIDDEN, seed)
    for folder in ("am", "conf", "graph"):
        shutil.rmtree(model / folder, ignore_errors=True)
    acoustics.write(learnt, model)
    graph.write(WORDS, counted(random, 50_000), model)
    write_figures(model, seed)


INVENTED: Final = 0.5
"""How many of the utterances are spoken by voices that were."""
FIRST_PASSES: Final = 2
PASSES: Final = 10


def cut(clean: Sequence[Features], parts: Sequence[Sequence[int]], seed: int) -> list[Alignment]:
    """Into parts: a small network learns from a few utterances cut evenly, cuts them anew, and so
    on."""
    few, of_few = clean[:1500], parts[:1500]
    aligned = list(map(evenly, few, of_few))
    for _ in range(4):
        learnt = trained(few, aligned, 8, (128,), seed)
        aligned = cut_by(learnt, few, of_few)
    return cut_by(learnt, clean, parts)


def cut_by(
    learnt: Network, clean: Sequence[Features], parts: Sequence[Sequence[int]]
) -> list[Alignment]:
    return [best(learnt.likelihoods(heard), said) for heard, said in zip(clean, parts, strict=True)]


def counted(random: Random, how_many: int) -> Iterator[str]:
    """Sentences for the grammar, with something strange before, after or instead of a few."""
    for _ in range(how_many):
        said = sentence(random)
        yield random.choice([UNKNOWN, f"{UNKNOWN} {said}", f"{said} {UNKNOWN}", *[said] * 57])


if __name__ == "__main__":
    main()
