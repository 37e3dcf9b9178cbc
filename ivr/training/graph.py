"""Which sounds make which words, and which words follow which: the two graphs libvosk joins.

HCLr goes from transitions to words: a tree of the units of all words, each word at the end of its
branch, and beside it UNKNOWN, which is any units at all at a price. Gr goes from word to word with
the probabilities of what was counted. Apart, so that at run time another grammar can take the
place of Gr; for that the words are numbered as OpenFst's look-ahead wants them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes.util import find_library
from itertools import count, pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from ivr.speech.recognising import UNKNOWN
from ivr.training.acoustics import STAY, goes_on, stays
from ivr.training.network import FIRST
from ivr.training.programs import piped
from ivr.training.units import SILENCE, UNITS, states, syllables, units

PAUSE: Final = 0.3
"""The probability of silence after a word."""
STRANGE: Final = (4.0, 2.5)
"""What UNKNOWN costs beyond its sound, and each unit of it, as logarithms of probabilities: what
can be one of the words shall be."""
FALL_BACK: Final = 0.4
"""What is taken from each pair of words that was counted, for those that were not."""

_EMPTY, _BEGIN, _END = "<eps>", "<s>", "</s>"
Arc = tuple[int, int, int, int, float]
"""From, to, what is read, what is written, cost."""


def write(words: Sequence[str], sentences: Iterable[str], folder: Path) -> None:
    (folder / "graph").mkdir()
    spoken = [*words, UNKNOWN]
    numbers = {word: number for number, word in enumerate(spoken, 1)}
    sounds = _compiled(_sounds(words, numbers), final={_HUB: 0.0})
    relabelled, pairs = _looking_ahead(sounds)
    (folder / "graph/HCLr.fst").write_bytes(relabelled)
    numbers = {word: pairs[number] for word, number in numbers.items()}
    listed = {_EMPTY: 0, **numbers}
    for mark in (_BEGIN, _END):
        listed[mark] = max(listed.values()) + 1
    (folder / "graph/words.txt").write_text(
        "".join(f"{word} {number}\n" for word, number in listed.items())
    )
    arcs, final = _following(sentences, numbers)
    following = _tool("fstarcsort", "--sort_type=ilabel", given=_compiled(arcs, final))
    (folder / "graph/Gr.fst").write_bytes(_tool("fstconvert", "--fst_type=const", given=following))
    (folder / "graph/disambig_tid.int").write_text("")


_START, _HUB = 0, 1


def _sounds(words: Sequence[str], numbers: dict[str, int]) -> list[Arc]:
    arcs: list[Arc] = []
    fresh = count(2)

    def through(at: int, parts: Iterable[int], cost: float = 0.0) -> int:
        """A new state for each part; the last of them."""
        for part in parts:
            to = next(fresh)
            arcs.append((at, to, goes_on(part), 0, cost - math.log(1 - STAY)))
            arcs.append((to, to, stays(part), 0, -math.log(STAY)))
            at, cost = to, 0.0
        return at

    def perhaps_silence(at: int) -> None:
        arcs.append((at, _HUB, 0, 0, -math.log(1 - PAUSE)))
        silent = through(at, [FIRST[SILENCE]], -math.log(PAUSE))
        arcs.append((silent, _HUB, 0, 0, 0.0))

    after, anything = next(fresh), next(fresh)
    perhaps_silence(_START)
    perhaps_silence(after)
    branches: dict[tuple[int, int], int] = {}
    for word in words:
        at = _HUB
        for part in _parts(word):
            if (at, part) not in branches:
                branches[at, part] = through(at, [part])
            at = branches[at, part]
        arcs.append((at, after, 0, numbers[word], 0.0))
    once, each = STRANGE
    arcs.append((_HUB, anything, 0, numbers[UNKNOWN], once))
    for unit in UNITS[1:]:
        end = through(anything, range(FIRST[unit], FIRST[unit] + states(unit)), each)
        arcs += [(end, anything, 0, 0, 0.0), (end, after, 0, 0, 0.0)]
    return arcs


def _parts(word: str) -> Iterator[int]:
    for syllable in syllables(word):
        for unit in units(syllable):
            yield from range(FIRST[unit], FIRST[unit] + states(unit))


def _following(
    sentences: Iterable[str], numbers: dict[str, int]
) -> tuple[list[Arc], dict[int, float]]:
    """Pairs as they were counted, less FALL_BACK each; what is left goes to the words by how
    often they occur, and each a little more, even where it does not occur at all."""
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        pairs.update(pairwise([_BEGIN, *sentence.split(), _END]))
    firsts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    single: Counter[str] = Counter([*numbers, _END])
    for (first, second), times in pairs.items():
        firsts[first] += times
        kinds[first] += 1
        single[second] += times
    every = single.total()
    state_after = {_BEGIN: 0, **{word: number + 1 for number, word in enumerate(numbers, 1)}}
    back = 1
    arcs: list[Arc] = []
    final: dict[int, float] = {back: -math.log(single[_END] / every)}
    # The first arc leaves the state where sentences begin: that is how it is known.
    for first, state in state_after.items():
        left = FALL_BACK * kinds[first] / firsts[first] if firsts[first] else 1.0
        arcs.append((state, back, 0, 0, -math.log(left)))
    for word, number in numbers.items():
        arcs.append((back, state_after[word], number, number, -math.log(single[word] / every)))
    for (first, second), times in pairs.items():
        cost = -math.log((times - FALL_BACK) / firsts[first])
        if second == _END:
            final[state_after[first]] = cost
        else:
            arcs.append(
                (state_after[first], state_after[second], numbers[second], numbers[second], cost)
            )
    return arcs, final


def _compiled(arcs: Iterable[Arc], final: dict[int, float]) -> bytes:
    lines = [f"{a} {b} {read} {written} {cost:.5f}" for a, b, read, written, cost in arcs]
    lines += [f"{state} {cost:.5f}" for state, cost in final.items()]
    return _tool("fstcompile", given="\n".join([*lines, ""]).encode())


def _looking_ahead(sounds: bytes) -> tuple[bytes, dict[int, int]]:
    """The graph, and the number that each word has in it."""
    ready = _tool("fstarcsort", "--sort_type=olabel", given=_tool("fstrmepsilon", given=sounds))
    with NamedTemporaryFile("r") as pairs:
        made = _tool(
            *("fstconvert", "--fst_type=olabel_lookahead", f"--save_relabel_opairs={pairs.name}"),
            given=ready,
        )
        lines = [line.split() for line in pairs]
    return made, {int(before): int(after) for before, after in lines}


def _tool(*command: str, given: bytes) -> bytes:
    """One of OpenFst's. Its look-ahead is a plugin that Debian keeps under another name than the
    tools look for."""
    return piped(given, *command, preload=find_library("fstlookahead") or "")
