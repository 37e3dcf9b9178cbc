"""What business systems report: cases, visits, completions, calls, and what it opened.

A visit and a completion name their case by its number and need no case row: they may come first.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.tables.access import Integrator
from models.tables.directory import (
    CODE_LENGTH,
    Agency,
    Platform,
    Region,
    ServiceItem,
    Staff,
    Theme,
    Window,
)

SEALED_LENGTH = 600
HASH_LENGTH = 64


class CaseGroup(Model):
    """批量, 主题式申报, 并联审批: cases that were applied for together."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=10)
    number = fields.CharField(max_length=CODE_LENGTH, unique=True)
    size = fields.IntField()
    """How many cases it has, known from the first report on, so that order does not matter."""
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="groups", on_delete=fields.RESTRICT
    )
    region_id: int
    theme: fields.ForeignKeyNullableRelation[Theme] = fields.ForeignKeyField(
        "models.Theme", related_name="groups", null=True, on_delete=fields.RESTRICT
    )
    theme_id: int | None
    lead_agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="led_groups", null=True, on_delete=fields.RESTRICT
    )
    lead_agency_id: int | None

    class Meta:
        table = "case_group"


class Call(Model):
    """A hotline call that was put through to a member of staff."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=CODE_LENGTH, unique=True)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="calls", on_delete=fields.RESTRICT
    )
    region_id: int
    platform: fields.ForeignKeyRelation[Platform] = fields.ForeignKeyField(
        "models.Platform", related_name="calls", on_delete=fields.RESTRICT
    )
    platform_id: int
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="calls", on_delete=fields.RESTRICT
    )
    staff_id: int
    caller = fields.CharField(max_length=SEALED_LENGTH, null=True)
    caller_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    queue = fields.CharField(max_length=CODE_LENGTH, null=True)
    case_number = fields.CharField(max_length=CODE_LENGTH, null=True)
    """What it was about, or was handed on as (转办件). The case may be reported later."""
    ended_at = fields.DatetimeField()
    integrator: fields.ForeignKeyRelation[Integrator] = fields.ForeignKeyField(
        "models.Integrator", related_name="calls", on_delete=fields.RESTRICT
    )
    integrator_id: int
    reported_at = fields.DatetimeField()
    fingerprint = fields.CharField(max_length=HASH_LENGTH)

    class Meta:
        table = "call"
        indexes = (("case_number",),)


class Handover(Model):
    """转接: the caller, handed over to the rating when the agent has hung up. Who knows the id may
    rate the call, the switch carries it."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    call: fields.OneToOneRelation[Call] = fields.OneToOneField(
        "models.Call", related_name="handover", on_delete=fields.RESTRICT
    )
    call_id: int
    opened_at: datetime = fields.DatetimeField()
    until: datetime = fields.DatetimeField()
    """Nobody is put through any more."""
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    """The caller was on the line. No second time."""
    level: int | None = fields.SmallIntField(null=True)
    """Confirmed, and not yet an evaluation."""
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "handover"


class Case(Model):
    """办件. Names, numbers and addresses are sealed, `…_hash` columns find them again."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=CODE_LENGTH, unique=True)
    kind = fields.CharField(max_length=20)
    handling = fields.CharField(max_length=20)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="cases", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="cases", on_delete=fields.RESTRICT
    )
    agency_id: int
    item: fields.ForeignKeyRelation[ServiceItem] = fields.ForeignKeyField(
        "models.ServiceItem", related_name="cases", on_delete=fields.RESTRICT
    )
    item_id: int
    group: fields.ForeignKeyNullableRelation[CaseGroup] = fields.ForeignKeyField(
        "models.CaseGroup", related_name="cases", null=True, on_delete=fields.RESTRICT
    )
    group_id: int | None
    call_number = fields.CharField(max_length=CODE_LENGTH, null=True)
    """Of the hotline call that was handed on, which may be reported later."""
    applicant_kind = fields.CharField(max_length=20)
    applicant_name = fields.CharField(max_length=SEALED_LENGTH, null=True)
    applicant_phone = fields.CharField(max_length=SEALED_LENGTH, null=True)
    phone_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    applicant_identity = fields.CharField(max_length=SEALED_LENGTH, null=True)
    identity_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    applicant_email = fields.CharField(max_length=SEALED_LENGTH, null=True)
    agent_name = fields.CharField(max_length=SEALED_LENGTH, null=True)
    agent_phone = fields.CharField(max_length=SEALED_LENGTH, null=True)
    agent_phone_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    accepted_at = fields.DatetimeField(null=True)
    integrator: fields.ForeignKeyRelation[Integrator] = fields.ForeignKeyField(
        "models.Integrator", related_name="cases", on_delete=fields.RESTRICT
    )
    integrator_id: int
    reported_at = fields.DatetimeField()
    fingerprint = fields.CharField(max_length=HASH_LENGTH)
    """Keyed hash of the report: the same report again is answered, another one refused."""

    class Meta:
        table = "case_file"  # CASE is a keyword of SQL
        indexes = (("group_id",), ("call_number",))


class Visit(Model):
    """到窗口一次. `number` is the serviceNumber of the interface standard."""

    id = fields.BigIntField(primary_key=True)
    case_number = fields.CharField(max_length=CODE_LENGTH)
    number = fields.IntField()
    window: fields.ForeignKeyNullableRelation[Window] = fields.ForeignKeyField(
        "models.Window", related_name="visits", null=True, on_delete=fields.RESTRICT
    )
    window_id: int | None
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="visits", on_delete=fields.RESTRICT
    )
    staff_id: int
    at = fields.DatetimeField()
    integrator: fields.ForeignKeyRelation[Integrator] = fields.ForeignKeyField(
        "models.Integrator", related_name="visits", on_delete=fields.RESTRICT
    )
    integrator_id: int
    reported_at = fields.DatetimeField()
    fingerprint = fields.CharField(max_length=HASH_LENGTH)

    class Meta:
        table = "visit"
        unique_together = (("case_number", "number"),)


class Completion(Model):
    """办结."""

    id = fields.BigIntField(primary_key=True)
    case_number = fields.CharField(max_length=CODE_LENGTH, unique=True)
    at = fields.DatetimeField()
    integrator: fields.ForeignKeyRelation[Integrator] = fields.ForeignKeyField(
        "models.Integrator", related_name="completions", on_delete=fields.RESTRICT
    )
    integrator_id: int
    reported_at = fields.DatetimeField()
    fingerprint = fields.CharField(max_length=HASH_LENGTH)

    class Meta:
        table = "completion"


class Invitation(Model):
    """评价邀请: the right to rate once. `key` says for what, it is derived from the facts, so the
    same facts in any order open the same invitations."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=120, unique=True)
    nonce = fields.CharField(max_length=16, unique=True)
    """The unguessable part of the link, worthless without the signature, whose key is elsewhere."""
    rulebook = fields.CharField(max_length=50)
    version = fields.IntField()
    node = fields.CharField(max_length=20)
    targets = fields.JSONField[list[str]]()
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="invitations", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="invitations", on_delete=fields.RESTRICT
    )
    agency_id: int
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="invitations", null=True, on_delete=fields.RESTRICT
    )
    case_id: int | None
    group: fields.ForeignKeyNullableRelation[CaseGroup] = fields.ForeignKeyField(
        "models.CaseGroup", related_name="invitations", null=True, on_delete=fields.RESTRICT
    )
    group_id: int | None
    call: fields.ForeignKeyNullableRelation[Call] = fields.ForeignKeyField(
        "models.Call", related_name="invitations", null=True, on_delete=fields.RESTRICT
    )
    call_id: int | None
    visit_number = fields.IntField(null=True)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="invitations", null=True, on_delete=fields.RESTRICT
    )
    staff_id: int | None
    rule = fields.CharField(max_length=30)
    source = fields.CharField(max_length=100)
    """The rule that opened it, and its article."""
    opened_at = fields.DatetimeField()
    timely_until: datetime | None = fields.DatetimeField(null=True)
    """The end of the rulebook's period of silence, what comes later is late, never refused."""
    provisional = fields.BooleanField(default=False)
    until = fields.DatetimeField()
    """The end of the link."""
    remind_at: datetime | None = fields.DatetimeField(null=True)
    reminded_at: datetime | None = fields.DatetimeField(null=True)
    silence = fields.CharField(max_length=10, null=True)
    """What became of it when `timely_until` had passed in silence."""
    follow_up_until: datetime | None = fields.DatetimeField(null=True)
    """Of the first human rating. None: there is none, or it cannot be added to."""
    follow_up_closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_why = fields.CharField(max_length=20, null=True)

    class Meta:
        table = "invitation"
        indexes = (("case_id",), ("group_id",), ("call_id",))
