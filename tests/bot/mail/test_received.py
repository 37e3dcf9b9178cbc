from __future__ import annotations

import base64
from contextlib import suppress
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.received import CUT, SIZE_LIMIT, WORDS_LENGTH, ReceivedMail, Unreadable, read

SAID = "窗口人员态度很好，但等了两个小时。"
REPORT = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: "
HEAD = b"From: wang@example.com\r\nSubject: hello\r\n"


def mail(said: str = SAID, html: str | None = None, **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    given = {
        "From": "王小明 <wang@example.com>",
        "To": "yj@haochaping.example.cn",
        "Subject": "意见",
        "Date": "Mon, 02 Mar 2026 09:00:05 +0800",
        "Message-ID": "<1@example.com>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in given.items():
        made[name] = value
    made.set_content(said)
    if html is not None:
        made.add_alternative(html, subtype="html")
    return made


def received(*what: Any, **headers: Any) -> ReceivedMail:
    return read(mail(*what, **headers).as_bytes())


def plain(charset: str, body: bytes, head: bytes = HEAD) -> bytes:
    kind = f'Content-Type: text/plain; charset="{charset}"\r\n\r\n'.encode()
    return head + b"MIME-Version: 1.0\r\n" + kind + body


def test_a_mail_as_programs_send_it() -> None:
    found = received()
    assert found.sender == "wang@example.com"
    assert found.sender_name == "王小明"
    assert found.subject == "意见"
    assert found.words == SAID
    assert found.answers == ()
    assert not found.automatic
    assert found.bounced is None


def test_what_it_answers_nearest_first() -> None:
    found = received(In_Reply_To="<b@x.cn>", References="<a@x.cn> <b@x.cn>\t<c@x.cn>")
    assert found.answers == ("<b@x.cn>", "<c@x.cn>", "<a@x.cn>")


def test_the_reference_is_the_same_on_every_way() -> None:
    raw = mail().as_bytes()
    other_way = b"Received: from a by b\nReturn-Path: <wang@example.com>\n" + raw.replace(
        b"\r\n", b"\n"
    )
    reference = read(raw).reference
    assert read(other_way).reference == reference
    assert len(reference) == 64
    assert int(reference, 16)


@pytest.mark.parametrize(
    "other",
    [
        mail("另一件事。"),
        mail(Message_ID="<2@example.com>"),
        mail(Date="Mon, 02 Mar 2026 09:00:06 +0800"),
        mail(From="li@example.com"),
    ],
)
def test_another_mail_has_another_reference(other: EmailMessage) -> None:
    assert read(other.as_bytes()).reference != received().reference


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "x-gbk", "gb18030", "cp936", "EUC-CN"])
def test_gb2312_is_really_gb18030(charset: str) -> None:
    said = "朱镕基广场的窗口 𠮷 很好"
    assert read(plain(charset, said.encode("gb18030"))).words == said
    word = base64.b64encode("镕𠮷".encode("gb18030")).decode()
    subject = f"Subject: =?{charset}?B?{word}?=\r\n".encode()
    assert read(b"From: a@b.cn\r\n" + subject + b"\r\nx").subject == "镕𠮷"


@pytest.mark.parametrize(
    "charset", ["no-such", "us-ascii", "", "hex", "idna", "unicode\\x00", "default"]
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_charset_that_is_wrong_or_missing(charset: str, codec: str) -> None:
    assert read(plain(charset, SAID.encode(codec))).words == SAID


def test_big5() -> None:
    assert read(plain("big5", "態度很好".encode("big5"))).words == "態度很好"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_headers_in_raw_eight_bit(codec: str) -> None:
    head = "From: 王小明 <wang@example.com>\r\nSubject: 意见和建议\r\n\r\n".encode(codec)
    found = read(head + b"x")
    assert (found.sender_name, found.sender) == ("王小明", "wang@example.com")
    assert found.subject == "意见和建议"


def test_a_character_cut_in_two_between_encoded_words() -> None:
    octets = "很好很好".encode()
    words = [base64.b64encode(each).decode() for each in (octets[:4], octets[4:])]
    subject = "\r\n ".join(f"=?utf-8?B?{each}?=" for each in words)
    assert read(f"From: a@b.cn\r\nSubject: {subject}\r\n\r\nx".encode()).subject == "很好很好"


def test_an_encoded_name_with_a_comma() -> None:
    name = Header("王, 小明", "utf-8").encode()
    assert read(f"From: {name} <wang@example.com>\r\n\r\nx".encode()).sender_name == "王, 小明"


@pytest.mark.parametrize(
    "sender", ["", "nobody", "<>", "MAILER-DAEMON", "(" * 5000, "a" * 300 + "@b.cn", "=?x?B?!?="]
)
def test_a_sender_that_is_none(sender: str) -> None:
    assert read(f"From: {sender}\r\nSubject: x\r\n\r\nx".encode()).sender is None


def test_characters_in_spans_stay_together() -> None:
    html = "<div>态<span style='color:red'>度</span><font>很</font>好</div><ul><li>一</li></ul>"
    assert read(mail("", html=html).as_bytes()).words.split() == ["态度很好", "*", "一"]


def test_html_where_there_is_no_text() -> None:
    html = (
        "<html><head><style>p{color:red}</style><title>无</title></head><body>"
        "<p>办事<b>很</b>快&nbsp;，谢谢</p><div>第二行<br>第三行</div>"
        "<script>alert(1)</script><img src='https://x.example/pixel'></body></html>"
    )
    made = mail(html=html)
    assert read(made.as_bytes()).words == SAID
    for empty in (mail("", html=html), mail("   \n", html=html)):
        lines = [line for line in read(empty.as_bytes()).words.split("\n") if line]
        assert lines == ["办事很快 ，谢谢", "第二行", "第三行"]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<p",
        "\x00<p>好</p>",
        "<?xml version='1.0' encoding='gbk'?><p>好</p>",
        "<div>" * 20_000,
        "<table>" * 3_000,
        "<b>" * 3_000 + "好",
        "&#0;&#xD800;&#99999999;",
        "<!-- -->",
    ],
)
def test_html_of_any_kind(html: str) -> None:
    raw = HEAD + b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    assert len(read(raw + html.encode()).words) <= WORDS_LENGTH


def test_long_words_are_cut_and_say_so() -> None:
    found = received("长" * 5000)
    assert len(found.words) == WORDS_LENGTH
    assert found.words.endswith(CUT)
    assert received("长" * WORDS_LENGTH).words == "长" * WORDS_LENGTH


def test_the_words_of_a_mail_with_huge_pictures_are_kept() -> None:
    made = mail()
    made.add_attachment(b"\xff" * SIZE_LIMIT, maintype="image", subtype="jpeg")
    raw = made.as_bytes()
    found = read(raw)
    assert found.words == SAID
    assert read(raw[:SIZE_LIMIT]) == found


def test_control_characters_are_gone() -> None:
    found = read(
        plain("utf-8", b"a\x00b\x1b[31mc\xed\xa0\x80\r\nd", b"From: a@b.cn\r\nSubject: x\x00y\r\n")
    )
    assert found.words.startswith("ab[31mc")
    assert found.words.isprintable() or "\n" in found.words
    assert "\x00" not in found.subject


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
        {"List-Id": "<a.example.com>"},
        {"Subject": "自动回复：我在休假"},
        {"Subject": "Automatic reply: hello"},
    ],
)
def test_what_no_person_wrote(headers: dict[str, str]) -> None:
    assert received(**headers).automatic


def test_a_person_who_says_so() -> None:
    assert not received(Auto_Submitted="no", Return_Path="<wang@example.com>").automatic


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"hello", b"\x00" * 100, b"\xff\xd8\xff\xe0JFIF"]
)
def test_what_is_no_mail(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw)


def nested(depth: int) -> bytes:
    parts = [
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'
        for level in range(depth)
    ]
    return HEAD + "".join(parts).encode() + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def test_nested_parts() -> None:
    assert read(nested(10)).words == "hello"
    with pytest.raises(Unreadable):
        read(nested(1000))


@pytest.mark.parametrize("grown", [b"\n" * 300_000, b"\r" * 300_000, b"--b\r\n\r\n" * 5_000])
def test_a_mail_made_to_keep_us_busy(grown: bytes) -> None:
    with pytest.raises(Unreadable):
        read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + grown)


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!not base64####=",
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=4",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 a\r\n#rubbish\r\n",
        b"Content-Transfer-Encoding: \xff\r\n\r\nx",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: ;;;=\r\n\r\nx",
        b"Content-Type: text/plain; charset*=utf-8'en'%FF%00\r\n\r\nx",
        b"Content-Type: text/plain; charset*0=a; charset*99999999999=b\r\n\r\nx",
        b"Content-Disposition: attachment; filename*=''%\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nx",
        REPORT + b"message/delivery-status\r\n\r\nAction: failed\r\n--b--",
        REPORT + b"message/rfc822\r\n\r\n--b--",
    ],
)
def test_broken_parts(body: bytes) -> None:
    assert read(HEAD + body).subject == "hello"


_PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Date: ", b"Message-ID: ", b"In-Reply-To: ", b"References: ",
        b"Content-Type: ", b"multipart/mixed; boundary=b", b"multipart/report; boundary=b",
        b"multipart/alternative; boundary=b", b"message/rfc822", b"message/delivery-status",
        b"text/html; charset=", b"text/plain; charset=", b"gb2312", b"utf-7", b"utf-16", b"hz",
        b"iso-2022-jp", b"punycode", b"Content-Transfer-Encoding: ", b"base64",
        b"quoted-printable", b"uuencode", b"=?gb2312?B?", b"=?utf-8?Q?", b"=?x?b?", b"?=",
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--b", b"--b--", b"Action: failed", b"Status: 5.1.1",
        b"<", b">", b"(", b")", b'"', b";", b":", b"@", b",", b"\\", b"[", b"]", b"*0*=", b"''",
        b"\x00", b"\xff\xfe", b" ", b"\xce\xd2", "好".encode(), b"=", b"%00", b"<div>",
        b"</table>", b"> ",
    ]
)  # fmt: skip


@given(st.lists(_PIECES | st.binary(max_size=6), max_size=60).map(b"".join))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for each in (raw, b"From: a@b.cn\r\n" + raw):
        try:
            found = read(each)
        except Unreadable:
            continue
        storable(found)


@given(st.binary(max_size=400))
def test_any_noise_is_read_or_refused(raw: bytes) -> None:
    with suppress(Unreadable):
        storable(read(raw))


def storable(found: ReceivedMail) -> None:
    said = [found.words, found.subject, found.sender_name, found.sender or "", *found.answers]
    if found.bounced:
        said += [found.bounced.why, found.bounced.message_id or ""]
    for each in said:
        assert "\x00" not in each
        each.encode()
    assert len(found.words) <= WORDS_LENGTH
    assert "\n" not in found.subject + found.sender_name + (found.sender or "")
