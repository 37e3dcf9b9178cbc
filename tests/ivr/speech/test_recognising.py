"""From sound to words and to a level, by libvosk itself (ivr/speech/recognising.py)."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from ivr.speech.decoding import decoded
from ivr.speech.recognising import OURS, SURE, ModelFault, Recogniser, UnknownWords
from models.ratings.heard import heard
from models.words import Level

RECORDINGS = Path(__file__).parent.parent / "recordings"

SAID = {
    "very-satisfied.amr": ("非常满意", Level.VERY_SATISFIED),
    "satisfied.speex": ("满意", Level.SATISFIED),
    "basically-satisfied.amr": ("基本满意", Level.BASICALLY_SATISFIED),
    "dissatisfied-waited.amr": ("不满意等太久了", Level.DISSATISFIED),
    "very-dissatisfied.awb": ("非常不满意", Level.VERY_DISSATISFIED),
    "nothing-to-complain.speex": ("没什么不满意的", Level.SATISFIED),
    "not-quite-satisfied-alaw.wav": ("不太满意", Level.DISSATISFIED),
    "five-points-mulaw.wav": ("五分", Level.VERY_SATISFIED),
    "one-star.mp3": ("一星", Level.VERY_DISSATISFIED),
    "passable.opus": ("还可以", Level.BASICALLY_SATISFIED),
    "yes.wav": ("是的", None),
}
"""Spoken by voices that the model was not trained on (ivr/training/recordings.py)."""


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(OURS)
    yield recogniser
    recogniser.close()


async def pcm(name: str) -> bytes:
    return await decoded((RECORDINGS / name).read_bytes())


def listening() -> int:
    """Threads of recognisers that are now in use."""
    return sum(each.name.startswith("speech") for each in threading.enumerate())


@pytest.mark.parametrize("name", SAID)
async def test_what_was_said_is_a_level(recogniser: Recogniser, name: str) -> None:
    text, level = SAID[name]

    transcript = await recogniser.hear(await pcm(name))

    assert transcript.text == text
    assert heard(transcript.text).level == level
    assert 0 < transcript.confidence <= 1


async def test_the_reason_comes_along(recogniser: Recogniser) -> None:
    transcript = await recogniser.hear(await pcm("dissatisfied-waited.amr"))

    assert heard(transcript.text).words == "等太久了"
    assert [word.start for word in transcript.words] == sorted(
        word.start for word in transcript.words
    )


@pytest.mark.parametrize("name", SAID)
async def test_a_grammar_is_heard_as_well(recogniser: Recogniser, name: str) -> None:
    grammar = recogniser.grammar(text for text, _ in SAID.values())

    transcript = await recogniser.hear(await pcm(name), grammar=grammar)

    assert transcript.text == SAID[name][0]


async def test_nothing_but_the_grammar_is_heard(recogniser: Recogniser) -> None:
    grammar = recogniser.grammar(["一星", "二星"])

    transcript = await recogniser.hear(await pcm("one-star.mp3"), grammar=grammar)
    another = await recogniser.hear(await pcm("very-satisfied.amr"), grammar=grammar)

    assert transcript.text == "一星"
    assert "满" not in another.text


def test_a_grammar_is_in_the_models_own_words(recogniser: Recogniser) -> None:
    grammar = recogniser.grammar(["非常不满意", "不 满意"])

    assert json.loads(grammar) == ["非常 不满意", "不 满意", "[unk]"]
    # With \u escapes libvosk would hear nothing.
    assert "非常 不满意" in grammar


def test_a_grammar_with_words_unheard_of_is_refused(recogniser: Recogniser) -> None:
    with pytest.raises(UnknownWords, match="麒麟") as refused:
        recogniser.grammar(["满意", "麒麟", "不满意 麒麟"])
    assert refused.value.phrases == ("麒麟", "不满意 麒麟")


def test_a_model_says_which_words_it_knows(recogniser: Recogniser) -> None:
    assert recogniser.knows("满意")
    assert not recogniser.knows("麒麟")


async def test_any_rate_will_do(recogniser: Recogniser) -> None:
    recorded = (RECORDINGS / "very-satisfied.amr").read_bytes()

    transcript = await recogniser.hear(await decoded(recorded, 16000), rate=16000)

    assert transcript.text == "非常满意"


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", SAID)
async def test_what_is_misheard_in_noise_is_not_sure(
    recogniser: Recogniser, name: str, seed: int
) -> None:
    noise = Random(seed)  # noqa: S311
    clear = array("h", await pcm(name))
    loud = sum(map(abs, clear)) / len(clear)
    noisy = array("h", (_within(each + noise.gauss(0, loud)) for each in clear))

    transcript = await recogniser.hear(noisy.tobytes())

    told = heard(transcript.text)
    assert transcript.confidence < SURE or not told.sure or told.level == SAID[name][1]


def _within(sample: float) -> int:
    return max(-32768, min(32767, round(sample)))


@pytest.mark.parametrize("sound", [b"", bytes(100), bytes(3 * 16000)], ids=len)
async def test_nothing_is_heard_in_silence(recogniser: Recogniser, sound: bytes) -> None:
    transcript = await recogniser.hear(sound)

    assert (transcript.text, transcript.confidence) == ("", 0)


async def test_a_torrent_is_heard_a_few_at_a_time() -> None:
    recogniser = Recogniser(OURS, at_once=3)
    sound = await pcm("very-satisfied.amr")
    most, others = 0, listening()

    async def hear() -> str:
        nonlocal most
        transcript = await recogniser.hear(sound)
        most = max(most, listening() - others)
        return transcript.text

    texts = await asyncio.gather(*(hear() for _ in range(60)))
    recogniser.close()

    assert texts == ["非常满意"] * 60
    assert most == 3


async def test_one_who_leaves_is_not_listened_to_further() -> None:
    recogniser = Recogniser(OURS, at_once=1)
    others = listening()
    long = asyncio.create_task(recogniser.hear(bytes(600 * 16000)))
    while listening() == others:  # noqa: ASYNC110 - nobody tells when a thread is there.
        await asyncio.sleep(0)

    long.cancel()
    async with asyncio.timeout(20):
        transcript = await recogniser.hear(await pcm("very-satisfied.amr"))
    recogniser.close()

    assert long.cancelled()
    assert transcript.text == "非常满意"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(OURS, tmp_path / "model")


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelFault, match="没有这个语音模型文件夹"):
        Recogniser(Path("/nowhere"))


@pytest.mark.parametrize(
    "name",
    [
        "am/final.mdl",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/disambig_tid.int",
        "graph/words.txt",
    ],
)
def test_a_file_that_is_missing_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(ModelFault, match=name):
        Recogniser(copy)


def test_the_features_are_of_one_kind_or_the_other(copy: Path) -> None:
    (copy / "conf/fbank.conf").unlink()

    with pytest.raises(ModelFault, match=r"conf/mfcc\.conf"):
        Recogniser(copy)


def test_what_would_end_the_process_is_found_before(copy: Path) -> None:
    (copy / "conf/model.conf").write_text("--beam=13.0\n")

    with pytest.raises(ModelFault, match="silence-phones"):
        Recogniser(copy)


@pytest.mark.parametrize(
    "name", ["am/final.mdl", "conf/fbank.conf", "graph/HCLr.fst", "graph/Gr.fst"]
)
@pytest.mark.parametrize("left", [0, 2])
def test_a_file_that_was_cut_off_is_told(copy: Path, name: str, left: int) -> None:
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[: len(whole) * left // 4])

    with pytest.raises(ModelFault, match="已损坏"):
        Recogniser(copy)
