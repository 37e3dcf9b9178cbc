from __future__ import annotations

import pytest

from bot.mail.bounces import Bounce
from bot.mail.received import read

ORIGINAL = "0123456789abcdef@haochaping.example.cn"


def report(
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <wang@example.com>: wang unknown here",
    original: str = "message/rfc822",
) -> bytes:
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.com
To: pj@haochaping.example.cn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; wang@example.com
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: {original}

From: pj@haochaping.example.cn
Message-ID: <{ORIGINAL}>
Subject: hello

--b--
""".encode()


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_our_mail_and_nobody_else(original: str) -> None:
    found = read(report(original=original))
    assert found.automatic
    assert found.bounced == Bounce(
        message_id=f"<{ORIGINAL}>",
        permanent=True,
        why="退信 5.1.1 smtp; 550 5.1.1 <…>: … unknown here",
    )


def test_a_failure_that_may_pass() -> None:
    found = read(report(status="4.4.1", said="smtp; connection timed out"))
    assert found.bounced is not None
    assert not found.bounced.permanent


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_news_that_is_no_failure(action: str) -> None:
    found = read(report(action=action))
    assert found.bounced is None
    assert found.automatic


def test_a_bounce_without_the_original() -> None:
    found = read(report(original="text/plain"))
    assert found.bounced is not None
    assert found.bounced.message_id is None
