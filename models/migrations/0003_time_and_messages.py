"""Time and messages: attempts, replies, attachments, what the sweeps remember."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps


async def fill(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """What waits in the outbox is tried when it is due, and for three days."""
    three_days = (
        "strftime('%Y-%m-%d %H:%M:%f+00:00', due_at, '+3 days')"
        if editor.DIALECT == "sqlite"
        else "due_at + INTERVAL '3 days'"
    )
    await editor.client.execute_query(
        f"UPDATE notice SET next_at = due_at, give_up_at = {three_days}"
    )


async def keep_opinions(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """SQLite can only take a column away by making the table anew, which loses its triggers."""
    if editor.DIALECT == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            await editor.client.execute_query(
                f"CREATE TRIGGER opinion_no_{verb.lower()} BEFORE {verb} ON opinion"
                " BEGIN SELECT RAISE(ABORT, 'rows of this table are only added'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("models", "0002_append_only")]

    initial = False

    operations = [
        ops.RunPython(ops.RunPython.noop, reverse_code=keep_opinions),
        ops.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "evaluation",
                    fields.ForeignKeyField(
                        "models.Evaluation",
                        source_field="evaluation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "opinion",
                    fields.ForeignKeyField(
                        "models.Opinion",
                        source_field="opinion_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "said_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("media_type", fields.CharField(max_length=50)),
                ("size", fields.IntField()),
                ("digest", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
            ],
            options={
                "table": "attachment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The paper form's picture, the call's recording: what a proxy entry was keyed in from.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("route", fields.CharField(null=True, max_length=20)),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("taken", fields.BooleanField(null=True)),
                ("why", fields.CharField(null=True, max_length=200)),
                ("reference", fields.CharField(null=True, db_index=True, max_length=200)),
                ("delivered", fields.BooleanField(null=True)),
                ("receipt_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("receipt_why", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "notice_attempt",
                "app": "models",
                "unique_together": (("notice", "number"),),
                "pk_attr": "id",
                "table_description": "One try to send a notice. Without an end: the process died, nobody knows.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OptOut",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("channel", fields.CharField(max_length=20)),
                ("address_hash", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "opt_out",
                "app": "models",
                "unique_together": (("channel", "address_hash"),),
                "pk_attr": "id",
                "table_description": "退订: no more messages to this number.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("gateway", fields.CharField(max_length=30)),
                ("channel", fields.CharField(max_length=20)),
                ("reference", fields.CharField(max_length=64)),
                ("sender", fields.CharField(max_length=600)),
                ("sender_hash", fields.CharField(db_index=True, max_length=64)),
                ("words", fields.TextField(unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("taken_as", fields.CharField(max_length=20)),
                (
                    "invitation",
                    fields.ForeignKeyField(
                        "models.Invitation",
                        source_field="invitation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="replies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("level", fields.SmallIntField(null=True)),
            ],
            options={
                "table": "reply",
                "app": "models",
                "unique_together": (("gateway", "reference"),),
                "pk_attr": "id",
                "table_description": "上行短信 and mail: what people answered, as it came, each once, whatever became of it.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Agency",
            name="email",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.AddField(
            model_name="Invitation",
            name="follow_up_closed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Invitation",
            name="follow_up_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Invitation",
            name="reminded_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Invitation",
            name="silence",
            field=fields.CharField(null=True, max_length=10),
        ),
        ops.RemoveIndex(
            model_name="Notice",
            name=None,
            fields=["state", "due_at"],
        ),
        ops.AlterModelOptions(
            name="Notice",
            options={
                "table": "notice",
                "app": "models",
                "pk_attr": "id",
                "table_description": "`body` says what it is about, never a rater's identity or address: both are looked up when",
            },
        ),
        ops.AlterField(
            model_name="Notice",
            name="once",
            field=fields.CharField(unique=True, max_length=160),
        ),
        ops.AddField(
            model_name="Notice",
            name="exhausted",
            field=fields.JSONField(
                default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Notice",
            name="give_up_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Notice",
            name="next_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunPython(fill, reverse_code=ops.RunPython.noop),
        ops.AlterField(
            model_name="Notice",
            name="give_up_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Notice",
            name="next_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Notice",
            name="route",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="Notice",
            name="why",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.RemoveField(model_name="Notice", name="address"),
        ops.RemoveField(model_name="Notice", name="channel"),
        ops.AddField(
            model_name="Opinion",
            name="keyed_by",
            field=fields.CharField(null=True, max_length=100),
        ),
    ]
