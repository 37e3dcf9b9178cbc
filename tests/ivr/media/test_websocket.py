"""/ivr/media: a line through chan_websocket."""

from __future__ import annotations

import asyncio
import base64
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.line import FRAME, Heard, Key, Line, Sound
from ivr.media.control import read_event
from ivr.media.websocket import MediaCall, setup_media
from tests.ivr.media.fake_switch import REPORTS, XOFF_AT, FakeSwitch, dialled

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

Answer = Callable[[MediaCall, Line], Awaitable[None]]
PHONE = "13800138000"
SECOND = 50
"""Frames."""


def tone(frames: int, step: int = 7) -> bytes:
    """Every frame another one."""
    return b"".join(
        ((step * n % 20_000) + 1).to_bytes(2, "little") * (FRAME // 2) for n in range(frames)
    )


@asynccontextmanager
async def answered(answer: Answer, patience: float = 5.0) -> AsyncIterator[str]:
    """Its address."""
    app = web.Application()
    setup_media(app, answer, patience=patience)
    async with TestServer(app) as server:
        yield str(server.make_url("/ivr/media"))


class Dialogue:
    """Says what it is told to, waits for it, and notes what it hears."""

    def __init__(self, *prompts: bytes) -> None:
        self.prompts = prompts
        self.call: MediaCall | None = None
        self.heard: list[Heard] = []
        self.ended = asyncio.Event()

    async def __call__(self, call: MediaCall, line: Line) -> None:
        self.call = call
        for prompt in self.prompts:
            line.say(prompt)
        await line.said()
        async for heard in line.heard():
            self.heard.append(heard)
        self.ended.set()


@pytest.fixture(params=[False, True], ids=["plain", "json"])
def as_json(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def test_prompts_are_heard_whole_and_then_said(*, as_json: bool) -> None:
    prompts = tone(70), tone(3, 11)[:-100]
    said = asyncio.Event()

    async def answer(_call: MediaCall, line: Line) -> None:
        for prompt in prompts:
            line.say(prompt)
        await line.said()
        assert bytes(switch.played) == prompts[0] + prompts[1] + bytes(100)
        said.set()
        line.say(tone(1))

    async with answered(answer) as url, dialled(url, as_json=as_json) as switch:
        await switch.start("slin")
        await switch.until(lambda: switch.closed)
    assert said.is_set()
    assert len(switch.played) == 74 * FRAME
    assert switch.commands[-1] == "HANGUP"


async def test_a_minute_fits_a_queue_of_less(*, as_json: bool) -> None:
    minute = tone(60 * SECOND)
    dialogue = Dialogue(minute[: len(minute) // 2], minute[len(minute) // 2 :])
    async with answered(dialogue) as url, dialled(url, as_json=as_json) as switch:
        await switch.start("slin")
        await switch.until(lambda: len(switch.played) == len(minute))
    assert bytes(switch.played) == minute
    assert 10 * SECOND < switch.longest < XOFF_AT


async def test_hushed_nothing_stale_is_heard(*, as_json: bool) -> None:
    stale, fresh = tone(60 * SECOND), tone(SECOND, 13)
    quiet = asyncio.Event()

    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(stale)
        async for heard in line.heard():
            if heard == Key("1"):
                line.hush()
                await line.said()
                quiet.set()
                line.say(fresh)
            else:
                await line.said()
                return

    async with answered(answer) as url, dialled(url, as_json=as_json) as switch:
        switch.paused = True
        await switch.start("slin")
        await switch.until(lambda: switch.waiting > 10 * SECOND)
        await switch.press("1")
        await switch.press("2")
        await switch.until(lambda: switch.waiting == SECOND)
        assert quiet.is_set()
        switch.paused = False
        await switch.until(lambda: switch.closed)
    assert bytes(switch.played) == fresh


async def test_a_report_from_before_is_not_taken_for_the_next_prompt(*, as_json: bool) -> None:
    """FLUSH_MEDIA empties the queue, and the switch reports that after the next prompt was said."""
    said = asyncio.Event()

    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(SECOND))
        async for heard in line.heard():
            if heard == Key("1"):
                line.hush()
                line.say(tone(SECOND))
                await line.said()
                said.set()

    async with answered(answer) as url, dialled(url, as_json=as_json) as switch:
        switch.paused = True
        await switch.start("slin")
        await switch.until(lambda: "REPORT_QUEUE_DRAINED" in switch.commands)
        await switch.press("1")
        await switch.until(lambda: "FLUSH_MEDIA" in switch.commands and switch.waiting == SECOND)
        await switch.tell("QUEUE_DRAINED")
        await switch.tell("MEDIA_MARK_PROCESSED", correlation_id="1")
        await switch.press("2")
        assert not said.is_set()
        switch.paused = False
        await switch.until(said.is_set)
    assert len(switch.played) == SECOND * FRAME


@pytest.mark.parametrize(
    "reports", [REPORTS - {"MEDIA_MARK_PROCESSED"}, REPORTS - {"QUEUE_DRAINED"}], ids=sorted
)
async def test_either_report_does(reports: frozenset[str], *, as_json: bool) -> None:
    prompt = tone(20 * SECOND)

    async def answer(_call: MediaCall, line: Line) -> None:
        for half in (prompt[: len(prompt) // 2], prompt[len(prompt) // 2 :]):
            line.say(half)
            await line.said()

    async with answered(answer) as url, dialled(url, as_json=as_json, reports=reports) as switch:
        await switch.start("slin")
        await switch.until(lambda: switch.closed)
    assert bytes(switch.played) == prompt


async def test_a_switch_that_reports_nothing_is_not_waited_for() -> None:
    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(2))
        await line.said()

    with capture_logs() as logs:
        async with (
            answered(answer, patience=0.05) as url,
            dialled(url, reports=frozenset()) as switch,
        ):
            await switch.start("slin")
            await switch.until(lambda: switch.closed)
    assert switch.commands[-1] == "HANGUP"
    assert [each["event"] for each in logs] == ["the switch does not say that a prompt was heard"]


@pytest.mark.parametrize("free", [False, True])
async def test_a_full_switch_is_sent_nothing(*, free: bool, as_json: bool) -> None:
    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(2))
        await line.said()

    async with (
        answered(answer, patience=0.05) as url,
        dialled(url, as_json=as_json) as switch,
    ):
        await switch.tell("MEDIA_XOFF")
        if free:
            await switch.tell("MEDIA_XON")
        await switch.start("slin")
        await switch.until(lambda: "HANGUP" in switch.commands)
    assert switch.longest == (2 if free else 0)


async def test_sound_and_keys_are_heard_in_order(*, as_json: bool) -> None:
    dialogue = Dialogue()
    async with answered(dialogue) as url:
        async with dialled(url, as_json=as_json) as switch:
            await switch.send(tone(1))
            await switch.press("1")
            await switch.start("slin")
            await switch.send(tone(1)[:-1])
            await switch.send(tone(1)[-1:])
            for digit in "0*#D":
                await switch.press(digit)
            for digit in ("12", "x", ""):
                await switch.press(digit)
        await asyncio.wait_for(dialogue.ended.wait(), 5)
    sound = b"".join(each.pcm for each in dialogue.heard if isinstance(each, Sound))
    assert sound == tone(2)[:FRAME] * 2
    assert dialogue.heard[:2] == [Sound(tone(1)), Key("1")]
    assert dialogue.heard[-4:] == [Key(digit) for digit in "0*#D"]


@pytest.mark.parametrize(
    ("name", "frame", "heard"),
    [
        ("ulaw", 160, lambda audio: audioop.ulaw2lin(audio, 2)),
        ("alaw", 160, lambda audio: audioop.alaw2lin(audio, 2)),
        ("slin16", 640, lambda audio: audioop.ratecv(audio, 2, 1, 16000, 8000, None)[0]),
    ],
)
async def test_other_formats(name: str, frame: int, heard: Callable[[bytes], bytes]) -> None:
    """Level and length are right both ways."""
    prompt = (b"\x00\x20" * 20 + b"\x00\xe0" * 20) * (SECOND * 4)
    dialogue = Dialogue(prompt)
    async with answered(dialogue) as url:
        async with dialled(url, frame=frame) as switch:
            await switch.start(name)
            await switch.until(lambda: len(switch.played) == SECOND * frame)
            await switch.send(bytes(switch.played))
        await asyncio.wait_for(dialogue.ended.wait(), 5)
    (back,) = dialogue.heard
    assert isinstance(back, Sound)
    for pcm in (heard(bytes(switch.played)), back.pcm):
        assert len(pcm) == pytest.approx(len(prompt), abs=200)
        assert audioop.rms(pcm, 2) == pytest.approx(0x2000, rel=0.1)


@pytest.mark.parametrize("size", ["0", "-1", "9999999999", "x", ""])
async def test_a_frame_size_that_makes_no_sense(size: str) -> None:
    dialogue = Dialogue(tone(SECOND))
    async with answered(dialogue) as url, dialled(url) as switch:
        await switch.start("slin", optimal_frame_size=size)
        await switch.until(lambda: len(switch.played) == SECOND * FRAME)


async def test_the_caller_hangs_up(*, as_json: bool) -> None:
    """Whoever waits for a prompt to be said waits no longer, and saying more does nothing."""
    over = asyncio.Event()

    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(60 * SECOND))
        await line.said()
        assert [each async for each in line.heard()] == []
        line.say(tone(1))
        line.hush()
        await line.said()
        await line.hang_up()
        await line.hang_up()
        over.set()

    async with answered(answer) as url:
        async with dialled(url, as_json=as_json) as switch:
            switch.paused = True
            await switch.start("slin")
            await switch.until(lambda: switch.waiting > SECOND)
        await asyncio.wait_for(over.wait(), 5)


async def test_when_the_service_stops_what_was_said_is_kept(*, as_json: bool) -> None:
    keeping = asyncio.Event()

    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(60 * SECOND))
        assert [each async for each in line.heard()] == [Key("1")]
        await asyncio.sleep(0)
        keeping.set()

    async with AsyncExitStack() as service:
        url = await service.enter_async_context(answered(answer))
        async with dialled(url, as_json=as_json) as switch:
            switch.paused = True
            await switch.start("slin")
            await switch.press("1")
            await switch.until(lambda: switch.waiting > SECOND)
            await service.aclose()
            assert keeping.is_set()
            await switch.until(lambda: switch.closed)
    assert switch.commands[-1] == "HANGUP"


async def test_a_fault_of_ours_hangs_up_at_once() -> None:
    async def answer(_call: MediaCall, line: Line) -> None:
        line.say(tone(60 * SECOND))
        raise LookupError(PHONE)

    with capture_logs() as logs:
        async with answered(answer) as url, dialled(url) as switch:
            await switch.start("slin")
            await switch.until(lambda: switch.closed)
    (line,) = logs
    assert line["event"] == "call failed"
    assert PHONE not in str(line)


async def test_whose_call_it_is() -> None:
    dialogue = Dialogue()
    headers = {"Authorization": "Basic " + base64.b64encode(b"pbx:a:key").decode()}
    async with answered(dialogue) as url:
        async with dialled(f"{url}?call=17&queue=%E7%A4%BE%E4%BF%9D", headers=headers) as switch:
            await switch.start("slin")
        await asyncio.wait_for(dialogue.ended.wait(), 5)
    assert dialogue.call == MediaCall({"call": "17", "queue": "社保"}, "pbx", "a:key")


async def test_the_channel_knows_better_than_the_address_whose_call_it_is() -> None:
    """Of two calls dialled at once, Asterisk may connect both to the address of one."""
    dialogue = Dialogue()
    variables = {
        "__RATING_CALL": "number=17,queue=%E7%A4%BE%E4%BF%9D,case=,caller=%2B8613800138000"
    }
    async with answered(dialogue) as url:
        async with dialled(f"{url}?number=18&agent=A1", as_json=True) as switch:
            await switch.start("slin", variables)
        await asyncio.wait_for(dialogue.ended.wait(), 5)
    told = {"number": "17", "queue": "社保", "caller": "+8613800138000"}
    assert dialogue.call == MediaCall(told, None, None)


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic é", "Basic !", "Bearer x"])
async def test_a_call_without_credentials(authorization: str) -> None:
    dialogue = Dialogue()
    async with answered(dialogue) as url:
        async with dialled(url, headers={"Authorization": authorization}) as switch:
            await switch.start("slin")
        await asyncio.wait_for(dialogue.ended.wait(), 5)
    assert dialogue.call == MediaCall({}, None, None)


@pytest.mark.parametrize("codec", ["g722", "slin17", "", "opus"])
async def test_a_format_we_do_not_speak(codec: str) -> None:
    dialogue = Dialogue()
    with capture_logs() as logs:
        async with answered(dialogue) as url, dialled(url, as_json=True) as switch:
            await switch.start(codec)
            await switch.until(lambda: switch.closed)
    assert dialogue.call is None
    assert [each["format"] for each in logs] == [codec]


async def test_a_connection_that_never_becomes_a_call() -> None:
    dialogue = Dialogue()
    async with answered(dialogue, patience=0.05) as url, dialled(url) as switch:
        await switch.send(tone(1))
        await switch.until(lambda: switch.closed)
    assert dialogue.call is None


async def test_what_is_no_media_connection_is_told_so() -> None:
    async with answered(Dialogue()) as url, ClientSession() as session:
        async with session.get(url) as answer:
            assert answer.status == 426
            assert answer.headers["Upgrade"] == "websocket"
            assert "WebSocket" in await answer.text()
        for protocols in ([], ["ari"], ["mediation"]):
            with pytest.raises(WSServerHandshakeError) as refused:
                await session.ws_connect(url, protocols=protocols)
            assert refused.value.status == 400


texts = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda name, rest, brace: f"{brace}{name}{rest}",
        st.sampled_from(
            ["MEDIA_START", "DTMF_END", "MEDIA_MARK_PROCESSED", "QUEUE_DRAINED", "MEDIA_XON"]
        ),
        st.text(alphabet=' :{}"9digtformatslin', max_size=60),
        st.sampled_from(["", '{"event":"', '{"event":']),
    ),
)


@pytest.mark.parametrize(
    "text", ['{"a":' * 20_000, '{"event": ' + "9" * 5000 + "}", '{"event": []}', "[]", " "]
)
def test_nonsense_is_no_event(text: str) -> None:
    event = read_event(text)
    assert event is None or not event.name.isalpha()


async def test_a_mark_nobody_made() -> None:
    dialogue = Dialogue(tone(5))
    async with answered(dialogue) as url, dialled(url, as_json=True) as switch:
        switch.paused = True
        await switch.start("slin")
        for number in ("9" * 5000, "99", "-1", "٣", "x", ""):
            await switch.tell("MEDIA_MARK_PROCESSED", correlation_id=number)
        await switch.press("1")
        await switch.until(lambda: switch.waiting == 5)
        assert not dialogue.heard
        switch.paused = False
        await switch.until(lambda: len(switch.played) == 5 * FRAME)


@given(texts)
@settings(max_examples=200)
def test_any_text_is_an_event_or_nothing(text: str) -> None:
    event = read_event(text)
    assert event is None or all(isinstance(value, str) for value in event.fields.values())


@given(st.lists(st.one_of(texts, st.binary(max_size=700)), max_size=12))
@settings(max_examples=25, deadline=None)
def test_whatever_the_other_side_sends_the_dialogue_lives(messages: list[str | bytes]) -> None:
    async def call(as_json: bool) -> Dialogue:
        dialogue = Dialogue(tone(5))
        async with answered(dialogue) as url:
            async with dialled(url, as_json=as_json) as switch:
                await switch.start("slin")
                for each in messages:
                    await _send(switch, each)
            await asyncio.wait_for(dialogue.ended.wait(), 5)
        return dialogue

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        for as_json in (False, True):
            dialogue = runner.run(call(as_json))
            sound = b"".join(each.pcm for each in dialogue.heard if isinstance(each, Sound))
            sent = b"".join(each for each in messages if isinstance(each, bytes))
            assert sound == sent[: len(sent) & ~1]


async def _send(switch: FakeSwitch, message: str | bytes) -> None:
    if isinstance(message, str):
        await switch.socket.send_str(message)
    else:
        await switch.send(message)
