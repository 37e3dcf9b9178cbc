"""Why the ticket of a host app is not taken."""

from __future__ import annotations

from typing import ClassVar

from models.refusals import Refused


class TicketRefused(Refused):
    """`platform`: what citizens call it. `field`: the ticket's field at fault, for the platform's
    developers."""

    code = "ticket_refused"
    why: ClassVar[str]

    def __init__(self, platform: str | None, *, field: str | None = None) -> None:
        again = f"请返回{platform or '刚才使用的应用'}重新打开，仍不成功时请向其客服反映。"
        super().__init__(f"{self.why}{again}", field=field)


class TicketUnreadable(TicketRefused):
    code = "ticket_unreadable"
    why = "您的身份凭证不完整或格式有误。"


class TicketAltered(TicketRefused):
    """The signature is not that of what it came with."""

    code = "ticket_altered"
    why = "您的身份凭证没有通过验证。"


class TicketForElsewhere(TicketRefused):
    code = "ticket_for_elsewhere"
    why = "您的身份凭证不是用于这里的。"


class TicketExpired(TicketRefused):
    code = "ticket_expired"
    why = "您的身份凭证已经过期。"


class TicketEarly(TicketRefused):
    """Its time is further ahead than the window: the platform's clock or ours is wrong."""

    code = "ticket_early"
    why = "您的身份凭证尚未生效。"


class TicketReplayed(TicketRefused):
    """Used before."""

    code = "ticket_replayed"
    why = "您的身份凭证已经使用过，每次打开都需要新的凭证。"
