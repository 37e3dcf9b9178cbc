"""Whether texts, readings, espeak-ng and recordings agree. Every fault is a sentence in Chinese."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import zip_longest
from typing import Final

from ivr.prompts.rendering import RENDERED, digest, espeak
from ivr.prompts.sound import loudness, peak, seconds
from ivr.prompts.spoken import Prompts
from ivr.prompts.texts import OURS, SPOKEN, Language, Prompt, Wording, wordings

Wordings = Mapping[tuple[Language, Prompt], Wording]

SLOWEST, FASTEST = 2.0, 8.0
"""Syllables a second, pauses included."""
QUIETEST, LOUDEST = -32.0, -12.0
"""dBFS of what is said."""


def sounds(prompts: Prompts) -> Iterator[str]:
    """What would be heard badly, ours or a speaker's."""
    told = wordings()
    for language in Language:
        for prompt in Prompt:
            name, pcm = f"{language}/{prompt}", prompts.pcm(language, prompt)
            if peak(pcm) > -0.1:
                yield f"{name}：声音过载失真，请降低音量后重新录制"
            if not QUIETEST <= loudness(pcm) <= LOUDEST:
                yield (
                    f"{name}：音量为{loudness(pcm):.0f} dBFS，"
                    f"应在{QUIETEST:.0f}至{LOUDEST:.0f}之间（-20最合适）"
                )
            if prompt in SPOKEN:
                how_many = len(characters(told[language, prompt].text))
                if not how_many / FASTEST <= seconds(pcm) <= how_many / SLOWEST + 1:
                    yield (
                        f"{name}：{how_many}个字，录音长{seconds(pcm):.1f}秒，可能没有录全或录错了"
                    )


def outdated(told: Wordings) -> Iterator[str]:
    """Recordings of ours that were made from another reading."""
    rendered = tomllib.loads((OURS / RENDERED).read_text("utf-8"))
    for (language, prompt), wording in told.items():
        if rendered.get(language, {}).get(prompt) != digest(language, wording):
            yield f"{language}/{prompt}：文字已修改，录音还没有重新生成（--render）"


def readings(told: Wordings) -> Iterator[str]:
    """As many syllables as characters, each one of the language's."""
    for (language, prompt), wording in told.items():
        syllable = _JYUTPING if language is Language.CANTONESE else _PINYIN
        found = syllables(wording.reading)
        if strange := [each for each in found if not syllable.fullmatch(each)]:
            yield f"{language}/{prompt}：不是读音：{'、'.join(strange)}"
        if len(found) != len(characters(wording.text)):
            yield f"{language}/{prompt}：{len(characters(wording.text))}个字，{len(found)}个读音"


def mandarin(told: Wordings) -> Iterator[str]:
    """Readings that none of the character's are. Needs pypinyin, of the extra `training`: raises
    ImportError without."""
    from pypinyin import Style, pinyin  # noqa: PLC0415

    for (language, prompt), wording in told.items():
        if language is not Language.MANDARIN:
            continue
        pairs = zip(characters(wording.text), syllables(wording.reading), strict=False)
        for character, syllable in pairs:
            (known,) = pinyin(
                character, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True
            )
            if syllable not in known:
                yield f"{language}/{prompt}：“{character}”不读{syllable}"


def utterances(told: Wordings) -> Iterator[str]:
    """What espeak-ng makes of a reading and is something else. Raises FileNotFoundError where it is
    not installed."""
    for (language, prompt), wording in told.items():
        phonemes = espeak(language, wording.reading, "-q", "-x").decode()
        wanted = syllables(wording.reading)
        found = _jyutping(phonemes) if language is Language.CANTONESE else _pinyin(phonemes, wanted)
        if found != wanted:
            yield f"{language}/{prompt}：espeak-ng读成了{' '.join(found)}"


def characters(text: str) -> list[str]:
    """Those that are spoken, figures as characters too."""
    return re.findall(r"[\u4e00-\u9fff]", text.translate(_FIGURES))


def syllables(reading: str) -> list[str]:
    return re.findall(r"[a-z]+[0-9]?", reading)


_FIGURES: Final = str.maketrans("12345", "一二三四五")
_PINYIN: Final = re.compile(r"[a-z]{1,6}[1-5]")
_JYUTPING: Final = re.compile(
    r"(?:(?:[bpmfdtnlhwzcsj]|ng?|gw?|kw?)?(?:aa?|eo?|i|oe?|u|yu)(?:ng|[iumnptk])?|m|ng)[1-6]"
)


def _jyutping(phonemes: str) -> list[str]:
    """Its letters for Cantonese are those of jyutping, with the tone after the vowel."""
    found: list[str] = []
    for syllable in re.sub(r"['_@-]", "", phonemes).replace("N", "ng").replace("|", " ").split():
        letters, tones = re.subn(r"\d", "", syllable)
        found.append(letters + "".join(re.findall(r"\d", syllable)) if tones else letters)
    return found


def _pinyin(phonemes: str, wanted: list[str]) -> list[str]:
    """Syllable by syllable as wanted, or else in espeak-ng's own letters."""
    rest = _plain(phonemes)
    found: list[str] = []
    for syllable, following in zip_longest(wanted, wanted[1:], fillvalue=""):
        tone = _TONES[syllable[-1]]
        # The former of two third tones is spoken as a second.
        if syllable[-1] == following[-1:] == "3":
            tone = rf"{tone}|35"
        before, after = (re.escape(each) for each in _alone(syllable))
        match = re.match(rf"{before}(?:{tone}){after}", rest)
        if match is None:
            return [*found, rest]
        found.append(syllable)
        rest = rest[match.end() :]
    return [*found, rest] if rest else found


_TONES: Final = {"1": "55", "2": "35", "3": "214|21", "4": "51|53", "5": "11|22|33|44"}


@cache
def _alone(syllable: str) -> tuple[str, str]:
    """The letters before and after the tone, said by itself."""
    phonemes = _plain(espeak(Language.MANDARIN, syllable, "-q", "-x").decode())
    before, *after = re.split(r"\d+", phonemes)
    return before, "".join(after)


def _plain(phonemes: str) -> str:
    return re.sub(r"[',_|\s]", "", phonemes)
