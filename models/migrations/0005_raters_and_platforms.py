from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0004_sweeps")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("app", fields.CharField(unique=True, max_length=30)),
                ("token", fields.TextField(null=True, unique=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "fetching_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("forced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "access_token",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One an account. The platform ends the old one a little after it gives a new one, so that one",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PlatformCode",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("app", fields.CharField(max_length=30)),
                ("kind", fields.CharField(max_length=20)),
                ("scene", fields.CharField(max_length=50)),
                ("address", fields.CharField(max_length=500)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "platform_code",
                "app": "models",
                "unique_together": (("app", "kind", "scene"),),
                "pk_attr": "id",
                "table_description": "A code or a link that a platform made for us: asked for once, since it gives only so many.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Rater",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("app", fields.CharField(max_length=30)),
                ("channel", fields.CharField(max_length=20)),
                ("openid", fields.CharField(max_length=600)),
                ("openid_hash", fields.CharField(max_length=64)),
                ("phone", fields.CharField(null=True, max_length=600)),
                ("phone_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("name", fields.CharField(null=True, max_length=600)),
                ("identity_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("follows", fields.BooleanField(default=False)),
                ("follows_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "service_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("talk", fields.TextField(null=True, unique=False)),
                (
                    "talk_until",
                    fields.DatetimeField(
                        null=True, db_index=True, auto_now=False, auto_now_add=False
                    ),
                ),
                ("met_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "rater",
                "app": "models",
                "unique_together": (("app", "openid_hash"),),
                "pk_attr": "id",
                "table_description": "Somebody in one app. What is known of them is sealed, `…_hash` columns find it again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChatMessage",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("app", fields.CharField(max_length=30)),
                ("once", fields.CharField(max_length=64)),
                (
                    "rater",
                    fields.ForeignKeyField(
                        "models.Rater",
                        source_field="rater_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("content", fields.TextField(unique=False)),
                ("recording", fields.BinaryField(null=True)),
                ("answer", fields.TextField(null=True, unique=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
            ],
            options={
                "table": "chat_message",
                "app": "models",
                "unique_together": (("app", "once"),),
                "indexes": [Index(fields=["next_at"]), Index(fields=["received_at"])],
                "pk_attr": "id",
                "table_description": "What somebody wrote, said, scanned or tapped in a chat, as it came, each once, and what was",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "rater",
                    fields.ForeignKeyField(
                        "models.Rater",
                        source_field="rater_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("once", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=30)),
                ("lasting", fields.BooleanField()),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "used_by",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="used_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "consent",
                "app": "models",
                "unique_together": (("rater", "once"),),
                "indexes": [Index(fields=["used_by_id"])],
                "pk_attr": "id",
                "table_description": "订阅: that a kind of notice may be pushed to somebody, once or lastingly.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HeldReceipt",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "rater",
                    fields.ForeignKeyField(
                        "models.Rater",
                        source_field="rater_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "evaluation",
                    fields.OneToOneField(
                        "models.Evaluation",
                        source_field="evaluation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="held_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "held_receipt",
                "app": "models",
                "indexes": [Index(fields=["rater_id"])],
                "pk_attr": "id",
                "table_description": "Whose receipt it is: who rated in an app finds it there again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PhoneCheck",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "rater",
                    fields.ForeignKeyField(
                        "models.Rater",
                        source_field="rater_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="phone_checks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("phone", fields.CharField(max_length=600)),
                ("phone_hash", fields.CharField(db_index=True, max_length=64)),
                ("code", fields.CharField(max_length=600)),
                ("wrong", fields.IntField(default=0)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "phone_check",
                "app": "models",
                "indexes": [Index(fields=["rater_id"])],
                "pk_attr": "id",
                "table_description": "A code sent by SMS, to see whether a number is whose who gives it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RaterSession",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "rater",
                    fields.ForeignKeyField(
                        "models.Rater",
                        source_field="rater_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("until", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "rater_session",
                "app": "models",
                "indexes": [Index(fields=["rater_id"])],
                "pk_attr": "id",
                "table_description": "Somebody's log-in to the mini-program's or a host app's API. The token is stored hashed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UsedTicket",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("app", fields.CharField(max_length=30)),
                ("nonce", fields.CharField(max_length=64)),
                ("until", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "used_ticket",
                "app": "models",
                "unique_together": (("app", "nonce"),),
                "pk_attr": "id",
                "table_description": "A host app's ticket that has been shown. No second time.",
            },
            bases=["Model"],
        ),
    ]
