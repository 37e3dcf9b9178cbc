"""Orders are handled: accounts, evidence, clocks that are warned of; and what nobody may remove."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

INDEXES = {
    # What waits for whom: by its steps, and by those who hold, handle and oversee it.
    "event_kind": "INDEX event_kind ON order_event (kind, order_id)",
    "event_agency": "INDEX event_agency ON order_event (agency_id) WHERE agency_id IS NOT NULL",
    # Tortoise makes no index for a column that is added.
    "order_due": "INDEX order_due ON work_order (due_at)",
    "order_holder": "INDEX order_holder ON work_order (holder_id, state)",
    "order_handler": "INDEX order_handler ON work_order (handler_id, state)",
    "order_region": "INDEX order_region ON work_order (region_id, state)",
    "rated_staff": "INDEX rated_staff ON coverage (staff_id) WHERE staff_id IS NOT NULL",
    # A chat user is one account at a time, and may be bound again later.
    "one_binding": "UNIQUE INDEX one_binding ON chat_binding (app, user_hash) WHERE ended_at IS NULL",
    "open_deadline": "INDEX open_deadline ON order_deadline (due_at) WHERE met_at IS NULL AND void_at IS NULL AND overdue_at IS NULL",
    "due_warning": "INDEX due_warning ON order_deadline (warn_at) WHERE warn_at IS NOT NULL",
    "due_escalation": "INDEX due_escalation ON order_deadline (escalate_at) WHERE escalate_at IS NOT NULL",
}
KEPT = ("order_file", "account_event")
REFUSAL = "rows of this table are only added"


async def build(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    # What had reached its agency waits to be verified there.
    await run(
        "UPDATE work_order SET state = 'verifying', handler_id = agency_id WHERE received_at IS NOT NULL"
    )
    await run(
        "UPDATE work_order SET sequence = (SELECT MAX(e.sequence) FROM order_event e WHERE e.order_id = work_order.id)"
    )
    for what in INDEXES.values():
        await run(f"CREATE {what}")
    if editor.DIALECT == "sqlite":
        for table in KEPT:
            for verb in ("UPDATE", "DELETE"):
                await run(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        await run(
            f"CREATE TRIGGER work_order_no_delete BEFORE DELETE ON work_order"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    for table in KEPT:
        await run(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        await run(
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    await run(
        "CREATE TRIGGER work_order_kept BEFORE DELETE ON work_order"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


async def drop(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    for name in INDEXES:
        await run(f"DROP INDEX {name}")
    if editor.DIALECT == "sqlite":
        for table in KEPT:
            for verb in ("update", "delete"):
                await run(f"DROP TRIGGER {table}_no_{verb}")
        await run("DROP TRIGGER work_order_no_delete")
        return
    for table in KEPT:
        await run(f"DROP TRIGGER {table}_kept ON {table}")
        await run(f"DROP TRIGGER {table}_kept_whole ON {table}")
    await run("DROP TRIGGER work_order_kept ON work_order")


async def nothing(_apps: StateApps, _editor: BaseSchemaEditor) -> None:
    return


async def restore(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """On the way down, after the columns are gone: SQLite has made the tables anew, and tortoise has
    forgotten what the earlier migrations had put on them."""
    if editor.DIALECT != "sqlite":
        return
    run = editor.client.execute_query
    await run(
        "CREATE INDEX IF NOT EXISTS provisional_deadline ON order_deadline (due_at) WHERE provisional"
    )
    for verb in ("UPDATE", "DELETE"):
        await run(
            f"CREATE TRIGGER IF NOT EXISTS order_event_no_{verb.lower()} BEFORE {verb} ON order_event"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("models", "0006_handovers")]

    initial = False

    operations = [
        ops.RunPython(nothing, reverse_code=restore),
        ops.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("login", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=50)),
                ("role", fields.CharField(max_length=20)),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accounts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accounts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("password", fields.CharField(null=True, max_length=200)),
                ("totp_secret", fields.CharField(null=True, max_length=600)),
                (
                    "totp_enrolled_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("totp_step", fields.BigIntField(null=True)),
                (
                    "password_changed_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("failures", fields.IntField(default=0)),
                (
                    "locked_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "disabled_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "account",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person with one role in one agency. Never deleted: its steps name it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AccountEvent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="history",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=30)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("by", fields.CharField(max_length=100)),
                (
                    "details",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "account_event",
                "app": "models",
                "indexes": [Index(fields=["account_id", "at"])],
                "pk_attr": "id",
                "table_description": "What was done to an account, or with it: made, role changed, password reset, bound,",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AccountSession",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("complete", fields.BooleanField(default=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "account_session",
                "app": "models",
                "indexes": [Index(fields=["account_id"])],
                "pk_attr": "id",
                "table_description": "Signed in at the console. The cookie's token is not stored.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BindCode",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bind_codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bind_code",
                "app": "models",
                "pk_attr": "id",
                "table_description": "绑定码: shown on the console, typed once in chat.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChatBinding",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="chats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("platform", fields.CharField(max_length=20)),
                ("app", fields.CharField(max_length=30)),
                ("user", fields.CharField(max_length=600)),
                ("user_hash", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "chat_binding",
                "app": "models",
                "indexes": [Index(fields=["account_id"]), Index(fields=["app", "user_hash"])],
                "pk_attr": "id",
                "table_description": "Who a chat user is, bound once through the console. One chat user is one account: a unique",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChatSend",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("route", fields.CharField(max_length=60)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "chat_send",
                "app": "models",
                "indexes": [Index(fields=["route", "at"])],
                "pk_attr": "id",
                "table_description": "One message handed to a chat platform: its limits a minute hold for all processes.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderFile",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "models.OrderEvent",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("media_type", fields.CharField(max_length=50)),
                ("size", fields.IntField()),
                ("digest", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
            ],
            options={
                "table": "order_file",
                "app": "models",
                "indexes": [Index(fields=["event_id"])],
                "pk_attr": "id",
                "table_description": "Evidence of a step: a picture, a recording, a document. Sealed: it may show people.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffDraft",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "account",
                    fields.OneToOneField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="draft",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("words", fields.TextField(unique=False)),
                ("lacks", fields.CharField(max_length=20)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_draft",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A command that still lacks something: its evidence, its reason. Sealed like what was",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffMessage",
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
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("words", fields.TextField(unique=False)),
                ("answer", fields.TextField(null=True, unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_message",
                "app": "models",
                "unique_together": (("app", "once"),),
                "pk_attr": "id",
                "table_description": "What a member of staff wrote or tapped in chat, each once, and what was answered: whoever",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffPicture",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pictures",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("media_type", fields.CharField(max_length=50)),
                ("size", fields.IntField()),
                ("digest", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_picture",
                "app": "models",
                "indexes": [Index(fields=["account_id", "at"])],
                "pk_attr": "id",
                "table_description": "A picture sent in chat that belongs to a command before or after it.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="OrderDeadline",
            name="escalate_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="OrderDeadline",
            name="overdue_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="OrderDeadline",
            name="void_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="OrderDeadline",
            name="warn_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="OrderEvent",
            name="account",
            field=fields.ForeignKeyField(
                "models.Account",
                source_field="account_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="steps",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="OrderEvent",
            name="agency",
            field=fields.ForeignKeyField(
                "models.Agency",
                source_field="agency_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="steps",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="class_name",
            field=fields.CharField(null=True, max_length=10),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="closed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="counted",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="due_at",
            field=fields.DatetimeField(
                null=True, db_index=True, auto_now=False, auto_now_add=False
            ),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="handler",
            field=fields.ForeignKeyField(
                "models.Agency",
                source_field="handler_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="handled_orders",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="WorkOrder",
            name="sequence",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RunPython(build, reverse_code=drop),
    ]
