"""What all processes share of a platform's account."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.tables.directory import CODE_LENGTH


class AccessToken(Model):
    """One an account. The platform ends the old one a little after it gives a new one, so that one
    process fetches it and all use it."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30, unique=True)
    token = fields.TextField(null=True)
    """Sealed. None: none yet, or the platform has refused it."""
    until: datetime | None = fields.DatetimeField(null=True)
    fetching_until: datetime | None = fields.DatetimeField(null=True)
    """Somebody is fetching one. A process that dies over it keeps the others waiting no longer."""
    forced_at: datetime | None = fields.DatetimeField(null=True)
    """When one was last forced from the platform, which allows that seldom."""

    class Meta:
        table = "access_token"


class PlatformCode(Model):
    """A code or a link that a platform made for us: asked for once, since it gives only so many."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30)
    kind = fields.CharField(max_length=20)
    scene = fields.CharField(max_length=CODE_LENGTH)
    address = fields.CharField(max_length=500)
    until: datetime | None = fields.DatetimeField(null=True)
    """None: for good."""

    class Meta:
        table = "platform_code"
        unique_together = (("app", "kind", "scene"),)
