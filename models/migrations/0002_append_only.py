"""What the database itself refuses (DESIGN §7): provenances mixed, rows changed or deleted.

Tortoise leaves the check constraints of a table's Meta out of CREATE TABLE: they are added here.
"""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

KEPT = ("evaluation", "coverage", "ledger_leaf", "opinion", "order_event")
CHECKS = (
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
INDEXES = {
    "idx_evaluation_rater_h_6380f5": "rater_hash",
    "idx_evaluation_at_75f96c": "at",
    "idx_evaluation_invitat_f70778": "invitation_id",
}
"""SQLite can only make a table anew to add a check, and tortoise then forgets its indexes."""
REFUSAL = "rows of this table are only added"


async def refuse(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    if editor.DIALECT == "sqlite":
        for name, column in INDEXES.items():
            await run(f'CREATE INDEX IF NOT EXISTS "{name}" ON evaluation ("{column}")')
        for table in KEPT:
            for verb in ("UPDATE", "DELETE"):
                await run(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        return
    await run(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
    for table in KEPT:
        await run(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        await run(
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


async def allow(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    if editor.DIALECT == "sqlite":
        for table in KEPT:
            for verb in ("update", "delete"):
                await run(f"DROP TRIGGER {table}_no_{verb}")
        return
    await run("DROP FUNCTION refuse_change() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("models", "0001_tables")]

    operations = [
        *(ops.AddConstraint("Evaluation", check) for check in CHECKS),
        ops.RunPython(refuse, reverse_code=allow),
    ]
