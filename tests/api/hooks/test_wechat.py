"""/wechat/{account} over HTTP, and the whole way of a person in WeChat: from a code to a rating,
and from the outbox to their phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from api.access import new_integrator
from api.app import make_app
from api.carriers import open_carriers
from api.pulse import PULSE, Pulse
from api.settings import Settings
from bot.gateways import Post
from bot.wechat.talk import wording
from models.office import Office
from models.raters import bind_phone
from models.ratings.attachments import unsealed
from models.tables import Attachment, Attempt, ChatMessage, Evaluation, Notice, Rater
from tests.api.directory import DIRECTORY
from tests.api.service import BASE, Service
from tests.bot.wechat.callbacks import event, message
from tests.bot.wechat.crypto import Platform, element
from tests.bot.wechat.fake_platform import FakePlatform
from tests.bot.wechat.nodejs import played
from tests.standing import StandingClock

OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
TEMPLATE = "template-of-reminders"
RECORDINGS = Path(__file__).parents[2] / "ivr" / "recordings"
MODES = ("plain", "compatible", "aes")
_numbers = count(1)


@dataclass
class Account:
    """Of the platform's side."""

    service: Service
    fake: FakePlatform
    mode: str
    sent: list[str] = field(default_factory=list)

    @property
    def platform(self) -> Platform:
        return Platform(app_id=self.fake.official.app_id, mode=self.mode)

    async def push(self, xml: str, **query: str) -> Any:
        push = self.platform.push(xml, self.service.clock.now())
        return await self.service.client.post(
            f"/wechat/{self.mode}", params={**push.query, **query}, data=push.body
        )

    async def tell(self, xml: str) -> str:
        """The words of the answer."""
        answer = await self.push(xml)
        body = await answer.read()
        assert answer.status == 200, body
        if body == b"success":
            return ""
        return element(self.platform.opened(body), "Content")

    async def says(self, words: str) -> str:
        self.fake.official.wrote(OPENID)
        return await self.tell(message(words, **self.own()))

    async def scans(self, scene: str) -> str:
        self.fake.official.tapped(OPENID)
        return await self.tell(event("SCAN", scene, **self.own()))

    def own(self) -> dict[str, str]:
        """Elements that make it a message of its own."""
        number = next(_numbers)
        at = int(self.service.clock.now().timestamp()) + number
        return {"CreateTime": str(at), "MsgId": str(number), "FromUserName": OPENID}


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakePlatform]:
    async with FakePlatform(clock.now) as fake:
        fake.official.person(OPENID)
        fake.official.templates["template", TEMPLATE] = {"thing1", "time2"}
        yield fake


@pytest.fixture
async def service(
    office: Office, clock: StandingClock, fake: FakePlatform
) -> AsyncIterator[Service]:
    given = Platform()
    account = {
        "app_id": fake.official.app_id,
        "token": given.token,
        "aes_key": given.key,
        "app_secret": fake.official.secret,
        "api": str(fake.url),
        "templates": {
            "reminder": {
                "id": TEMPLATE,
                "fields": {"thing1": "{subject}", "time2": "{until}"},
            }
        },
    }
    settings = Settings.model_validate(
        {"public_url": BASE, "wechat": {mode: {**account, "mode": mode} for mode in MODES}}
    )
    async with open_carriers(settings, office, clock.now) as carriers:
        app = make_app(office, settings)
        carriers.setup(app)
        post = Post(carriers.gateways, BASE, pushes=carriers.pushes)
        app[PULSE] = Pulse(office, post, carriers.listen)
        async with TestClient(TestServer(app)) as client:
            service = Service(client, office, clock)
            service.keys["admin"] = await new_integrator(office, "管理员", None)
            await service.good("/api/v1/directory", DIRECTORY)
            yield service


@pytest.fixture(params=MODES)
def account(service: Service, fake: FakePlatform, request: pytest.FixtureRequest) -> Account:
    return Account(service, fake, request.param)


@pytest.fixture
def aes(service: Service, fake: FakePlatform) -> Account:
    return Account(service, fake, "aes")


async def code(account: Account, link: str) -> str:
    """The scene of the code that the API gives for a link."""
    body = {"account": account.mode, "link": link}
    answer = await account.service.good("/api/v1/app-codes", body)
    assert answer["image"].startswith("data:image/svg+xml;base64,")
    (created,) = account.fake.official.of("/cgi-bin/qrcode/create")
    scene: str = created["action_info"]["scene"]["scene_str"]
    return scene


async def test_the_address_is_verified(account: Account) -> None:
    query = account.platform.query(account.service.clock.now(), echostr="5838479218127813673")
    answer = await account.service.client.get(f"/wechat/{account.mode}", params=query)
    assert (answer.status, await answer.text()) == (200, "5838479218127813673")
    forged = {**query, "signature": "0" * 40}
    assert (await account.service.client.get("/wechat/aes", params=forged)).status == 403


async def test_a_code_is_scanned_and_the_case_rated(account: Account) -> None:
    scene = await code(account, await account.service.completed())
    assert "请评价" in await account.scans(scene)
    assert "您选择了“不满意”" in await account.says("2")
    assert "差评工单" in await account.says("窗口没有人")
    rated = await Evaluation.get()
    assert (rated.level, rated.channel) == (2, "official_account")


@pytest.mark.parametrize(
    ("what", "status"),
    [("signature", 403), ("msg_signature", 403), ("timestamp", 403), ("nonce", 403)],
)
async def test_what_the_platform_has_not_signed_is_refused(
    aes: Account, what: str, status: int
) -> None:
    answer = await aes.push(message("5"), **{what: "1"})
    assert answer.status == status
    assert not await Rater.exists()


@pytest.mark.parametrize("body", ["", "<xml>", "<xml></xml>", "{}", "\0", "<xml><MsgType/></xml>"])
async def test_what_is_no_message_is_a_bad_request(account: Account, body: str) -> None:
    assert (await account.push(body)).status == 400


async def test_accounts_are_not_told_apart_from_wrong_signatures(aes: Account) -> None:
    push = aes.platform.push(message("5"), aes.service.clock.now())
    answer = await aes.service.client.post("/wechat/nobody", params=push.query, data=push.body)
    assert answer.status == 403


async def test_a_body_without_end_is_refused(aes: Account) -> None:
    push = aes.platform.push(message("x" * 100_000), aes.service.clock.now())
    answer = await aes.service.client.post("/wechat/aes", params=push.query, data=push.body)
    assert answer.status == 400


async def test_a_reminder_goes_to_whoever_follows(aes: Account, clock: StandingClock) -> None:
    await aes.service.completed()
    await aes.says("帮助")
    rater = await Rater.get()
    await bind_phone(aes.service.office, rater, "+8613800138000")
    clock.advance(hours=24)
    await aes.service.client.app[PULSE].beat()
    (sent,) = aes.fake.official.of("/cgi-bin/message/template/send")
    assert sent["touser"] == OPENID
    assert sent["url"].startswith(f"{BASE}/r/")
    notice = await Notice.get(kind="reminder")
    assert (notice.state, notice.route) == ("sent", "official_account")
    # What the platform says of it later.
    number = (await Attempt.get(notice=notice)).reference
    assert number is not None
    finished = event(
        "TEMPLATESENDJOBFINISH",
        "",
        MsgID=number.rpartition("/")[2],
        Status="failed:user block",
        FromUserName=OPENID,
    )
    assert await aes.tell(finished) == ""
    await notice.refresh_from_db()
    assert "official_account" in notice.exhausted


async def test_the_mini_program_has_links_and_an_account_has_none(aes: Account) -> None:
    link = await aes.service.completed()
    for body, field_ in (
        ({"account": "aes", "link": link, "form": "link"}, "form"),
        ({"account": "nobody", "link": link}, "account"),
        ({"account": "aes", "link": f"{BASE}/r/x.y"}, "link"),
        ({"account": "aes", "link": "https://elsewhere.example/"}, "link"),
    ):
        answer = await aes.service.post("/api/v1/app-codes", body)
        assert answer.status == 422, answer.text
        assert answer.fields == {field_}


async def test_late_answers_follow_by_customer_service(aes: Account, clock: StandingClock) -> None:
    """As when a process died between keeping the message and working on it."""
    await aes.says("帮助")
    await ChatMessage.all().update(
        answer=None, answered_at=None, next_at=clock.now() + timedelta(seconds=1)
    )
    clock.advance(seconds=1)
    await aes.service.client.app[PULSE].beat()
    (sent,) = aes.fake.official.of("/cgi-bin/message/custom/send")
    assert sent["touser"] == OPENID
    assert sent["text"]["content"].startswith("您可以这样评价政务服务")


async def spoken(aes: Account, recording: bytes | None) -> str:
    """What is answered in the end to a voice message; None: it is gone from the platform."""
    if recording is not None:
        aes.fake.official.media["voice-1"] = recording
    aes.fake.official.wrote(OPENID)
    said = message("", **{**aes.own(), "MsgType": "voice", "MediaId": "voice-1", "Format": "amr"})
    assert await aes.tell(said) == wording.LISTENING
    assert await aes.tell(said) == wording.LISTENING
    await aes.service.client.app[PULSE].beat()
    (sent,) = aes.fake.official.of("/cgi-bin/message/custom/send")
    answer: str = sent["text"]["content"]
    return answer


async def test_a_spoken_level_rates_and_is_kept_as_it_was_said(aes: Account) -> None:
    await aes.scans(await code(aes, await aes.service.completed()))
    recording = (RECORDINGS / "very-satisfied.amr").read_bytes()
    answer = await spoken(aes, recording)
    assert "听到您说" in answer
    if "对吗？" in answer:
        assert not await Evaluation.exists()
        await aes.says("是")
    rated = await Evaluation.get()
    assert (rated.level, rated.channel) == (5, "official_account")
    kept = await Attachment.get(evaluation=rated)
    assert kept.media_type == "audio/amr"
    assert await unsealed(aes.service.office, kept) == recording


async def test_a_spoken_bad_level_is_asked_for_its_reason(aes: Account) -> None:
    await aes.scans(await code(aes, await aes.service.completed()))
    answer = await spoken(aes, (RECORDINGS / "dissatisfied-waited.amr").read_bytes())
    assert "不满意" in answer
    if "对吗？" in answer:
        answer = await aes.says("是的")
    if not await Evaluation.exists():
        assert "您选择了“不满意”" in answer
        await aes.says("等太久")
    assert (await Evaluation.get()).level == 2


@pytest.mark.parametrize("recording", [b"no sound at all", None])
async def test_what_cannot_be_heard_is_asked_for_again(
    aes: Account, recording: bytes | None
) -> None:
    await aes.scans(await code(aes, await aes.service.completed()))
    assert await spoken(aes, recording) == wording.NOT_HEARD
    assert not await Evaluation.exists()


async def test_node_scans_and_rates(account: Account) -> None:
    """An independent client: its own signatures, its own cipher."""
    scene = await code(account, await account.service.completed())
    url = account.service.client.make_url(f"/wechat/{account.mode}")
    heard = await played(
        account.platform,
        url,
        event("SCAN", scene, **account.own()),
        message("不满意", **account.own()),
        message("等了两个小时", **account.own()),
        at=account.service.clock.now(),
    )
    assert heard["echo"]["status"] == 200
    assert [each["status"] for each in heard["answers"]] == [200, 200, 200]
    assert "差评工单" in heard["answers"][-1]["body"]
    rated = await Evaluation.get()
    assert (rated.level, rated.reasons["item"]["words"]) == (2, "等了两个小时")
