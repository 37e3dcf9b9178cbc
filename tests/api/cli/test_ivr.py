"""ivr check, ivr prompts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.sound import amplified, wav_of
from ivr.speech.recognising import OURS
from tests.api.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "recordings" / "cmn").mkdir(parents=True)
    settings = tmp_path / "settings.toml"
    settings.write_text(
        """
        [hotline]
        host = "0.0.0.0"
        audiosocket = 19092
        fastagi = 14573
        prompts = "recordings"
        """,
        encoding="utf-8",
    )
    return settings


def record(settings: Path, prompt: Prompt, pcm: bytes) -> None:
    (settings.parent / "recordings" / "cmn" / f"{prompt}.wav").write_bytes(wav_of(pcm))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Ours, to be changed."""
    return Path(shutil.copytree(OURS, tmp_path / "model"))


def forget(model: Path, word: str) -> None:
    words = model / "graph" / "words.txt"
    kept = words.read_text("utf-8").replace(f"\n{word} ", f"\n{word}麒麟 ")
    words.write_text(kept, "utf-8")


def test_the_model_is_tried(run: Run) -> None:
    said = run("ivr", "check").stdout

    assert "只供试用" in said
    assert "采样率8000赫兹，233个词，可以限定要听的词语" in said
    assert "载入用时" in said
    assert "5个等级，听对5个" in said
    assert "识别一秒语音用时" in said
    assert "热线：没有配置（[hotline]）" in said


def test_what_a_model_cannot_hear_is_told(run: Run, model: Path) -> None:
    forget(model, "马马虎虎")

    said = run("ivr", "check", "--model", model).stdout

    assert "试用" not in said
    assert "听不出这些评价用语：马马虎虎\n" in said
    assert "只能按键" not in said


def test_without_the_words_of_a_level_callers_press_keys(run: Run, model: Path) -> None:
    forget(model, "基本")

    assert "来电人只能按键评价" in run("ivr", "check", "--model", model).stdout


def test_a_folder_that_is_no_model_is_told(run: Run, tmp_path: Path) -> None:
    told = run("ivr", "check", "--model", tmp_path, code=1).stderr

    assert "am/final.mdl" in told


def test_the_settings_of_the_hotline_are_told(run: Run, settings: Path) -> None:
    said = run("ivr", "check", "--settings", settings).stdout

    assert "AudioSocket：0.0.0.0:19092" in said
    assert "FastAGI：0.0.0.0:14573" in said


def test_the_prompts_are_listed(run: Run) -> None:
    listed = run("ivr", "prompts").stdout.splitlines()

    prompts = Prompts()
    for language in Language:
        for prompt in Prompt:
            length = f"{prompts.seconds(language, prompt):.1f}秒"
            (line,) = (each for each in listed if each.startswith(f"{language}/{prompt}\t"))
            assert length in line
            assert prompts.text(language, prompt) in line
    assert listed[-1] == "没有发现问题。"


def test_a_speakers_recordings_are_checked(run: Run, settings: Path) -> None:
    record(settings, Prompt.THANKS, amplified(Prompts().pcm(Language.MANDARIN, Prompt.THANKS), -20))

    for words in (
        ("ivr", "prompts", "--settings", settings),
        ("ivr", "prompts", "--folder", settings.parent / "recordings"),
        ("ivr", "check", "--settings", settings),
    ):
        done = run(*words, code=1)
        assert "cmn/thanks：音量为-40 dBFS" in done.stderr
        assert "有1处问题。" in done.stderr


def test_recordings_that_cannot_be_used_are_told(run: Run, settings: Path) -> None:
    folder = settings.parent / "recordings" / "cmn"
    (folder / "greting.wav").write_bytes(b"")
    (folder / "thanks.wav").write_bytes(b"ID3")

    told = run("ivr", "prompts", "--settings", settings, code=1).stderr

    assert "greting.wav不是任何提示音的名称" in told
    assert "thanks.wav不是WAV文件" in told


def test_without_espeak_it_says_what_was_not_done(run: Run) -> None:
    said = run("ivr", "prompts", PATH="").stdout
    told = run("ivr", "prompts", "--render", code=1, PATH="").stderr

    assert "没有安装espeak-ng，合成的读音未核对" in said
    assert "apt-get install espeak-ng" in told
