"""call: a call to the running service without a switch."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import click

from api.cli.registering import NotRegistered, Registration, with_registration
from ivr.calling.overhearing import Said, overheard
from ivr.calling.placing import Answer, Call, Given, Keys, NobodyListens, Speech, place
from ivr.calling.speaking import CannotSpeak, spoken
from ivr.media.frames import KEYS
from ivr.prompts import Prompts
from ivr.prompts.sound import seconds, wav_of
from ivr.speech.decoding import decoded


class Answers(click.Command):
    """Its options `keys`, `say` and `wav` become `answers`, in the order in which they were given:
    click would sort them by option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        rest = super().parse_args(ctx, args)
        given = {name: iter(ctx.params.pop(name)) for name in ("keys", "say", "wav")}
        names = [each.name for each in order if each.name in given]
        ctx.params["answers"] = [(name, next(given[name])) for name in names]
        return rest


def _keys(
    _context: click.Context, _parameter: click.Parameter, each: tuple[str, ...]
) -> tuple[str, ...]:
    for names in each:
        if not names or not set(names) <= KEYS:
            raise click.BadParameter("按键是0至9、*、#，可以连写，如 2# 。")
    return each


@click.command(cls=Answers)
@click.option("--keys", multiple=True, callback=_keys, help="按键，如 2 或 '#'。")
@click.option("--say", multiple=True, help="说一句话，如 不满意。")
@click.option(
    "--wav",
    multiple=True,
    type=click.File("rb"),
    help="放一段录音（WAV、MP3、AMR、OGG）。",
)
@click.option("--early", is_flag=True, help="不等服务说完就回答。")
@click.option(
    "--out",
    default="heard.wav",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="来电人听到的声音存在哪里。",
    show_default=True,
)
@click.option("--host", default="127.0.0.1", help="AudioSocket的地址。", show_default=True)
@click.option(
    "--port",
    default=9092,
    type=click.IntRange(1, 65535),
    help="AudioSocket的端口。",
    show_default=True,
)
@click.option("--uuid", type=click.UUID, help="已经登记的通话；不给出则先登记一次。")
@with_registration
def call(
    answers: list[tuple[str, str | BinaryIO]],
    registration: Registration,
    uuid: UUID | None,
    host: str,
    port: int,
    out: Path,
    *,
    early: bool,
) -> None:
    """不用电话交换机，给热线打一次电话。

    可以有几个回答，服务每说完一段给出一个：haochaping call --keys 2 --say 等了两个小时 --keys '#'
    """
    prompts = Prompts()

    async def calling() -> Call:
        given = [await _answer(kind, each, prompts) for kind, each in answers]
        return await place(host, port, uuid or await registration.register(), given, early=early)

    try:
        called = asyncio.run(calling())
    except (CannotSpeak, NobodyListens, NotRegistered) as fault:
        click.echo(fault, err=True)
        sys.exit(1)
    said = overheard(called.heard, prompts)
    if not said:
        click.echo("服务没有接听：这次通话没有登记过，或者已经用过、过期了", err=True)
        sys.exit(1)
    for line in _dialogue(called, said):
        click.echo(line)
    out.write_bytes(wav_of(called.heard))
    click.echo(f"来电人听到的声音：{out}")


async def _answer(kind: str, given: str | BinaryIO, prompts: Prompts) -> Answer:
    """Raises CannotSpeak, NotAudio, TooLong."""
    if not isinstance(given, str):
        pcm = await decoded(given.read())
        return Speech(pcm, f"（录音{given.name}，{seconds(pcm):.1f}秒）")
    return Keys(given) if kind == "keys" else Speech(spoken(given, prompts), given)


def _dialogue(call: Call, said: list[Said]) -> Iterator[str]:
    both: Iterable[Said | Given] = (*said, *call.given)
    for each in sorted(both, key=attrgetter("at")):
        match each:
            case Said():
                yield f"{_time(each.at)}  服务：{_told(each)}"
            case Given(answer=Keys(names)):
                yield f"{_time(each.at)}  来电：按 {names}"
            case Given(answer=Speech(told=told)):
                yield f"{_time(each.at)}  来电：{told}"
    yield f"{_time(seconds(call.heard))}  {'服务挂机' if call.hung_up else '通话中断'}"


def _told(said: Said) -> str:
    if said.text is None:
        return f"（一段提示，{said.seconds:.1f}秒）"
    return said.text if said.whole else f"{said.text}（说了{said.seconds:.1f}秒，被打断）"


def _time(at: float) -> str:
    return f"{int(at // 60):02}:{at % 60:04.1f}"
