"""What only somebody in an app is refused."""

from __future__ import annotations

from datetime import datetime

from models.calendar.beijing import spoken
from models.refusals import Conflict, Invalid


class RatedByThem(Conflict):
    """`receipt`: the code of their own. Who holds none of it is told AlreadyRated."""

    code = "already_rated"

    def __init__(self, receipt: str, follow_up_until: datetime | None) -> None:
        more = f"您可以在{spoken(follow_up_until)}前追加评价。" if follow_up_until else ""
        super().__init__(f"您已经评价过这次服务，以第一次评价为准。{more}")
        self.receipt = receipt


class AddedByThem(RatedByThem):
    def __init__(self, receipt: str) -> None:
        super().__init__(receipt, None)
        self.message = "您已经追加过评价，追加评价只能作一次。"


class CodeRefused(Invalid):
    """WeChat does not take the code of a login or of a phone number."""

    code = "code_refused"

    def __init__(self) -> None:
        super().__init__("微信没有认可这次授权，请重试一次。", field="code")
