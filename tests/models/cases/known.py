"""Facts of cases in a few words, for tests of what they open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.cases.facts import CaseFact, Cluster, GroupFact, GroupKind, VisitFact
from models.cases.rateable import Rateable
from models.rulebooks.rulebook import Rulebook
from models.words import CaseKind, Handling

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
DONE = MORNING + timedelta(days=1)

JURISDICTIONS = ("chaoan", "lingang", "qijiang", "sanming", "tianjin")


def visit(number: int = 1, *, at: datetime = MORNING, staff: int = 7) -> VisitFact:
    return VisitFact(number, at, staff)


def case(
    id: int = 1,  # noqa: A002 - the field is called so
    *visits: VisitFact,
    handling: Handling = Handling.WINDOW,
    kind: CaseKind = CaseKind.APPLICATION,
    completed: datetime | None = DONE,
    agency: int = 50,
) -> CaseFact:
    return CaseFact(
        id=id,
        number=f"C{id:03d}",
        kind=kind,
        handling=handling,
        agency=agency,
        visits=visits,
        completed_at=completed,
    )


def group(kind: GroupKind, *cases: CaseFact, size: int = 2, lead: int | None = None) -> Cluster:
    return Cluster(cases, GroupFact(9, kind, size, lead))


def said(found: Rateable) -> list[str]:
    """Of each opening its key, what is rated, and by which rule."""
    return sorted(f"{each.key} {'+'.join(each.targets)} by {each.rule}" for each in found.openings)


def two_versions(book: Rulebook, change: datetime, **later: object) -> Rulebook:
    """The rulebook as it is until the day before `change`, and with other rules from then on."""
    day = change.date()
    first = book.versions[0].model_copy(update={"effective_until": day - timedelta(days=1)})
    second = book.versions[0].model_copy(
        update={"effective_from": day, "effective_until": None, **later}
    )
    return book.model_copy(update={"versions": (first, second)})
