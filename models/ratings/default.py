"""默认评价: what the rulebook lets silence say of a completed item (潮安第十九条), in nobody's
name.

Pure. A default is a row of its own kind: it opens no order, tells nobody, starts no 追加评价, and a
person's rating, however late, replaces it in the figures (readings 2, 18, 19).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from models.ratings.decide import Decision, Row, coverage, leaf_row
from models.ratings.subject import Subject
from models.rulebooks.rulebook import Version
from models.words import Level, Ordinal, Provenance, Target


def default(
    subject: Subject,
    version: Version,
    level: Level,
    due: datetime,
    id: UUID,  # noqa: A002 -- the column's name
    taken: Collection[str],
) -> Decision | None:
    """As of `due`, when the silence had lasted long enough. `taken`: slots that a default fills
    already, or a person. None: nothing is left to be silent about.

    Only 办结的服务事项 can be silent, no member of staff (reading 4).
    """
    subject = replace(subject, targets=tuple({Target.ITEM} & set(subject.targets)))
    person = subject.slots(Ordinal.FIRST, "")
    slots = [
        slot
        for slot, rated in zip(subject.slots(Ordinal.DEFAULT, ""), person, strict=True)
        if slot.name not in taken and rated.name not in taken
    ]
    if not slots:
        return None
    evaluation: Row = {
        "id": id,
        "provenance": Provenance.DEFAULT.value,
        "ordinal": int(Ordinal.DEFAULT),
        "region_id": subject.region,
        "invitation_id": subject.invitation,
        "submission": f"default:{subject.invitation}",
        "rulebook": subject.rulebook,
        "version": subject.version,
        "level": int(level),
        "reasons": {},
        "answers": {},
        "channel": None,
        "credential": None,
        "keyed_by": None,
        "real_name": False,
        "rater_hash": None,
        "late": False,
        "at": due,
    }
    return Decision(
        evaluation=evaluation,
        coverage=tuple(coverage(subject, slot, evaluation, version) for slot in slots),
        leaf=leaf_row(evaluation, slots),
        order=None,
        subject=subject,
        follow_up_until=None,
    )
