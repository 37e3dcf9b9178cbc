"""An application of WeCom: its messages to members, the pictures they send, who they are.

“发送应用消息”, developer.work.weixin.qq.com/document/path/90236; “更新模版卡片消息”, 94888;
“获取临时素材”, 90254; “访问频率限制”, 90312.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.staff.platform import Answered, Card, Limit
from bot.wechat.errors import NotReachable, Refused
from bot.wecom.errors import TASK_TAKEN, UNKNOWN_TYPE, WHO
from bot.wecom.messages import (
    MARKDOWN_OCTETS,
    Body,
    button_card,
    markdown,
    replies,
    settled,
    task_of,
    text_card,
)
from bot.wecom.platform import WeComPlatform


class WeCom:
    """As bot.staff.platform.StaffApp."""

    limits: Sequence[Limit] = (
        Limit(30, timedelta(minutes=1), each=True),
        Limit(1000, timedelta(hours=1), each=True),
    )
    """What is more it takes, and drops."""
    at_once = 1
    """It takes 1000; so each card is one person's, and who is not reached is known."""

    def __init__(self, platform: WeComPlatform, agent_id: int) -> None:
        self.name = platform.name
        self._platform = platform
        self._agent_id = agent_id

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        if not card.link:
            (user,) = users
            await self.reply(user, Answered(card.text, card.buttons), card.key)
            return None
        if not card.buttons:
            return await self._send(users, text_card(card))
        task = task_of(card.key, users)
        body = button_card(card.title, card.text, card.buttons, task, card.link)
        try:
            return await self._send(users, body)
        except Refused as refused:
            if refused.code == TASK_TAKEN:
                # By an attempt whose answer was not heard.
                return None
            if refused.code != UNKNOWN_TYPE:
                raise
        return await self._send(users, markdown(card, MARKDOWN_OCTETS))

    async def reply(self, user: str, answered: Answered, once: str) -> None:
        """What could not be answered passively, whole. Raises NotDelivered."""
        for body in replies(answered, task_of(once, [user])):
            try:
                await self._send([user], body, again=timedelta(minutes=1))
            except Refused as refused:
                if refused.code != TASK_TAKEN:
                    raise

    async def settle(self, user: str, response_code: str, command: str) -> None:
        """A card whose button was tapped has no buttons any more. Raises NotDelivered."""
        body = {
            "userids": [user],
            "agentid": self._agent_id,
            "response_code": response_code,
            "button": {"replace_name": settled(command)},
        }
        await self._platform.call("POST", "/cgi-bin/message/update_template_card", json=body)

    async def picture(self, media_id: str) -> bytes:
        """The platform keeps it for three days. Raises NotDelivered."""
        return await self._platform.fetch("GET", "/cgi-bin/media/get", query={"media_id": media_id})

    async def _send(
        self, users: Sequence[str], body: Body, again: timedelta = timedelta(minutes=30)
    ) -> str | None:
        """`again`: for how long the same words to the same person are one message."""
        message = {
            "touser": "|".join(users),
            "agentid": self._agent_id,
            **body,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": int(again.total_seconds()),
        }
        said = await self._platform.call("POST", "/cgi-bin/message/send", json=message)
        if unreached(said) >= {user.lower() for user in users}:
            raise NotReachable(None, "成员不在应用的可见范围里，或没有使用许可", who=WHO)
        number = said.get("msgid")
        return number if isinstance(number, str) and number else None


def unreached(said: Mapping[str, object]) -> set[str]:
    """In lower case, as the platform names them: whom it knows, with capitals or without."""
    names = [said.get(list_) for list_ in ("invaliduser", "unlicenseduser")]
    return {
        user.lower() for each in names if isinstance(each, str) for user in each.split("|") if user
    }
