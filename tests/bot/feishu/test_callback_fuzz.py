"""Whatever is sent, the callback either reads it or refuses it by one of three names."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import Forged, Malformed, Stale
from bot.feishu.callback import Callback
from bot.feishu.incoming import Tapped, Written
from tests.bot.feishu import theirs
from tests.bot.feishu.conftest import application
from tests.bot.feishu.fake_feishu import APP_ID
from tests.standing import MONDAY

CALLBACK = Callback(application(), lambda: MONDAY)
FEW = settings(max_examples=150, deadline=None)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["text", "post", "p2p", "img_1", "1609073151345", '{"text": "待办"}', "{}"]),
)
TREES = st.recursive(
    LEAVES,
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(st.text(max_size=10) | st.sampled_from(["tag", "text", "value"]), each)
    ),
    max_leaves=10,
)
VALID = st.sampled_from(
    [
        theirs.text(APP_ID, "受理 1024"),
        theirs.message(APP_ID, "image", {"image_key": "img_1"}),
        theirs.message(APP_ID, "post", {"title": "", "content": [[{"tag": "text", "text": "a"}]]}),
        theirs.tap(APP_ID, {"command": "受理 1024"}),
        theirs.challenge(),
    ]
)


def places(said: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(said, dict):
        return [path]
    found = [path] if path else []
    return found + [each for name in said for each in places(said[name], (*path, name))]


def put(said: object, path: tuple[str, ...], value: object) -> object:
    if not path:
        return value
    assert isinstance(said, dict)
    return said | {path[0]: put(said[path[0]], path[1:], value)}


def heard(push: theirs.Push) -> None:
    with suppress(Forged, Stale, Malformed):
        CALLBACK.read(push.headers, push.body)


@FEW
@given(st.data())
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    said = data.draw(VALID)
    changed = put(said, data.draw(st.sampled_from(places(said))), data.draw(TREES))
    heard(theirs.push(changed, MONDAY))


@FEW
@given(st.one_of(st.sampled_from(["text", "post", "image"])), TREES)
def test_any_content(kind: str, content: object) -> None:
    heard(theirs.push(theirs.message(APP_ID, kind, content), MONDAY))


@FEW
@given(st.binary(max_size=300), st.booleans())
def test_any_octets(body: bytes, signed: bool) -> None:
    heard(theirs.signed(body, MONDAY) if signed else theirs.Push({}, body))


@FEW
@given(st.dictionaries(st.sampled_from(list(theirs.signed(b"", MONDAY).headers)), st.text()))
def test_any_headers(headers: dict[str, str]) -> None:
    push = theirs.push(theirs.text(APP_ID, "待办"), MONDAY)
    heard(theirs.Push(push.headers | headers, push.body))


@FEW
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_octet_of_an_event_can_be_changed(place: int, by: int) -> None:
    push = theirs.push(theirs.text(APP_ID, "受理 1024"), MONDAY)
    body = bytearray(push.body)
    body[place % len(body)] ^= by
    with suppress(Forged, Malformed):
        read = CALLBACK.read(push.headers, bytes(body))
        assert not isinstance(read, Written | Tapped)
