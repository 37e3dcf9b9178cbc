"""The one way out: what is to be told to whom, written in the transaction that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.directory import Agency


class Notice(Model):
    """`address` is sealed and only a rater's, an agency's addresses are its own settings. `body`
    holds what the message is made of and never a rater's identity."""

    id = fields.BigIntField(primary_key=True)
    once = fields.CharField(max_length=120, unique=True)
    """What makes it this notice and no second one, gateways that take one get it as their key."""
    kind = fields.CharField(max_length=30)
    channel = fields.CharField(max_length=20)
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="notices", null=True, on_delete=fields.RESTRICT
    )
    agency_id: int | None
    address = fields.CharField(max_length=600, null=True)
    body = fields.JSONField[dict[str, Any]]()
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    state = fields.CharField(max_length=10, default="waiting")
    attempts = fields.IntField(default=0)
    claimed_until: datetime | None = fields.DatetimeField(null=True)
    sent_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        indexes = (("state", "due_at"),)
