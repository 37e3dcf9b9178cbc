"""Who may open, change and close whose accounts."""

from __future__ import annotations

import asyncio

import pytest

from models.accounts import administering, sessions, signing_in
from models.accounts.administering import AT_THE_COMMAND_LINE, Administrator, LoginTaken, Post
from models.accounts.roles import Role
from models.office import Office
from models.refusals import Forbidden, Invalid, Missing, UnknownReference
from models.tables import Account, AccountEvent, Agency, Region, Staff
from tests.models.accounts.people import PASSWORD, person


@pytest.fixture
async def city(office: Office) -> None:  # noqa: ARG001 - its database is open
    """A bureau with an agency of its own, a town below it, and a neighbour."""
    city = await Region.create(code="1", name="甲市", rulebook="chaoan")
    town = await Region.create(code="11", name="甲镇", parent=city)
    other = await Region.create(code="2", name="乙市", rulebook="tianjin")
    await Agency.create(code="B1", name="甲市政数局", region=city, party="bureau")
    agency = await Agency.create(code="A1", name="甲市人社局", region=city)
    await Agency.create(code="T11", name="甲镇公共服务办公室", region=town, party="town")
    await Agency.create(code="B2", name="乙市政务办", region=other, party="bureau")
    await Staff.create(code="S1", name="王丽", agency=agency)


async def _bureau(office: Office) -> Administrator:
    return await administering.administrator(await person(office, "boss", Role.BUREAU, "B1"))


async def _made(office: Office, by: Administrator, login: str, post: Post) -> Account:
    account, _ = await administering.create(office, by, login, "李四", post)
    return account


@pytest.mark.usefixtures("city")
async def test_the_one_time_password_is_good_until_it_is_changed(office: Office) -> None:
    account, password = await administering.create(
        office, AT_THE_COMMAND_LINE, "li.si", " 李四 ", Post(Role.STAFF, "A1", "S1")
    )
    assert (account.name, account.role, account.password_changed_at) == ("李四", "staff", None)
    signed = await signing_in.by_password(office, "li.si", password, "", office.now())
    assert signed.id == account.id
    event = await AccountEvent.get(account=account)
    assert (event.kind, event.by) == ("created", "system")
    assert event.details == {"role": "staff", "agency": "A1", "staff": "S1"}
    assert password not in str(event.__dict__) + str(signed.__dict__)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("login", "name", "post", "field"),
    [
        ("ab", "李四", Post(Role.HANDLER, "A1"), "login"),
        ("Li.Si", "李四", Post(Role.HANDLER, "A1"), "login"),
        ("li si", "李四", Post(Role.HANDLER, "A1"), "login"),
        ("li.si", "", Post(Role.HANDLER, "A1"), "name"),
        ("li.si", "李\0四", Post(Role.HANDLER, "A1"), "name"),
        ("li.si", "李" * 51, Post(Role.HANDLER, "A1"), "name"),
        ("li.si", "李四", Post(Role.HANDLER), "agency"),
        ("li.si", "李四", Post(Role.HANDLER, "nowhere"), "agency"),
        ("li.si", "李四", Post(Role.HANDLER, "\0"), "agency"),
        ("li.si", "李四", Post(Role.OPERATOR, "A1"), "agency"),
        ("li.si", "李四", Post(Role.BUREAU, "A1"), "agency"),
        ("li.si", "李四", Post(Role.TOWN, "A1"), "agency"),
        ("li.si", "李四", Post(Role.STAFF, "A1"), "staff"),
        ("li.si", "李四", Post(Role.STAFF, "B1", "S1"), "staff"),
    ],
)
async def test_what_is_no_account(
    office: Office, login: str, name: str, post: Post, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await administering.create(office, AT_THE_COMMAND_LINE, login, name, post)
    assert refused.value.field == field
    assert not await Account.exists()


async def test_a_login_is_given_once(office: Office) -> None:
    await person(office)
    ended = await asyncio.gather(
        *(_made(office, AT_THE_COMMAND_LINE, "li.si", Post(Role.OPERATOR)) for _ in range(3)),
        return_exceptions=True,
    )
    assert [type(each) for each in ended].count(LoginTaken) == 2
    with pytest.raises(LoginTaken):
        await _made(office, AT_THE_COMMAND_LINE, "zhang.san", Post(Role.OPERATOR))


@pytest.mark.usefixtures("city")
async def test_a_bureau_keeps_those_of_its_region_and_below(office: Office) -> None:
    root = await person(office, "root")
    neighbour = await person(office, "neighbour", Role.BUREAU, "B2")
    by = await _bureau(office)
    for role, agency in ((Role.HANDLER, "A1"), (Role.TOWN, "T11"), (Role.BUREAU, "B1")):
        made = await _made(office, by, f"new-{role}", Post(role, agency))
        assert (await administering.account_of(by, made.login)).id == made.id
    with pytest.raises(Forbidden, match="不能授予"):
        await _made(office, by, "new-operator", Post(Role.OPERATOR))
    with pytest.raises(UnknownReference):
        await _made(office, by, "elsewhere", Post(Role.HANDLER, "B2"))
    for other in (root, neighbour):
        with pytest.raises(Missing):
            await administering.account_of(by, other.login)
    theirs = by.accounts()
    assert {each["login"] for each in await theirs.values("login")} == {
        "boss",
        "new-handler",
        "new-town",
        "new-bureau",
    }


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("role", [Role.STAFF, Role.HANDLER, Role.CALLBACK, Role.AUDITOR])
async def test_the_others_keep_none(office: Office, role: Role) -> None:
    account = await person(office, "li.si", role, "A1", "S1")
    with pytest.raises(Forbidden):
        await administering.administrator(account)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.BUREAU])
async def test_nobody_changes_their_own(office: Office, role: Role) -> None:
    account = await person(office, "li.si", role, "B1" if role is Role.BUREAU else "")
    by = await administering.administrator(account)
    for change in (
        administering.disable,
        administering.enable,
        administering.reset_password,
        administering.reset_second_factor,
    ):
        with pytest.raises(Forbidden, match="自己"):
            await change(office, by, account)
    with pytest.raises(Forbidden, match="自己"):
        await administering.change_post(office, by, account, Post(Role.HANDLER, "A1"))
    assert (await Account.get(id=account.id)).role == role


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (administering.disable, "disabled"),
        (administering.reset_password, "password_reset"),
        (administering.reset_second_factor, "factor_reset"),
        ("post", "role_changed"),
    ],
)
async def test_every_session_ends(office: Office, change: object, kind: str) -> None:
    account = await person(office, "li.si", Role.HANDLER, "A1")
    tokens = [
        await sessions.start(office, account, office.now(), complete=complete)
        for complete in (True, True, False)
    ]
    by = await _bureau(office)
    if callable(change):
        await change(office, by, account)
    else:
        await administering.change_post(office, by, account, Post(Role.CALLBACK, "B1"))
        moved = await administering.account_of(by, "li.si")
        assert (moved.role, moved.agency and moved.agency.code) == ("callback", "B1")
    for token in tokens:
        assert await sessions.session_of(office, token, office.now()) is None
    event = await AccountEvent.filter(account=account).order_by("-id").first()
    assert event is not None
    assert (event.kind, event.by) == (kind, "boss")


@pytest.mark.usefixtures("city")
async def test_disabled_and_enabled_again(office: Office) -> None:
    account, by = await person(office, "li.si", Role.HANDLER, "A1"), await _bureau(office)
    for _ in range(2):
        await administering.disable(office, by, account)
    for _ in range(2):
        await administering.enable(office, by, account)
    kinds = await AccountEvent.filter(account=account).order_by("id").values("kind")
    assert [each["kind"] for each in kinds] == ["created", "disabled", "enabled"]
    assert await signing_in.by_password(office, "li.si", PASSWORD, "", office.now())


async def test_a_reset_password_unlocks(office: Office) -> None:
    account = await person(office)
    for _ in range(5):
        with pytest.raises(signing_in.WrongCredentials):
            await signing_in.by_password(office, account.login, "x", "a", office.now())
    password = await administering.reset_password(office, AT_THE_COMMAND_LINE, account)
    signed = await signing_in.by_password(office, account.login, password, "a", office.now())
    assert signed.password_changed_at is None
    with pytest.raises(signing_in.WrongCredentials):
        await signing_in.by_password(office, account.login, PASSWORD, "a", office.now())


async def test_a_reset_second_factor_is_enrolled_anew(office: Office) -> None:
    account = await person(office)
    await administering.reset_second_factor(office, AT_THE_COMMAND_LINE, account)
    fresh = await Account.get(id=account.id)
    assert (fresh.totp_secret, fresh.totp_enrolled_at, fresh.totp_step) == (None, None, None)
    await signing_in.halfway(office, fresh, office.now())
    anew = (await Account.get(id=account.id)).totp_secret
    assert anew is not None
    assert anew != account.totp_secret
