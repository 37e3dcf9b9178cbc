"""What an app's account knows of somebody: their phone, their consents."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.endpoints import Nothing
from api.mp.accounts import MiniProgramAccount
from api.mp.endpoints import TAG, Call, RaterEndpoint
from api.mp.given import Once
from api.mp.login import Code
from api.mp.refusals import CodeRefused
from bot.wechat.errors import CodeRefused as NotTaken
from bot.wechat.people import phone_number
from models.consents import consented, withdraw
from models.office import Office
from models.raters import bind_phone, phone_of, unbind_phone
from models.refusals import Forbidden, Invalid
from models.tables import Rater


class TemplateAnswer(BaseModel):
    kind: str
    id: str
    lasting: bool


class Me(BaseModel):
    phone: str | None
    """Masked."""
    real_name: bool
    templates: list[TemplateAnswer]
    """For wx.requestSubscribeMessage."""


class PhoneCode(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code


class PhoneAnswer(BaseModel):
    phone: str | None


TemplateId = Annotated[str, StringConstraints(max_length=64)]
Result = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,30}$")]


class Results(BaseModel):
    """What wx.requestSubscribeMessage answered: by template `accept`, `reject`, `ban`, `filter`,
    and what the platform adds to them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    results: Annotated[dict[TemplateId, Result], Field(max_length=20)]
    submission: Once


class ConsentsTaken(BaseModel):
    taken: list[str]
    """Kinds of notices that may be pushed."""


async def show_me(call: Call[Nothing]) -> Me:
    templates = call.account.templates.items()
    return Me(
        phone=masked_phone(call.office, call.rater),
        real_name=call.rater.name is not None,
        templates=[
            TemplateAnswer(kind=kind, id=each.id, lasting=each.lasting) for kind, each in templates
        ],
    )


async def bind(call: Call[PhoneCode]) -> PhoneAnswer:
    """By the code of the button getPhoneNumber: the platform has checked that it is theirs. Cases
    that name it may be rated then."""
    if not isinstance(call.account, MiniProgramAccount):
        raise Forbidden("手机号由您使用的应用提供，请在该应用里修改。")
    try:
        phone = await phone_number(call.account.platform, call.body.code)
    except NotTaken:
        raise CodeRefused from None
    await bind_phone(call.office, call.rater, phone)
    return PhoneAnswer(phone=masked(phone))


async def unbind(call: Call[Nothing]) -> PhoneAnswer:
    """Until it is bound again, or a host app tells it anew."""
    await unbind_phone(call.rater)
    return PhoneAnswer(phone=None)


async def take_consents(call: Call[Results]) -> ConsentsTaken:
    """订阅. Each template once a submission, however often it is sent."""
    office, rater = call.office, call.rater
    by_id = {each.id: (kind, each) for kind, each in call.account.templates.items()}
    if unknown := set(call.body.results) - set(by_id):
        raise Invalid(f"没有这个消息模板：{min(unknown)}", field="results")
    taken, now = [], office.now()
    async with office.database.transaction():
        for template, result in call.body.results.items():
            kind, settings = by_id[template]
            if result.startswith("accept"):
                once = office.keys.find(f"{call.body.submission}\0{template}", "consent")
                await consented(rater, kind, once, lasting=settings.lasting, at=now)
                taken.append(kind)
            elif result in ("reject", "ban") and settings.lasting:
                await withdraw(rater, kind, now)
    return ConsentsTaken(taken=taken)


def masked_phone(office: Office, rater: Rater) -> str | None:
    phone = phone_of(office, rater)
    return masked(phone) if phone else None


def masked(phone: str) -> str:
    """138****8001. `phone`: E.164."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}"


ENDPOINTS = (
    RaterEndpoint("GET", "/mp/{account}/me", show_me, "What is known of them", TAG, Me),
    RaterEndpoint(
        "POST",
        "/mp/{account}/phone",
        bind,
        "Bind a phone",
        TAG,
        PhoneAnswer,
        body=PhoneCode,
    ),
    RaterEndpoint("DELETE", "/mp/{account}/phone", unbind, "Unbind it", TAG, PhoneAnswer),
    RaterEndpoint(
        "POST",
        "/mp/{account}/consents",
        take_consents,
        "Consents to pushes",
        TAG,
        ConsentsTaken,
        body=Results,
    ),
)
