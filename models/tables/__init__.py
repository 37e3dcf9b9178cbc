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
from models.tables.outbox import Attempt, Notice, OptOut, Reply
from models.tables.ratings import Attachment, Coverage, Evaluation, LedgerLeaf, Opinion

__all__ = [
    "Agency",
    "Attachment",
    "Attempt",
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
    "OptOut",
    "OrderDeadline",
    "OrderEvent",
    "Platform",
    "Region",
    "Reply",
    "ServiceItem",
    "Staff",
    "StaticCode",
    "Theme",
    "Visit",
    "Window",
    "WorkOrder",
]
