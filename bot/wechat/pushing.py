"""Notices by WeChat: 模板消息, 订阅消息 and 订阅通知, and 客服消息 for answers in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

from bot.gateways import Message, NotDelivered, Rejected
from bot.several import to_several
from bot.wechat.fields import fitted
from bot.wechat.messages import by_notice, by_reply, by_subscription, by_template
from bot.wechat.platform import Platform
from bot.wechat.settings import MiniProgram, OfficialAccount, Template

ANSWER: Final = "answer"
"""The kind of notice that goes into the chat, in words of its own."""

S = TypeVar("S")
T = TypeVar("T", bound=Template)


def pushes(
    accounts: Mapping[str, OfficialAccount], programs: Mapping[str, MiniProgram]
) -> dict[str, dict[str, bool]]:
    """What the accounts of the settings push, as `Post` wants it."""
    found = {
        name: {kind: template.by == "subscription" for kind, template in account.templates.items()}
        for name, account in accounts.items()
        if account.app_secret is not None
    }
    return found | {name: dict.fromkeys(each.templates, True) for name, each in programs.items()}


def reference(app: str, number: str) -> str:
    """As a message is remembered, and as its receipt names it: the platform counts the messages of
    each account by themselves."""
    return f"{app}/{number}"


class OfficialAccountGateway:
    """`accounts`: by name."""

    def __init__(self, accounts: Mapping[str, tuple[OfficialAccount, Platform]]) -> None:
        self._accounts = accounts

    async def send(self, message: Message) -> str | None:
        """To one citizen, or to the persons of an agency, divided by spaces."""
        return await to_several(self._send(replace(message, to=to)) for to in message.to.split())

    async def _send(self, message: Message) -> str | None:
        app, openid, account, platform = _addressed(self._accounts, message)
        if message.kind == ANSWER:
            await by_reply(platform, openid, message.text)
            return None
        template = _template(account.templates, message)
        values = _values(template, message)
        if template.by == "subscription":
            number = await by_notice(platform, openid, template.id, values, link=message.link)
        else:
            number = await by_template(
                platform, openid, template.id, values, key=message.key, link=message.link
            )
        return reference(app, number) if number else None


class MiniProgramGateway:
    """`programs`: by name. A message opens its page; the scene is the path of the link."""

    def __init__(self, programs: Mapping[str, tuple[MiniProgram, Platform]]) -> None:
        self._programs = programs

    async def send(self, message: Message) -> str | None:
        app, openid, program, platform = _addressed(self._programs, message)
        path = urlsplit(message.link or "").path.removeprefix("/")
        template = _template(program.templates, message)
        number = await by_subscription(
            platform,
            openid,
            template.id,
            _values(template, message),
            page=f"{program.page}?scene={quote(path, safe='')}",
            version=program.version,
        )
        return reference(app, number) if number else None


def _addressed(
    accounts: Mapping[str, tuple[S, Platform]], message: Message
) -> tuple[str, str, S, Platform]:
    app, _, openid = message.to.partition("/")
    if app not in accounts:
        raise NotDelivered(f"没有配置账号：{app}")
    return app, openid, *accounts[app]


def _template(templates: Mapping[str, T], message: Message) -> T:
    if message.kind not in templates:
        raise Rejected(f"账号没有 {message.kind} 的模板")
    return templates[message.kind]


def _values(template: Template, message: Message) -> dict[str, str]:
    try:
        return {
            name: fitted(name, text.format_map(message.fields))
            for name, text in template.fields.items()
        }
    except KeyError as missing:
        raise Rejected(f"{message.kind} 的模板需要 {missing.args[0]}，这条消息没有") from None
