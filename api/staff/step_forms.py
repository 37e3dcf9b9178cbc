"""The forms on the page of an order: of each step that is possible now, and what was typed into the
one that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tortoise.expressions import Case, Q, When

from api.staff.filters import sought_in
from api.staff.forms import Form
from api.staff.step_fields import Fault, StepField, fields
from api.v1.numbers import row_number
from models.handling.viewing import targets
from models.handling.views import OrderView
from models.office import Office
from models.orders.steps import Step
from models.rulebooks.order_rules import Party
from models.tables import Account

SEEN: Final = "seen"
SEARCH: Final = "search"
REVEAL: Final = "reveal"
FILES: Final = "files"
MOST_AGENCIES: Final = 20
"""In a list to choose from; others are searched for."""
_ELSEWHERE: Final = (Party.BUREAU.value, Party.DISTRICT.value)
"""Who passes it on to their own agencies."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was posted and not done."""

    step: str
    form: Form
    faults: tuple[Fault, ...] = ()

    @property
    def seen(self) -> int:
        """The last event on the page that was posted. Nobody else's form has none."""
        return row_number(self.form.text(SEEN)) or 0

    @property
    def words(self) -> str:
        """What would be a pity to type again."""
        return "\n".join(filter(None, map(self.form.text, ("text", "reason", "note"))))

    def fault(self, name: str) -> str:
        return " ".join(each.message for each in self.faults if each.field == name)


@dataclass(frozen=True, slots=True)
class StepForm:
    step: type[Step]
    fields: tuple[StepField, ...]
    view: OrderView
    open: bool
    tried: Tried | None
    agencies: tuple[tuple[str, str], ...] = ()
    more_agencies: bool = False

    def id(self, name: str) -> str:
        """Fields of several steps stand on one page."""
        return f"{self.step.name}-{name}"

    def text(self, name: str) -> str:
        return self.tried.form.text(name) if self.tried else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        if self.tried:
            return self.tried.form.chosen(name)
        if name == "to":
            # The agency that was rated answers, unless somebody says otherwise.
            return tuple(code for code, _ in self.agencies[:1])
        return tuple(each.default for each in self.fields if each.name == name and each.default)

    def fault(self, name: str) -> str:
        return self.tried.fault(name) if self.tried else ""

    def options(self, field: StepField) -> tuple[tuple[str, str], ...]:
        choices = {"ground": self.view.choices.grounds, "methods": self.view.choices.methods}
        return tuple((each, each) for each in choices.get(field.name, ())) or field.options

    @property
    def causes(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        return tuple(each for each in self.view.choices.classes if each[2])

    @property
    def classes(self) -> tuple[tuple[str, str], ...]:
        """To choose from where no causes lead to them."""
        if self.causes:
            return ()
        return tuple((name, label) for name, label, _ in self.view.choices.classes)


async def step_forms(
    office: Office,
    view: OrderView,
    account: Account,
    steps: Sequence[type[Step]],
    tried: Tried | None = None,
) -> tuple[StepForm, ...]:
    found = []
    for step in steps:
        own = tried if tried and tried.step == step.name else None
        agencies: list[tuple[str, str]] = []
        # 解释说明 only where the regulation has it.
        known = view.choices.explains
        asked = tuple(each for each in fields(step) if known or each.name != "explained")
        if any(each.shape == "agency" for each in asked):
            find = own.form.text("find") if own else ""
            agencies = await candidates(office, view.number, account, find)
        found.append(
            StepForm(
                step=step,
                fields=asked,
                view=view,
                open=own is not None or (tried is None and len(steps) == 1),
                tried=own,
                agencies=tuple(agencies[:MOST_AGENCIES]),
                more_agencies=len(agencies) > MOST_AGENCIES,
            )
        )
    return tuple(found)


async def candidates(
    office: Office, number: int, account: Account, find: str
) -> list[tuple[str, str]]:
    """Codes and names, the one that was rated first; one more than are shown, if there are. Names
    are the same in many regions."""
    allowed = await targets(office, number, account)
    if sought := sought_in(find):
        allowed = allowed.filter(Q(code=sought) | Q(name__contains=sought))
    columns = ("code", "name", "region__name", "party")
    rated = await allowed.filter(orders__id=number).values_list(*columns)
    near = allowed.annotate(far=Case(When(party__in=_ELSEWHERE, then="1"), default="0"))
    others = await near.order_by("far", "id").limit(MOST_AGENCIES + 1).values_list(*columns)
    return [_candidate(*each) for each in dict.fromkeys([*rated, *others])]


def _candidate(code: str, name: str, region: str, party: str) -> tuple[str, str]:
    return code, f"{name}（移交{region}）" if party in _ELSEWHERE else f"{name}（{region}）"
