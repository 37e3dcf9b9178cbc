"""Whatever is sent, the callback either reads it or refuses it by one of three names."""

from __future__ import annotations

from contextlib import suppress
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.incoming import Incoming
from tests.bot.wechat import samples
from tests.bot.wechat.callbacks import callback, event, message
from tests.bot.wechat.crypto import Platform, Push
from tests.standing import MONDAY

MODES = st.sampled_from(["plain", "compatible", "aes"])
VALID = st.sampled_from(
    [
        message(),
        event("CLICK", "评价"),
        samples.VOICE,
        samples.FOLLOWED_BY_CODE,
        samples.CHOSEN,
        samples.TEMPLATE_BLOCKED,
        samples.SUBSCRIPTION_ARRIVED,
    ]
)
NAMES = ["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "echostr"]
FEW = settings(max_examples=150, deadline=None)
ELEMENTS = [
    *("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "MsgID", "Content"),
    *("MediaId", "Format", "Status", "SubscribeMsgPopupEvent", "SubscribeMsgSentEvent", "List"),
    *("TemplateId", "SubscribeStatusString", "ErrorCode", "ErrorStatus"),
]
VALUES = [
    *("", "text", "voice", "event", "device_event", "scan", "subscribe", "subscribe_scan", "CLICK"),
    *("subscribe_msg_popup_event", "subscribe_msg_sent_event", "TEMPLATESENDJOBFINISH", "List"),
    *(
        "qrscene_1",
        "scanbarcode|a",
        "0",
        "1",
        "-1",
        "1e9",
        "²",
        "accept",
        "failed:user block",
        "a b",
    ),
]
LEAVES = st.one_of(
    st.sampled_from(VALUES),
    st.integers().map(str),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(escape),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(st.tuples(st.sampled_from(ELEMENTS), inner), max_size=4).map(
        lambda pairs: "".join(f"<{name}>{tree}</{name}>" for name, tree in pairs)
    ),
    max_leaves=8,
)
PIECES = st.sampled_from(
    [
        b"",
        b"\0",
        b"\xff",
        b"<",
        b">",
        b"]]>",
        b"<![CDATA[",
        b"<a>",
        b"</a>",
        b"&a;",
        b"&#1;",
        b"<!--",
        b"<?a?>",
        b"<!DOCTYPE a>",
        b"<Event>scan</Event>",
        b"<MsgType>event</MsgType>",
        b"<EventKey><a/></EventKey>",
        b"<List>a</List>",
        "好".encode(),
        "好".encode()[:2],
        b"9" * 30,
    ]
)


@st.composite
def mutated(draw: st.DrawFn, valid: bytes) -> bytes:
    """`valid` with up to three pieces cut out and others, or one of its own, put in their place."""
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(valid))] * 2)))
        end = min(end, start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(PIECES, st.binary(max_size=8), st.just(valid[end : end + 60])))
        valid = valid[:start] + piece + valid[end:]
    return valid


def read(platform: Platform, push: Push) -> None:
    with suppress(Forged, Stale, Malformed):
        assert isinstance(callback(platform).read(*push), Incoming)


@FEW
@given(
    query=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=50)),
    body=st.binary(max_size=300),
    mode=MODES,
)
def test_anything(query: dict[str, str], body: bytes, mode: str) -> None:
    platform = Platform(mode=mode)
    read(platform, Push(query, body))
    with suppress(Forged, Stale, Malformed):
        assert isinstance(callback(platform).verify(query), str)


@FEW
@given(data=st.data(), mode=MODES, name=st.sampled_from(NAMES))
def test_a_query_that_was_changed(data: st.DataObject, mode: str, name: str) -> None:
    platform = Platform(mode=mode)
    query, body = platform.push(message(), MONDAY)
    changed = data.draw(mutated(query.get(name, "").encode())).decode(errors="surrogateescape")
    read(platform, Push({**query, name: changed}, body))


@FEW
@given(data=st.data(), mode=MODES, valid=VALID)
def test_a_body_that_was_changed(data: st.DataObject, mode: str, valid: str) -> None:
    platform = Platform(mode=mode)
    query, body = platform.push(valid, MONDAY)
    read(platform, Push(query, data.draw(mutated(body))))


@FEW
@given(data=st.data(), mode=MODES, valid=VALID)
def test_a_message_that_was_signed_after(data: st.DataObject, mode: str, valid: str) -> None:
    platform = Platform(mode=mode)
    read(platform, platform.push(data.draw(mutated(valid.encode())), MONDAY))


@FEW
@given(
    elements=st.dictionaries(st.sampled_from(ELEMENTS), TREES, max_size=4),
    event=st.sampled_from([None, *VALUES]),
    mode=MODES,
)
def test_any_elements(elements: dict[str, str], event: str | None, mode: str) -> None:
    platform = Platform(mode=mode)
    base = {} if event is None else {"MsgType": "event", "Event": event, "MsgId": ""}
    read(platform, platform.push(message(**{**base, **elements}), MONDAY))


@FEW
@given(
    inside=st.binary(max_size=60),
    length=st.one_of(st.integers(0, 80), st.integers(0, 2**32 - 1)),
    padding=st.integers(0, 255),
    cut=st.integers(0, 4),
)
def test_anything_encrypted(inside: bytes, length: int, padding: int, cut: int) -> None:
    platform = Platform()
    whole = bytes(16) + length.to_bytes(4, "big") + inside + platform.app_id.encode()
    whole += bytes([padding]) * (128 - len(whole))
    read(platform, platform.carrying(platform.encrypt_octets(whole[16 * cut :]), MONDAY))


@FEW
@given(encrypt=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_anything_instead(encrypt: str) -> None:
    platform = Platform()
    read(platform, platform.carrying(encrypt, MONDAY))
