"""差评工单: the order, what happened to it, its clocks, the evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.accounts import Account
from models.tables.cases import HASH_LENGTH
from models.tables.directory import Agency, Region
from models.tables.ratings import Evaluation


class WorkOrder(Model):
    """The id is the number that people type in chat."""

    id = fields.BigIntField(primary_key=True)
    evaluation: fields.OneToOneRelation[Evaluation] = fields.OneToOneField(
        "models.Evaluation", related_name="order", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="orders", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="orders", on_delete=fields.RESTRICT
    )
    agency_id: int
    """The rated agency, the lead one of a joint matter."""
    copied_to = fields.JSONField[list[int]]()
    """Agencies that took part and are told (reading 21)."""
    holder: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="held_orders", null=True, on_delete=fields.RESTRICT
    )
    holder_id: int | None
    """Whose turn it is. None: the region has named no bureau yet, doctor says so."""
    handler: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="handled_orders", null=True, on_delete=fields.RESTRICT
    )
    handler_id: int | None
    """承办: who answers it. None: not dispatched yet."""
    state = fields.CharField(max_length=20, db_index=True)
    sequence = fields.IntField(default=1, db_default=1)
    """The number of its last event: of two who act at once the second finds another one."""
    class_name = fields.CharField(max_length=10, null=True)
    counted = fields.BooleanField(default=True, db_default=True)
    """False: 不予采纳, or 不予计算 (三明). The evaluation itself stays as it is."""
    due_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    """The first of the duties that are still open."""
    closed_at: datetime | None = fields.DatetimeField(null=True)
    rulebook = fields.CharField(max_length=50)
    version = fields.IntField()
    opened_at = fields.DatetimeField()
    received_at: datetime | None = fields.DatetimeField(null=True)
    """Delivered to the agency that answers (reading 8)."""

    class Meta:
        table = "work_order"


class OrderEvent(Model):
    """One step: who, when, why. The order's state is what its events say."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[WorkOrder] = fields.ForeignKeyField(
        "models.WorkOrder", related_name="events", on_delete=fields.RESTRICT
    )
    order_id: int
    sequence = fields.IntField()
    kind = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=100)
    """system, rater, or the account's login."""
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="steps", null=True, on_delete=fields.RESTRICT
    )
    account_id: int | None
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="steps", null=True, on_delete=fields.RESTRICT
    )
    agency_id: int | None
    """For whom the account acted: it may belong elsewhere by now."""
    details = fields.JSONField[dict[str, Any]]()

    class Meta:
        table = "order_event"
        unique_together = (("order", "sequence"),)


class OrderDeadline(Model):
    """One clock of an order. A provisional one is settled when its year's notice is added."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[WorkOrder] = fields.ForeignKeyField(
        "models.WorkOrder", related_name="deadlines", on_delete=fields.RESTRICT
    )
    order_id: int
    kind = fields.CharField(max_length=30)
    source = fields.CharField(max_length=100)
    count = fields.IntField()
    unit = fields.CharField(max_length=20)
    rolls_over = fields.BooleanField()
    """顺延: a natural-day term that ends on a holiday ends on the next working day."""
    started_at = fields.DatetimeField()
    due_at = fields.DatetimeField(db_index=True)
    provisional = fields.BooleanField()
    met_at: datetime | None = fields.DatetimeField(null=True)
    void_at: datetime | None = fields.DatetimeField(null=True)
    """Nothing is due any more: excluded, found true, replaced by an extension."""
    warn_at: datetime | None = fields.DatetimeField(null=True)
    """When its holder is warned next. None: no more, or nothing is to be done."""
    overdue_at: datetime | None = fields.DatetimeField(null=True)
    """Marked, and told to the supervising bureau. It stays when the duty is met late."""
    escalate_at: datetime | None = fields.DatetimeField(null=True)
    """When a higher bureau is told, while it stays undone."""

    class Meta:
        table = "order_deadline"
        unique_together = (("order", "kind"),)


class OrderFile(Model):
    """Evidence of a step: a picture, a recording, a document. Sealed: it may show people."""

    id: UUID = fields.UUIDField(primary_key=True)
    event: fields.ForeignKeyRelation[OrderEvent] = fields.ForeignKeyField(
        "models.OrderEvent", related_name="files", on_delete=fields.RESTRICT
    )
    event_id: int
    media_type = fields.CharField(max_length=50)
    size = fields.IntField()
    digest = fields.CharField(max_length=HASH_LENGTH)
    """SM3 of the file as it came."""
    content: bytes = fields.BinaryField()

    class Meta:
        table = "order_file"
        indexes = (("event_id",),)
