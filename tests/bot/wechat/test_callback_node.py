"""The callback over HTTP, with the platform played by Node.js: another language, another crypto."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.callback import Callback
from tests.bot.wechat import samples
from tests.bot.wechat.callbacks import SENDER, callback, message
from tests.bot.wechat.crypto import Platform, element
from tests.bot.wechat.nodejs import played


def repeating(ours: Callback) -> web.Application:
    """Answers with what somebody wrote."""

    async def verify(request: web.Request) -> web.Response:
        return refusing(lambda: ours.verify(request.query).encode())

    async def take(request: web.Request) -> web.Response:
        body = await request.read()

        def answer() -> bytes:
            incoming = ours.read(request.query, body)
            return ours.answer(incoming, incoming.words)

        return refusing(answer)

    def refusing(answer: Callable[[], bytes]) -> web.Response:
        try:
            return web.Response(body=answer())
        except (Forged, Stale):
            return web.Response(status=403)
        except Malformed:
            return web.Response(status=400)

    app = web.Application()
    app.router.add_get("/", verify)
    app.router.add_post("/", take)
    return app


@pytest.mark.parametrize("mode", ["plain", "compatible", "aes"])
async def test_node_and_we_understand_each_other(mode: str) -> None:
    platform = Platform(mode=mode)
    written = ["不满意，等了两个小时", "]]&gt;\n<b>&amp;", "😀" * 400]
    pushes = [message(Content=each.replace("<", "&lt;")) for each in written]
    async with TestServer(repeating(callback(platform))) as server:
        heard = await played(platform, server.make_url("/"), *pushes, samples.SCANNED)
    assert heard["echo"] == {"status": 200, "body": "4375120948345356249"}
    *texts, nothing = heard["answers"]
    assert [each["status"] for each in texts] == [200, 200, 200]
    assert [element(each["body"], "Content") for each in texts] == [
        "不满意，等了两个小时",
        "]]>\n<b>&",
        "😀" * 400,
    ]
    assert {element(each["body"], "ToUserName") for each in texts} == {SENDER}
    assert nothing == {"status": 200, "body": "success"}


@pytest.mark.parametrize("mode", ["plain", "compatible", "aes"])
async def test_node_with_another_token_is_refused(mode: str) -> None:
    ours, theirs = Platform(mode=mode), Platform("another", mode=mode)
    async with TestServer(repeating(callback(ours))) as server:
        heard = await played(theirs, server.make_url("/"), message())
    assert heard["echo"]["status"] == 403
    assert [each["status"] for each in heard["answers"]] == [403]
