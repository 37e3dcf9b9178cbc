"""Whatever the other side does is NotDelivered and nothing else (bot/sms/exchange.py)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from bot.exchange import ANSWER_LIMIT
from bot.gateways import NotDelivered, Rejected
from bot.sms.exchange import TIMEOUT
from bot.sms.gateway import gateway
from tests.bot.sms.conftest import PROVIDERS, Line, message, now, settings

all_three = pytest.mark.parametrize("line", list(PROVIDERS), indirect=True)
each = pytest.mark.parametrize("name", list(PROVIDERS))


async def refused(sending: Awaitable[object]) -> NotDelivered:
    with pytest.raises(NotDelivered) as fault:
        await sending
    assert not isinstance(fault.value, Rejected)
    assert 0 < len(fault.value.why) <= 200
    assert "138" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__ or fault.value.__context__ is None
    return fault.value


@asynccontextmanager
async def saying(words: bytes | None) -> AsyncIterator[str]:
    """The address of a server that answers with these bytes and hangs up; None: never answers."""
    done = asyncio.Event()

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read(2**16)
            if words is None:
                await done.wait()
            else:
                writer.write(words)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(heard, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        done.set()
        server.close()


def test_a_claim_outlasts_the_time_limit() -> None:
    assert timedelta(seconds=20) > TIMEOUT


@each
async def test_never_answered(name: str, session: aiohttp.ClientSession) -> None:
    async with saying(None) as address:
        there = settings(name, f"http://{address}")
        made = gateway(there, session, now, timeout=timedelta(milliseconds=30))
        assert "没有按时" in (await refused(made.send(message()))).why


@each
async def test_nobody_there(name: str, session: aiohttp.ClientSession) -> None:
    there = settings(name, f"http://127.0.0.1:{unused_port()}")
    assert "连接不上" in (await refused(gateway(there, session, now).send(message()))).why


@each
async def test_no_tls_there(name: str, session: aiohttp.ClientSession) -> None:
    async with saying(b"HTTP/1.1 400 Bad Request\r\n\r\n") as address:
        there = settings(name, f"https://{address}")
        assert "TLS" in (await refused(gateway(there, session, now).send(message()))).why


@each
@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"what?\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n{}",
    ],
)
async def test_no_answer_of_a_server(
    name: str, words: bytes, session: aiohttp.ClientSession
) -> None:
    async with saying(words) as address:
        await refused(gateway(settings(name, f"http://{address}"), session, now).send(message()))


@all_three
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b"null",
        b"[]",
        b'"OK"',
        b"{",
        b"{}",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"Code":null,"Response":null,"code":null}',
        b'{"Code":{"a":1},"Response":[],"code":[]}',
        b'{"Code":true,"Response":{"Error":7,"SendStatusSet":{}},"code":1.5}',
        b'{"Response":{"SendStatusSet":[[]]}}',
        b'{"Code":"\\ud800","Response":{"Error":{"Code":"\\ud800","Message":[1]}},"code":"\\ud800"}',
    ],
)
async def test_nonsense(line: Line, body: bytes) -> None:
    line.provider.saying += [web.Response(body=body), web.Response(body=body, status=400)]
    await refused(line.gateway.send(message()))
    await refused(line.gateway.send(message()))


@all_three
async def test_an_endless_answer_is_not_read_to_its_end(line: Line) -> None:
    right = b'{"Code":"OK","code":0,"Response":{"SendStatusSet":[{"Code":"Ok"}]}}'
    line.provider.saying += [
        web.Response(body=right.ljust(ANSWER_LIMIT)),
        web.Response(body=right.ljust(ANSWER_LIMIT + 1)),
    ]
    await line.gateway.send(message())
    assert "过长" in (await refused(line.gateway.send(message()))).why


@all_three
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(line: Line, status: int) -> None:
    line.provider.saying.append(web.Response(status=status, headers={"Location": "/elsewhere"}))
    assert str(status) in (await refused(line.gateway.send(message()))).why
    assert len(line.provider.requests) == 1


@all_three
@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 504])
async def test_a_status_without_words(line: Line, status: int) -> None:
    line.provider.saying.append(web.Response(status=status))
    fault = await refused(line.gateway.send(message()))
    assert (str(status) in fault.why, fault.wait) == (True, None)


@all_three
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 01 Mar 2026 23:35:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 00:00:00 GMT", timedelta(0)),
        ("999999999", timedelta(days=1)),
        ("9" * 5000, None),
        ("Sun, 99 Mar 2026 00:00:00 GMT", None),
        ("Sun, 01 Mar 2026 00:00:00 -0000", None),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
async def test_retry_after(line: Line, status: int, value: str, wait: timedelta | None) -> None:
    line.provider.saying.append(web.Response(status=status, headers={"Retry-After": value}))
    assert (await refused(line.gateway.send(message()))).wait == wait
