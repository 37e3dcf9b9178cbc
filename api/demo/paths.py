"""The demo's links: one a path through the rules and jurisdiction, and the static codes."""

from __future__ import annotations

from dataclasses import dataclass

from models.cases.shown import shown
from models.directory.codes import place_of
from models.directory.regions import rulebook_name
from models.office import Office
from models.ratings.subjects import whole_subject
from models.tables import Integrator, Invitation, StaticCode
from models.words import Node, Target

DEMO = "演示业务系统"
"""The integrator that reported the demo's cases."""

_RULES = {
    "online": "全程网办",
    "terminal": "自助终端",
    "window": "窗口办理",
    "batch": "批量业务",
    "theme": "主题服务",
    "parallel": "并联审批",
    "consultation": "咨询",
    "hotline": "热线",
}
_NODES = {Node.VISIT: "到窗口", Node.COMPLETION: "办结", Node.CALL: "通话结束"}


@dataclass(frozen=True, slots=True)
class DemoPath:
    jurisdiction: str
    name: str
    subject: str
    link: str
    rated: bool


async def demo_paths(office: Office, base_url: str) -> list[DemoPath]:
    demo = await Integrator.get_or_none(name=DEMO)
    if demo is None:
        return []
    rows = await Invitation.all().select_related("region").order_by("region_id", "id").limit(500)
    codes = await StaticCode.all().order_by("id")
    paths = [await _of_invitation(office, base_url, row) for row in rows]
    paths += [await _of_code(office, base_url, code) for code in codes]
    return sorted(paths, key=lambda path: path.jurisdiction)


async def _of_invitation(office: Office, base_url: str, invitation: Invitation) -> DemoPath:
    seen = await shown(invitation)
    targets = "和".join(Target(target).label for target in invitation.targets)
    cases = "、".join(number for number, _ in seen.cases)
    return DemoPath(
        jurisdiction=_jurisdiction(office, invitation.rulebook),
        name=f"{_RULES[invitation.rule]}·{_NODES[Node(invitation.node)]}（{targets}）",
        subject=f"{seen.title} {cases}".strip(),
        link=f"{base_url}/r/{office.links.rating(invitation.nonce)}",
        rated=invitation.closed_at is not None,
    )


async def _of_code(office: Office, base_url: str, code: StaticCode) -> DemoPath:
    book = await rulebook_name((await whole_subject(code, "", 0)).region)
    return DemoPath(
        jurisdiction=_jurisdiction(office, book) if book else "",
        name="静态二维码",
        subject=await place_of(code),
        link=f"{base_url}/q/{code.code}",
        rated=False,
    )


def _jurisdiction(office: Office, rulebook: str) -> str:
    return office.shelf.book(rulebook).jurisdiction
