"""What a business system reports, checked for itself: shapes of the integration API and of imports.

Times carry their zone. Codes are looked up later (`models/cases/intake.py`).
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from models.cases.facts import GroupKind
from models.texts import Code, Email, Line, Moment, Phone
from models.words import CaseKind, Handling

Identity = Annotated[Code, StringConstraints(to_upper=True)]


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Applicant(Report):
    """申请人. `kind`: person (自然人) or organisation (法人、其他组织)."""

    kind: Annotated[str, Field(pattern=r"^(person|organisation)$")] = "person"
    name: Line | None = None
    phone: Phone | None = None
    identity: Identity | None = None
    """Number of the identity card or of the unified social credit code."""
    email: Email | None = None


class Agent(Report):
    """代理人."""

    name: Line | None = None
    phone: Phone | None = None


class Group(Report):
    """What a case was applied for together with. `size` counts all its cases, this one too."""

    kind: GroupKind
    number: Code
    size: Annotated[int, Field(ge=2, le=1000)]
    theme: Code | None = None
    lead_agency: Code | None = None

    @model_validator(mode="after")
    def _theme_of_a_theme(self) -> Self:
        if self.kind is GroupKind.THEME and self.theme is None:
            raise ValueError("主题式服务须给出 theme（主题代码）")
        return self


class CaseReport(Report):
    """办件. Reported once; the same report again is answered again."""

    number: Code
    agency: Code
    item: Code
    kind: CaseKind = CaseKind.APPLICATION
    handling: Handling
    applicant: Applicant = Applicant()
    agent: Agent | None = None
    accepted_at: Moment | None = None
    group: Group | None = None
    call: Code | None = None
    """Number of the hotline call that was handed on (转办件); may be reported after the case."""

    @model_validator(mode="after")
    def _transferred_from_a_call(self) -> Self:
        if self.kind is not CaseKind.TRANSFERRED and self.call is not None:
            raise ValueError("只有转办件（kind=transferred）可以给出 call")
        return self


class VisitReport(Report):
    """到窗口一次. `number` is the serviceNumber: the first visit of the case is 1."""

    case: Code
    number: Annotated[int, Field(ge=1, le=9999)]
    staff: Code
    window: Code | None = None
    at: Moment


class CompletionReport(Report):
    """办结."""

    case: Code
    at: Moment


class CallReport(Report):
    """A hotline call that ended. Without `ended_at`: now. `queue`: where it was answered (技能组).
    `case`: what it was about, or was handed on as (转办件); may be reported after the call."""

    number: Code
    platform: Code
    staff: Code
    caller: Phone | None = None
    ended_at: Moment | None = None
    queue: Code | None = None
    case: Code | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What says nothing of `queue` and `case` is the report that it was before there were any:
        calls stored then are answered again."""
        said: dict[str, Any] = dump(self)
        unsaid = {name for name in ("queue", "case") if said[name] is None}
        return {name: value for name, value in said.items() if name not in unsaid}
