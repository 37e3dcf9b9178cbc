"""What a form or a dialogue asks: by the rulebook, for one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from models.cases.questions import questions_of
from models.cases.shown import Shown, shown
from models.office import Office
from models.ratings.decide import names_each_target
from models.ratings.refusals import by
from models.ratings.subject import Subject
from models.ratings.subjects import subject_of
from models.rulebooks.conduct_rules import RealNameMode
from models.rulebooks.rating_rules import Indicator
from models.rulebooks.rulebook import Version
from models.tables import Invitation
from models.words import Level, Ordinal, Target


@dataclass(frozen=True, slots=True)
class AskedTarget:
    """Indicators to choose, level by level, and room for words."""

    target: Target
    name: str
    choices: dict[Level, tuple[Indicator, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    targets: tuple[AskedTarget, ...]
    negative: frozenset[Level]
    hint: str
    """What a negative rating must bring, with the article."""
    name_required: bool
    name_welcome: bool
    """鼓励实名, and nothing is known of the person yet."""
    name_rule: str
    questions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        subject: Subject,
        version: Version,
        names: dict[Target, str],
        questions: tuple[str, ...] = (),
    ) -> Self:
        rule = version.real_name
        required = rule is not None and rule.mode is RealNameMode.REQUIRED
        unbound = subject.node is None
        return cls(
            targets=tuple(
                AskedTarget(
                    target=target,
                    name=names[target],
                    choices={level: version.indicators.choices(target, level) for level in Level},
                )
                for target in subject.targets
            ),
            negative=version.levels.negative,
            hint=_hint(subject, version),
            name_required=required and not subject.named,
            name_welcome=rule is not None and unbound,
            name_rule=by(rule) if rule else "",
            questions=questions,
        )

    @property
    def asks_name(self) -> bool:
        return self.name_required or self.name_welcome


async def asked_of(
    office: Office,
    invitation: Invitation,
    ordinal: Ordinal = Ordinal.FIRST,
    *,
    seen: Shown | None = None,
) -> Asked:
    """`seen`: what is shown of it, where it is known already."""
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    questions = await questions_of(invitation, version) if ordinal is Ordinal.FIRST else ()
    subject = await subject_of(invitation, ordinal)
    seen = seen or await shown(invitation)
    return Asked.of(subject, version, seen.names, questions)


def _hint(subject: Subject, version: Version) -> str:
    if not version.reason.negative_needs_indicator_or_words:
        return ""
    if names_each_target(version, subject.rule):
        rule = version.rule(subject.rule or "reason") or version.reason
        kinds = "和".join(target.label for target in subject.targets)
        return f"请分别就{kinds}，选择具体情形或写明不满意的原因{by(rule)}。"
    return f"请选择具体情形，或写明不满意的原因{by(version.reason)}。"
