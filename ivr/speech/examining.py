"""What a model has and how fast it hears, for whoever puts one in place."""

from __future__ import annotations

import re
import resource
import sys
import time
from array import array
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from ivr.line import RATE
from ivr.speech.meaning import rating_grammar, unheard_of
from ivr.speech.recognising import Recogniser, Transcript
from models.words import Level

QUIET: Final = bytes(RATE // 2)
"""Before and after what is said: a quarter of a second."""
NOISE: Final = 20.0
"""Of 16 bits. No line is as silent as a file."""


@dataclass(frozen=True, slots=True)
class Examined:
    """`rate`: samples a second that it was made for; `grammars`: it can be told what to listen
    for; `words`: how many it knows; `unheard`: ways to tell a level that it has no words for;
    `rates`: levels can be told by voice; `loading`: seconds; `memory`: bytes more than before;
    `heard`: by the level that was said; `real_time`: seconds of one core for a second of sound."""

    rate: int
    grammars: bool
    words: int
    unheard: frozenset[str]
    rates: bool
    loading: float
    memory: int
    heard: Mapping[Level, Transcript]
    real_time: float


async def examined(folder: Path, said: Mapping[Level, bytes]) -> Examined:
    """`said`: the levels as PCM. Blocks while it loads. Raises ModelFault."""
    before, began = _memory(), time.perf_counter()
    with closing(Recogniser(folder, at_once=1)) as recogniser:
        loading = time.perf_counter() - began
        grammar = rating_grammar(recogniser)
        sounds = {level: _over_a_line(pcm) for level, pcm in said.items()}
        began = time.process_time()
        heard = {
            level: await recogniser.hear(sound, grammar=grammar) for level, sound in sounds.items()
        }
        decoding = time.process_time() - began
        return Examined(
            rate=_rate(folder),
            # Where both are there, libvosk takes this one.
            grammars=not (folder / "graph" / "HCLG.fst").exists(),
            words=_words(folder),
            unheard=unheard_of(recogniser),
            rates=grammar is not None,
            loading=loading,
            memory=_memory() - before,
            heard=heard,
            real_time=decoding / sum(len(sound) / 2 / RATE for sound in sounds.values()),
        )


def _over_a_line(pcm: bytes) -> bytes:
    random = Random(1)  # noqa: S311
    samples = array("h", QUIET + pcm + QUIET)
    noise = (sample + round(random.gauss(0, NOISE)) for sample in samples)
    return array("h", (max(-32768, min(32767, sample)) for sample in noise)).tobytes()


def _rate(folder: Path) -> int:
    for name in ("fbank.conf", "mfcc.conf"):
        if (conf := folder / "conf" / name).exists():
            told = re.search(r"--sample-frequency=(\d+)", conf.read_text("utf-8", "replace"))
            return int(told[1]) if told else _KALDIS
    return _KALDIS


_KALDIS: Final = 16000
"""Where it is not told."""


def _words(folder: Path) -> int:
    """Without the marks, such as <eps> and #0."""
    with (folder / "graph" / "words.txt").open(encoding="utf-8", errors="replace") as table:
        return sum(not line.startswith(("<", "#", "!")) for line in table if line.strip())


def _memory() -> int:
    """The most that was in use so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
