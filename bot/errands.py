"""A notice with what it is about, loaded once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass

from models.tables import Invitation, Notice, WorkOrder


@dataclass(frozen=True, slots=True)
class Errand:
    notice: Notice
    about: Invitation | None
    """With its agency. None: a notice of something else."""
    order: WorkOrder | None = None
    """Of a notice to its rater."""

    @property
    def invitation(self) -> Invitation:
        """Raises LookupError for a notice of something else."""
        if self.about is None:
            raise LookupError(f"notice {self.notice.id} is about no invitation")
        return self.about


async def errand(notice: Notice) -> Errand:
    """Raises DoesNotExist."""
    number = notice.body.get("invitation")
    if "evaluation" in notice.body and "order" in notice.body:
        return Errand(notice, None, await WorkOrder.get(id=notice.body["order"]))
    if number is None:
        return Errand(notice, None)
    return Errand(notice, await Invitation.get(id=number).select_related("agency"))
