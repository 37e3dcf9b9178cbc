"""What opens a rating in WeChat: an official account's QR code, a mini-program's code or link."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.endpoints import Call, Endpoint, Nothing
from api.qr import drawn
from bot.wechat.codes import (
    Code,
    mini_program_code,
    permanent_qr,
    temporary_qr,
    url_link,
)
from bot.wechat.platform import Platform
from bot.wechat.scenes import Leads, Scene, read_scene
from bot.wechat.settings import MiniProgram
from models.directory.lookup import Lookup
from models.links import Tampered
from models.ratings.places import place_of
from models.refusals import Invalid, UnknownReference
from models.tables import Invitation
from models.words import Channel


class AppCodeReport(BaseModel):
    """`account`: an official account or a mini-program of the settings. `link`: one that this API
    gave, of an invitation (/r/…) or a place (/q/…). `form`: a mini-program has URL Links beside its
    codes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Annotated[str, StringConstraints(max_length=30)]
    link: Annotated[str, StringConstraints(max_length=300)]
    form: Literal["code", "link"] = "code"


class AppCodeAnswer(BaseModel):
    """`address`: what the QR code holds, or the link; null: the platform draws its own. `image`: a
    data URI. `until`: null is for good."""

    address: str | None
    image: str | None
    until: datetime | None


async def ask_app_code(call: Call[AppCodeReport, Nothing]) -> AppCodeAnswer:
    """微信扫一扫即评. Asked again, the same code is answered while it lasts."""
    if (account := call.wechat.get(call.body.account)) is None:
        raise UnknownReference("没有这个公众号或小程序，或没有设置它的密钥", field="account")
    settings, platform = account
    mini = settings if isinstance(settings, MiniProgram) else None
    if mini is None and call.body.form == "link":
        raise Invalid("只有小程序有链接", field="form")
    scene, until = await _scene(call, Channel.MINI_PROGRAM if mini else Channel.OFFICIAL_ACCOUNT)
    if mini is None:
        return _as_qr(await _of_account(platform, scene, until))
    if call.body.form == "code":
        png = await mini_program_code(platform, scene, page=mini.page, version=mini.version)
        return AppCodeAnswer(address=None, image=_uri("image/png", png), until=until)
    if until is None:
        raise Invalid("小程序链接只能用于办件：它至多30天有效", field="link")
    link = await url_link(platform, scene, until, page=mini.page, version=mini.version)
    return AppCodeAnswer(address=link.address, image=None, until=link.until)


async def _of_account(platform: Platform, scene: Scene, until: datetime | None) -> Code:
    if until is None:
        return await permanent_qr(platform, scene)
    return await temporary_qr(platform, scene, until)


async def _scene(
    call: Call[AppCodeReport, Nothing], channel: Channel
) -> tuple[Scene, datetime | None]:
    """Signed for the app, and until when it leads anywhere; None: for good."""
    scene = read_scene(urlsplit(call.body.link).path.removeprefix("/"))
    if scene is None:
        raise UnknownReference("应为本系统给出的评价链接", field="link")
    lookup = Lookup(call.integrator)
    if scene.leads is Leads.PLACE:
        place = await place_of(call.office, scene.to)
        await lookup.must_own(place.subject.region, field="link")
        return scene, None
    try:
        nonce, _ = call.office.links.read_rating(scene.to)
    except Tampered:
        raise UnknownReference("评价链接不完整，或被改动过", field="link") from None
    invitation = await Invitation.get_or_none(nonce=nonce)
    if invitation is None:
        raise UnknownReference("没有这条评价邀请", field="link")
    await lookup.must_own(invitation.region_id, field="link")
    token = call.office.links.rating(invitation.nonce, channel)
    return Scene(Leads.RATING, token), invitation.until


def _as_qr(code: Code) -> AppCodeAnswer:
    image = _uri("image/svg+xml", drawn(code.address, "svg"))
    return AppCodeAnswer(address=code.address, image=image, until=code.until)


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/app-codes",
        ask_app_code,
        "A code or a link that opens a rating in WeChat",
        "apps",
        AppCodeAnswer,
        body=AppCodeReport,
    ),
)
