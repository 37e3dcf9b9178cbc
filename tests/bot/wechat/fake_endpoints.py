"""Each endpoint: what it demands of an account's request, and what it answers."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import segno
from pydantic import BaseModel

from tests.bot.wechat import fake_bodies as bodies
from tests.bot.wechat.fake_account import OK, Account, Json, Person, Says
from tests.bot.wechat.fake_values import takes

Query = Mapping[str, str]


class Again(Exception):
    """Answered as if it were done, and not done a second time."""

    def __init__(self, body: Json) -> None:
        super().__init__()
        self.body = body


@dataclass(frozen=True)
class Endpoint:
    """`kind`: of the accounts that may call it. `body`: None for a GET."""

    kind: str
    answer: Callable[[Account, Query, Any], Json | bytes]
    body: type[BaseModel] | None = None
    query: frozenset[str] = frozenset()


def qr_code(account: Account, _: Query, body: bodies.QrCode) -> Json:
    made = {"ticket": secrets.token_urlsafe(64), "url": f"http://weixin.qq.com/q/{_short()}"}
    if body.expire_seconds is not None:
        return {**made, "expire_seconds": body.expire_seconds}
    if account.permanent_codes == 0:
        raise Says(45029, "qrcode count out of limit")
    account.permanent_codes -= 1
    return made


def mini_program_code(account: Account, _: Query, body: bodies.MiniProgramCode) -> bytes:
    if body.page is not None and (body.page.startswith("/") or "?" in body.page):
        raise Says(41030, "invalid page")
    if body.check_path and body.page is not None and body.page not in account.pages:
        raise Says(41030, "invalid page")
    out = io.BytesIO()
    segno.make(f"{body.page}?scene={body.scene}", micro=False).save(out, kind="png")
    return out.getvalue()


def url_link(account: Account, _: Query, body: bodies.UrlLink) -> Json:
    if body.path is not None and body.path not in account.pages:
        raise Says(40165, "invalid weapp pagepath")
    left = body.expire_time - account.now().timestamp()
    if not 0 < left <= timedelta(days=30).total_seconds():
        raise Says(40212, "invalid query or expire_time")
    return {**OK, "url_link": f"https://wxaurl.cn/{_short()}"}


def template_message(account: Account, _: Query, body: bodies.TemplateMessage) -> Json:
    person = _addressee(account, body.touser)
    _check_template(account, "template", body)
    if not person.follows:
        raise Says(43004, "require subscribe")
    once = (body.touser, body.client_msg_id or _short())
    number = next(account.numbers)
    if once in account.sent:
        raise Again({**OK, "msgid": number})
    account.sent.add(once)
    return {**OK, "msgid": number}


def notice(account: Account, _: Query, body: bodies.Notice) -> Json:
    _spend_consent(_addressee(account, body.touser), account, "notice", body)
    return OK


def subscription(account: Account, _: Query, body: bodies.Subscription) -> Json:
    if body.page is not None and body.page.partition("?")[0] not in account.pages:
        raise Says(41030, "invalid page")
    _spend_consent(_addressee(account, body.touser), account, "subscription", body)
    return {**OK, "msgid": next(account.numbers)}


def reply(account: Account, _: Query, body: bodies.Reply) -> Json:
    person = _addressee(account, body.touser)
    if len(body.text.content.encode()) > 2048:
        raise Says(45002, "content size out of limit")
    if person.until is None or person.until <= account.now() or not person.follows:
        raise Says(45015, "response out of time limit or subscription is canceled")
    if person.left == 0:
        raise Says(45047, "out of response count limit")
    person.left -= 1
    return OK


def media(account: Account, query: Query, _: None) -> bytes:
    if query["media_id"] not in account.media:
        raise Says(40007, "invalid media_id")
    return account.media[query["media_id"]]


def user_info(account: Account, query: Query, _: None) -> Json:
    person = _addressee(account, query["openid"])
    said: Json = {"subscribe": int(person.follows), "openid": person.openid}
    if person.follows:
        said |= {"language": "zh_CN", "subscribe_time": 1382694957, "remark": "", "tagid_list": []}
    return said | ({"unionid": person.unionid} if person.unionid else {})


def phone_number(account: Account, _: Query, body: bodies.PhoneCode) -> Json:
    number, until = account.phones.get(body.code, ("", account.now()))
    if until <= account.now() or body.code in account.used:
        raise Says(40029, "invalid code")
    account.used.add(body.code)
    return {
        **OK,
        "phone_info": {
            "phoneNumber": number,
            "purePhoneNumber": number,
            "countryCode": "86",
            "watermark": {"timestamp": int(account.now().timestamp()), "appid": account.app_id},
        },
    }


def menu(_: Account, __: Query, body: bodies.Menu) -> Json:
    if not 1 <= len(body.button) <= 3:
        raise Says(40016, "invalid button size")
    for button in body.button:
        _check_button(button, 16, (40018, 40019))
        if len(button.sub_button) > 5:
            raise Says(40023, "invalid sub button size")
        for under in button.sub_button:
            _check_button(under, 60, (40025, 40026))
    return OK


ENDPOINTS = {
    "/cgi-bin/qrcode/create": Endpoint("official", qr_code, bodies.QrCode),
    "/wxa/getwxacodeunlimit": Endpoint("mini", mini_program_code, bodies.MiniProgramCode),
    "/wxa/generate_urllink": Endpoint("mini", url_link, bodies.UrlLink),
    "/cgi-bin/message/template/send": Endpoint(
        "official", template_message, bodies.TemplateMessage
    ),
    "/cgi-bin/message/subscribe/bizsend": Endpoint("official", notice, bodies.Notice),
    "/cgi-bin/message/subscribe/send": Endpoint("mini", subscription, bodies.Subscription),
    "/cgi-bin/message/custom/send": Endpoint("official", reply, bodies.Reply),
    "/cgi-bin/media/get": Endpoint("official", media, query=frozenset({"media_id"})),
    "/cgi-bin/user/info": Endpoint("official", user_info, query=frozenset({"openid"})),
    "/wxa/business/getuserphonenumber": Endpoint("mini", phone_number, bodies.PhoneCode),
    "/cgi-bin/menu/create": Endpoint("official", menu, bodies.Menu),
}


def log_in(account: Account, query: Query) -> Json:
    """GET /sns/jscode2session, which takes the secret and no token."""
    if query.get("grant_type") != "authorization_code":
        raise Says(40002, "invalid grant_type")
    account.check_secret(query.get("appid", ""), query.get("secret", ""))
    code = query.get("js_code", "")
    if not code:
        raise Says(41008, "missing code")
    openid, until = account.logins.get(code, ("", account.now()))
    if code in account.used:
        raise Says(40163, "code been used")
    if until <= account.now():
        raise Says(40029, "invalid code")
    account.used.add(code)
    said = {"openid": openid, "session_key": secrets.token_urlsafe(18)}
    unionid = account.person(openid).unionid
    return {**said, "unionid": unionid} if unionid else said


def _addressee(account: Account, openid: str) -> Person:
    if openid not in account.people:
        raise Says(40003, "invalid openid")
    person = account.people[openid]
    if person.blocked:
        raise Says(43019, "require remove blacklist")
    return person


def _check_template(account: Account, way: str, body: bodies.Message) -> None:
    fields = account.templates.get((way, body.template_id))
    if fields is None:
        raise Says(40037, "invalid template_id")
    for name in sorted(fields):
        value = body.data[name].value if name in body.data else ""
        if not value:
            raise Says(47003, f"argument invalid! data.{name}.value is empty")
        if not takes(name, value):
            raise Says(47003, f"argument invalid! data.{name}.value invalid")
    for name in sorted(set(body.data) - fields):
        raise Says(47003, f"argument invalid! data.{name} is not in the template")


def _spend_consent(person: Person, account: Account, way: str, body: bodies.Message) -> None:
    _check_template(account, way, body)
    if body.template_id in person.lasting:
        return
    if not person.consents[body.template_id]:
        raise Says(43101, "user refuse to accept the msg")
    person.consents[body.template_id] -= 1


def _check_button(button: bodies.Button, longest: int, codes: tuple[int, int]) -> None:
    if len(button.name.encode()) > longest:
        raise Says(codes[0], "invalid button name size")
    needed = {
        "click": {"key"},
        "view": {"url"},
        "miniprogram": {"url", "appid", "pagepath"},
        None: set[str](),
    }[button.type]
    given = {name for name in ("key", "url", "appid", "pagepath") if getattr(button, name)}
    if given != needed or (button.type is None) != bool(button.sub_button):
        raise Says(40017, "invalid button type")
    if len((button.key or "").encode()) > 128:
        raise Says(codes[1], "invalid button key size")


def _short() -> str:
    return secrets.token_urlsafe(16)
