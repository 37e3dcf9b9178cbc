"""Who may call the integration API, and what ties the database to its keys."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.tables.directory import Region


class Integrator(Model):
    """A business system with its API key, bound to a region and all below. Without a region it is
    the administrator's. The key itself is not stored."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="integrators", null=True, on_delete=fields.RESTRICT
    )
    region_id: int | None
    key_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "integrator"


class Installation(Model):
    """One row. `key_check` is a keyed hash of a constant: other keys than the ones the data was
    sealed with are noticed at start-up, not at the first unreadable name."""

    id = fields.IntField(primary_key=True)
    key_check = fields.CharField(max_length=64)
    demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "installation"
