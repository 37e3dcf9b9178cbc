"""What a callback says (bot/wechat/incoming.py), by the documentation's own samples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.callbacks import Malformed
from bot.receipts import Report
from bot.wechat.incoming import Consent, Kind
from tests.bot.wechat import samples
from tests.bot.wechat.callbacks import callback, event, message, read
from tests.bot.wechat.crypto import Platform
from tests.standing import MONDAY

PLATFORM = Platform()
NOTHING: dict[str, Any] = {
    "words": "",
    "scene": None,
    "key": None,
    "media_id": None,
    "media_format": None,
    "consents": (),
    "reports": (),
}
SAMPLES: dict[str, tuple[str, Kind, dict[str, Any]]] = {
    "text": (samples.TEXT, Kind.TEXT, {"words": "this is a test"}),
    "image": (samples.IMAGE, Kind.UNREAD, {}),
    "voice": (samples.VOICE, Kind.VOICE, {"media_id": "media_id", "media_format": "Format"}),
    "voice, recognised": (
        samples.VOICE_RECOGNISED,
        Kind.VOICE,
        {"media_id": "media_id", "media_format": "Format"},
    ),
    "followed": (samples.FOLLOWED, Kind.SUBSCRIBE, {}),
    "unfollowed": (samples.UNFOLLOWED, Kind.UNSUBSCRIBE, {}),
    "followed by a code": (samples.FOLLOWED_BY_CODE, Kind.SUBSCRIBE, {"scene": "123123"}),
    "scanned": (samples.SCANNED, Kind.SCAN, {"scene": "SCENE_VALUE"}),
    "located": (samples.LOCATED, Kind.OTHER, {}),
    "clicked": (samples.CLICKED, Kind.CLICK, {"key": "EVENTKEY"}),
    "viewed": (samples.VIEWED, Kind.OTHER, {}),
    "template, arrived": (
        samples.TEMPLATE_ARRIVED,
        Kind.SENT,
        {"reports": (Report("200163836", True, "", datetime.fromtimestamp(1395658920, UTC)),)},  # noqa: FBT003
    ),
    "choices": (
        samples.CHOSEN,
        Kind.CONSENT,
        {
            "consents": (
                Consent(samples.FIRST, accepted=True),
                Consent(samples.SECOND, accepted=False),
            )
        },
    ),
    "refused": (
        samples.REFUSED,
        Kind.CONSENT,
        {"consents": (Consent(samples.FIRST, accepted=False),)},
    ),
    "refused, as once shown": (
        samples.REFUSED_AS_ONCE_SHOWN,
        Kind.CONSENT,
        {"consents": (Consent(samples.FIRST, accepted=False),)},
    ),
    "subscription, arrived": (
        samples.SUBSCRIPTION_ARRIVED,
        Kind.SENT,
        {
            "reports": (
                Report("1700827132819554304", True, "", datetime.fromtimestamp(1610969468, UTC)),  # noqa: FBT003
            )
        },
    ),
}


@pytest.mark.parametrize("mode", ["plain", "compatible", "aes"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_documentations_samples(name: str, mode: str) -> None:
    xml, kind, expected = SAMPLES[name]
    incoming = read(Platform(mode=mode), xml)
    assert incoming.kind is kind
    assert {each: getattr(incoming, each) for each in NOTHING} == NOTHING | expected


def test_from_whom_to_whom_and_when() -> None:
    incoming = read(PLATFORM, samples.TEMPLATE_ARRIVED)
    assert incoming.sender == "oia2TjuEGTNoeX76QEjQNrcURxG8"
    assert incoming.account == "gh_7f083739789a"
    assert incoming.at == datetime(2014, 3, 24, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (samples.TEMPLATE_BLOCKED, "微信没有送达 用户拒收"),
        (samples.TEMPLATE_FAILED, "微信没有送达 微信平台发送失败"),
        (
            samples.TEMPLATE_BLOCKED.replace("user block", "freq limit"),
            "微信没有送达 超出发送频率限制",
        ),
        (
            samples.TEMPLATE_BLOCKED.replace("user block", "call 13800138000"),
            "微信没有送达 failed:call …",
        ),
        (
            samples.SUBSCRIPTION_ARRIVED.replace("Code>0<", "Code>20003<").replace(
                "success", "unknown"
            ),
            "微信没有送达 20003 unknown",
        ),
        (samples.TEMPLATE_ARRIVED.replace("<![CDATA[success]]>", ""), "微信没有送达 ?"),
    ],
)
def test_why_a_message_did_not_arrive(xml: str, why: str) -> None:
    (report,) = read(PLATFORM, xml).reports
    assert (report.delivered, report.why) == (False, why)


def test_every_result_in_a_list() -> None:
    item = samples.SUBSCRIPTION_ARRIVED.split("<List>")[1].split("</List>")[0]
    second = item.replace("1700827132819554304", "17").replace("Code>0<", "Code>1<")
    xml = samples.SUBSCRIPTION_ARRIVED.replace("</List>", f"</List><List>{second}</List>")
    assert [(each.reference, each.delivered) for each in read(PLATFORM, xml).reports] == [
        ("1700827132819554304", True),
        ("17", False),
    ]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("第一行\n第二行", "第一行\n第二行"),
        ("  2 太慢了  ", "2 太慢了"),
        ("<xml> & ]] &lt; <!DOCTYPE html>", "<xml> & ]] &lt; <!DOCTYPE html>"),
        ("\u0085不\u009f满意", "不满意"),
        ("好" * 1500, "好" * 1000),
        ("😀👨‍👩‍👧", "😀👨‍👩‍👧"),
        ("", ""),
    ],
)
def test_words(written: str, words: str) -> None:
    assert read(PLATFORM, message(written)).words == words


def test_a_declaration_may_stand_before_it() -> None:
    xml = '<?xml version="1.0" encoding="gb2312"?>\n' + message("满意")
    assert read(PLATFORM, xml).words == "满意"


class TestOnce:
    """The key by which a callback is taken once."""

    def test_the_same_at_each_try(self) -> None:
        for xml in (message(), *(sample for sample, _, _ in SAMPLES.values())):
            first = callback(PLATFORM).read(*PLATFORM.push(xml, MONDAY, "1"))
            later = MONDAY + timedelta(seconds=10)
            again = callback(PLATFORM, later).read(*PLATFORM.push(xml, later, "2"))
            assert first.once == again.once
            assert len(bytes.fromhex(first.once)) == 32

    def test_another_for_anything_else(self) -> None:
        seconds = str(int(MONDAY.timestamp()) + 1)
        different = [
            message(),
            message(MsgId="1"),
            message(CreateTime=seconds),
            message(FromUserName="another"),
            event("CLICK", "a"),
            event("CLICK", "b"),
            event("CLICK", "a", CreateTime=seconds),
            event("SCAN", "a"),
            event("subscribe"),
            event("subscribe", "qrscene_a"),
            event("unsubscribe"),
            samples.CHOSEN,
            samples.CHOSEN.replace("reject", "accept"),
            samples.REFUSED,
            samples.REFUSED.replace(samples.FIRST, samples.SECOND),
            samples.TEMPLATE_BLOCKED,
            samples.TEMPLATE_FAILED,
            samples.SUBSCRIPTION_ARRIVED,
            samples.SUBSCRIPTION_ARRIVED.replace("1700827132819554304", "1"),
        ]
        assert len({read(PLATFORM, xml).once for xml in different}) == len(different)

    def test_another_for_another_account(self) -> None:
        other = Platform(app_id="wx9876543210fedcba")
        assert read(PLATFORM, message()).once != read(other, message()).once

    def test_of_a_scan_only_what_the_platform_promises(self) -> None:
        scans = [event("SCAN", "a", Ticket=ticket) for ticket in ("x", "y")]
        assert read(PLATFORM, scans[0]).once == read(PLATFORM, scans[1]).once


MALFORMED = {
    "nothing": "",
    "no XML": "评价",
    "JSON": '{"ToUserName": "a"}',
    "another root": message().replace("xml>", "html>"),
    "no end": message().removesuffix("</xml>"),
    "two roots": message() * 2,
    "text beside": message() + "1",
    "a root of text": "<xml>评价</xml>",
    "an empty root": "<xml></xml>",
    "attributes": message().replace("<Content>", '<Content a="1">'),
    "a DOCTYPE": '<!DOCTYPE xml [<!ENTITY a "b">]>' + message(),
    "a DOCTYPE behind the declaration": '<?xml version="1.0"?><!DOCTYPE xml>' + message(),
    "a DOCTYPE inside": message().replace("<xml>", '<xml><!DOCTYPE x [<!ENTITY a "b">]>'),
    "an entity nobody declared": message(FromUserName="&a;"),
    "nested": message(FromUserName="<a>b</a>"),
    "twice": message().replace("<MsgId>", "<FromUserName>a</FromUserName><MsgId>"),
    "words nested": message(Content="<a>b</a>"),
    "no sender": message(FromUserName=""),
    "a sender that would break out": message(FromUserName="a]]&gt;&lt;b/&gt;"),
    "a long sender": message(FromUserName="a" * 65),
    "no account": message(ToUserName=""),
    "no type": message(MsgType=""),
    "type twice": message().replace("<MsgId>", "<MsgType>text</MsgType><MsgId>"),
    "no time": message(CreateTime=""),
    "a time in words": message(CreateTime="now"),
    "a time with a fraction": message(CreateTime="1.5"),
    "time nought": message(CreateTime="0"),
    "a time before": message(CreateTime="-1"),
    "a time beyond": message(CreateTime="4102444800"),
    "an endless time": message(CreateTime="9" * 5000),
    "a number in words": message(MsgId="one"),
    "NUL": message("a\0b"),
    "a control character": message("a\x1bb"),
    "a control character, named": message(Content="a&#27;b"),
    "a surrogate, named": message(Content="&#xD800;"),
    "a scene of two lines": event("SCAN", "a\nb"),
    "a long scene": event("SCAN", "a" * 129),
    "a nested key": event("SCAN", "<a/>"),
    "a nested key of who follows": event("subscribe", "<a>b</a>"),
    "choices of nothing": event("subscribe_msg_popup_event"),
    "choices without a list": event("subscribe_msg_popup_event", SubscribeMsgPopupEvent="<a>b</a>"),
    "choices of text": event(
        "subscribe_msg_popup_event", SubscribeMsgPopupEvent="<List>a</List><List>b</List>"
    ),
    "a choice of no template": samples.CHOSEN.replace(samples.FIRST, ""),
    "a result of no message": samples.TEMPLATE_ARRIVED.replace("200163836", ""),
    "a result in words": samples.TEMPLATE_ARRIVED.replace("200163836", "a"),
    "results of nothing": event("subscribe_msg_sent_event"),
    "deep": f"<xml>{'<a>' * 7000}{'</a>' * 7000}</xml>",
    "deep key": event("CLICK", "<a>" * 4000 + "</a>" * 4000),
}


@pytest.mark.parametrize("mode", ["plain", "compatible", "aes"])
@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_callback(name: str, mode: str) -> None:
    with pytest.raises(Malformed):
        read(Platform(mode=mode), MALFORMED[name])


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        (message(MsgType="link"), Kind.UNREAD),
        # An event's name, and no event.
        (message(MsgType="scan", EventKey="a"), Kind.UNREAD),
        (message(MsgType="subscribe_msg_popup_event"), Kind.UNREAD),
        (message(MsgType="event"), Kind.OTHER),
        (event("text"), Kind.OTHER),
        (event("a_new_event", "a" * 2000), Kind.OTHER),
        (event("VIEW", "a" * 1000), Kind.OTHER),
    ],
)
def test_what_is_not_for_us(xml: str, kind: Kind) -> None:
    incoming = read(PLATFORM, xml)
    assert incoming.kind is kind
    assert {each: getattr(incoming, each) for each in NOTHING} == NOTHING
