"""Whatever is sent, the callback either reads it or refuses it by one of three names."""

from __future__ import annotations

from contextlib import suppress
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import Forged, Malformed, Stale
from bot.wecom.incoming import Incoming
from tests.bot.wechat.test_callback_fuzz import mutated
from tests.bot.wecom.fake_wecom import FakeWeCom, Push
from tests.bot.wecom.pushes import callback, event, message, picture, tap, wecom

FEW = settings(max_examples=100, deadline=None)
VALID = st.sampled_from(
    [message(), picture("media-1"), event("CLICK", "待办"), tap("受理 1024", "code")]
)
NAMES = ["msg_signature", "timestamp", "nonce", "echostr"]
ELEMENTS = [
    *("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId"),
    *("AgentID", "Content", "MediaId", "TaskId", "ResponseCode", "SelectedItems"),
]
LEAVES = st.one_of(
    st.sampled_from(["", "text", "image", "event", "template_card_event", "0", "-1", "²", "218"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(escape),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(st.tuples(st.sampled_from(ELEMENTS), inner), max_size=4).map(
        lambda pairs: "".join(f"<{name}>{tree}</{name}>" for name, tree in pairs)
    ),
    max_leaves=8,
)


def read(fake: FakeWeCom, push: Push) -> None:
    with suppress(Forged, Stale, Malformed):
        assert isinstance(callback(fake).read(*push), Incoming)


@FEW
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=50)), st.binary(max_size=300))
def test_anything(query: dict[str, str], body: bytes) -> None:
    fake = wecom()
    read(fake, Push(query, body))
    with suppress(Forged, Stale, Malformed):
        assert isinstance(callback(fake).verify(query), str)


@FEW
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_any_echo_that_was_signed(echo: str) -> None:
    fake = wecom()
    with suppress(Forged, Malformed):
        assert isinstance(callback(fake).verify({**fake.signed(echo), "echostr": echo}), str)


@FEW
@given(data=st.data(), name=st.sampled_from(NAMES[:3]))
def test_a_query_that_was_changed(data: st.DataObject, name: str) -> None:
    fake = wecom()
    query, body = fake.push(message())
    changed = data.draw(mutated(query[name].encode())).decode(errors="surrogateescape")
    read(fake, Push({**query, name: changed}, body))


@FEW
@given(data=st.data(), valid=VALID)
def test_a_body_that_was_changed(data: st.DataObject, valid: str) -> None:
    fake = wecom()
    query, body = fake.push(valid)
    read(fake, Push(query, data.draw(mutated(body))))


@FEW
@given(data=st.data(), valid=VALID)
def test_a_message_that_was_signed_after(data: st.DataObject, valid: str) -> None:
    fake = wecom()
    read(fake, fake.carrying(fake.crypto.encrypt(data.draw(mutated(valid.encode())))))


@FEW
@given(st.dictionaries(st.sampled_from(ELEMENTS), TREES, max_size=4))
def test_any_elements(elements: dict[str, str]) -> None:
    fake = wecom()
    read(fake, fake.push(message("", **elements)))


@FEW
@given(
    inside=st.binary(max_size=60),
    length=st.one_of(st.integers(0, 80), st.integers(0, 2**32 - 1)),
    padding=st.integers(0, 255),
    cut=st.integers(0, 4),
)
def test_anything_encrypted(inside: bytes, length: int, padding: int, cut: int) -> None:
    fake = wecom()
    whole = bytes(16) + length.to_bytes(4, "big") + inside + fake.corp.corp_id.encode()
    whole += bytes([padding]) * (128 - len(whole))
    read(fake, fake.carrying(fake.crypto.encrypt_octets(whole[16 * cut :])))


@FEW
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_anything_instead(encrypt: str) -> None:
    fake = wecom()
    read(fake, fake.carrying(encrypt))
