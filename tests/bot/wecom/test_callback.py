"""Whether WeCom sent it, what it says, and the answer (bot/wecom/callback.py, incoming.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.envelope import SIZE_LIMIT, WINDOW
from bot.wecom.incoming import Incoming, Kind
from tests.bot.wechat.crypto import element
from tests.bot.wecom.pushes import callback, event, message, picture, tap, wecom
from tests.standing import MONDAY

EXAMPLE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911"
    "L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLx"
    "AUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9"
    "nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/u"
    "h9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
"""Of the platform's documentation, with its token, its EncodingAESKey and its corpid."""
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
EXAMPLE_AT = datetime.fromtimestamp(1409659813, UTC)


def read(xml: str) -> Incoming:
    fake = wecom()
    return callback(fake).read(*fake.push(xml))


def test_the_example_of_the_documentation() -> None:
    query = {
        "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
        "timestamp": "1409659813",
        "nonce": "1372623149",
    }
    body = (
        "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>"
        f"<Encrypt><![CDATA[{EXAMPLE}]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>"
    )
    said = callback(wecom(), EXAMPLE_AT).read(query, body.encode())
    assert (said.kind, said.user, said.words) == (Kind.TEXT, "mycreate", "hello")
    assert said.at == EXAMPLE_AT


def test_the_address_of_the_documentation_is_verified() -> None:
    query = {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": ECHO,
    }
    at = datetime.fromtimestamp(1409659589, UTC)
    assert callback(wecom(), at).verify(query) == "1616140317555161061"
    with pytest.raises(Forged):
        callback(wecom(), at).verify({**query, "echostr": ECHO[:-4] + "aaQ="})
    with pytest.raises(Stale):
        callback(wecom(), at + WINDOW + timedelta(seconds=1)).verify(query)


def test_texts_and_pictures() -> None:
    said = read(message(" 整改 1024 已增开窗口。\n请看 "))
    assert (said.kind, said.words) == (Kind.TEXT, "整改 1024 已增开窗口。\n请看")
    shown = read(picture("media-1"))
    assert (shown.kind, shown.media_id, shown.words) == (Kind.IMAGE, "media-1", "")


def test_taps_are_commands() -> None:
    tapped = read(tap("受理 1024", "Response_code-1"))
    assert (tapped.kind, tapped.words) == (Kind.TAP, "受理 1024")
    assert tapped.response_code == "Response_code-1"
    clicked = read(event("CLICK", "待办"))
    assert (clicked.kind, clicked.words) == (Kind.CLICK, "待办")


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        (event("subscribe"), Kind.SUBSCRIBE),
        (event("enter_agent"), Kind.OTHER),
        (event("unsubscribe"), Kind.OTHER),
        (event("view", "https://pj.example/"), Kind.OTHER),
        (message("", MsgType="voice", MediaId="m", Format="amr"), Kind.UNREAD),
        (message("", MsgType="location", Label="x"), Kind.UNREAD),
    ],
)
def test_everything_else(xml: str, kind: Kind) -> None:
    assert (read(xml).kind, read(xml).words) == (kind, "")


def test_changes_in_the_address_book_name_no_application() -> None:
    xml = event("change_contact", FromUserName="sys").replace("<AgentID>218</AgentID>", "")
    assert read(xml).kind is Kind.OTHER
    with pytest.raises(Malformed):
        read(message().replace("<AgentID>218</AgentID>", ""))


def test_what_comes_again_is_the_same_and_nothing_else_is() -> None:
    said = [
        message(),
        message(MsgId="2"),
        message(FromUserName="lisi"),
        event("click", "待办"),
        event("click", "帮助"),
        event("click", "待办", CreateTime=str(int(MONDAY.timestamp()) + 1)),
        tap("受理 1024", "a"),
        tap("受理 1024", "b"),
        tap("退回 1024", "a"),
    ]
    once = [read(xml).once for xml in said]
    assert once == [read(xml).once for xml in said]
    assert len(set(once)) == len(said)
    assert all(len(each) == 64 for each in once)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_what_was_changed_is_refused(name: str) -> None:
    fake = wecom()
    query, body = fake.push(message())
    changed = query[name][:-1] + ("0" if query[name][-1] != "0" else "1")
    for given in ({**query, name: changed}, {**query, name: ""}):
        with pytest.raises(Forged):
            callback(fake).read(given, body)


def test_a_plain_signature_proves_nothing() -> None:
    """As the official account's has it: it does not cover what was sent."""
    fake = wecom()
    query, body = fake.push(message())
    del query["msg_signature"]
    plain = fake.crypto.query(MONDAY, query["nonce"])
    with pytest.raises(Forged):
        callback(fake).read(plain, body)


def test_old_pushes_are_refused() -> None:
    fake = wecom()
    push = fake.push(message())
    callback(fake, MONDAY + WINDOW).read(*push)
    for late in (WINDOW + timedelta(seconds=1), -WINDOW - timedelta(seconds=1)):
        with pytest.raises(Stale):
            callback(fake, MONDAY + late).read(*push)


def test_pushes_for_others_are_refused() -> None:
    fake, other = wecom(), wecom()
    other.corp.corp_id = "wwfedcba9876543210"
    with pytest.raises(Forged, match="another account"):
        callback(fake).read(*other.push(message()))
    for xml in (message(AgentID="219"), message(ToUserName="wwfedcba9876543210")):
        with pytest.raises(Forged):
            read(xml)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "hello",
        "<xml>",
        "<xml/>",
        "<!DOCTYPE a><xml></xml>",
        message(FromUserName="zhang san"),
        message(FromUserName="@all"),
        message(FromUserName="a|b"),
        message(CreateTime="soon"),
        message(CreateTime="9" * 15),
        message(AgentID="x"),
        message(MsgType=""),
        message(Content="<a>1</a>"),
        message("", MsgType="image"),
        tap("受理 1024", "a b"),
    ],
)
def test_what_is_no_message_is_malformed(xml: str) -> None:
    with pytest.raises((Malformed, Forged)):
        read(xml)


def test_a_body_without_end_is_malformed() -> None:
    fake = wecom()
    query, _ = fake.push(message())
    with pytest.raises(Malformed, match="too long"):
        callback(fake).read(query, b" " * (SIZE_LIMIT + 1))


def test_an_answer_is_encrypted_and_no_markup() -> None:
    fake = wecom()
    incoming = read(message())
    words = "已受理 ]]> <a href='http://evil.example'>点我</a>\ufffe" + "差" * 2000
    sealed = callback(fake).answer(incoming, words)
    xml = fake.crypto.opened(sealed)
    assert element(xml, "ToUserName") == "zhangsan"
    assert element(xml, "FromUserName") == fake.corp.corp_id
    assert element(xml, "MsgType") == "text"
    content = element(xml, "Content")
    assert content.startswith("已受理 ]]＞ ＜a href")
    assert len(content.encode()) <= 2048


@pytest.mark.parametrize("words", [None, "", "\0"])
def test_no_answer_is_an_empty_one(words: str | None) -> None:
    assert callback(wecom()).answer(read(message()), words) == b""
