"""Ratings and what they are about in a few words, for tests of what becomes of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.orders.opening import Holders
from models.ratings.decide import Decision, Given, decide
from models.ratings.given import Rating, ReasonGiven
from models.ratings.subject import Covered, Subject
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Channel, Credential, Level, Node, Ordinal, Target

DAYS = WorkingDays()
NOW = datetime(2026, 3, 3, 10, tzinfo=BEIJING)
ID = UUID("019577d8-7a80-7123-8abc-0123456789ab")
JURISDICTIONS = ("chaoan", "lingang", "qijiang", "sanming", "tianjin")

_submissions = count(1)


def rating(level: Level = Level.SATISFIED, /, **more: Any) -> Rating:
    fields: dict[str, Any] = {
        "channel": Channel.LINK,
        "credential": Credential.LINK,
        "submission": f"submission-{next(_submissions)}",
    }
    return Rating(level=level, **{**fields, **more})


def reasons(**of: str | tuple[str, ...]) -> dict[str, Any]:
    """Words, or indicators, for each target."""
    return {
        "reasons": {
            Target(target): ReasonGiven(words=said)
            if isinstance(said, str)
            else ReasonGiven(indicators=said)
            for target, said in of.items()
        }
    }


def subject(rulebook: str = "chaoan", *targets: Target, **more: Any) -> Subject:
    """One completed case of a named applicant."""
    fields: dict[str, Any] = {
        "region": 1,
        "version": 1,
        "agency": 50,
        "invitation": 4,
        "node": Node.COMPLETION,
        "rule": "window",
        "covers": (Covered(case=7, agency=50, item=70),),
        "staff": 9 if Target.STAFF in targets else None,
        "until": NOW + timedelta(days=30),
        "named": True,
        "holders": Holders(50, 60, 61, municipal=False),
    }
    return Subject(rulebook=rulebook, targets=targets or (Target.ITEM,), **{**fields, **more})


def version_of(shelf: Shelf, about: Subject) -> Version:
    return shelf.book(about.rulebook).version(about.version)


def decided(
    shelf: Shelf,
    about: Subject,
    given: Rating,
    *,
    now: datetime = NOW,
    ordinal: Ordinal = Ordinal.FIRST,
    version: Version | None = None,
) -> Decision:
    rules = version or version_of(shelf, about)
    return decide(about, given, rules, DAYS, Given(ID, now, None, ordinal))
