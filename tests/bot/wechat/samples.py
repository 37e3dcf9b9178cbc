"""Pushes as the platform's documentation shows them, as data.

By document, all of the service account's guide (developers.weixin.qq.com/doc/service/guide/).
"""

from __future__ import annotations


def _xml(sender: str, account: str, seconds: int, what: str, rest: str) -> str:
    return f"""<xml>
  <ToUserName><![CDATA[{account}]]></ToUserName>
  <FromUserName><![CDATA[{sender}]]></FromUserName>
  <CreateTime>{seconds}</CreateTime>
  <MsgType><![CDATA[{what}]]></MsgType>
  {rest}
</xml>"""


def _message(what: str, seconds: int, rest: str) -> str:
    number = "<MsgId>1234567890123456</MsgId><MsgDataId>xxxx</MsgDataId><Idx>xxxx</Idx>"
    return _xml("fromUser", "toUser", seconds, what, rest + number)


def _event(name: str, rest: str = "") -> str:
    event = f"<Event><![CDATA[{name}]]></Event>"
    return _xml("FromUser", "toUser", 123456789, "event", event + rest)


# 《接收普通消息》
TEXT = _message("text", 1348831860, "<Content><![CDATA[this is a test]]></Content>")
IMAGE = _message(
    "image",
    1348831860,
    "<PicUrl><![CDATA[this is a url]]></PicUrl><MediaId><![CDATA[media_id]]></MediaId>",
)
_VOICE = "<MediaId><![CDATA[media_id]]></MediaId><Format><![CDATA[Format]]></Format>"
VOICE = _message("voice", 1357290913, _VOICE)
VOICE_RECOGNISED = _message(
    "voice", 1357290913, _VOICE + "<Recognition><![CDATA[腾讯微信团队]]></Recognition>"
)

# 《接收事件推送》
FOLLOWED = _event("subscribe")
UNFOLLOWED = _event("unsubscribe")
_TICKET = "<Ticket><![CDATA[TICKET]]></Ticket>"
FOLLOWED_BY_CODE = _event("subscribe", "<EventKey><![CDATA[qrscene_123123]]></EventKey>" + _TICKET)
SCANNED = _event("SCAN", "<EventKey><![CDATA[SCENE_VALUE]]></EventKey>" + _TICKET)
LOCATED = _event(
    "LOCATION",
    "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude>"
    "<Precision>119.385040</Precision>",
)
CLICKED = _event("CLICK", "<EventKey><![CDATA[EVENTKEY]]></EventKey>")
VIEWED = _event("VIEW", "<EventKey><![CDATA[www.qq.com]]></EventKey>")


# 《模板消息》, 事件推送
def _finished(seconds: int, number: int, status: str) -> str:
    return _xml(
        "oia2TjuEGTNoeX76QEjQNrcURxG8",
        "gh_7f083739789a",
        seconds,
        "event",
        "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
        f"<MsgID>{number}</MsgID><Status><![CDATA[{status}]]></Status>",
    )


TEMPLATE_ARRIVED = _finished(1395658920, 200163836, "success")
TEMPLATE_BLOCKED = _finished(1395658984, 200163840, "failed:user block")
TEMPLATE_FAILED = _finished(1395658984, 200163841, "failed: system failed")


# 《订阅通知的事件推送》
FIRST = "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc"
SECOND = "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI"


def _subscription(seconds: int, name: str, outer: str, *items: str) -> str:
    listed = "".join(f"<List>{item}</List>" for item in items)
    return _xml(
        "otFpruAK8D-E6EfStSYonYSBZ8_4",
        "gh_123456789abc",
        seconds,
        "event",
        f"<Event><![CDATA[{name}]]></Event><{outer}>{listed}</{outer}>",
    )


def _choice(template: str, status: str) -> str:
    return (
        f"<TemplateId><![CDATA[{template}]]></TemplateId>"
        f"<SubscribeStatusString><![CDATA[{status}]]></SubscribeStatusString>"
    )


_SCENE = "<PopupScene>2</PopupScene>"
CHOSEN = _subscription(
    1610969440,
    "subscribe_msg_popup_event",
    "SubscribeMsgPopupEvent",
    _choice(FIRST, "accept") + _SCENE,
    _choice(SECOND, "reject") + _SCENE,
)
REFUSED = _subscription(
    1610969440,
    "subscribe_msg_change_event",
    "SubscribeMsgChangeEvent",
    _choice(FIRST, "reject"),
)
REFUSED_AS_ONCE_SHOWN = REFUSED.replace("SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent")
SUBSCRIPTION_ARRIVED = _subscription(
    1610969468,
    "subscribe_msg_sent_event",
    "SubscribeMsgSentEvent",
    f"<TemplateId><![CDATA[{FIRST}]]></TemplateId><MsgID>1700827132819554304</MsgID>"
    "<ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus>",
)
