"""The nodes of one case: every visit, and its completion (matrix §2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.cases.facts import CaseFact
from models.cases.openings import Closed, Opening, in_force, with_staff
from models.rulebooks.rule import Rule
from models.rulebooks.rulebook import Rulebook
from models.words import CaseKind, Handling, Node


def single(book: Rulebook, case: CaseFact) -> Iterator[Opening | Closed]:
    yield from visits(book, case)
    if case.completed_at is not None:
        yield from completion(book, case, case.completed_at)


def visits(book: Rulebook, case: CaseFact) -> Iterator[Opening | Closed]:
    for visit in case.visits:
        version = in_force(book, visit.at)
        if isinstance(version, Closed):
            yield version
            continue
        if case.kind is CaseKind.CONSULTATION and version.consultation is not None:
            rule: Rule = version.consultation
            name, targets = "consultation", version.consultation.hall
        elif version.window is not None:
            rule, name, targets = version.window, "window", version.window.visit
        else:
            continue
        if targets:
            yield Opening(
                key=f"case:{case.id}/visit:{visit.number}",
                node=Node.VISIT,
                targets=targets,
                agency=case.agency,
                version=book.number_of(version),
                rule=name,
                source=rule.source,
                opened_at=visit.at,
                case=case.id,
                visit_number=visit.number,
                staff=visit.staff,
            )


def completion(book: Rulebook, case: CaseFact, at: datetime) -> Iterator[Opening | Closed]:
    version = in_force(book, at)
    if isinstance(version, Closed):
        yield version
        return
    if case.kind is CaseKind.CONSULTATION and version.consultation is not None:
        if not case.at_window and not version.consultation.online:
            yield Closed(
                "consultation_online",
                version.consultation.source,
                f"线上办结的咨询查询不进行评价（{version.consultation.source}）。",
            )
        if case.at_window and not case.visits:
            yield Closed(
                "consultation_without_visit",
                version.consultation.source,
                "大厅办结的咨询可以评价窗口人员，但还没有收到这次到窗口的报送。",
            )
        return
    if case.kind is CaseKind.TRANSFERRED and version.hotline and version.hotline.transferred:
        rule: Rule = version.hotline
        name, targets = "hotline", version.hotline.transferred
    else:
        name = _RULE_OF[case.handled_as]
        node = {"online": version.online, "terminal": version.terminal, "window": version.window}
        if (found := node[name]) is None:
            detail = f"《{book.title}》没有规定对这类办件进行评价。"
            yield Closed("node_not_rated", "", detail)
            return
        rule, targets = found, found.completion
    targets, staff = with_staff(targets, case.visits, at)
    if targets:
        yield Opening(
            key=f"case:{case.id}/completion",
            node=Node.COMPLETION,
            targets=targets,
            agency=case.agency,
            version=book.number_of(version),
            rule=name,
            source=rule.source,
            opened_at=at,
            case=case.id,
            staff=staff,
        )


_RULE_OF = {
    Handling.ONLINE: "online",
    Handling.TERMINAL: "terminal",
    Handling.WINDOW: "window",
    Handling.MIXED: "window",
}
