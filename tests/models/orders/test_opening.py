"""Who receives an order first, and what then runs: by hand from the five texts (matrix §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.orders.events import Kind
from models.orders.opening import Holders, open_order
from models.rulebooks.shelf import Shelf

DAYS = WorkingDays()
NOW = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
AGENCY, BUREAU, DISTRICT = 1, 2, 3
CITY = Holders(AGENCY, BUREAU, DISTRICT, municipal=True)
COUNTY = replace(CITY, municipal=False)
NOBODY = Holders(AGENCY, None, None, municipal=False)


@pytest.mark.parametrize(
    ("name", "holders", "holder", "received", "clocks", "source"),
    [
        # 第二十二条: 由区政务服务数据管理局获取, then 转办: nothing runs for the agency yet.
        ("chaoan", COUNTY, BUREAU, False, {"dispatch"}, "第二十二条"),
        ("chaoan", NOBODY, None, False, {"dispatch"}, "第二十二条"),
        # 二(三)1: the bureau together with the agency, which has it at the same moment.
        ("sanming", COUNTY, BUREAU, True, {"verify", "appeal"}, "二(三)1"),
        ("sanming", NOBODY, None, True, {"verify", "appeal"}, "二(三)1"),
        ("qijiang", COUNTY, AGENCY, True, {"rectify"}, "第十四条"),
        ("lingang", COUNTY, AGENCY, True, {"appeal", "first_contact", "rectify"}, "三(一)"),
        # 第十八条: 市级部门 directly, a district's by 区人民政府.
        ("tianjin", CITY, AGENCY, True, {"appeal", "first_contact", "rectify"}, "第十八条"),
        ("tianjin", COUNTY, DISTRICT, False, {"dispatch"}, "第十八条"),
        ("tianjin", replace(COUNTY, district=None), BUREAU, False, {"dispatch"}, "第十八条"),
        ("tianjin", NOBODY, None, False, {"dispatch"}, "第十八条"),
    ],
)
def test_an_order_opens(
    shelf: Shelf,
    name: str,
    holders: Holders,
    holder: int | None,
    received: bool,
    clocks: set[str],
    source: str,
) -> None:
    order = open_order(shelf.book(name).versions[0], holders, NOW, DAYS)
    now = order.standing
    assert (now.holder, now.received_at is not None, order.source) == (holder, received, source)
    assert {clock.kind for clock in order.clocks} == clocks
    assert all(clock.deadline.start == NOW for clock in order.clocks)


@pytest.mark.parametrize(
    ("name", "by_hotline", "callback"),
    [
        # 第十四条: 对“不满意”“非常不满意”的评价进行人工回访.
        ("chaoan", True, "第十四条"),
        ("chaoan", False, None),
        ("tianjin", True, None),
        ("lingang", True, None),
    ],
)
def test_the_hotline_calls_back_by_hand(
    shelf: Shelf, name: str, by_hotline: bool, callback: str | None
) -> None:
    version = shelf.book(name).versions[0]
    events = open_order(version, CITY, NOW, DAYS, by_hotline=by_hotline).events
    by_hand = [each.details["source"] for each in events if each.kind is Kind.CALLBACK_OPENED]
    assert by_hand == ([callback] if callback else [])
