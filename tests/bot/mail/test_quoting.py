"""Answers as typical programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.quoting import own_words

OLD = "您在某某局办理的“食品经营许可证核发”，请您评价：https://example.cn/r/x 感谢您的参与。"
ANSWERS = {
    "qq": f"""不满意，等了两个小时


------------------ 原始邮件 ------------------
发件人: "政务服务好差评" <pj@example.cn>;
发送时间: 2026年3月2日(星期一) 上午9:00
收件人: "王小明" <wang@example.com>;
主题: 请您评价

{OLD}""",
    "qq, 2024": f"""不满意，等了两个小时

         原始邮件
--------------------------------
发件人：政务服务好差评 <pj@example.cn>
发件时间：2026年3月2日 09:00
收件人：王小明 <wang@example.com>
主题：请您评价

{OLD}""",
    "163": f"""不满意，等了两个小时




在 2026-03-02 09:00:05，"政务服务好差评" <pj@example.cn> 写道：

{OLD}""",
    "163, English": f"""不满意，等了两个小时

At 2026-03-02 09:00:05, "政务服务好差评" <pj@example.cn> wrote:

>{OLD}""",
    "163 on a phone": f"""不满意，等了两个小时

| |
王小明
|
|
wang@example.com
|
---- 回复的原邮件 ----
| 发件人 | 政务服务好差评<pj@example.cn> |
| 主题 | 请您评价 |
{OLD}""",
    "foxmail": f"""不满意，等了两个小时



wang@example.com

发件人： 政务服务好差评
发送时间： 2026-03-02 09:00
收件人： 王小明
主题： 请您评价
{OLD}""",
    "outlook": f"""不满意，等了两个小时

________________________________
发件人: 政务服务好差评 <pj@example.cn>
发送时间: 2026年3月2日 9:00
收件人: 王小明 <wang@example.com>
主题: 请您评价

{OLD}""",
    "outlook, old": f"""不满意，等了两个小时

-----邮件原件-----
发件人: 政务服务好差评 [mailto:pj@example.cn]
{OLD}""",
    "outlook, English": f"""不满意，等了两个小时

-----Original Message-----
From: pj@example.cn
Sent: Monday, March 2, 2026 9:00 AM
{OLD}""",
    "iphone": f"""不满意，等了两个小时

发自我的iPhone

> 在 2026年3月2日，09:00，政务服务好差评 <pj@example.cn> 写道：
>
> {OLD}""",
    "gmail": f"""不满意，等了两个小时

政务服务好差评 <pj@example.cn> 于2026年3月2日周一 09:00写道：

> {OLD}
>""",
    "gmail, wrapped": f"""不满意，等了两个小时

政务服务好差评 <pj@haochaping.example.cn> 于2026年3月2日周一
09:00写道：

> {OLD}""",
    "thunderbird": f"""不满意，等了两个小时

On 2026/3/2 9:00, 政务服务好差评 wrote:
> {OLD}""",
    "apple mail, English, wrapped": f"""不满意，等了两个小时

On Mon, Mar 2, 2026 at 9:00 AM 政务服务好差评
<pj@example.cn> wrote:

> {OLD}""",
    "below the quotation": f"""> {OLD}
>
不满意，等了两个小时""",
}


@pytest.mark.parametrize("program", ANSWERS)
def test_the_answer_stays_and_the_question_goes(program: str) -> None:
    said = own_words(ANSWERS[program], answering=True)
    assert said.startswith("不满意，等了两个小时")
    assert OLD not in said
    assert "pj@example.cn" not in said
    assert "2026" not in said


def test_in_a_mail_that_answers_nothing_it_belongs_to_what_is_said() -> None:
    assert OLD in own_words(ANSWERS["outlook"], answering=False)


@pytest.mark.parametrize(
    "greeting",
    [
        "发自我的iPhone",
        "发自我的 iPad",
        "发自我的华为手机",
        "来自我的小米手机",
        "发自网易邮箱大师",
        "从 Windows 版邮件发送",
        "Sent from my iPhone",
        "获取 Outlook for iOS",
        "Get Outlook for Android",
    ],
)
def test_a_programs_greeting_goes(greeting: str) -> None:
    assert own_words(f"很好\n\n{greeting}\n", answering=False) == "很好"


def test_a_signature_goes() -> None:
    assert own_words("很好\n-- \n王小明\n电话：略", answering=False) == "很好"


@pytest.mark.parametrize(
    "said",
    [
        "谢谢，\n窗口的同志很热情。",
        "注意：材料清单是错的。",
        "我2025年3月2日来过，当时工作人员在意见簿上写道：材料不全。",
        "发件人：不详\n我想反映的是排队太久。",
        "时间：上午\n地点：二楼",
        "来自外地，跑了三趟。",
        "On Monday it took two hours.",
        "- 第一\n- 第二",
        "--\n以上",
    ],
)
def test_what_people_say_stays(said: str) -> None:
    assert own_words(said, answering=True) == said


@given(st.text(st.sampled_from("在于发件人：> -_写道\n2026年3月 9:00OnwroteFrom"), max_size=600))
def test_nothing_is_made_up(text: str) -> None:
    for answering in (True, False):
        lines = {line.strip() for line in text.split("\n")} | {""}
        kept = own_words(text, answering=answering).split("\n")
        assert {line.strip() for line in kept} <= lines


@pytest.mark.parametrize("line", ["在 2026-" * 40, "On " * 130, "-" * 399, "2026年" * 79 + "9:00"])
def test_no_line_takes_long(line: str) -> None:
    text = "\n".join([line] * 2_000)
    assert own_words(text, answering=True)
