"""ivr: whether the hotline hears, and what it says."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import NoReturn

import click

from api.cli.options import settings_of, with_settings
from api.settings import Settings
from ivr.prompts import Language, Prompt, PromptFault, Prompts, checking
from ivr.prompts.rendering import render
from ivr.prompts.texts import wordings
from ivr.speech.examining import Examined, examined
from ivr.speech.meaning import meant
from ivr.speech.recognising import OURS, ModelFault
from models.words import Level


@click.group()
def ivr() -> None:
    """热线：检查语音模型和提示音。"""


@ivr.command()
@with_settings
@click.option(
    "--model", type=click.Path(path_type=Path), help="语音模型文件夹；默认是设置里的，或自带的。"
)
def check(data: Path | None, file: Path | None, model: Path | None) -> None:
    """载入语音模型并试听，检查提示音和热线的设置。"""
    settings = settings_of(data, file)
    folder = model or settings.speech_model or OURS
    said = {level: Prompts().pcm(Language.MANDARIN, Prompt(f"level-{level}")) for level in Level}
    try:
        found = asyncio.run(examined(folder, said))
    except ModelFault as fault:
        _end([fault.why])
    click.echo(f"语音模型：{folder}{'（自带，只供试用）' if folder == OURS else ''}")
    for line in _model(found):
        click.echo(f"- {line}")
    click.echo("热线：" if settings.hotline else "热线：没有配置（[hotline]）。")
    for line in _hotline(settings):
        click.echo(f"- {line}")
    _end(_checked(_prompts(settings, None)))


@ivr.command("prompts")
@with_settings
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="自己的录音，文件名与自带的相同；默认是设置里的。",
)
@click.option("--render", "anew", is_flag=True, help="重新合成自带的提示音，需要espeak-ng。")
def prompts_(data: Path | None, file: Path | None, folder: Path | None, *, anew: bool) -> None:
    """列出并检查提示音：文字、读音和录音。"""
    if anew:
        if which("espeak-ng") is None:
            _end(["没有安装espeak-ng，不能合成：apt-get install espeak-ng"])
        render()
    prompts = _prompts(settings_of(data, file), folder)
    for language in Language:
        for prompt in Prompt:
            text = prompts.text(language, prompt) or "（提示音）"
            click.echo(f"{language}/{prompt}\t{prompts.seconds(language, prompt):.1f}秒\t{text}")
    _end(_checked(prompts))


def _prompts(settings: Settings, folder: Path | None) -> Prompts:
    try:
        return Prompts(folder or (settings.hotline.prompts if settings.hotline else None))
    except PromptFault as fault:
        _end(fault.faults)


def _model(found: Examined) -> Iterator[str]:
    graph = "可以限定要听的词语" if found.grammars else "图是固定的，不能限定要听的词语"
    yield f"采样率{found.rate}赫兹，{found.words}个词，{graph}"
    yield f"载入用时{found.loading:.2f}秒，内存增加{found.memory / 2**20:.0f} MB"
    if not found.rates:
        yield "词表里没有五个等级：来电人只能按键评价"
    if found.unheard:
        yield f"听不出这些评价用语：{'、'.join(sorted(found.unheard))}"
    wrong = {
        level: transcript.text
        for level, transcript in found.heard.items()
        if meant(transcript).level is not level
    }
    yield f"试听合成语音说的{len(found.heard)}个等级，听对{len(found.heard) - len(wrong)}个"
    for level, text in wrong.items():
        yield f"“{level.label}”听成了“{text}”"
    yield f"识别一秒语音用时{found.real_time * 1000:.0f}毫秒"


def _hotline(settings: Settings) -> Iterator[str]:
    hotline = settings.hotline
    if hotline is None:
        return
    host = hotline.host or settings.host
    for name, port in (("AudioSocket", hotline.audiosocket), ("FastAGI", hotline.fastagi)):
        yield f"{name}：{'不监听' if port is False else f'{host}:{port}'}"


def _checked(prompts: Prompts) -> Iterator[str]:
    told = wordings()
    yield from checking.sounds(prompts)
    yield from checking.outdated(told)
    yield from checking.readings(told)
    if find_spec("pypinyin"):
        yield from checking.mandarin(told)
    else:
        click.echo("没有安装pypinyin，拼音未与文字核对（pip install 'haochaping[training]'）。")
    if which("espeak-ng"):
        yield from checking.utterances(told)
    else:
        click.echo("没有安装espeak-ng，合成的读音未核对。")


def _end(faults: Iterable[str]) -> NoReturn:
    """With exit code 1 where there is one."""
    found = list(faults)
    for fault in found:
        click.echo(fault, err=True)
    click.echo(f"有{len(found)}处问题。" if found else "没有发现问题。", err=bool(found))
    sys.exit(1 if found else 0)
