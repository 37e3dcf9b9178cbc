from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("key_check", fields.CharField(max_length=64)),
                ("demo", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "installation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One row. `key_check` is a keyed hash of a constant: other keys than the ones the data was",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=100)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("rulebook", fields.CharField(null=True, max_length=50)),
            ],
            options={
                "table": "region",
                "app": "models",
                "pk_attr": "id",
                "table_description": "行政区划. A region without a rulebook of its own is under its parent's.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=100)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="agencies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("party", fields.CharField(default="agency", max_length=20)),
            ],
            options={
                "table": "agency",
                "app": "models",
                "pk_attr": "id",
                "table_description": "机构. `party` says what it is in an order: bureau, agency, town, district.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Hall",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=100)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="halls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="halls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "hall",
                "app": "models",
                "pk_attr": "id",
                "table_description": "大厅, 分中心, 便民服务点.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Integrator",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("name", fields.CharField(unique=True, max_length=100)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="integrators",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key_hash", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "integrator",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A business system with its API key, bound to a region and all below. Without a region it is",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Completion",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("case_number", fields.CharField(unique=True, max_length=50)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "integrator",
                    fields.ForeignKeyField(
                        "models.Integrator",
                        source_field="integrator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="completions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("fingerprint", fields.CharField(max_length=64)),
            ],
            options={
                "table": "completion",
                "app": "models",
                "pk_attr": "id",
                "table_description": "办结.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("once", fields.CharField(unique=True, max_length=120)),
                ("kind", fields.CharField(max_length=30)),
                ("channel", fields.CharField(max_length=20)),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("address", fields.CharField(null=True, max_length=600)),
                (
                    "body",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(default="waiting", max_length=10)),
                ("attempts", fields.IntField(default=0)),
                (
                    "claimed_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice",
                "app": "models",
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
                "table_description": "`address` is sealed and only a rater's, an agency's addresses are its own settings. `body`",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Platform",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=100)),
                ("kind", fields.CharField(max_length=20)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="platforms",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="platforms",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "platform",
                "app": "models",
                "pk_attr": "id",
                "table_description": "平台: an online hall, app, hotline or terminal, rated for convenience and completeness.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ServiceItem",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=200)),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "questions",
                    fields.JSONField(
                        null=True,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
            ],
            options={
                "table": "service_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "事项. `questions` is the item's own questionnaire, None: the rulebook's, if any.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Staff",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=50)),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="staff",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "staff", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("number", fields.CharField(unique=True, max_length=50)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "platform",
                    fields.ForeignKeyField(
                        "models.Platform",
                        source_field="platform_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="staff_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("caller", fields.CharField(null=True, max_length=600)),
                ("caller_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("ended_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "integrator",
                    fields.ForeignKeyField(
                        "models.Integrator",
                        source_field="integrator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("fingerprint", fields.CharField(max_length=64)),
            ],
            options={
                "table": "call",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A hotline call that was put through to a member of staff.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=200)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="themes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "theme",
                "app": "models",
                "pk_attr": "id",
                "table_description": "主题式、一件事.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseGroup",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                ("number", fields.CharField(unique=True, max_length=50)),
                ("size", fields.IntField()),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="groups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "theme",
                    fields.ForeignKeyField(
                        "models.Theme",
                        source_field="theme_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="groups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "lead_agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="lead_agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="led_groups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "case_group",
                "app": "models",
                "pk_attr": "id",
                "table_description": "批量, 主题式申报, 并联审批: cases that were applied for together.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("number", fields.CharField(unique=True, max_length=50)),
                ("kind", fields.CharField(max_length=20)),
                ("handling", fields.CharField(max_length=20)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.ServiceItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "group",
                    fields.ForeignKeyField(
                        "models.CaseGroup",
                        source_field="group_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("call_number", fields.CharField(null=True, max_length=50)),
                ("applicant_kind", fields.CharField(max_length=20)),
                ("applicant_name", fields.CharField(null=True, max_length=600)),
                ("applicant_phone", fields.CharField(null=True, max_length=600)),
                ("phone_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("applicant_identity", fields.CharField(null=True, max_length=600)),
                ("identity_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("applicant_email", fields.CharField(null=True, max_length=600)),
                ("agent_name", fields.CharField(null=True, max_length=600)),
                ("agent_phone", fields.CharField(null=True, max_length=600)),
                ("agent_phone_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                (
                    "accepted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "integrator",
                    fields.ForeignKeyField(
                        "models.Integrator",
                        source_field="integrator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("fingerprint", fields.CharField(max_length=64)),
            ],
            options={
                "table": "case_file",
                "app": "models",
                "indexes": [Index(fields=["group_id"]), Index(fields=["call_number"])],
                "pk_attr": "id",
                "table_description": "办件. Names, numbers and addresses are sealed, `…_hash` columns find them again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("key", fields.CharField(unique=True, max_length=120)),
                ("nonce", fields.CharField(unique=True, max_length=16)),
                ("rulebook", fields.CharField(max_length=50)),
                ("version", fields.IntField()),
                ("node", fields.CharField(max_length=20)),
                (
                    "targets",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "group",
                    fields.ForeignKeyField(
                        "models.CaseGroup",
                        source_field="group_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "call",
                    fields.ForeignKeyField(
                        "models.Call",
                        source_field="call_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("visit_number", fields.IntField(null=True)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("rule", fields.CharField(max_length=30)),
                ("source", fields.CharField(max_length=100)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "timely_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("provisional", fields.BooleanField(default=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("remind_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_why", fields.CharField(null=True, max_length=20)),
            ],
            options={
                "table": "invitation",
                "app": "models",
                "indexes": [
                    Index(fields=["case_id"]),
                    Index(fields=["group_id"]),
                    Index(fields=["call_id"]),
                ],
                "pk_attr": "id",
                "table_description": "评价邀请: the right to rate once. `key` says for what, it is derived from the facts, so the",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("provenance", fields.CharField(max_length=10)),
                ("ordinal", fields.SmallIntField()),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="evaluations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invitation",
                    fields.ForeignKeyField(
                        "models.Invitation",
                        source_field="invitation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="evaluations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("submission", fields.CharField(unique=True, max_length=64)),
                ("rulebook", fields.CharField(max_length=50)),
                ("version", fields.IntField()),
                ("level", fields.SmallIntField()),
                (
                    "reasons",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "answers",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("channel", fields.CharField(null=True, max_length=20)),
                ("credential", fields.CharField(null=True, max_length=20)),
                ("keyed_by", fields.CharField(null=True, max_length=100)),
                ("real_name", fields.BooleanField()),
                ("rater_name", fields.CharField(null=True, max_length=600)),
                ("rater_phone", fields.CharField(null=True, max_length=600)),
                ("rater_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("late", fields.BooleanField()),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "evaluation",
                "app": "models",
                "indexes": [Index(fields=["invitation_id"])],
                "pk_attr": "id",
                "table_description": "评价: one act of rating, whatever it covers. `reasons` holds, per target, the indicators",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("slot", fields.CharField(unique=True, max_length=160)),
                (
                    "evaluation",
                    fields.ForeignKeyField(
                        "models.Evaluation",
                        source_field="evaluation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ordinal", fields.SmallIntField()),
                ("level", fields.SmallIntField()),
                ("target", fields.CharField(max_length=10)),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "call",
                    fields.ForeignKeyField(
                        "models.Call",
                        source_field="call_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.ServiceItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
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
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "hall",
                    fields.ForeignKeyField(
                        "models.Hall",
                        source_field="hall_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "platform",
                    fields.ForeignKeyField(
                        "models.Platform",
                        source_field="platform_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="coverage",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "coverage",
                "app": "models",
                "indexes": [Index(fields=["evaluation_id"]), Index(fields=["agency_id", "target"])],
                "pk_attr": "id",
                "table_description": "适用: what one evaluation is valid for. `slot` is case, node, target, ordinal (reading 22):",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LedgerLeaf",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "evaluation",
                    fields.OneToOneField(
                        "models.Evaluation",
                        source_field="evaluation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="leaf",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("form", fields.SmallIntField()),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "ledger_leaf",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One leaf per evaluation: SM3 over its canonical form (`models/ledger.py`).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=50)),
                ("name", fields.CharField(max_length=100)),
                (
                    "hall",
                    fields.ForeignKeyField(
                        "models.Hall",
                        source_field="hall_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="windows",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="windows",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "hall_window", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaticCode",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=16)),
                (
                    "window",
                    fields.ForeignKeyField(
                        "models.Window",
                        source_field="window_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "hall",
                    fields.ForeignKeyField(
                        "models.Hall",
                        source_field="hall_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "platform",
                    fields.ForeignKeyField(
                        "models.Platform",
                        source_field="platform_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "static_code",
                "app": "models",
                "pk_attr": "id",
                "table_description": "静态二维码 of a window, a hall or a terminal. It tells no case.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("submission", fields.CharField(unique=True, max_length=64)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="opinions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="opinions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "code",
                    fields.ForeignKeyField(
                        "models.StaticCode",
                        source_field="code_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="opinions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("level", fields.SmallIntField(null=True)),
                ("words", fields.TextField(unique=False)),
                ("name", fields.CharField(null=True, max_length=600)),
                ("phone", fields.CharField(null=True, max_length=600)),
                ("phone_hash", fields.CharField(null=True, db_index=True, max_length=64)),
                ("digits", fields.CharField(null=True, max_length=10)),
                ("channel", fields.CharField(max_length=20)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "opinion",
                "app": "models",
                "pk_attr": "id",
                "table_description": "意见: said at a static code and bound to no case. Kept and read, never scored.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("case_number", fields.CharField(max_length=50)),
                ("number", fields.IntField()),
                (
                    "window",
                    fields.ForeignKeyField(
                        "models.Window",
                        source_field="window_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="staff_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "integrator",
                    fields.ForeignKeyField(
                        "models.Integrator",
                        source_field="integrator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("fingerprint", fields.CharField(max_length=64)),
            ],
            options={
                "table": "visit",
                "app": "models",
                "unique_together": (("case_number", "number"),),
                "pk_attr": "id",
                "table_description": "到窗口一次. `number` is the serviceNumber of the interface standard.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WorkOrder",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "evaluation",
                    fields.OneToOneField(
                        "models.Evaluation",
                        source_field="evaluation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="order",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "agency",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "copied_to",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "holder",
                    fields.ForeignKeyField(
                        "models.Agency",
                        source_field="holder_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="held_orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(db_index=True, max_length=20)),
                ("rulebook", fields.CharField(max_length=50)),
                ("version", fields.IntField()),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "received_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "work_order",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The id is the number that people type in chat.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderDeadline",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.WorkOrder",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deadlines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=30)),
                ("source", fields.CharField(max_length=100)),
                ("count", fields.IntField()),
                ("unit", fields.CharField(max_length=20)),
                ("rolls_over", fields.BooleanField()),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("provisional", fields.BooleanField()),
                ("met_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "order_deadline",
                "app": "models",
                "unique_together": (("order", "kind"),),
                "pk_attr": "id",
                "table_description": "One clock of an order. A provisional one is settled when its year's notice is added.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.WorkOrder",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sequence", fields.IntField()),
                ("kind", fields.CharField(max_length=20)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=100)),
                (
                    "details",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "order_event",
                "app": "models",
                "unique_together": (("order", "sequence"),),
                "pk_attr": "id",
                "table_description": "One step: who, when, why. The order's state is what its events say.",
            },
            bases=["Model"],
        ),
    ]
