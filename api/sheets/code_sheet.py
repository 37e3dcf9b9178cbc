"""What the sheet of a static code says: by the rules of the place where it hangs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.office import Office
from models.ratings.places import Place, place_of
from models.ratings.refusals import by
from models.tables import StaticCode
from models.words import Level

LEVELS = tuple(level.label for level in Level)


@dataclass(frozen=True, slots=True)
class CodeSheet:
    jurisdiction: str
    kind: str
    """窗口, 大厅, 自助终端 …"""
    place: str
    link: str
    """What the QR code says."""
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    """What the rulebook has told to whoever rates, with its article."""
    bureau: str


async def code_sheet(office: Office, base_url: str, code: StaticCode) -> CodeSheet:
    """Raises NotOpened where no rulebook is in force: nobody could rate by the sheet."""
    return sheet_of(await place_of(office, code.code), base_url)


def sheet_of(place: Place, base_url: str) -> CodeSheet:
    return CodeSheet(
        jurisdiction=place.book.jurisdiction,
        kind=place.kind,
        place=place.name,
        link=f"{base_url}/q/{place.code.code}",
        steps=tuple(_steps(place)),
        notes=tuple(_notes(place)),
        bureau=place.book.bureau,
    )


def _steps(place: Place) -> Iterator[str]:
    yield "用微信或手机浏览器扫描二维码。"
    yield "填写办理时登记的手机号和业务流水号后4位，找到您的办件。"
    yield "选择满意程度，写下您的意见，提交评价。"
    if place.takes_reviews:
        yield "没有办件的，可以直接综合点评。"
    else:
        yield "没有办件的，可以留下意见。"


def _notes(place: Place) -> Iterator[str]:
    version, asked = place.version, place.asked
    if asked.hint:
        words = "”“".join(level.label for level in Level if level in asked.negative)
        yield f"选“{words}”的，{asked.hint}"
    if place.same_day:
        yield f"本地实行实名评价{asked.name_rule}，扫码只能评价当天到窗口或当天办结的办件。"
    if version.invitation is not None and version.invitation.no_coercion:
        instead = "，也不得代替您评价" if version.invitation.no_self_rating else ""
        yield f"工作人员不得强迫或干扰您评价{instead}{by(version.invitation)}。"
    if version.privacy is not None and version.privacy.consent_before_third_party:
        yield f"未经您同意，您的信息不提供给第三方{by(version.privacy)}。"
