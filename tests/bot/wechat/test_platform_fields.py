"""The document's table of template values, as the client keeps to it and as the fake demands it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways import Rejected
from bot.wechat.errors import Unfit
from bot.wechat.fields import fitted
from models.calendar.beijing import spoken
from tests.bot.wechat.fake_values import RULES, takes

TAKEN = [
    # The examples of the table itself.
    ("time01", "15:01"),
    ("time1", "2019年10月1日 15:01"),
    ("date1", "2019年10月1日"),
    ("date2", "2019年10月1日 15:01"),
    ("date2", "2019-12-25 09:42"),
    ("phone_number1", "+86-0766-66888866"),
    ("car_number1", "粤A8Z888挂"),
    ("phrase3", "配送中"),
    ("phrase3", "审核通过"),
    ("date1", "2018-01-01"),
    ("date1", "2018/01/01"),
    ("date1", "2018.01.01"),
    ("date1", "2018-01"),
    ("date1", "01-01"),
    # Its words.
    ("thing1", "事" * 20),
    ("thing10", "潮安区 Service 8 号窗口！"),
    ("short_thing1", "居住证办理"),
    ("number01", "339208499"),
    ("number1", "-3.5"),
    ("number1", "9" * 32),
    ("letter1", "A" * 32),
    ("symbol1", "!@#￥%"),
    ("character_string2", "2022120853531009"),
    ("character_string2", "a" * 32),
    ("time1", "15:01:59"),
    ("time1", "2026年3月9日 15:01~2026年3月10日 15:01"),
    ("time1", "9:00 ~ 17:00"),
    ("date1", "2019年10月1日~2019年10月7日"),
    ("date1", "10月1日"),
    ("amount1", "¥214.00"),
    ("amount2", "0.05"),
    ("amount2", "39.8元"),
    ("amount2", "￥1234567890.55元"),
    ("name1", "订阅"),
    ("name1", "王" * 10),
    ("name1", "A" * 20),
    ("const1", "办" * 20),
]

UNFIT = [
    ("thing1", ""),
    ("thing1", " \n "),
    ("number1", "三"),
    ("number1", "9" * 33),
    ("number1", "1."),
    ("number1", "1.2.3"),
    ("letter1", "A1"),
    ("letter1", "A" * 33),
    ("symbol1", "!!!!!!"),
    ("symbol1", "!a"),
    ("symbol1", "!好"),
    ("character_string1", "编号1"),
    ("character_string1", "a" * 33),
    ("time1", "明天"),
    ("time1", "2026年3月9日"),
    ("time1", "25:00"),
    ("time1", "15:60"),
    ("date1", "下周"),
    ("date1", "2026年"),
    ("date1", "15:01"),
    ("amount1", "12345678901"),
    ("amount1", "百元"),
    ("amount1", "¥"),
    ("phone_number1", "+86-0766-668888661"),
    ("phone_number1", "电话"),
    ("car_number1", "粤A8Z8888挂"),
    ("car_number1", "粤粤A8Z88"),
    ("name1", "王" * 11),
    ("name1", "A" * 21),
    ("name1", "王" + "A" * 10),
    ("phrase1", "非常不满意的"),
    ("phrase1", "ok"),
    ("phrase1", "满意！"),
    ("const1", "办" * 21),
]


@pytest.mark.parametrize(("name", "text"), TAKEN)
def test_what_is_taken_goes_out_as_it_is(name: str, text: str) -> None:
    assert takes(name, text)
    assert fitted(name, text) == text


@pytest.mark.parametrize(("name", "text"), UNFIT)
def test_what_is_not_taken_and_cannot_be_cut(name: str, text: str) -> None:
    with pytest.raises(Unfit, match=name) as found:
        fitted(name, text)
    assert isinstance(found.value, Rejected)
    assert not takes(name, text) if text.strip() else True


@pytest.mark.parametrize(
    ("name", "text", "fit"),
    [
        ("thing1", "事" * 21, "事" * 19 + "…"),
        ("short_thing1", "非常不满意的", "非常不满…"),
        ("keyword1", "事" * 21, "事" * 19 + "…"),
        ("thing1", " 居住证\n办理\t ", "居住证 办理"),
        ("time1", "2026年3月9日24:00", "2026年3月9日23:59"),
        ("date1", "2026年3月9日24:00", "2026年3月9日23:59"),
        ("time1", "24:00:00", "23:59"),
    ],
)
def test_what_is_made_to_fit(name: str, text: str, fit: str) -> None:
    assert fitted(name, text) == fit


@given(
    st.sampled_from(sorted(RULES)),
    st.text("好办ABab019.-:~年月日¥元 !+\n", max_size=40)
    | st.text(max_size=40)
    | st.from_regex(r"[0-9]{1,4}[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日? ?[0-9]{1,2}:[0-9]{2}"),
)
def test_what_fits_is_what_the_platform_takes(name: str, text: str) -> None:
    try:
        fit = fitted(f"{name}1", text)
    except Unfit:
        return
    if name not in ("time", "date"):
        # A day that is none, the 31st of February, is not ours to find.
        assert takes(f"{name}1", fit)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_deadline_fits(moment: datetime) -> None:
    for name in ("time1", "date1"):
        assert takes(name, fitted(name, spoken(moment)))
        midnight = datetime(2026, 3, 9, 16, tzinfo=UTC) + timedelta(days=moment.day)
        assert takes(name, fitted(name, spoken(midnight)))
