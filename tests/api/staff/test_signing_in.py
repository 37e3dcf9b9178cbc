"""/staff/sign-in: both factors, and nothing else, open the console."""

from __future__ import annotations

import asyncio
import re
from http.cookies import SimpleCookie
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.staff.session import inside
from models.accounts import administering, sessions
from models.accounts.administering import AT_THE_COMMAND_LINE
from models.accounts.roles import Role
from models.tables import Account, AccountEvent, AccountSession
from tests.api.staff.visitor import Console
from tests.models.accounts.people import PASSWORD


async def test_password_and_code(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    sent = await visitor.get("/staff/accounts?q=%E7%8E%8B")
    assert sent.status == 303
    assert (
        sent.headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Faccounts%3Fq%3D%25E7%258E%258B"
    )
    shown = await visitor.get(sent.headers["Location"])
    goes_on = re.search(r'name="next" value="([^"]+)"', shown.text)
    assert goes_on is not None
    answer = await visitor.give_password(account.login, goes_on=goes_on[1])
    assert answer.status == 303
    asked = await visitor.get(answer.headers["Location"])
    assert "6位动态口令" in asked.text
    passed = await visitor.give_code(console.code(account), goes_on=goes_on[1])
    assert passed.headers["Location"] == "/staff/accounts?q=%E7%8E%8B"
    page = await visitor.get("/staff/accounts")
    assert page.status == 200
    assert "张三" in page.text
    assert "运维" in page.text
    events = await AccountEvent.filter(account=account).order_by("-id").first()
    assert events is not None
    assert events.kind == "signed_in"


async def test_the_cookie_is_kept_from_scripts_and_other_sites(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    await visitor.get("/staff/sign-in")
    answer = await visitor.post("/staff/sign-in", login=account.login, password=PASSWORD)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["haochaping-staff"]
    assert (cookie["path"], cookie["samesite"]) == ("/staff", "Lax")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert not cookie["max-age"]


async def test_each_step_has_a_token_of_its_own(console: Console) -> None:
    """Nobody who planted or saw an earlier one is signed in by it."""
    account, visitor = await console.person(), await console.visitor()
    await visitor.get("/staff/sign-in")
    tokens = [visitor.cookie]
    await visitor.give_password(account.login)
    tokens.append(visitor.cookie)
    await visitor.give_code(console.code(account))
    tokens.append(visitor.cookie)
    assert len(set(tokens)) == 3
    other = await console.visitor()
    for token, status in zip(tokens, (303, 303, 200), strict=True):
        other.cookie = token
        assert (await other.get("/staff/me")).status == status
    assert await AccountSession.all().count() == 1


async def test_a_planted_cookie_is_not_taken_over(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    visitor.cookie = "planted-by-somebody-else"
    await visitor.give_password(account.login)
    assert visitor.cookie != "planted-by-somebody-else"
    await visitor.give_code(console.code(account))
    other = await console.visitor()
    other.cookie = "planted-by-somebody-else"
    assert (await other.get("/staff/me")).status == 303


@pytest.mark.parametrize("login", ["zhang.san", "nobody", "\0", "disabled"])
async def test_what_is_wrong_is_not_told(console: Console, login: str) -> None:
    await console.person()
    closed = await console.person("disabled")
    await administering.disable(console.office, AT_THE_COMMAND_LINE, closed)
    visitor = await console.visitor()
    given = PASSWORD if login == "disabled" else "wrong"
    answer = await visitor.give_password(login, given)
    assert answer.status == 403
    assert "账号或密码不正确。" in answer.text
    assert "wrong" not in answer.text
    assert not await AccountSession.exists()


async def test_locked(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    for _ in range(5):
        assert (await visitor.give_password(account.login, "wrong")).status == 403
    answer = await visitor.give_password(account.login)
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "900"
    assert "请15分钟后再试" in answer.text
    console.clock.advance(minutes=15)
    assert (await visitor.give_password(account.login)).status == 303


async def test_wrong_codes_lock_too(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    for _ in range(4):
        await visitor.give_password(account.login)
        answer = await visitor.give_code("000000")
        assert answer.status == 403
        assert "动态口令不正确" in answer.text
    await visitor.give_password(account.login)
    assert (await visitor.give_code("000000")).status == 403
    assert (await visitor.give_code(console.code(account))).status == 429
    assert (await visitor.give_password(account.login)).status == 429


async def test_a_code_passes_once_also_of_two_at_once(console: Console) -> None:
    account = await console.person()
    visitors = [await console.visitor() for _ in range(3)]
    for visitor in visitors:
        await visitor.give_password(account.login)
        await visitor.get("/staff/second-factor")
    given = console.code(account)
    answers = await asyncio.gather(
        *(each.post("/staff/second-factor", code=given) for each in visitors)
    )
    assert sorted(each.status for each in answers) == [303, 403, 403]
    opened = [(await each.get("/staff/me")).status for each in visitors]
    assert sorted(opened) == [200, 303, 303]


async def test_the_password_alone_opens_nothing(console: Console) -> None:
    account, visitor = await console.person(), await console.visitor()
    await visitor.give_password(account.login)
    await visitor.get("/staff/second-factor")
    for path in ("/staff", "/staff/me", "/staff/accounts", "/staff/accounts/zhang.san"):
        answer = await visitor.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/staff/second-factor"), path
    answer = await visitor.post("/staff/me/code")
    assert (answer.status, answer.headers["Location"]) == (303, "/staff/second-factor")


async def test_enrolled_at_the_first_sign_in(console: Console) -> None:
    await console.person()
    account, password = await administering.create(
        console.office,
        AT_THE_COMMAND_LINE,
        "li.si",
        "李四",
        administering.Post(Role.OPERATOR),
    )
    visitor = await console.visitor()
    await visitor.give_password("li.si", password)
    shown = await visitor.get("/staff/second-factor")
    assert "启用动态口令" in shown.text
    assert 'viewBox="0 0 ' in shown.text
    enrolling = await Account.get(id=account.id)
    assert (await visitor.give_code("000000")).status == 403
    passed = await visitor.give_code(console.code(enrolling))
    assert passed.status == 303
    # Somebody else knows the password: it is changed before anything is opened.
    for path in ("/staff", "/staff/me", "/staff/accounts"):
        answer = await visitor.get(path)
        assert answer.headers["Location"] == "/staff/me/password", path
    page = await visitor.get("/staff/me/password")
    assert "请先改成只有您自己知道的密码" in page.text
    changed = await visitor.post(
        "/staff/me/password", old=password, password=PASSWORD, again=PASSWORD
    )
    assert changed.headers["Location"] == "/staff/me"
    assert (await visitor.get("/staff/me")).status == 200
    again = await console.visitor()
    await again.give_password("li.si")
    shown = await again.get("/staff/second-factor")
    assert "<svg" not in shown.text


@pytest.mark.parametrize("whose", ["nobody's", "made up", "another's"])
async def test_a_form_that_is_not_ours(console: Console, whose: str) -> None:
    account, visitor = await console.person(), await console.visitor()
    await visitor.get("/staff/sign-in")
    other = await console.visitor()
    await other.get("/staff/sign-in")
    token = {"nobody's": "", "made up": "x"}.get(whose, other.token)
    fields = {"login": account.login, "password": PASSWORD}
    answer = await visitor.post_bare("/staff/sign-in", {"csrf": token, **fields})
    assert answer.status == 403
    assert "页面已过期" in answer.text
    assert not await AccountSession.exists()
    visitor = await console.signed_in(account)
    answer = await visitor.post_bare("/staff/me/code", {"csrf": token})
    assert answer.status == 403
    assert "绑定 " not in answer.text
    assert (await visitor.post_bare("/staff/sign-out", {})).status == 403
    assert (await visitor.get("/staff/me")).status == 200


async def test_without_any_cookie_no_form_is_ours(console: Console) -> None:
    visitor = await console.visitor()
    answer = await visitor.post_bare("/staff/sign-in", {"login": "x", "password": "y", "csrf": ""})
    assert answer.status == 403


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
async def test_left_alone(console: Console, minutes: int, status: int) -> None:
    visitor = await console.signed_in(await console.person())
    console.clock.advance(minutes=minutes)
    assert (await visitor.get("/staff/me")).status == status


async def test_a_form_after_the_session_is_told_so(console: Console) -> None:
    visitor = await console.signed_in(await console.person())
    console.clock.advance(minutes=30)
    answer = await visitor.post("/staff/me/code")
    assert answer.status == 401
    assert "登录已结束，内容没有保存" in answer.text
    assert 'href="/staff/sign-in"' in answer.text


async def test_who_is_disabled_is_out_at_once(console: Console) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    await administering.disable(console.office, AT_THE_COMMAND_LINE, account)
    answer = await visitor.get("/staff/me")
    assert answer.headers["Location"].startswith("/staff/sign-in")
    assert (await visitor.post("/staff/me/code")).status == 401


async def test_signed_out(console: Console) -> None:
    visitor = await console.signed_in(await console.person())
    kept = visitor.cookie
    assert (await visitor.get("/staff/sign-in")).headers["Location"] == "/staff"
    answer = await visitor.post("/staff/sign-out")
    assert answer.headers["Location"] == "/staff/sign-in"
    assert visitor.cookie == ""
    visitor.cookie = kept
    assert (await visitor.get("/staff/me")).status == 303
    assert not await AccountSession.exists()


async def test_signed_in_anew_the_earlier_session_of_this_browser_ends(console: Console) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    earlier = visitor.cookie
    shown = await visitor.get("/staff/me")
    assert shown.status == 200
    await visitor.post("/staff/sign-in", login=account.login, password=PASSWORD)
    other = await console.visitor()
    other.cookie = earlier
    assert (await other.get("/staff/me")).status == 303


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/staff",
        "//evil.example/staff",
        "/\\evil.example",
        "/staff\\@evil.example",
        "/staff@evil.example",
        "/staffs",
        "/staff/../r/x",
        "/staff/\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "staff/me",
        "",
    ],
)
async def test_nobody_is_sent_elsewhere_after_signing_in(console: Console, address: str) -> None:
    account, visitor = await console.person(), await console.visitor()
    await visitor.give_password(account.login, goes_on=address)
    passed = await visitor.give_code(console.code(account), goes_on=address)
    assert passed.headers["Location"] == "/staff"


@given(st.text() | st.text().map(lambda rest: f"/staff{rest}"))
def test_wherever_it_goes_it_stays_in_the_console(address: str) -> None:
    goes_on = inside(address)
    assert goes_on == "/staff" or goes_on.startswith(("/staff/", "/staff?", "/staff#"))
    assert "\\" not in goes_on
    assert goes_on.isprintable()


async def test_headers_of_every_page(console: Console) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    nobody = await console.visitor()
    answers = [
        await nobody.get("/staff/sign-in"),
        await nobody.post("/staff/sign-in", login="x"),
        await visitor.get("/staff/me"),
        await visitor.get("/staff/accounts"),
        await visitor.get("/staff/nothing"),
        await visitor.post_bare("/staff/me/code", {}),
    ]
    assert [each.status for each in answers] == [200, 403, 200, 200, 404, 403]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert '<html lang="zh-CN">' in answer.text
        assert "style=" not in answer.text
        assert "<script" not in answer.text
        assert not re.search(r'(?:src|href|action)="(?!/staff|#|data:|\?)', answer.text)


async def test_a_body_that_is_no_form(console: Console) -> None:
    visitor = await console.signed_in(await console.person())
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        async with visitor.session.post(
            console.base / "staff/me/code", data=b"\xff\xfe", headers={"Content-Type": content_type}
        ) as answer:
            assert answer.status in (403, 422)
    huge = BytesIO(f"csrf={visitor.token}&more=".encode() + b"x" * (24 * 1024 * 1024))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with visitor.session.post(
        console.base / "staff/me/code", data=huge, headers=form
    ) as answer:
        assert answer.status == 413
        assert "不能超过24MB" in await answer.text()


async def test_sessions_of_all_are_forgotten_at_a_sign_in(console: Console) -> None:
    one, other = await console.person(), await console.person("li.si")
    await sessions.start(console.office, one, console.clock.now(), complete=True)
    console.clock.advance(hours=13)
    await console.signed_in(other)
    assert await AccountSession.filter(account=one).count() == 0
