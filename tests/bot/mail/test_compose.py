from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways import Message
from bot.mail.compose import compose, message_id
from bot.mail.settings import MailSettings
from tests.bot.mail.conftest import LINK, message

SENDER = MailSettings(
    host="mail.example.cn", sender="pj@haochaping.example.cn", reply_to="yj@haochaping.example.cn"
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def arrived(sent: Message, settings: MailSettings = SENDER) -> EmailMessage:
    """As the other side reads it."""
    return message_from_bytes(compose(sent, settings).as_bytes(), policy=default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return cast("str", body.get_content())


class Elements(HTMLParser):
    """Every element with its attributes, and the words between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.found if each == tag]


def test_the_headers_arrive_as_they_were_meant() -> None:
    mail = arrived(message())
    assert mail["Subject"] == "请您评价：食品经营许可证核发"
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("政务服务好差评", "pj@haochaping.example.cn")
    assert mail["To"] == "wang@example.com"
    assert mail["Reply-To"] == "yj@haochaping.example.cn"
    assert mail["Message-ID"] == "<0123456789abcdef0123456789abcdef@haochaping.example.cn>"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:05 +0800"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:yj@haochaping.example.cn?subject=TD>"


def test_without_a_reply_address_nobody_is_told_to_write() -> None:
    quiet = SENDER.model_copy(update={"reply_to": None})
    mail = arrived(message(), quiet)
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe"] is None


def test_an_agency_cannot_unsubscribe() -> None:
    assert arrived(message(kind="complaint"))["List-Unsubscribe"] is None


def test_both_parts_say_everything() -> None:
    mail = arrived(message())
    text = part(mail, "plain")
    assert "您在潮安区市场监督管理局办理的“食品经营许可证核发”" in text
    assert text.count(LINK) == 1
    page = Elements(part(mail, "html"))
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert [each["href"] for each in page.all("a")] == [LINK, LINK]
    assert {"立即评价", LINK} <= set(page.words)
    assert any("感谢您的参与" in each for each in page.words)


def test_a_link_that_the_text_lacks_is_added_to_both_parts() -> None:
    mail = arrived(message(text="请您评价。"))
    assert LINK in part(mail, "plain")
    assert [each["href"] for each in Elements(part(mail, "html")).all("a")] == [LINK, LINK]


def test_a_second_link_can_be_clicked_too() -> None:
    again = "https://haochaping.example.cn/f/Xyz"
    mail = arrived(message(kind="thanks", text=f"回执：{LINK} 可以追加评价：{again} "))
    page = Elements(part(mail, "html"))
    assert [each["href"] for each in page.all("a")] == [LINK, LINK, again]
    assert "查看评价回执" in page.words


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = Elements(part(arrived(message(table=(("机构", "件数"), ("甲", "3")))), "html"))
    tags = {tag for tag, _ in page.found}
    assert not tags & {"img", "link", "script", "style", "iframe", "base"}
    for _, attributes in page.found:
        assert not attributes.keys() & {"src", "background", "srcset"}
        assert "url(" not in (attributes.get("style") or "")


def test_a_table_is_a_table() -> None:
    rows = (("机构", "参评率"), ("潮安区市场监督管理局", "98.5%"), ("彩塘镇政府", "7%"))
    mail = arrived(message(kind="bulletin", link=None, text="通报如下。", table=rows))
    page = Elements(part(mail, "html"))
    assert page.all("th") == [page.all("th")[0]] * 2
    assert page.all("th")[0]["scope"] == "col"
    assert len(page.all("td")) == 4
    assert (
        "机构                  参评率\n潮安区市场监督管理局  98.5%\n彩塘镇政府            7%\n"
    ) in part(mail, "plain").replace("\r\n", "\n")


def test_html_in_words_stays_words() -> None:
    mail = arrived(message(text="<b>急</b> & <script>", title="<i>题</i>"))
    page = Elements(part(mail, "html"))
    assert not page.all("b")
    assert not page.all("script")
    assert not page.all("i")
    assert "<b>急</b> & <script>" in part(mail, "plain")


def test_no_line_is_too_long_and_none_is_beyond_ascii() -> None:
    sent = compose(message(text="长" * 5000, title="题" * 300), SENDER).as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85", "\x00"])
def test_a_title_cannot_become_a_header(end: str) -> None:
    mail = arrived(message(title=f"评价{end}Bcc: someone@example.com{end}{end}正文"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "评价 Bcc: someone@example.com 正文"


@given(title=TEXT, text=TEXT)
def test_whatever_the_words_are_they_arrive(title: str, text: str) -> None:
    mail = arrived(message(title=title, text=text, link=None))
    names = [name.lower() for name in mail]
    assert len(names) == len(set(names))
    assert set(names) == {
        "from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted",
        "list-unsubscribe", "content-language", "mime-version", "content-type",
    }  # fmt: skip
    shown = "".join(each if each.isprintable() else " " for each in title).split()
    assert mail["Subject"] == " ".join(shown)
    sent = part(mail, "plain").split()
    assert sent[: len(text.split())] == text.split()


@pytest.mark.parametrize(
    "to",
    [
        "",
        "wang",
        "wang@",
        "@example.com",
        "a@b@example.com",
        "wang@example.com\r\nBcc: li@example.com",
        "wang@example.com, li@example.com",
        "王 <wang@example.com>",
        "wang@exa mple.com",
        "wang@a..b",
        "wang@" + "a" * 64 + ".com",
    ],
)
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="不是有效的邮箱地址"):
        compose(message(to=to), SENDER)


def test_a_chinese_domain_is_written_in_ascii() -> None:
    assert arrived(message(to="wang@政务.例子"))["To"] == "wang@xn--zfr164b.xn--fsqu00a"


def test_a_chinese_name_before_the_at_goes_as_utf8() -> None:
    sent = compose(message(to="王小明@example.com"), SENDER).as_bytes()
    assert "To: 王小明@example.com".encode() in sent


@pytest.mark.parametrize("length", [10, 63, 200])
def test_the_message_id_survives_any_domain(length: int) -> None:
    name = ".".join(["a" * 60] * 4)[:length].strip(".") + ".cn"
    settings = SENDER.model_copy(update={"domain": name})
    assert arrived(message(), settings)["Message-ID"] == message_id(message(), settings)


def test_a_ragged_table_stays_readable() -> None:
    rows: Any = (("甲", "乙", "丙"), ("一",), ("一", "二", "三", "四"))
    assert "一  二  三  四" in part(arrived(message(link=None, table=rows)), "plain")
