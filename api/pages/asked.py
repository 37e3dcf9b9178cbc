"""What the rating form asks: by the rulebook, for one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from models.ratings.decide import names_each_target
from models.ratings.refusals import by
from models.ratings.subject import Subject
from models.rulebooks.conduct_rules import RealNameMode
from models.rulebooks.rating_rules import Indicator
from models.rulebooks.rulebook import Version
from models.words import Level, Target


@dataclass(frozen=True, slots=True)
class AskedTarget:
    """Indicators to choose, level by level, and room for words."""

    target: Target
    name: str
    choices: dict[Level, tuple[Indicator, ...]]

    @property
    def id(self) -> str:
        return f"t-{self.target}"

    @property
    def words(self) -> str:
        return f"w-{self.target}"

    def indicators(self, level: Level) -> str:
        """A field for each level: what was ticked before the person changed the level is not
        sent as if it belonged to the new one."""
        return f"i-{self.target}-{level:d}"


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


def _hint(subject: Subject, version: Version) -> str:
    if not version.reason.negative_needs_indicator_or_words:
        return ""
    if names_each_target(version, subject.rule):
        rule = version.rule(subject.rule or "reason") or version.reason
        kinds = "和".join(target.label for target in subject.targets)
        return f"请分别就{kinds}，选择具体情形或写明不满意的原因{by(rule)}。"
    return f"请选择具体情形，或写明不满意的原因{by(version.reason)}。"
