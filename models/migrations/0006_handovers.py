from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

# Of all handovers the sweep looks at those whose caller was on the line and that have not ended.
INDEX = "due_handover ON handover (claimed_at) WHERE claimed_at IS NOT NULL AND ended_at IS NULL"


async def build(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query(f"CREATE INDEX {INDEX}")


async def drop(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX due_handover")


class Migration(migrations.Migration):
    dependencies = [("models", "0005_raters_and_platforms")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "call",
                    fields.OneToOneField(
                        "models.Call",
                        source_field="call_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="handover",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("level", fields.SmallIntField(null=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "handover",
                "app": "models",
                "pk_attr": "id",
                "table_description": "转接: the caller, handed over to the rating when the agent has hung up. Who knows the id may",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Call",
            name="case_number",
            field=fields.CharField(null=True, max_length=50),
        ),
        ops.AddField(
            model_name="Call",
            name="queue",
            field=fields.CharField(null=True, max_length=50),
        ),
        ops.AddIndex(
            model_name="Call",
            index=Index(fields=["case_number"]),
        ),
        ops.RunPython(build, reverse_code=drop),
    ]
