"""What the person says of their case at a static code, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from api.pages.forms import Form
from api.pages.given import Fault, Faulty, message
from models.ratings.matching import DIGITS
from models.texts import Phone

_PHONE: Final = TypeAdapter(Phone)


class Sought(BaseModel):
    model_config = ConfigDict(frozen=True)

    phone: str
    """E.164."""
    digits: str


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    what: str
    address: str


def sought_in(form: Form) -> Sought:
    """Raises Faulty."""
    faults = []
    # Input methods for Chinese write full-width digits.
    phone, digits = "", normalize("NFKC", form.text("digits"))
    try:
        phone = _PHONE.validate_python(form.text("phone"))
    except ValidationError as wrong:
        said = message(wrong.errors(include_url=False)[0]) if form.text("phone") else ""
        faults.append(Fault("phone", said or "请填写办理时登记的手机号。"))
    if len(digits) != DIGITS or not digits.isprintable():
        faults.append(Fault("digits", f"请填写业务流水号的最后{DIGITS}位。"))
    if faults:
        raise Faulty(faults)
    return Sought(phone=phone, digits=digits)
