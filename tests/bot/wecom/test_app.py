"""Messages to members (bot/wecom/app.py), to a platform that refuses every departure from its
documentation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateways import NotDelivered, Rejected, Unheard
from bot.staff.platform import Answered, Card, StaffApp
from bot.wecom.app import WeCom, unreached
from tests.bot.wecom.conftest import BUTTONS, CARD, LINK, TAPPABLE
from tests.bot.wecom.fake_wecom import MEDIA, SEND, UPDATE, Cut, FakeWeCom, Raw, Says
from tests.standing import StandingClock

ZHANGSAN = ["zhangsan"]


async def test_a_card_opens_the_order(app: WeCom, fake: FakeWeCom) -> None:
    staff: StaffApp = app
    reference = await staff.send(ZHANGSAN, CARD)
    assert reference
    (got,) = fake.corp.members["zhangsan"].got
    assert got["textcard"] == {
        "title": CARD.title,
        "description": CARD.text.replace("\n", "<br>"),
        "url": LINK,
        "btntxt": "打开",
    }


async def test_a_card_with_buttons_carries_the_commands(app: WeCom, fake: FakeWeCom) -> None:
    await app.send(ZHANGSAN, TAPPABLE)
    (got,) = fake.corp.members["zhangsan"].got
    card = got["template_card"]
    assert [(each["text"], each["key"]) for each in card["button_list"]] == [
        ("受理", "受理 1024"),
        ("退回", "退回 1024"),
    ]
    assert card["main_title"]["title"] == TAPPABLE.title
    assert card["sub_title_text"] == TAPPABLE.text
    assert card["card_action"] == {"type": 1, "url": LINK}


@pytest.mark.parametrize("card", [CARD, TAPPABLE])
async def test_an_attempt_whose_answer_was_lost_reaches_nobody_twice(
    app: WeCom, fake: FakeWeCom, card: Card
) -> None:
    await app.send(ZHANGSAN, card)
    await app.send(ZHANGSAN, card)
    assert len(fake.corp.members["zhangsan"].got) == 1
    assert fake.calls[SEND] == 2


async def test_cards_to_two_persons_are_two(app: WeCom, fake: FakeWeCom) -> None:
    fake.corp.member("lisi")
    await app.send(ZHANGSAN, TAPPABLE)
    await app.send(["lisi"], TAPPABLE)
    assert [len(each.got) for each in fake.corp.members.values()] == [1, 1]


async def test_old_deployments_are_told_what_can_be_answered(app: WeCom, fake: FakeWeCom) -> None:
    fake.corp.knows_cards = False
    await app.send(ZHANGSAN, TAPPABLE)
    (got,) = fake.corp.members["zhangsan"].got
    assert "窗口没有人" in got["markdown"]["content"]
    assert f"[打开]({LINK})" in got["markdown"]["content"]
    assert "可回复：受理 1024、退回 1024" in got["markdown"]["content"]


async def test_who_is_not_there_is_rejected(app: WeCom, fake: FakeWeCom) -> None:
    fake.corp.member("lisi", visible=False)
    fake.corp.member("wangwu", licensed=False)
    for user in ("nobody", "lisi", "wangwu"):
        with pytest.raises(Rejected, match="企业微信：成员不在应用的可见范围"):
            await app.send([user], CARD)


async def test_who_is_reached_counts_where_others_are_not(app: WeCom, fake: FakeWeCom) -> None:
    assert await app.send(["zhangsan", "nobody"], CARD)
    assert len(fake.corp.members["zhangsan"].got) == 1


def test_the_platform_names_the_unreached_in_lower_case() -> None:
    said = {"invaliduser": "zhangsan|LiSi", "unlicenseduser": "wangwu", "invalidparty": "2"}
    assert unreached(said) == {"zhangsan", "lisi", "wangwu"}
    assert unreached({"invaliduser": "", "unlicenseduser": 5}) == set()


@pytest.mark.parametrize(
    ("code", "kind", "wait"),
    [
        (60011, NotDelivered, None),
        (45009, NotDelivered, timedelta(minutes=1)),
        (45033, NotDelivered, timedelta(minutes=1)),
        (60020, NotDelivered, None),
        (48002, NotDelivered, None),
        (43004, Rejected, None),
        (45002, Rejected, None),
    ],
)
async def test_what_the_outbox_makes_of_a_refusal(
    app: WeCom, fake: FakeWeCom, code: int, kind: type[NotDelivered], wait: timedelta | None
) -> None:
    fake.fail(SEND, Says(code, "zhangsan s3cret"))
    with pytest.raises(NotDelivered, match=str(code)) as fault:
        await app.send(ZHANGSAN, CARD)
    assert isinstance(fault.value, Rejected) == (kind is Rejected)
    assert not isinstance(fault.value, Unheard)
    assert fault.value.wait == wait
    assert fault.value.why.startswith("企业微信：")
    assert "zhangsan" not in fault.value.why
    assert "s3cret" not in fault.value.why
    assert "hint 1650959319156053778662262" in fault.value.why


async def test_our_own_address_is_named_where_it_is_not_trusted(
    app: WeCom, fake: FakeWeCom
) -> None:
    fake.fail(SEND, Says(60020, "not allow to access from your ip"))
    with pytest.raises(NotDelivered, match=r"企业可信IP.*203\.0\.113\.7"):
        await app.send(ZHANGSAN, CARD)


async def test_busy_is_tried_again(app: WeCom, fake: FakeWeCom) -> None:
    fake.fail(SEND, *[Says(-1, "system busy")] * 2)
    await app.send(ZHANGSAN, CARD)
    assert fake.calls[SEND] == 3


async def test_after_a_limit_it_is_left_alone_for_a_minute(
    app: WeCom, fake: FakeWeCom, clock: StandingClock
) -> None:
    fake.fail(SEND, Says(45009, "api freq out of limit"))
    for _ in range(2):
        with pytest.raises(NotDelivered):
            await app.send(ZHANGSAN, CARD)
    assert fake.calls[SEND] == 1
    clock.advance(minutes=1)
    await app.send(ZHANGSAN, CARD)


@pytest.mark.parametrize("fault", [Cut(), Raw(status=502), Raw(b"<html>"), Raw(b"[]")])
async def test_what_nobody_has_answered_may_have_been_taken(
    app: WeCom, fake: FakeWeCom, fault: Cut | Raw
) -> None:
    fake.fail(SEND, fault)
    with pytest.raises(Unheard):
        await app.send(ZHANGSAN, CARD)


async def test_its_limits_are_the_platforms(
    app: WeCom, fake: FakeWeCom, clock: StandingClock
) -> None:
    limit = app.limits[0]
    assert limit.each
    for number in range(limit.count):
        await app.send(ZHANGSAN, Card(f"工单 {number}", "…", LINK))
    zhangsan = fake.corp.members["zhangsan"]
    assert len(zhangsan.got) == limit.count
    # One more is dropped without a word: nobody but us can know.
    await app.send(ZHANGSAN, Card("一个太多", "…", LINK))
    assert len(zhangsan.got) == limit.count
    clock.at += limit.within
    await app.send(ZHANGSAN, Card("再一个", "…", LINK))
    assert len(zhangsan.got) == limit.count + 1


async def test_an_answer_with_buttons_is_a_card(app: WeCom, fake: FakeWeCom) -> None:
    await app.reply("zhangsan", Answered("工单1024\n待受理", BUTTONS), "once")
    await app.reply("zhangsan", Answered("工单1024\n待受理", BUTTONS), "once")
    (got,) = fake.corp.members["zhangsan"].got
    assert got["template_card"]["main_title"] == {"title": "工单1024"}
    assert got["template_card"]["sub_title_text"] == "待受理"


async def test_an_answer_longer_than_a_card_goes_before_it(app: WeCom, fake: FakeWeCom) -> None:
    await app.reply("zhangsan", Answered("待办：\n" + "工单\n" * 80, BUTTONS), "once")
    words, card = fake.corp.members["zhangsan"].got
    assert words["text"]["content"].count("工单") == 80
    assert len(card["template_card"]["button_list"]) == 2


async def test_a_tapped_card_has_no_buttons_any_more(app: WeCom, fake: FakeWeCom) -> None:
    code = fake.corp.tap("zhangsan")
    await app.settle("zhangsan", code, "受理 1024")
    (settled,) = fake.corp.settled
    assert settled["button"] == {"replace_name": "已选：受理"}
    with pytest.raises(Rejected):
        await app.settle("zhangsan", code, "受理 1024")
    assert fake.calls[UPDATE] == 2


async def test_a_picture_is_fetched(app: WeCom, fake: FakeWeCom) -> None:
    fake.corp.media["media-1"] = b"\xff\xd8\xff" + bytes(100_000)
    assert await app.picture("media-1") == fake.corp.media["media-1"]
    with pytest.raises(Rejected, match="40007"):
        await app.picture("gone")


async def test_a_picture_too_large_is_not_read_on(app: WeCom, fake: FakeWeCom) -> None:
    fake.fail(MEDIA, Raw(bytes(8 * 1024 * 1024 + 1)))
    with pytest.raises(NotDelivered, match="过长"):
        await app.picture("media-1")
