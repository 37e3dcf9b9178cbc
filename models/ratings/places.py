"""The window, hall, terminal or platform that a static code stands for, and its rules."""

from __future__ import annotations

from dataclasses import dataclass

from models.directory.regions import rulebook_name
from models.office import Office
from models.ratings.asked import Asked
from models.ratings.subject import Subject
from models.ratings.subjects import takes_reviews, whole_subject
from models.refusals import Missing
from models.rulebooks.rulebook import NotInForce, Rulebook, Version
from models.tables import StaticCode

LONGEST = 16


class CodeUnknown(Missing):
    code = "code_unknown"

    def __init__(self) -> None:
        super().__init__(
            "这个二维码不是现用的评价码，可能已被更换。"
            "请扫描窗口或大厅现在张贴的二维码，或请工作人员帮助。"
        )


class NotOpened(Missing):
    code = "not_opened"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}所在地区还没有开通“好差评”。")


@dataclass(frozen=True, slots=True)
class Place:
    code: StaticCode
    kind: str
    name: str
    book: Rulebook
    version: Version
    subject: Subject

    @property
    def same_day(self) -> bool:
        rule = self.version.real_name
        return rule is not None and rule.static_code_same_day

    @property
    def asked(self) -> Asked:
        (target,) = self.subject.targets
        return Asked.of(self.subject, self.version, {target: self.name})

    @property
    def takes_reviews(self) -> bool:
        """综合点评, bound to no case. Where it takes none, what is said here is an opinion."""
        return takes_reviews(self.version, self.subject.targets)


async def place_of(office: Office, code: str) -> Place:
    """Raises CodeUnknown, NotOpened."""
    found = None
    # What is no code at all is not asked of the database: PostgreSQL takes no NUL.
    if len(code) <= LONGEST and code.isprintable():
        found = await StaticCode.get_or_none(code=code).select_related(
            "window__hall", "hall", "platform"
        )
    if found is None:
        raise CodeUnknown
    kind, name = _called(found)
    bare = await whole_subject(found, "", 0)
    book_name = await rulebook_name(bare.region)
    if book_name is None:
        raise NotOpened(name)
    book = office.shelf.book(book_name)
    try:
        version = book.version_at(office.now())
    except NotInForce:
        raise NotOpened(name) from None
    subject = await whole_subject(found, book.name, book.number_of(version))
    return Place(found, kind, name, book, version, subject)


_PLATFORMS = {"terminal": "自助终端", "hotline": "热线", "app": "移动应用", "portal": "网上大厅"}


def _called(code: StaticCode) -> tuple[str, str]:
    if code.window is not None:
        return "窗口", f"{code.window.hall.name}{code.window.name}"
    if code.hall is not None:
        return "大厅", code.hall.name
    if code.platform is None:
        raise LookupError(f"static code {code.id} stands for nothing")
    return _PLATFORMS.get(code.platform.kind, "平台"), code.platform.name
