"""Staff in WeCom, DingTalk and Feishu: what they write and tap goes signed and sealed to the hook,
what is answered and pushed is read off the platform's strict fake."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, Protocol
from urllib.parse import unquote

import aiohttp

from bot.dingtalk.messages import OPEN
from tests.bot.dingtalk import pushes as dingtalk
from tests.bot.dingtalk.fake_dingtalk import FakeDingtalk
from tests.bot.feishu import theirs as feishu
from tests.bot.feishu.fake_feishu import APP_ID, SECRET, FakeFeishu
from tests.bot.wechat.crypto import element
from tests.bot.wecom.fake_wecom import FakeWeCom
from tests.bot.wecom.pushes import message, picture, tap
from tests.scenarios.console import Seat

Json = dict[str, Any]

APP: Final = "gov"
"""The application's name in the settings, whatever the platform."""
_PATIENCE: Final = 20
_numbers = count(1)


def now() -> datetime:
    """Signatures and tokens go by it, whatever the demo's clock says."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as somebody has it before them. `buttons`: what each does, by its label."""

    text: str
    buttons: Mapping[str, str] = field(default_factory=dict)


class Person(Protocol):
    """Somebody with the application open."""

    async def says(self, words: str) -> Shown: ...

    async def taps(self, label: str) -> Shown:
        """On the last message that has the button."""
        ...

    @property
    def pushed(self) -> list[Shown]:
        """What came unasked, oldest first."""
        ...


async def binds(seat: Seat, person: Person) -> Shown:
    """With the code that their page at the console shows once."""
    form = (await seat.open("/staff/me")).forms["/staff/me/code"]
    sheet = await seat.send(form.target, form.filled_in)
    code = re.search(r"绑定 (\d+)", sheet.words)
    assert code is not None, sheet.words
    return await person.says(code[0])


async def _come(demo: aiohttp.ClientSession, come: Callable[[], bool]) -> None:
    """On a busy machine the answer is late, and comes by the outbox."""
    async with asyncio.timeout(_PATIENCE):
        while not come():
            async with demo.get("/demo/messages") as answer:
                await answer.read()


def _last(messages: list[Shown], label: str) -> str:
    return next(each.buttons[label] for each in reversed(messages) if label in each.buttons)


def wecom_settings(fake: FakeWeCom) -> str:
    corp, crypto = fake.corp, fake.crypto
    return (
        f'[wecom.{APP}]\ncorp_id = "{corp.corp_id}"\nagent_id = {corp.agent_id}\n'
        f'secret = "{corp.secret}"\ntoken = "{crypto.token}"\n'
        f'encoding_aes_key = "{crypto.key}"\nbase_url = "{fake.url}"\n'
    )


@dataclass
class InWeCom:
    fake: FakeWeCom
    demo: aiohttp.ClientSession
    user: str

    @property
    def got(self) -> list[Json]:
        return self.fake.corp.member(self.user).got

    @property
    def pushed(self) -> list[Shown]:
        return [_in_wecom(each) for each in self.got if _leads_somewhere(each)]

    @property
    def answers(self) -> list[Shown]:
        return [_in_wecom(each) for each in self.got if not _leads_somewhere(each)]

    async def says(self, words: str) -> Shown:
        return await self._push(message(words, **self._fresh))

    async def shows(self, content: bytes) -> Shown:
        media = f"media-{next(_numbers)}"
        self.fake.corp.media[media] = content
        return await self._push(picture(media, **self._fresh))

    async def taps(self, label: str) -> Shown:
        command = _last([_in_wecom(each) for each in self.got], label)
        return await self._push(tap(command, self.fake.corp.tap(self.user), **self._fresh))

    @property
    def _fresh(self) -> dict[str, str]:
        at = str(int(now().timestamp()))
        return {"FromUserName": self.user, "CreateTime": at, "MsgId": f"{next(_numbers)}"}

    async def _push(self, xml: str) -> Shown:
        before = len(self.answers)
        push = self.fake.push(xml)
        address = f"/hooks/wecom/{APP}"
        async with self.demo.post(address, params=push.query, data=push.body) as response:
            body = await response.read()
            assert response.status == 200, body
        if body:
            return Shown(element(self.fake.crypto.opened(body), "Content"))
        await _come(self.demo, lambda: len(self.answers) > before)
        # What has more words than a card shows comes in two.
        parts = self.answers[before:]
        buttons = {label: command for each in parts for label, command in each.buttons.items()}
        return Shown("\n".join(each.text for each in parts), buttons)


def _leads_somewhere(said: Json) -> bool:
    """To the console, as every push does and no answer."""
    return "textcard" in said or "card_action" in said.get("template_card", {})


def _in_wecom(said: Json) -> Shown:
    match said:
        case {"text": {"content": content}}:
            return Shown(content)
        case {"textcard": {"title": title, "description": words}}:
            return Shown("\n".join([title, *words.split("<br>")]))
        case {"template_card": card}:
            buttons = {each["text"]: each["key"] for each in card["button_list"]}
            text = f"{card['main_title']['title']}\n{card.get('sub_title_text', '')}"
            return Shown(text, buttons)
    raise AssertionError(said)


def dingtalk_settings(fake: FakeDingtalk) -> str:
    own = "\n".join(f'{name} = "{value}"' for name, value in dingtalk.APP.items())
    return f'[dingtalk.{APP}]\n{own}\nbase_url = "{fake.url}"\n'


@dataclass
class InDingtalk:
    fake: FakeDingtalk
    demo: aiohttp.ClientSession
    user: str = dingtalk.USER
    answered: list[Shown] = field(default_factory=list)
    """In the responses."""

    @property
    def got(self) -> list[Shown]:
        return [
            _in_dingtalk(each["param"]) for each in self.fake.cards if each["user"] == self.user
        ]

    @property
    def pushed(self) -> list[Shown]:
        return [each for each in self.got if OPEN in each.buttons]

    async def says(self, words: str) -> Shown:
        return await self._push(text={"content": f" {words}"})

    async def shows(self, content: bytes) -> Shown:
        code = f"code-{next(_numbers)}"
        self.fake.pictures[code] = content
        return await self._push(**dingtalk.picture(code))

    async def taps(self, label: str) -> Shown:
        """The client says the command as the person's own words."""
        command = _last([*self.got, *self.answered], label)
        assert command.startswith("dtmd://dingtalkclient/sendMessage?content="), command
        return await self.says(unquote(command.partition("content=")[2]))

    async def _push(self, **changes: Any) -> Shown:
        before = len(self._late)
        said = dingtalk.message(now(), senderStaffId=self.user, **changes)
        address = f"/hooks/dingtalk/{APP}"
        async with self.demo.post(
            address, data=json.dumps(said).encode(), headers=dingtalk.headers(now())
        ) as response:
            assert response.status == 200, await response.text()
            answer = await response.json()
        if answer["msgtype"] != "empty":
            self.answered.append(_in_dingtalk(answer[answer["msgtype"]]))
            return self.answered[-1]
        await _come(self.demo, lambda: len(self._late) > before)
        return self._late[before]

    @property
    def _late(self) -> list[Shown]:
        return [each for each in self.got if OPEN not in each.buttons]


def _in_dingtalk(said: Json) -> Shown:
    text = said.get("text") or said["content"]
    buttons = {each["title"]: each["actionURL"] for each in said.get("btns", ())}
    if "singleTitle" in said:
        buttons[said["singleTitle"]] = said["singleURL"]
    for number in range(1, 6):
        if title := said.get(f"actionTitle{number}"):
            buttons[title] = said[f"actionURL{number}"]
    return Shown(text, buttons)


def feishu_settings(fake: FakeFeishu) -> str:
    return (
        f'[feishu.{APP}]\napp_id = "{APP_ID}"\napp_secret = "{SECRET}"\n'
        f'verification_token = "{feishu.VERIFICATION}"\nencrypt_key = "{feishu.KEY}"\n'
        f'base_url = "{fake.url}"\n'
    )


@dataclass
class InFeishu:
    fake: FakeFeishu
    demo: aiohttp.ClientSession
    user: str = feishu.OPEN_ID
    renewed: list[Shown] = field(default_factory=list)
    """What cards became that were tapped."""

    @property
    def pushed(self) -> list[Shown]:
        return [_in_feishu(each.card) for each in self.fake.sent if _opens(each.card)]

    @property
    def answers(self) -> list[Shown]:
        late = [each.card for each in self.fake.sent if not _opens(each.card)]
        return [_in_feishu(card) for card in (*(each.card for each in self.fake.replies), *late)]

    async def says(self, words: str) -> Shown:
        number = f"om_{next(_numbers)}"
        self.fake.received[number] = {}
        said = feishu.text(APP_ID, words, message_id=number, event_id=f"event-{number}")
        return await self._heard(said)

    async def taps(self, label: str) -> Shown:
        value = json.loads(_last([*self.pushed, *self.answers, *self.renewed], label))
        return await self._heard(feishu.tap(APP_ID, value, f"event-{next(_numbers)}"))

    async def _heard(self, said: Json) -> Shown:
        before = self.answers
        push = feishu.push(said, now())
        address = f"/hooks/feishu/{APP}"
        async with self.demo.post(address, data=push.body, headers=push.headers) as response:
            assert response.status == 200, await response.text()
            answer = await response.json()
        if "card" in answer:
            self.renewed.append(_in_feishu(answer["card"]["data"]))
            return self.renewed[-1]
        await _come(self.demo, lambda: len(self.answers) > len(before))
        return next(each for each in self.answers if each not in before)


def _opens(card: Json) -> bool:
    """The console, as every push does and no answer."""
    return any("url" in each for part in card["elements"] for each in part.get("actions", ()))


def _in_feishu(card: Json) -> Shown:
    lines = [card["header"]["title"]["content"]] if "header" in card else []
    buttons = {}
    for part in card["elements"]:
        if "text" in part:
            lines.append(part["text"]["content"])
        for each in part.get("actions", ()):
            if "value" in each:
                buttons[each["text"]["content"]] = json.dumps(each["value"])
    return Shown("\n".join(lines), buttons)
