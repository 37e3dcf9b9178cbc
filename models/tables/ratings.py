"""What was said. Rows here are only ever added: triggers refuse update and delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.tables.cases import HASH_LENGTH, SEALED_LENGTH, Call, Case, Invitation
from models.tables.directory import (
    Agency,
    Hall,
    Platform,
    Region,
    ServiceItem,
    Staff,
    StaticCode,
)


class Evaluation(Model):
    """评价: one act of rating, whatever it covers. `reasons` holds, per target, the indicators
    chosen and the words written: {"item": {"indicators": ["207"], "words": "…"}}."""

    id: UUID = fields.UUIDField(primary_key=True)
    provenance = fields.CharField(max_length=10)
    ordinal = fields.SmallIntField()
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="evaluations", on_delete=fields.RESTRICT
    )
    region_id: int
    invitation: fields.ForeignKeyNullableRelation[Invitation] = fields.ForeignKeyField(
        "models.Invitation", related_name="evaluations", null=True, on_delete=fields.RESTRICT
    )
    invitation_id: int | None
    submission = fields.CharField(max_length=64, unique=True)
    """The sender's own key of the submission: sent twice, stored once."""
    rulebook = fields.CharField(max_length=50)
    version = fields.IntField()
    level = fields.SmallIntField()
    reasons = fields.JSONField[dict[str, Any]]()
    answers = fields.JSONField[dict[str, str]]()
    """问询表单, as data."""
    channel = fields.CharField(max_length=20, null=True)
    credential = fields.CharField(max_length=20, null=True)
    keyed_by = fields.CharField(max_length=100, null=True)
    real_name = fields.BooleanField()
    rater_name = fields.CharField(max_length=SEALED_LENGTH, null=True)
    rater_phone = fields.CharField(max_length=SEALED_LENGTH, null=True)
    rater_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    late = fields.BooleanField()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "evaluation"
        indexes = (("invitation_id",),)
        constraints = (
            CheckConstraint(
                name="evaluation_provenance",
                check=(
                    "(provenance = 'person' AND ordinal > 0 AND channel IS NOT NULL"
                    " AND credential IS NOT NULL AND keyed_by IS NULL)"
                    " OR (provenance = 'default' AND ordinal = 0 AND channel IS NULL"
                    " AND credential IS NULL AND keyed_by IS NULL)"
                    " OR (provenance = 'proxy' AND ordinal > 0 AND keyed_by IS NOT NULL)"
                ),
            ),
            CheckConstraint(name="evaluation_level", check="level BETWEEN 1 AND 5"),
        )


class Attachment(Model):
    """The paper form's picture, the call's recording: what a proxy entry was keyed in from."""

    id: UUID = fields.UUIDField(primary_key=True)
    evaluation: fields.ForeignKeyNullableRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="attachments", null=True, on_delete=fields.RESTRICT
    )
    evaluation_id: UUID | None
    opinion: fields.ForeignKeyNullableRelation[Opinion] = fields.ForeignKeyField(
        "models.Opinion", related_name="attachments", null=True, on_delete=fields.RESTRICT
    )
    opinion_id: UUID | None
    said_at: datetime | None = fields.DatetimeField(null=True)
    """When the form was filled in or the call was made; the evaluation's own time is that of its
    keying in."""
    media_type = fields.CharField(max_length=50)
    size = fields.IntField()
    digest = fields.CharField(max_length=HASH_LENGTH)
    """SM3 of the file as it came."""
    content: bytes = fields.BinaryField()
    """Sealed: handwriting and voices are personal data."""

    class Meta:
        table = "attachment"
        constraints = (
            CheckConstraint(
                name="attachment_of_one", check="(evaluation_id IS NULL) <> (opinion_id IS NULL)"
            ),
        )


class Coverage(Model):
    """适用: what one evaluation is valid for. `slot` is case, node, target, ordinal (reading 22):
    being unique, it is the lock that lets the first rating count and no second."""

    id = fields.BigIntField(primary_key=True)
    slot = fields.CharField(max_length=160, unique=True)
    evaluation: fields.ForeignKeyRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="coverage", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    ordinal = fields.SmallIntField()
    level = fields.SmallIntField()
    target = fields.CharField(max_length=10)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="coverage", on_delete=fields.RESTRICT
    )
    agency_id: int
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    case_id: int | None
    call: fields.ForeignKeyNullableRelation[Call] = fields.ForeignKeyField(
        "models.Call", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    call_id: int | None
    item: fields.ForeignKeyNullableRelation[ServiceItem] = fields.ForeignKeyField(
        "models.ServiceItem", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    item_id: int | None
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    staff_id: int | None
    hall: fields.ForeignKeyNullableRelation[Hall] = fields.ForeignKeyField(
        "models.Hall", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    hall_id: int | None
    platform: fields.ForeignKeyNullableRelation[Platform] = fields.ForeignKeyField(
        "models.Platform", related_name="coverage", null=True, on_delete=fields.RESTRICT
    )
    platform_id: int | None

    class Meta:
        table = "coverage"
        indexes = (("evaluation_id",), ("agency_id", "target"))


class LedgerLeaf(Model):
    """One leaf per evaluation: SM3 over its canonical form (`models/ledger.py`)."""

    id = fields.BigIntField(primary_key=True)
    evaluation: fields.OneToOneRelation[Evaluation] = fields.OneToOneField(
        "models.Evaluation", related_name="leaf", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    form = fields.SmallIntField()
    """Which canonical form was hashed."""
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_leaf"


class Opinion(Model):
    """意见: said at a static code and bound to no case. Kept and read, never scored."""

    id: UUID = fields.UUIDField(primary_key=True)
    submission = fields.CharField(max_length=64, unique=True)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="opinions", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="opinions", on_delete=fields.RESTRICT
    )
    agency_id: int
    code: fields.ForeignKeyNullableRelation[StaticCode] = fields.ForeignKeyField(
        "models.StaticCode", related_name="opinions", null=True, on_delete=fields.RESTRICT
    )
    code_id: int | None
    level: int | None = fields.SmallIntField(null=True)
    words = fields.TextField()
    name = fields.CharField(max_length=SEALED_LENGTH, null=True)
    phone = fields.CharField(max_length=SEALED_LENGTH, null=True)
    phone_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    digits = fields.CharField(max_length=10, null=True)
    channel = fields.CharField(max_length=20)
    keyed_by = fields.CharField(max_length=100, null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "opinion"
