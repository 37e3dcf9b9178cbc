"""Why a step is not taken."""

from __future__ import annotations

from models.refusals import Conflict, Refused


class NotAllowed(Refused):
    """The rulebook, the state or the role forbids it; the message says which."""

    code = "step_not_allowed"


class Outrun(Conflict):
    """Somebody else has acted on the order meanwhile."""

    code = "outrun"
