"""意见邮箱: an answer to an invitation rates, any other mail is an opinion, nothing is lost."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.answering import TakenAs
from bot.delivery import deliver
from bot.letterbox import take_mail
from bot.mail.compose import compose
from bot.mail.settings import MailSettings
from models.tables import Agency, Attempt, Evaluation, Invitation, Notice, Opinion, Reply
from tests.bot.conftest import Recording, post
from tests.models.town import Town, case, done

CITIZEN = "Wang@Example.cn"
SETTINGS = MailSettings(host="localhost", security="none", sender="pj@city.example")


class Posting(Recording):
    """Gives each mail the Message-ID that the real gateway gives it."""

    async def send(self, message: object) -> str | None:
        await super().send(message)  # type: ignore[arg-type]
        return str(compose(self.sent[-1], SETTINGS)["Message-ID"])


@pytest.fixture
def mail() -> Posting:
    return Posting()


async def asked(town: Town, mail: Recording) -> Invitation:
    """三明 asks at completion; this person left an address and no number."""
    invitation = await town.invitation(case(applicant={"email": CITIZEN}), done())
    assert await deliver(town.office, post(mail=mail)) == 1
    return invitation


def letter(words: str, *, sender: str = CITIZEN, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"王女士 <{sender}>"
    message["To"] = "yijian@city.example"
    message["Subject"] = "回复：请您评价"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0800"
    message["Message-ID"] = f"<{abs(hash(words))}@example.cn>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message.as_bytes()


async def take(town: Town, raw: bytes) -> TakenAs:
    return await take_mail(town.office, await Agency.get(code="bureau"), raw)


async def answering(**more: str) -> dict[str, str]:
    attempt = await Attempt.filter(route="mail").order_by("-id").first()
    assert attempt is not None
    return {"In_Reply_To": attempt.reference or "", **more}


async def test_an_answer_rates(town: Town, mail: Posting) -> None:
    invitation = await asked(town, mail)
    raw = letter("不满意，等了两个小时", **await answering())
    assert await take(town, raw) is TakenAs.RATING
    rated = await Evaluation.get()
    assert (rated.level, rated.channel, rated.credential) == (2, "mail", "reply")
    assert rated.reasons["item"]["words"] == "等了两个小时"
    assert rated.invitation_id == invitation.id
    assert await take(town, raw) is TakenAs.RATING
    assert await Evaluation.all().count() == 1
    await deliver(town.office, post(mail=mail))
    assert mail.sent[-1].kind == "thanks"


async def test_a_level_alone_is_asked_for_its_reason_by_mail(town: Town, mail: Posting) -> None:
    await asked(town, mail)
    assert await take(town, letter("2", **await answering())) is TakenAs.ASKED
    await deliver(town.office, post(mail=mail))
    assert (mail.sent[-1].kind, mail.sent[-1].to) == ("why", CITIZEN.casefold())
    again = letter("窗口没有人", **await answering())
    assert await take(town, again) is TakenAs.RATING
    assert (await Evaluation.get()).reasons["item"]["words"] == "窗口没有人"


async def test_another_address_rates_nothing(town: Town, mail: Posting) -> None:
    await asked(town, mail)
    raw = letter("1 太差了", sender="li@example.cn", **await answering())
    assert await take(town, raw) is TakenAs.OPINION
    assert not await Evaluation.exists()


async def test_other_mail_is_an_opinion_of_the_agency_whose_box_it_is(town: Town) -> None:
    raw = letter("希望周六也能办理", sender="li@example.cn")
    assert await take(town, raw) is TakenAs.OPINION
    assert await take(town, raw) is TakenAs.OPINION
    opinion = await Opinion.get().select_related("agency")
    assert opinion.words == "回复：请您评价\n希望周六也能办理"
    assert (opinion.agency.code, opinion.channel, opinion.level) == ("bureau", "mail", None)
    assert town.office.keys.open(opinion.name or "", "opinion.name") == "王女士"
    reply = await Reply.get()
    assert town.office.keys.open(reply.sender, "reply.sender") == "li@example.cn"


async def test_who_unsubscribes_gets_no_more(town: Town, mail: Posting) -> None:
    """List-Unsubscribe sends a mail whose subject is TD."""
    await asked(town, mail)
    raw = b"From: wang@example.cn\r\nSubject: TD\r\nMessage-ID: <td@example.cn>\r\n\r\n"
    assert await take(town, raw) is TakenAs.STOP
    await town.report(case("C2", applicant={"email": CITIZEN}), done("C2"))
    assert await deliver(town.office, post(mail=mail)) == 0
    assert (await Notice.get(state="withdrawn")).why == "已退订"


async def test_what_a_machine_writes_is_no_opinion(town: Town) -> None:
    raw = letter("我在休假", Auto_Submitted="auto-replied")
    assert await take(town, raw) is TakenAs.AUTOMATIC
    assert not await Opinion.exists()


async def test_a_bounce_is_a_receipt(town: Town, mail: Posting) -> None:
    await asked(town, mail)
    attempt = await Attempt.get()
    raw = BOUNCE.replace("MESSAGE-ID", attempt.reference or "").encode()
    assert await take(town, raw) is TakenAs.AUTOMATIC
    await attempt.refresh_from_db()
    assert attempt.delivered is False
    await deliver(town.office, post(mail=mail))
    assert (await Notice.get(kind="invitation")).state == "dead"


@pytest.mark.parametrize("raw", [b"", b"\xff\x00" * 50, b"no mail at all"])
async def test_what_is_no_mail_stops_nothing(town: Town, raw: bytes) -> None:
    assert await take(town, raw) is TakenAs.UNKNOWN


BOUNCE = """From: MAILER-DAEMON@mx.example
To: pj@city.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mx.example>
Date: Mon, 02 Mar 2026 10:00:00 +0800
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; wang@example.cn
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: MESSAGE-ID
Subject: x

--b--
""".replace("\n", "\r\n")
