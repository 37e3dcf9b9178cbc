"""The one way out: what is to be told to whom, written in the transaction that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.cases import HASH_LENGTH, Invitation
from models.tables.directory import Agency
from models.texts import WHY_LENGTH
from models.words import NoticeState


class Notice(Model):
    """`body` says what it is about, never a rater's identity or address: both are looked up when
    the message is sent."""

    id = fields.BigIntField(primary_key=True)
    once = fields.CharField(max_length=160, unique=True)
    """What makes it this notice and no second one, gateways that take one get it as their key."""
    kind = fields.CharField(max_length=30)
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="notices", null=True, on_delete=fields.RESTRICT
    )
    agency_id: int | None
    """The agency told, or the one whose service a citizen is written to about."""
    body = fields.JSONField[dict[str, Any]]()
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    next_at = fields.DatetimeField()
    """When it is tried, again after a failure."""
    give_up_at = fields.DatetimeField()
    state = fields.CharField(max_length=10, default=NoticeState.WAITING.value)
    attempts = fields.IntField(default=0)
    route = fields.CharField(max_length=20, null=True)
    """The way it was last tried: sms, mail, staff."""
    exhausted = fields.JSONField[list[str]](default=list)
    """Ways that will never take it."""
    why = fields.CharField(max_length=WHY_LENGTH, null=True)
    """Why it was not sent. No personal data."""
    claimed_until: datetime | None = fields.DatetimeField(null=True)
    sent_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"


class Attempt(Model):
    """One try to send a notice. Without an end: the process died, nobody knows."""

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="tries", on_delete=fields.RESTRICT
    )
    notice_id: int
    number = fields.IntField()
    route = fields.CharField(max_length=20, null=True)
    begun_at = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    taken = fields.BooleanField(null=True)
    why = fields.CharField(max_length=WHY_LENGTH, null=True)
    reference = fields.CharField(max_length=200, null=True, db_index=True)
    """The provider's own number of the message."""
    delivered = fields.BooleanField(null=True)
    """What the provider's receipt says."""
    receipt_at: datetime | None = fields.DatetimeField(null=True)
    receipt_why = fields.CharField(max_length=WHY_LENGTH, null=True)

    class Meta:
        table = "notice_attempt"
        unique_together = (("notice", "number"),)


class Reply(Model):
    """上行短信 and mail: what people answered, as it came, each once, whatever became of it."""

    id = fields.BigIntField(primary_key=True)
    gateway = fields.CharField(max_length=30)
    channel = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=HASH_LENGTH)
    """The provider's number of it, or a hash of all that it is where there is none."""
    sender = fields.CharField(max_length=600)
    sender_hash = fields.CharField(max_length=HASH_LENGTH, db_index=True)
    words = fields.TextField()
    at = fields.DatetimeField()
    taken_as = fields.CharField(max_length=20)
    invitation: fields.ForeignKeyNullableRelation[Invitation] = fields.ForeignKeyField(
        "models.Invitation", related_name="replies", null=True, on_delete=fields.RESTRICT
    )
    invitation_id: int | None
    """What it answers."""
    level: int | None = fields.SmallIntField(null=True)
    """Told, and waiting for its reason."""

    class Meta:
        table = "reply"
        unique_together = (("gateway", "reference"),)


class OptOut(Model):
    """退订: no more messages to this number."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=20)
    address_hash = fields.CharField(max_length=HASH_LENGTH)
    at = fields.DatetimeField()

    class Meta:
        table = "opt_out"
        unique_together = (("channel", "address_hash"),)
