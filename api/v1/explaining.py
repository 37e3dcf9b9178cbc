"""The explanation of a case, as the API answers it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from models.explain import explain
from models.office import Office
from models.tables import Case


class BecauseAnswer(BaseModel):
    what: str
    rule: str
    source: str
    quote: str | None
    days: list[str]


class Explanation(BaseModel):
    rulebook: str
    title: str
    version: int | None
    judged_at: datetime | None
    because: list[BecauseAnswer]


async def explanation(office: Office, case: Case) -> Explanation:
    explained = await explain(office, case)
    return Explanation(
        rulebook=explained.rulebook,
        title=explained.title,
        version=explained.version,
        judged_at=explained.judged_at,
        because=[
            BecauseAnswer(
                what=each.what,
                rule=each.rule,
                source=each.source,
                quote=each.quote,
                days=list(each.days),
            )
            for each in explained.because
        ],
    )
