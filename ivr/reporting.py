"""A call as a switch tells of it, by names: in arguments of FastAGI, in the address of a
WebSocket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from models.cases.reports import CallReport
from models.refusals import Invalid

NAMES: Final = frozenset({"number", "platform", "agent", "queue", "case", "caller"})


def report_of(told: Mapping[str, str]) -> CallReport:
    """What is empty was not told: a dialplan's variable without a value. Raises Invalid."""
    if strange := sorted(told.keys() - NAMES):
        known = "、".join(sorted(NAMES))
        raise Invalid(f"不认识的参数“{strange[0]}”，可用的有：{known}", field=strange[0])
    # Who switches calls to people says agent; the directory has staff.
    report = {("staff" if name == "agent" else name): each for name, each in told.items() if each}
    try:
        return CallReport.model_validate(report)
    except ValidationError as fault:
        field = str(fault.errors()[0]["loc"][0])
        name = "agent" if field == "staff" else field
        raise Invalid(f"参数 {name} 缺失或有误", field=name) from None
