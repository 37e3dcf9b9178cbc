"""Every table; tortoise finds them here."""

from models.tables.access import Installation, Integrator
from models.tables.cases import Call, Case, CaseGroup, Completion, Invitation, Visit
from models.tables.directory import (
    Agency,
    Hall,
    Platform,
    Region,
    ServiceItem,
    Staff,
    StaticCode,
    Theme,
    Window,
)
from models.tables.orders import OrderDeadline, OrderEvent, WorkOrder
from models.tables.outbox import Notice
from models.tables.ratings import Coverage, Evaluation, LedgerLeaf, Opinion

__all__ = [
    "Agency",
    "Call",
    "Case",
    "CaseGroup",
    "Completion",
    "Coverage",
    "Evaluation",
    "Hall",
    "Installation",
    "Integrator",
    "Invitation",
    "LedgerLeaf",
    "Notice",
    "Opinion",
    "OrderDeadline",
    "OrderEvent",
    "Platform",
    "Region",
    "ServiceItem",
    "Staff",
    "StaticCode",
    "Theme",
    "Visit",
    "Window",
    "WorkOrder",
]
