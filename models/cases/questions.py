"""针对具体服务事项的评价问询表单: what else may be asked about an item."""

from __future__ import annotations

from models.rulebooks.rulebook import Version
from models.tables import Case, Invitation
from models.words import Target


async def questions_of(invitation: Invitation, version: Version) -> tuple[str, ...]:
    """The item's own, or the rulebook's. Of cases with different
    items, the rulebook's."""
    if Target.ITEM not in invitation.targets:
        return ()
    of_group = Case.filter(group_id=invitation.group_id)
    cases = of_group if invitation.group_id else Case.filter(id=invitation.case_id)
    items = {case.item_id: case.item async for case in cases.select_related("item")}
    own = next(iter(items.values())).questions if len(items) == 1 else None
    if own:
        return tuple(dict.fromkeys(own))[:20]
    return version.questionnaire.questions if version.questionnaire else ()
