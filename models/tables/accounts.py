"""Accounts of those who handle orders, their sessions, and who they are in chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.cases import HASH_LENGTH, SEALED_LENGTH
from models.tables.directory import Agency, Staff


class Account(Model):
    """A person with one role in one agency. Never deleted: its steps name it."""

    id = fields.BigIntField(primary_key=True)
    login = fields.CharField(max_length=50, unique=True)
    name = fields.CharField(max_length=50)
    role = fields.CharField(max_length=20)
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="accounts", null=True, on_delete=fields.RESTRICT
    )
    agency_id: int | None
    """None: an operator, who belongs to the installation."""
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="accounts", null=True, on_delete=fields.RESTRICT
    )
    staff_id: int | None
    """Who they are as the one rated (被评价人)."""
    password = fields.CharField(max_length=200, null=True)
    """argon2id. None: signs in by WeCom only."""
    totp_secret = fields.CharField(max_length=SEALED_LENGTH, null=True)
    totp_enrolled_at: datetime | None = fields.DatetimeField(null=True)
    totp_step: int | None = fields.BigIntField(null=True)
    """The last time step used: no code passes twice."""
    password_changed_at: datetime | None = fields.DatetimeField(null=True)
    """None: somebody else has set it, and it has to be changed."""
    failures = fields.IntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    disabled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "account"


class AccountEvent(Model):
    """What was done to an account, or with it: made, role changed, password reset, bound,
    signed in, refused. `by` is who did it, a login or system."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="history", on_delete=fields.RESTRICT
    )
    account_id: int
    kind = fields.CharField(max_length=30)
    at = fields.DatetimeField()
    by = fields.CharField(max_length=100)
    details = fields.JSONField[dict[str, Any]]()

    class Meta:
        table = "account_event"
        indexes = (("account_id", "at"),)


class AccountSession(Model):
    """Signed in at the console. The cookie's token is not stored."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="sessions", on_delete=fields.RESTRICT
    )
    account_id: int
    token_hash = fields.CharField(max_length=HASH_LENGTH, unique=True)
    complete = fields.BooleanField(default=False)
    """The second factor has been given."""
    at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "account_session"
        indexes = (("account_id",),)


class ChatBinding(Model):
    """Who a chat user is, bound once through the console. One chat user is one account: a unique
    index on those that have not ended keeps it so."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="chats", on_delete=fields.RESTRICT
    )
    account_id: int
    platform = fields.CharField(max_length=20)
    """wecom, dingtalk, feishu, official_account."""
    app = fields.CharField(max_length=30)
    """The application's name in the settings."""
    user = fields.CharField(max_length=SEALED_LENGTH)
    user_hash = fields.CharField(max_length=HASH_LENGTH)
    at = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "chat_binding"
        indexes = (("account_id",), ("app", "user_hash"))


class BindCode(Model):
    """绑定码: shown on the console, typed once in chat."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="bind_codes", on_delete=fields.RESTRICT
    )
    account_id: int
    code_hash = fields.CharField(max_length=HASH_LENGTH, unique=True)
    at = fields.DatetimeField()
    until = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "bind_code"


class StaffMessage(Model):
    """What a member of staff wrote or tapped in chat, each once, and what was answered: whoever
    asks again is answered the same."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30)
    once = fields.CharField(max_length=HASH_LENGTH)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="messages", null=True, on_delete=fields.RESTRICT
    )
    account_id: int | None
    words = fields.TextField()
    """Sealed."""
    answer = fields.TextField(null=True)
    """Sealed. None: it is being answered, or its process died."""
    at = fields.DatetimeField()

    class Meta:
        table = "staff_message"
        unique_together = (("app", "once"),)


class StaffPicture(Model):
    """A picture sent in chat that belongs to a command before or after it."""

    id: UUID = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="pictures", on_delete=fields.RESTRICT
    )
    account_id: int
    media_type = fields.CharField(max_length=50)
    size = fields.IntField()
    digest = fields.CharField(max_length=HASH_LENGTH)
    content: bytes = fields.BinaryField()
    at = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_picture"
        indexes = (("account_id", "at"),)


class StaffDraft(Model):
    """A command that still lacks something: its evidence, its reason. Sealed like what was
    written."""

    id = fields.BigIntField(primary_key=True)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", related_name="draft", on_delete=fields.RESTRICT
    )
    account_id: int
    words = fields.TextField()
    lacks = fields.CharField(max_length=20)
    until = fields.DatetimeField()

    class Meta:
        table = "staff_draft"


class ChatSend(Model):
    """One message handed to a chat platform: its limits a minute hold for all processes."""

    id = fields.BigIntField(primary_key=True)
    route = fields.CharField(max_length=60)
    """The robot or the application, by its name in the settings."""
    at = fields.DatetimeField()

    class Meta:
        table = "chat_send"
        indexes = (("route", "at"),)
