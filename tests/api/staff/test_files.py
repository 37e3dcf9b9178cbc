"""Evidence: to who may see the step it was given with, to be saved and never run."""

from __future__ import annotations

from uuid import uuid4

from models.accounts.roles import Role
from models.tables import OrderFile
from tests.api.staff.desk import Desk, shown
from tests.models.ratings.files import PNG


async def evidence(desk: Desk, number: int) -> str:
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    assert (await bureau.step(number, "dispatch", to="CA-SJJ")).status == 303
    sent = [("seen", "2"), ("way", "phone"), ("reached", "1"), ("note", "录音在此")]
    answer = await handler.post(f"/staff/orders/{number}/contact", sent, [PNG])
    assert answer.status == 303, shown(answer)
    return f"/staff/files/{(await OrderFile.get()).id}"


async def test_it_comes_as_it_was_given_and_is_no_page(desk: Desk) -> None:
    address = await evidence(desk, await desk.order())
    auditor = await desk.seat(Role.AUDITOR)
    async with auditor.session.get(address) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert await answer.read() == PNG
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
    stored = await OrderFile.get()
    assert PNG not in bytes(stored.content)


async def test_only_who_may_see_the_step(desk: Desk) -> None:
    address = await evidence(desk, await desk.about_staff())
    for role, agency, staff, status in (
        (Role.HANDLER, "CA-SJJ", None, 200),
        (Role.BUREAU, "CA-ZSJ", None, 200),
        (Role.CALLBACK, "CA-ZSJ", None, 200),
        # Sees the order, and not the agency's papers about them.
        (Role.STAFF, "CA-SJJ", "CA-S1", 404),
        (Role.HANDLER, "CA-RSJ", None, 404),
        (Role.AUDITOR, "TJ-ZWB", None, 404),
        (Role.OPERATOR, None, None, 403),
    ):
        seat = await desk.seat(role, agency, staff=staff)
        assert (await seat.get(address)).status == status, role


async def test_what_is_not_there(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    for name in (str(uuid4()), "7", "..%2F..%2Fetc%2Fpasswd"):
        assert (await seat.get(f"/staff/files/{name}")).status == 404
