"""Who may rate what, and when: one pure decision from the facts (matrix §2).

What is opened depends on the facts alone and not on the order in which they were reported; storing
is a comparison with what is there (`models/cases/invitations.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.cases.facts import Cluster
from models.cases.groups import grouped
from models.cases.nodes import single
from models.cases.openings import Closed, Opening, in_force
from models.rulebooks.rulebook import Rulebook
from models.words import Node


@dataclass(frozen=True, slots=True)
class Rateable:
    openings: tuple[Opening, ...]
    closed: tuple[Closed, ...]


def rateable(book: Rulebook, cluster: Cluster) -> Rateable:
    found: list[Opening] = []
    closed: list[Closed] = []
    group = cluster.group
    for each in grouped(book, cluster, group) if group else single(book, cluster.cases[0]):
        if isinstance(each, Opening):
            found.append(each)
        elif each not in closed:
            closed.append(each)
    return Rateable(tuple(found), tuple(closed))


def rateable_call(
    book: Rulebook, call: int, ended_at: datetime, agency: int, staff: int
) -> Rateable:
    version = in_force(book, ended_at)
    if isinstance(version, Closed):
        return Rateable((), (version,))
    rule = version.hotline
    if rule is None or not rule.call:
        detail = f"《{book.title}》没有规定对热线通话进行评价。"
        return Rateable((), (Closed("hotline_call_not_rated", "", detail),))
    opening = Opening(
        key=f"call:{call}",
        node=Node.CALL,
        targets=rule.call,
        agency=agency,
        version=book.number_of(version),
        rule="hotline",
        source=rule.source,
        opened_at=ended_at,
        call=call,
        staff=staff,
    )
    return Rateable((opening,), ())
