"""Regions, agencies, halls, windows, staff, items, themes, platforms and their static codes.

A code is unique in the installation: the State's codes (区划, 统一社会信用代码, 实施编码) are so by
themselves, and the import says which row collides.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

CODE_LENGTH = 50


class Region(Model):
    """行政区划. A region without a rulebook of its own is under its parent's."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=100)
    parent: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None
    rulebook = fields.CharField(max_length=50, null=True)

    class Meta:
        table = "region"


class Agency(Model):
    """机构. `party` says what it is in an order: bureau, agency, town, district."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=100)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="agencies", on_delete=fields.RESTRICT
    )
    region_id: int
    party = fields.CharField(max_length=20, default="agency")
    email = fields.CharField(max_length=254, null=True)
    """Where complaints and bulletins go while it has no chat."""

    class Meta:
        table = "agency"


class Hall(Model):
    """大厅, 分中心, 便民服务点."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=100)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="halls", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="halls", on_delete=fields.RESTRICT
    )
    agency_id: int
    """Who runs the hall and answers for it as a whole."""

    class Meta:
        table = "hall"


class Window(Model):
    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=100)
    hall: fields.ForeignKeyRelation[Hall] = fields.ForeignKeyField(
        "models.Hall", related_name="windows", on_delete=fields.RESTRICT
    )
    hall_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="windows", on_delete=fields.RESTRICT
    )
    agency_id: int

    class Meta:
        table = "hall_window"  # WINDOW is a keyword of PostgreSQL


class Staff(Model):
    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=50)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="staff", on_delete=fields.RESTRICT
    )
    agency_id: int

    class Meta:
        table = "staff"


class ServiceItem(Model):
    """事项. `questions` is the item's own questionnaire, None: the rulebook's, if any."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=200)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="items", on_delete=fields.RESTRICT
    )
    agency_id: int
    questions = fields.JSONField[list[str] | None](null=True)

    class Meta:
        table = "service_item"


class Theme(Model):
    """主题式、一件事."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=200)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="themes", on_delete=fields.RESTRICT
    )
    region_id: int

    class Meta:
        table = "theme"


class Platform(Model):
    """平台: an online hall, app, hotline or terminal, rated for convenience and completeness."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=CODE_LENGTH, unique=True)
    name = fields.CharField(max_length=100)
    kind = fields.CharField(max_length=20)
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="platforms", on_delete=fields.RESTRICT
    )
    region_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name="platforms", on_delete=fields.RESTRICT
    )
    agency_id: int

    class Meta:
        table = "platform"


class StaticCode(Model):
    """静态二维码 of a window, a hall or a terminal. It tells no case."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=16, unique=True)
    window: fields.ForeignKeyNullableRelation[Window] = fields.ForeignKeyField(
        "models.Window", related_name="codes", null=True, on_delete=fields.RESTRICT
    )
    window_id: int | None
    hall: fields.ForeignKeyNullableRelation[Hall] = fields.ForeignKeyField(
        "models.Hall", related_name="codes", null=True, on_delete=fields.RESTRICT
    )
    hall_id: int | None
    platform: fields.ForeignKeyNullableRelation[Platform] = fields.ForeignKeyField(
        "models.Platform", related_name="codes", null=True, on_delete=fields.RESTRICT
    )
    platform_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "static_code"
