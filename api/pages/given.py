"""From a posted form to a rating, or to what is wrong with it, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.pages.fields import indicators_field, words_field
from api.pages.forms import ANSWER, Form
from models.ratings.asked import Asked
from models.ratings.given import Rating
from models.ratings.refusals import RealNameMissing
from models.refusals import Refused
from models.words import Channel, Credential, Level

LEVELS: Final = {str(int(level)): level for level in Level}


@dataclass(frozen=True, slots=True)
class Fault:
    field: str
    """The id of the element on the page."""
    message: str


class Faulty(Exception):
    """The form is shown again, with what was filled in and each fault beside its field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def rating_of(
    form: Form, asked: Asked, channel: Channel, credential: Credential, submission: str
) -> Rating:
    """Raises Faulty."""
    level = LEVELS.get(form.text("level"))
    if level is None:
        raise Faulty([Fault("l5", "请选择满意程度。")])
    try:
        return Rating.model_validate(
            {
                "level": level,
                "reasons": {
                    each.target: {
                        "indicators": form.chosen(indicators_field(each.target, level)),
                        "words": form.text(words_field(each.target)),
                    }
                    for each in asked.targets
                },
                "answers": {
                    question: form.text(f"{ANSWER}{number}")
                    for number, question in enumerate(asked.questions)
                },
                "channel": channel,
                "credential": credential,
                "submission": submission,
                "rater_name": (form.text("name") or None) if asked.asks_name else None,
                "rater_phone": (form.text("phone") or None) if asked.asks_name else None,
            }
        )
    except ValidationError as wrong:
        raise Faulty(_faults(wrong, asked)) from None


def refused(refusal: Refused, form: Form) -> Faulty:
    """A refusal of the decision, beside the field it is about."""
    if isinstance(refusal, RealNameMissing):
        field = "phone" if form.text("name") else "name"
        return Faulty([Fault(field, refusal.message)])
    path = (refusal.field or "").split(".")
    match path:
        case ["reasons", target, "words"]:
            return Faulty([Fault(f"w-{target}", refusal.message)])
        case ["reasons", target, *_]:
            return Faulty([Fault(f"t-{target}", refusal.message)])
    return Faulty([Fault("l5", refusal.message)])


def _faults(wrong: ValidationError, asked: Asked) -> Iterable[Fault]:
    # Several indicators of one target may be wrong: the person is told once.
    found: dict[str, Fault] = {}
    for each in wrong.errors(include_url=False):
        field = _field(each["loc"], asked)
        found.setdefault(field, Fault(field, message(each)))
    return found.values()


def _field(place: tuple[int | str, ...], asked: Asked) -> str:
    match place:
        case ("reasons", target, "words", *_):
            return f"w-{target}"
        case ("reasons", target, *_):
            return f"t-{target}"
        case ("answers", question, *_) if question in asked.questions:
            return f"{ANSWER}{asked.questions.index(str(question))}"
        case ("rater_name", *_):
            return "name"
        case ("rater_phone", *_):
            return "phone"
    return "l5"


def message(error: ErrorDetails) -> str:
    """Pydantic speaks English: of its own faults a form can only run into lengths."""
    if error["type"] == "value_error":
        return f"{error['ctx']['error']}。"
    if error["type"] == "string_too_long":
        return f"请不要超过{error['ctx']['max_length']}个字。"
    return "填写的内容无法识别，请检查后重新填写。"
