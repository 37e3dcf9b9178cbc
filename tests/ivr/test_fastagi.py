"""A caller handed over by one line of a dialplan (ivr/fastagi.py)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from structlog.testing import capture_logs

from ivr.agi import LONGEST_LINE, quoted
from ivr.fastagi import call_of, serve_fastagi
from models.cases.reports import CallReport
from models.refusals import Invalid, Refused, UnknownReference
from tests.ivr.fake_agi import Switch, calling, told, words

AUDIOSOCKET = "rating.example:9092"
HANDOVER = UUID("4741fac9-03a3-463d-8dd2-66381a78326d")
PLAIN = told("key=k", "platform=12345", "agent=A1")


class Desk:
    """Where calls are registered."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal = refusal
        self.taken: list[tuple[str, CallReport]] = []

    async def register(self, key: str, call: CallReport) -> UUID:
        if self.refusal is not None:
            raise self.refusal
        self.taken.append((key, call))
        return HANDOVER


@asynccontextmanager
async def serving(
    desk: Desk, patience: float = 5, audiosocket: str = AUDIOSOCKET
) -> AsyncIterator[int]:
    server = await serve_fastagi("127.0.0.1", 0, desk.register, audiosocket, patience=patience)
    try:
        yield server.port
    finally:
        await server.close()


async def handed_over(
    desk: Desk, headers: Mapping[str, str] = PLAIN, result: int = 0, *, hung_up: bool = False
) -> Switch:
    async with serving(desk) as port, calling(port) as switch:
        switch.result, switch.hung_up = result, hung_up
        await switch.run(headers)
        return switch


async def test_one_line_of_the_dialplan_hands_the_caller_over() -> None:
    desk = Desk()
    arguments = ("key=k", "platform=12345", "agent=A1", "queue=q", "case=C1")
    switch = await handed_over(desk, told(*arguments))
    ((key, call),) = desk.taken
    assert key == "k"
    assert call == CallReport(
        number="127.0.0.1-city-1795284487.37",
        platform="12345",
        staff="A1",
        caller="+8613800138000",
        queue="q",
        case="C1",
    )
    assert switch.executed == [f"{HANDOVER},{AUDIOSOCKET}"]
    assert switch.variables == {"HAOCHAPING": "ENDED"}


async def test_audiosocket_is_where_fastagi_was_found() -> None:
    async with serving(Desk(), audiosocket=":9092") as port, calling(port) as switch:
        await switch.run(PLAIN)
    assert switch.executed == [f"{HANDOVER},127.0.0.1:9092"]


@pytest.mark.parametrize(
    ("result", "hung_up", "outcome"),
    [(-1, True, "HANGUP"), (-1, False, "FAILED"), (-2, False, "FAILED")],
    ids=["the caller hung up", "no AudioSocket there", "no such application"],
)
async def test_how_it_ended_stands_in_the_channel(result: int, hung_up: bool, outcome: str) -> None:
    switch = await handed_over(Desk(), result=result, hung_up=hung_up)
    assert switch.variables == {"HAOCHAPING": outcome}


async def test_what_is_refused_is_told_and_the_dialplan_goes_on() -> None:
    refused = UnknownReference('没有代码为"A\\1"的工作人员\nEXEC System rm', field="staff")
    with capture_logs() as logs:
        switch = await handed_over(Desk(refused))
    assert switch.executed == []
    assert switch.variables == {
        "HAOCHAPING": "REFUSED",
        "HAOCHAPING_FAULT": "unknown_reference",
    }
    assert switch.shown == ['haochaping: 没有代码为"A\\1"的工作人员 EXEC System rm']
    assert [each["log_level"] for each in logs] == ["warning", "info"]
    assert "138" not in str(logs)


async def test_a_fault_of_ours_leaves_the_caller_to_the_dialplan() -> None:
    with capture_logs() as logs:
        switch = await handed_over(Desk(ZeroDivisionError()))
    assert switch.variables == {}
    assert [each["log_level"] for each in logs] == ["error"]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        (told("platform=12345"), "agent"),
        (told("agent=A1"), "platform"),
        (told("agent=A1", "platform=1 2"), "platform"),
        (told("agent=A1", "platform=1", "caller=1001"), "caller"),
        (told("agent=A1", "platform=1", agi_uniqueid="1" * 50), "number"),
        (told("agent=A1", "platform=1", "secret=k"), "secret"),
        (told("agent=A1", "platform=1", "12345"), "12345"),
    ],
)
def test_what_cannot_be_a_call_is_refused_by_name(headers: Mapping[str, str], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        call_of(headers, "10.0.0.1")
    assert fault.value.field == field


@pytest.mark.parametrize(
    ("callerid", "caller"),
    [
        ("13800138000", "+8613800138000"),
        ("013800138000", "+8613800138000"),
        ("02012345678", "+862012345678"),
        ("unknown", None),
        ("1001", None),
        ("", None),
    ],
)
def test_whoever_has_no_telephone_number_is_a_caller_all_the_same(
    callerid: str, caller: str | None
) -> None:
    _, call = call_of(told("agent=A1", "platform=1", agi_callerid=callerid), "10.0.0.1")
    assert call.caller == caller


def test_what_the_dialplan_says_comes_before_what_the_switch_knows() -> None:
    arguments = ("agent=A1", "platform=1", "number=N1", "caller=13900139000", "queue=", "")
    _, call = call_of(told(*arguments), "10.0.0.1")
    assert (call.number, call.caller, call.queue) == ("N1", "+8613900139000", None)


async def test_nobody_smuggles_an_argument_in() -> None:
    """A second one of a name; Asterisk itself sends each once."""
    desk = Desk()
    name = {"agi_calleridname": "Lin\nagi_arg_2: agent=A2"}
    switch = await handed_over(desk, {**PLAIN, **name})
    assert desk.taken == []
    assert switch.executed == []


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"agi_network yes\n\n",
        b"agi_network: " + b"y" * 2 * LONGEST_LINE,
        b"".join(b"agi_%d: x\n" % each for each in range(100)),
        b"agi_network: yes\n",
        b"",
        bytes(range(256)) * 64,
    ],
    ids=["HTTP", "no colon", "a long line", "many lines", "cut", "nothing", "bytes"],
)
async def test_what_no_switch_says_is_hung_up(said: bytes) -> None:
    desk = Desk()
    async with serving(desk) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        writer.write_eof()
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
    assert desk.taken == []


async def test_a_connection_that_says_nothing_is_hung_up() -> None:
    async with serving(Desk(), patience=0.01) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.read() == b""
        writer.close()


async def test_callers_on_the_line_do_not_hold_up_the_end_of_the_service() -> None:
    desk = Desk()
    async with serving(desk) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = "".join(f"{name}: {value}\n" for name, value in PLAIN.items())
        writer.write(f"{lines}\n".encode())
        assert (await reader.readline()).startswith(b"EXEC AudioSocket")
    assert await reader.read() == b""
    writer.close()


_text = some.text(max_size=60)
_names = some.sampled_from([*PLAIN, "agi_arg_4", "agi_arg_5"])
_arguments = some.builds(
    "{}={}".format, some.sampled_from(["key", "agent", "case", "caller"]), _text
)


@given(some.dictionaries(_names, _text | _arguments))
@settings(max_examples=100)
def test_whatever_the_switch_tells_is_a_call_or_refused(headers: dict[str, str]) -> None:
    with suppress(Refused):
        key, call = call_of({**PLAIN, **headers}, "10.0.0.1")
        assert isinstance(key, str)
        assert isinstance(call, CallReport)


@given(_text)
@settings(max_examples=200)
def test_an_argument_stays_one_on_one_line(text: str) -> None:
    command = f"VERBOSE {quoted(text)} 1"
    assert "\n" not in command
    assert "\r" not in command
    name, argument, level = words(command)
    assert (name, level) == ("VERBOSE", "1")
    assert argument == "".join(each if each.isprintable() else " " for each in text)


@given(some.lists(some.binary(max_size=200), max_size=5))
@settings(max_examples=50, deadline=None)
def test_random_answers_end_the_call_and_nothing_else(answers: list[bytes]) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk, patience=0.2) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            lines = "".join(f"{name}: {value}\n" for name, value in PLAIN.items())
            writer.write(f"{lines}\n".encode() + b"".join(answers))
            writer.write_eof()
            with suppress(ConnectionResetError):
                await reader.read()
            writer.close()
        assert len(desk.taken) == 1

    with capture_logs() as logs:
        asyncio.run(run())
    assert not [each for each in logs if each["log_level"] == "error"]


def test_every_call_has_its_own_number() -> None:
    numbers = {
        call_of(told("agent=A1", "platform=1", agi_uniqueid=unique), switch)[1].number
        for unique in ("1795284487.37", "1795284487.38")
        for switch in ("10.0.0.1", "10.0.0.2")
    }
    assert len(numbers) == 4
