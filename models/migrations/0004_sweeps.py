"""The indexes by which time finds what is due, and what an attachment must be.

Partial ones: of a million invitations the sweeps look at those that still wait for something.
"""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

INDEXES = {
    "due_reminder": "invitation (remind_at) WHERE reminded_at IS NULL AND closed_at IS NULL",
    "due_silence": "invitation (timely_until) WHERE silence IS NULL AND closed_at IS NULL",
    "due_closing": "invitation (until) WHERE closed_at IS NULL",
    "due_follow_up": "invitation (follow_up_until) WHERE follow_up_closed_at IS NULL",
    "provisional_invitation": "invitation (timely_until) WHERE provisional",
    "provisional_deadline": "order_deadline (due_at) WHERE provisional",
    "due_notice": "notice (next_at, id) WHERE state IN ('waiting', 'sending')",
    "dead_notice": "notice (id) WHERE state = 'dead'",
    "attachment_evaluation": "attachment (evaluation_id)",
    "attachment_opinion": "attachment (opinion_id)",
}
OF_ONE = CheckConstraint(
    name="attachment_of_one", check="(evaluation_id IS NULL) <> (opinion_id IS NULL)"
)
REFUSAL = "rows of this table are only added"


async def build(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    for name, what in INDEXES.items():
        await run(f"CREATE INDEX {name} ON {what}")
    if editor.DIALECT == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            await run(
                f"CREATE TRIGGER attachment_no_{verb.lower()} BEFORE {verb} ON attachment"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    await run(
        "CREATE TRIGGER attachment_kept BEFORE UPDATE OR DELETE ON attachment"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    await run(
        "CREATE TRIGGER attachment_kept_whole BEFORE TRUNCATE ON attachment"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


async def drop(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    run = editor.client.execute_query
    for name in INDEXES:
        await run(f"DROP INDEX {name}")
    if editor.DIALECT == "sqlite":
        for verb in ("update", "delete"):
            await run(f"DROP TRIGGER attachment_no_{verb}")
        return
    await run("DROP TRIGGER attachment_kept ON attachment")
    await run("DROP TRIGGER attachment_kept_whole ON attachment")


class Migration(migrations.Migration):
    dependencies = [("models", "0003_time_and_messages")]

    operations = [
        ops.AddConstraint("Attachment", OF_ONE),
        ops.RunPython(build, reverse_code=drop),
    ]
