"""A switch calls, and what the caller says is in the database: on both engines, over a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from ivr.dialogue.reception import Reception
from ivr.line import Line
from ivr.media.audiosocket import AudioSocketServer
from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.sound import wav_of
from ivr.settings import Hotline, Queue
from ivr.speech.hearing import Hearing
from ivr.speech.recognising import Recogniser
from models.ratings.submit import submit
from models.tables import Evaluation, Notice, WorkOrder
from models.words import Channel, Level
from tests.ivr.media.audiosocket_switch import PATIENCE, Switch, answering, frame
from tests.models.ratings.said import rating
from tests.models.town import PHONE, Town, build, call
from tests.standing import StandingClock

SETTINGS = Hotline(queues={"粤语": Queue(language=Language.CANTONESE), "旧": Queue(best=1)})


@pytest.fixture
async def town(office: object) -> Town:
    return await build(office)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Prompts:
    """Each prompt is a tenth of a second of a sound of its own."""
    folder = tmp_path_factory.mktemp("prompts")
    for language in Language:
        (folder / language).mkdir()
        for place, prompt in enumerate(Prompt, start=1):
            sound = (100 * place + len(language)).to_bytes(2, "little") * 800
            (folder / language / f"{prompt}.wav").write_bytes(wav_of(sound))
    return Prompts(folder)


@pytest.fixture
async def server(
    town: Town, brief: Prompts, recogniser: Recogniser, over: asyncio.Event
) -> AsyncIterator[AudioSocketServer]:
    reception = Reception(town.office, SETTINGS, brief, Hearing(recogniser, 1))

    async def answer(handover: UUID, line: Line) -> None:
        await reception.answer(handover, line)
        over.set()

    async with answering(answer) as server:
        yield server


@pytest.fixture
def over() -> asyncio.Event:
    """A call is over for the service too."""
    return asyncio.Event()


async def handover(town: Town, **more: Any) -> UUID:
    taken = await town.report(call(caller=PHONE, **more))
    assert taken.handover is not None
    return taken.handover.id


async def placed(server: AudioSocketServer, handover: UUID, keys: str = "") -> Switch:
    """To the end; the keys as soon as something is said."""
    async with Switch(server, handover) as switch:
        await switch.identify()
        if keys:
            await switch.speech(1)
            await switch.send(*(frame(0x03, key.encode()) for key in keys))
        await switch.gone()
    return switch


Heard = Callable[[Switch], list[Prompt]]


@pytest.fixture
def heard(brief: Prompts) -> Heard:
    def prompts(switch: Switch, language: Language = Language.MANDARIN) -> list[Prompt]:
        known = {brief.pcm(language, each)[:320]: each for each in Prompt}
        found = [known[each] for each in switch.heard if each in known]
        return [each for each, before in zip(found, [None, *found], strict=False) if each != before]

    return prompts


async def test_a_key_is_a_rating(town: Town, server: AudioSocketServer, heard: Heard) -> None:
    switch = await placed(server, await handover(town), "5")
    said = await Evaluation.get()
    assert (said.level, said.channel) == (Level.VERY_SATISFIED, Channel.HOTLINE)
    assert switch.hung_up
    assert heard(switch)[-1] is Prompt.THANKS


async def test_hung_up_after_a_negative_key_the_order_is_open(
    town: Town, server: AudioSocketServer, over: asyncio.Event
) -> None:
    async with Switch(server, await handover(town)) as switch:
        await switch.identify()
        await switch.speech(1)
        await switch.send(frame(0x03, b"1"))
        await switch.end()
    await asyncio.wait_for(over.wait(), PATIENCE)
    assert (await Evaluation.get()).level == Level.VERY_DISSATISFIED
    assert await WorkOrder.all().count() == 1


async def test_hung_up_before_a_level_one_link_goes_out(
    town: Town, server: AudioSocketServer, over: asyncio.Event
) -> None:
    async with Switch(server, await handover(town)) as switch:
        await switch.identify()
        await switch.speech(1)
        await switch.end()
    await asyncio.wait_for(over.wait(), PATIENCE)
    assert await Evaluation.all().count() == 0
    assert [each.kind for each in await Notice.all()] == ["invitation"]


async def test_a_handover_is_answered_once(town: Town, server: AudioSocketServer) -> None:
    known = await handover(town)
    await placed(server, known, "4")
    with capture_logs() as logs:
        again = await placed(server, known)
    assert again.hung_up
    assert again.said == b""
    assert [each["why"] for each in logs if "why" in each] == ["handover_used"]
    assert (await Evaluation.get()).level == Level.SATISFIED


async def test_nobody_is_let_in_by_an_unknown_or_old_uuid(
    town: Town, server: AudioSocketServer, clock: StandingClock
) -> None:
    known = await handover(town)
    clock.advance(hours=2)
    with capture_logs() as logs:
        for each in (known, uuid4()):
            switch = await placed(server, each)
            assert switch.hung_up
            assert switch.said == b""
    assert [each["why"] for each in logs if "why" in each] == [
        "handover_expired",
        "handover_unknown",
    ]
    assert await Evaluation.all().count() == 0
    assert await Notice.all().count() == 0


async def test_who_has_rated_meanwhile_is_told_so(
    town: Town, server: AudioSocketServer, heard: Heard
) -> None:
    taken = await town.report(call(caller=PHONE))
    assert taken.handover is not None
    await submit(town.office, taken.invitations[0], rating(Level.SATISFIED))
    switch = await placed(server, taken.handover.id)
    assert heard(switch) == [Prompt.ALREADY]
    assert await Evaluation.all().count() == 1
    assert [each.kind for each in await Notice.all()] == []


@pytest.mark.parametrize(("queue", "level"), [("旧", Level.VERY_SATISFIED), ("粤语", 1), ("", 1)])
async def test_a_queue_has_its_own_order_and_language(
    town: Town, server: AudioSocketServer, over: asyncio.Event, queue: str, level: int
) -> None:
    known = await handover(town, **({"queue": queue} if queue else {}))
    async with Switch(server, known) as switch:
        await switch.identify()
        await switch.speech(1)
        await switch.send(frame(0x03, b"1"))
        await switch.end()
    await asyncio.wait_for(over.wait(), PATIENCE)
    assert (await Evaluation.get()).level == level


async def test_where_all_places_are_taken_callers_rate_by_key(
    town: Town, server: AudioSocketServer, heard: Heard
) -> None:
    first, second = await handover(town), await handover(town, number="T2")
    async with Switch(server, first) as listened_to:
        await listened_to.identify()
        await listened_to.speech(12)
        keys_only = await placed(server, second, "5")
        await listened_to.send(frame(0x03, b"5"))
        await listened_to.gone()
    assert Prompt.RATE_5 in heard(listened_to)
    assert Prompt.RATE_5 not in heard(keys_only)
    assert await Evaluation.all().count() == 2
