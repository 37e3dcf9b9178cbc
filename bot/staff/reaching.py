"""By which ways staff are reached: persons in a chat application, their agency's group, persons in
the official account, mail. One at a time, as citizens are."""

from __future__ import annotations

from typing import Final

from tortoise.expressions import Q

from bot.gateways import Post
from bot.staff.gateways import address
from models.accounts.binding import user_of
from models.accounts.roles import Role
from models.office import Office
from models.tables import Agency, ChatBinding, Notice, StaffMessage
from models.words import Channel

CHAT: Final = "chat"
ROBOT: Final = "robot"
STAFF: Final = "staff"
"""An agency's own inbox. All three are names of our own, no provider's."""

ROLES: Final = (Role.HANDLER, Role.TOWN, Role.BUREAU)
"""Who of an agency is told."""
CALLERS: Final = frozenset({"complaint", "order_step"})
"""Kinds that the desk which calls raters back is told of as well."""

_ONE_PERSON: Final = frozenset({"account", "staff_message"})

NOBODY: Final = "（尚未指定主管部门）"


async def reached(office: Office, post: Post, notice: Notice) -> list[tuple[str, str]]:
    """Channel and address, in the order in which they are tried. A notice for one person goes to
    nobody else, and where they are in no chat nowhere: a group, or a letter to the agency, would
    show it to all."""
    known, personal = await _bound(notice), not _ONE_PERSON.isdisjoint(notice.body)
    found = []
    in_chat = [each for each in known if each.app in post.staff_apps]
    # The desk that calls raters back hears of it beside those who act, and in nobody's place.
    if in_chat and (personal or any(each.account.role in ROLES for each in in_chat)):
        users = address((each.app, user_of(office, each)) for each in in_chat)
        found.append((CHAT, users))
    agency = await Agency.get_or_none(id=notice.agency_id)
    if agency is not None and not personal:
        robots = [name for name, codes in post.robots.items() if agency.code in codes]
        found += [(ROBOT, " ".join(robots))] if robots else []
    if by_template := [each for each in known if notice.kind in post.pushes.get(each.app, {})]:
        openids = (f"{each.app}/{user_of(office, each)}" for each in by_template)
        found.append((Channel.OFFICIAL_ACCOUNT.value, " ".join(sorted(openids))))
    if agency is not None and agency.email and not personal:
        found.append((Channel.MAIL.value, agency.email))
    elif not found and not personal:
        found.append((STAFF, agency.name if agency else NOBODY))
    return found


async def _bound(notice: Notice) -> list[ChatBinding]:
    """The chats of whoever is told, that have not ended."""
    if "staff_message" in notice.body:
        asked = await StaffMessage.get(id=notice.body["staff_message"])
        told = Q(account_id=asked.account_id, app=asked.app)
    elif "account" in notice.body:
        told = Q(account_id=notice.body["account"])
    elif notice.agency_id is None:
        return []
    else:
        roles = [*ROLES, Role.CALLBACK] if notice.kind in CALLERS else ROLES
        told = Q(account__agency_id=notice.agency_id, account__role__in=[*map(str, roles)])
    bound = ChatBinding.filter(told, ended_at=None, account__disabled_at=None).order_by("id")
    return await bound.select_related("account")
