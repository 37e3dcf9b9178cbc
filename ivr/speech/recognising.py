"""What was said, by a Vosk model.

A model is a folder (https://alphacephei.com/vosk/models). Once loaded it serves any number of
recordings, each by a recogniser of its own, and decodes in worker threads: libvosk lets go of the
interpreter while it does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

import vosk

OURS: Final = Path(__file__).parent.parent / "model"
"""The model that comes with the project, for trying out."""
SURE: Final = 0.9
"""Of a transcript's confidence: below it, what was heard is confirmed before it counts."""
AT_ONCE: Final = 2
"""Recordings decoded at the same time. Further ones wait for their turn."""

UNKNOWN: Final = "[unk]"
"""What a model writes for a stretch of speech that is none of its words."""


@dataclass(frozen=True, slots=True)
class Word:
    """`start`, `end`: seconds from the beginning; `confidence`: 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """`text`: without spaces, empty where nothing was understood; `words`: as the model divides it,
    UNKNOWN among them."""

    text: str
    confidence: float
    words: tuple[Word, ...]


class ModelFault(Exception):
    """The folder holds no model that can be used. `why`: in Chinese."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownWords(ValueError):
    """The model cannot hear these `phrases`: its vocabulary has no words to put them together."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        super().__init__(f"模型的词表里没有：{'、'.join(phrases)}")
        self.phrases = phrases


class Recogniser:
    def __init__(self, folder: Path, *, at_once: int = AT_ONCE) -> None:
        """Loads the model, which blocks: from a twentieth of a second for ours to half a minute
        for a large one. Raises ModelFault."""
        self._model = _loaded(folder)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="speech")

    def close(self) -> None:
        """Waits for what is being decoded."""
        self._threads.shutdown(cancel_futures=True)

    def knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def grammar(self, phrases: Iterable[str]) -> str:
        """For `hear`: only these phrases, and one after the other, are to be heard. Spaces in a
        phrase divide it into words; without, it is divided into the longest the model knows.
        Raises UnknownWords. A model with one fixed graph hears whatever it knows all the same."""
        divided = {phrase: self._divided(phrase) for phrase in phrases}
        if strange := tuple(phrase for phrase, words in divided.items() if not words):
            raise UnknownWords(strange)
        known = [" ".join(words) for words in divided.values()]
        # libvosk does not read \u escapes, and then hears nothing at all.
        return json.dumps([*known, *([UNKNOWN] if self.knows(UNKNOWN) else [])], ensure_ascii=False)

    async def hear(self, pcm: bytes, *, grammar: str | None = None, rate: int = 8000) -> Transcript:
        """`pcm`: 16-bit mono with `rate` samples a second; `grammar`: as made by `grammar`."""
        given_up = Event()
        decoding = asyncio.get_running_loop().run_in_executor(
            self._threads, self._words, pcm, grammar, rate, given_up
        )
        try:
            words = tuple(await decoding)
        finally:
            given_up.set()
        text = "".join(word.text for word in words if word.text != UNKNOWN)
        return Transcript(text, _confidence(words), words)

    def _words(self, pcm: bytes, grammar: str | None, rate: int, given_up: Event) -> list[Word]:
        recogniser = vosk.KaldiRecognizer(self._model, rate, *([grammar] if grammar else []))
        recogniser.SetWords(enable_words=True)
        words: list[Word] = []
        second = 2 * rate
        for start in range(0, len(pcm), second):
            if given_up.is_set():
                return words
            # True where the model takes a pause for the end of an utterance.
            if recogniser.AcceptWaveform(pcm[start : start + second]):
                words += _read(recogniser.Result())
        return [*words, *_read(recogniser.FinalResult())]

    def _divided(self, phrase: str) -> list[str]:
        """Nothing where it cannot be."""
        words: list[str] = []
        for part in phrase.split():
            rest = part
            while rest:
                known = next(
                    (rest[:n] for n in range(len(rest), 0, -1) if self.knows(rest[:n])), ""
                )
                if not known:
                    return []
                words.append(known)
                rest = rest[len(known) :]
        return words


def _confidence(words: Sequence[Word]) -> float:
    """As sure as the least sure of the words: one 不 turns the rest around. None, or one that is
    not understood among them: not at all."""
    return min((word.confidence if word.text != UNKNOWN else 0.0 for word in words), default=0.0)


def _read(result: str) -> Iterator[Word]:
    for word in json.loads(result).get("result", ()):
        yield Word(word["word"], word["start"], word["end"], word["conf"])


def _loaded(folder: Path) -> vosk.Model:
    """Raises ModelFault."""
    _check(folder)
    # Errors only: they go to stderr and say more than what is raised.
    vosk.SetLogLevel(-2)
    try:
        model = vosk.Model(str(folder))
        # The graph and the features are first looked at here.
        vosk.KaldiRecognizer(model, 8000).AcceptWaveform(bytes(1600))
    # libvosk has no other.
    except Exception as fault:
        raise ModelFault(f"语音模型无法载入，文件可能不完整或已损坏：{folder}") from fault
    return model


def _check(folder: Path) -> None:
    """libvosk ends the process over some of what it misses. Raises ModelFault."""
    if not folder.is_dir():
        raise ModelFault(f"没有这个语音模型文件夹：{folder}")
    if missing := [name for name in _needed(folder) if not (folder / name).is_file()]:
        raise ModelFault(f"语音模型文件夹{folder}缺少：{'、'.join(missing)}")
    if "--endpoint.silence-phones=" not in (folder / _SETTINGS).read_text("utf-8", "replace"):
        raise ModelFault(f"{folder / _SETTINGS}里缺少--endpoint.silence-phones")


def _needed(folder: Path) -> Iterator[str]:
    yield from ("am/final.mdl", _SETTINGS, "graph/words.txt")
    if not (folder / "conf/fbank.conf").exists():
        yield "conf/mfcc.conf"
    if not (folder / "graph/HCLG.fst").exists():
        yield from ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
    if (folder / "ivector/final.ie").exists():
        yield from _IVECTOR


_SETTINGS: Final = "conf/model.conf"
_IVECTOR: Final = tuple(
    f"ivector/{name}"
    for name in ("final.dubm", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
)
