"""Every table; tortoise finds them here."""

from models.tables.access import Installation, Integrator
from models.tables.cases import Call, Case, CaseGroup, Completion, Handover, Invitation, Visit
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
from models.tables.platforms import AccessToken, PlatformCode
from models.tables.raters import (
    ChatMessage,
    Consent,
    HeldReceipt,
    PhoneCheck,
    Rater,
    RaterSession,
    UsedTicket,
)
from models.tables.ratings import Attachment, Coverage, Evaluation, LedgerLeaf, Opinion

__all__ = [
    "AccessToken",
    "Agency",
    "Attachment",
    "Attempt",
    "Call",
    "Case",
    "CaseGroup",
    "ChatMessage",
    "Completion",
    "Consent",
    "Coverage",
    "Evaluation",
    "Hall",
    "Handover",
    "HeldReceipt",
    "Installation",
    "Integrator",
    "Invitation",
    "LedgerLeaf",
    "Notice",
    "Opinion",
    "OptOut",
    "OrderDeadline",
    "OrderEvent",
    "PhoneCheck",
    "Platform",
    "PlatformCode",
    "Rater",
    "RaterSession",
    "Region",
    "Reply",
    "ServiceItem",
    "Staff",
    "StaticCode",
    "Theme",
    "UsedTicket",
    "Visit",
    "Window",
    "WorkOrder",
]
