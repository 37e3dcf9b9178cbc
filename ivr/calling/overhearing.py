"""What the service said, told from its sound: AudioSocket loses none of it, so that a prompt is
found as the bytes it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ivr.line import RATE
from ivr.prompts import Language, Prompt, Prompts

LEAST: Final = 2 * RATE // 5
"""Bytes of a prompt that tell it from others: a fifth of a second."""
GAP: Final = bytes(2 * RATE // 2)
"""Silence that ends what is none of the prompts."""


@dataclass(frozen=True, slots=True)
class Said:
    """`at`, `seconds`: in the call. `text`: None where it is no prompt that is known. `whole`: it
    was not broken off."""

    at: float
    seconds: float
    text: str | None
    whole: bool = True


def overheard(heard: bytes, prompts: Prompts) -> list[Said]:
    """`heard`: PCM at 8 kHz."""
    known = _sounds(prompts)
    return list(_overheard(heard, known))


def _overheard(heard: bytes, known: Mapping[bytes, str]) -> Iterator[Said]:
    at = _next_sound(heard, 0)
    while at < len(heard):
        sound, length = max(
            ((sound, _in_common(heard, at, sound)) for sound in known), key=lambda found: found[1]
        )
        if length >= LEAST:
            yield Said(_seconds(at), _seconds(length), known[sound], length == len(sound))
        else:
            length = _unknown(heard, at, known) - at
            yield Said(_seconds(at), _seconds(length), None)
        at = _next_sound(heard, at + length)


def _sounds(prompts: Prompts) -> dict[bytes, str]:
    """Without the silence before and after."""
    texts: dict[bytes, str] = {}
    for language in Language:
        for prompt in Prompt:
            pcm = prompts.pcm(language, prompt)
            end = len(pcm.rstrip(b"\0")) + 1 & ~1
            texts[pcm[_next_sound(pcm, 0) : end]] = prompts.text(language, prompt) or "（提示音）"
    return texts


def _next_sound(pcm: bytes, start: int) -> int:
    return len(pcm) - len(pcm[start:].lstrip(b"\0")) & ~1


def _in_common(heard: bytes, at: int, sound: bytes) -> int:
    """Bytes of `sound` that stand there, from its first."""
    if heard.startswith(sound, at):
        return len(sound)
    same, different = 0, len(sound)
    while different - same > 2:
        middle = (same + different) // 2 & ~1
        if heard.startswith(sound[:middle], at):
            same = middle
        else:
            different = middle
    return same


def _unknown(heard: bytes, at: int, known: Mapping[bytes, str]) -> int:
    """Where it ends."""
    ends = [heard.find(GAP, at), *(heard.find(sound[:LEAST], at + 2) for sound in known)]
    return min((end for end in ends if end >= 0), default=len(heard))


def _seconds(size: int) -> float:
    return size / 2 / RATE
