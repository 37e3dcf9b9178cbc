"""Who may take a step. Pure; each raises NotAllowed, with the article where one says so."""

from __future__ import annotations

from typing import Final

from models.accounts.roles import Role
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.rulebooks.labels import RULES
from models.rulebooks.order_rules import Party
from models.rulebooks.rule import Rule

HANDLERS: Final = (Role.HANDLER, Role.TOWN, Role.BUREAU)


def rule_of(scene: Scene, name: str) -> Rule:
    """Raises NotAllowed where the text is silent: nothing is invented in its place."""
    rule = scene.version.rule(name)
    if rule is None:
        raise NotAllowed(f"本地规定没有“{RULES[name]}”这一环节")
    return rule


def dispatcher(scene: Scene, actor: Actor) -> None:
    now = scene.now
    town = actor.role is Role.TOWN and actor.agency == now.handler
    bureau = actor.role is Role.BUREAU and actor.oversees
    mine = bureau and now.holder in (actor.agency, None)
    if not (mine or town):
        rule = rule_of(scene, "dispatch")
        raise NotAllowed("只有持有工单的主管部门、区政府或镇（场）可以转办", source=rule.source)


def handler(scene: Scene, actor: Actor) -> None:
    if actor.role not in HANDLERS or actor.agency != scene.now.handler:
        raise NotAllowed("这一步由承办单位办理")
    _not_rated(scene, actor)


def _not_rated(scene: Scene, actor: Actor) -> None:
    if actor.rated:
        raise NotAllowed("被评价人不能办理对自己的差评", source=scene.version.second_party.source)


def verifier(scene: Scene, actor: Actor) -> None:
    rule = scene.version.verification
    jointly = rule is not None and Party.BUREAU in rule.by
    if not (jointly and actor.role is Role.BUREAU and actor.oversees and not actor.rated):
        handler(scene, actor)


def second_party(scene: Scene, actor: Actor) -> None:
    """恶意差评的认定权: never who was rated, nor who answers for it (reading 14)."""
    rule = scene.version.second_party
    if actor.role is not Role.BUREAU or not actor.oversees:
        raise NotAllowed("这一步由主管部门办理", source=rule.source)
    if actor.agency in (scene.now.rated, scene.now.handler):
        raise NotAllowed("被评价单位不能认定对自己的差评，请上级主管部门办理", source=rule.source)
    _not_rated(scene, actor)


def bureau(scene: Scene, actor: Actor) -> None:
    town = actor.role is Role.TOWN and actor.agency == scene.now.dispatcher
    if not town and (actor.role is not Role.BUREAU or not actor.oversees):
        raise NotAllowed("这一步由主管部门办理")
    _not_rated(scene, actor)
    if actor.account in scene.now.acted:
        raise NotAllowed("办理人不能审核自己的办理结果")


def caller(scene: Scene, actor: Actor) -> None:
    if actor.role in (Role.CALLBACK, Role.BUREAU) and actor.oversees and not actor.rated:
        return
    handler(scene, actor)


def part_taker(scene: Scene, actor: Actor) -> None:
    if not (actor.takes_part and actor.role in HANDLERS):
        handler(scene, actor)


def many(scene: Scene, _actor: Actor) -> None:
    """会商 is of several: of a joint matter, or of a class that the regulation has discussed."""
    kinds = scene.version.classes.kinds if scene.version.classes else ()
    discussed = {kind.name for kind in kinds if kind.by_consultation}
    if not scene.joint and scene.now.class_name not in discussed:
        raise NotAllowed("这份工单不涉及其他单位，不需要会商")


def appellant(scene: Scene, actor: Actor) -> None:
    """綦江: the member of staff; 三明: the same, through the agency; 威海临港, 天津: the agency."""
    rule = scene.version.appeal
    if rule is None:
        return
    in_person = rule.by is Party.STAFF and actor.role is Role.STAFF and actor.rated
    agency = Party.AGENCY in (rule.by, rule.through)
    for_agency = agency and actor.role in HANDLERS and actor.agency == scene.now.handler
    if not (in_person or for_agency):
        who = "被评价的工作人员" if rule.by is Party.STAFF else "承办单位"
        through = "，经所在机构" if rule.through is Party.AGENCY else ""
        raise NotAllowed(f"申诉由{who}{through}提出", source=rule.source)


def forwarder(scene: Scene, actor: Actor) -> None:
    if actor.role not in HANDLERS or actor.agency != scene.now.handler:
        raise NotAllowed("申诉由被评价人所在机构提交")
