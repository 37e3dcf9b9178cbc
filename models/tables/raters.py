"""评价人 as the apps know them: by openid in an account, or by the name a host app gives them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.cases import HASH_LENGTH, SEALED_LENGTH
from models.tables.outbox import Notice
from models.tables.ratings import Evaluation


class Rater(Model):
    """Somebody in one app. What is known of them is sealed, `…_hash` columns find it again."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30)
    """The account's name in the settings."""
    channel = fields.CharField(max_length=20)
    openid = fields.CharField(max_length=SEALED_LENGTH)
    openid_hash = fields.CharField(max_length=HASH_LENGTH)
    phone = fields.CharField(max_length=SEALED_LENGTH, null=True)
    """Bound: the platform or a code by SMS has shown that it is theirs."""
    phone_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    name = fields.CharField(max_length=SEALED_LENGTH, null=True)
    """Checked by the host app (实名)."""
    identity_hash = fields.CharField(max_length=HASH_LENGTH, null=True, db_index=True)
    follows = fields.BooleanField(default=False)
    """Of an official account: messages reach them."""
    follows_at: datetime | None = fields.DatetimeField(null=True)
    """When they last said so, by following, writing or leaving."""
    service_until: datetime | None = fields.DatetimeField(null=True)
    """Until when the platform lets us write back by customer-service message."""
    talk = fields.TextField(null=True)
    """What the dialogue has asked and not yet heard, sealed."""
    talk_until: datetime | None = fields.DatetimeField(null=True, db_index=True)
    """When the first of it expires."""
    met_at = fields.DatetimeField()

    class Meta:
        table = "rater"
        unique_together = (("app", "openid_hash"),)


class ChatMessage(Model):
    """What somebody wrote, said, scanned or tapped in a chat, as it came, each once, and what was
    answered: whoever asks again is answered the same."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30)
    once = fields.CharField(max_length=HASH_LENGTH)
    """What makes it this message and no second one."""
    rater: fields.ForeignKeyRelation[Rater] = fields.ForeignKeyField(
        "models.Rater", related_name="messages", on_delete=fields.RESTRICT
    )
    rater_id: int
    content = fields.TextField()
    """Sealed."""
    recording: bytes | None = fields.BinaryField(null=True)
    """A voice message, sealed."""
    answer = fields.TextField(null=True)
    """Sealed. Empty: there is nothing to say to it."""
    received_at = fields.DatetimeField()
    answered_at: datetime | None = fields.DatetimeField(null=True)
    next_at: datetime | None = fields.DatetimeField(null=True)
    """When it is worked on again. None: it is answered, or given up."""
    attempts = fields.IntField(default=0)

    class Meta:
        table = "chat_message"
        unique_together = (("app", "once"),)
        indexes = (("next_at",), ("received_at",))


class RaterSession(Model):
    """Somebody's log-in to the mini-program's or a host app's API. The token is stored hashed."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=HASH_LENGTH, unique=True)
    rater: fields.ForeignKeyRelation[Rater] = fields.ForeignKeyField(
        "models.Rater", related_name="sessions", on_delete=fields.RESTRICT
    )
    rater_id: int
    until: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "rater_session"
        indexes = (("rater_id",),)


class PhoneCheck(Model):
    """A code sent by SMS, to see whether a number is whose who gives it."""

    id = fields.BigIntField(primary_key=True)
    rater: fields.ForeignKeyRelation[Rater] = fields.ForeignKeyField(
        "models.Rater", related_name="phone_checks", on_delete=fields.RESTRICT
    )
    rater_id: int
    phone = fields.CharField(max_length=SEALED_LENGTH)
    phone_hash = fields.CharField(max_length=HASH_LENGTH, db_index=True)
    code = fields.CharField(max_length=SEALED_LENGTH)
    wrong = fields.IntField(default=0)
    """Wrong guesses."""
    at = fields.DatetimeField()
    until = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    """Bound, or replaced by another one."""

    class Meta:
        table = "phone_check"
        indexes = (("rater_id",),)


class Consent(Model):
    """订阅: that a kind of notice may be pushed to somebody, once or lastingly."""

    id = fields.BigIntField(primary_key=True)
    rater: fields.ForeignKeyRelation[Rater] = fields.ForeignKeyField(
        "models.Rater", related_name="consents", on_delete=fields.RESTRICT
    )
    rater_id: int
    once = fields.CharField(max_length=HASH_LENGTH)
    """What makes it this consent and no second one."""
    kind = fields.CharField(max_length=30)
    """Of the notice."""
    lasting = fields.BooleanField()
    given_at = fields.DatetimeField()
    used_by: fields.ForeignKeyNullableRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="consents", null=True, on_delete=fields.RESTRICT
    )
    used_by_id: int | None
    """A single one is used up by one notice, however often that is tried."""
    ended_at: datetime | None = fields.DatetimeField(null=True)
    """Withdrawn, or the platform says that there is none."""

    class Meta:
        table = "consent"
        unique_together = (("rater", "once"),)
        indexes = (("used_by_id",),)


class HeldReceipt(Model):
    """Whose receipt it is: who rated in an app finds it there again."""

    id = fields.BigIntField(primary_key=True)
    rater: fields.ForeignKeyRelation[Rater] = fields.ForeignKeyField(
        "models.Rater", related_name="receipts", on_delete=fields.RESTRICT
    )
    rater_id: int
    evaluation: fields.OneToOneRelation[Evaluation] = fields.OneToOneField(
        "models.Evaluation", related_name="held_by", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID

    class Meta:
        table = "held_receipt"
        indexes = (("rater_id",),)


class UsedTicket(Model):
    """A host app's ticket that has been shown. No second time."""

    id = fields.BigIntField(primary_key=True)
    app = fields.CharField(max_length=30)
    nonce = fields.CharField(max_length=HASH_LENGTH)
    until: datetime = fields.DatetimeField(db_index=True)
    """After that the ticket itself is too old."""

    class Meta:
        table = "used_ticket"
        unique_together = (("app", "nonce"),)
