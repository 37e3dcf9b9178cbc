"""What is wrong with something that was pushed to us. Whoever sent it is told no more than that."""

from __future__ import annotations

from bot.reading import read_object


class Unfit(Exception):
    """One of the following. The words are for the log: nothing of what was sent is in them."""


class Forged(Unfit):
    """Not signed with our key, or for another account."""


class Stale(Unfit):
    """Signed too long ago, or by a clock that is wrong."""


class Malformed(Unfit):
    """Not what the platform pushes."""


def json_object(body: bytes) -> dict[str, object]:
    """Raises Malformed."""
    said = read_object(body)
    if said is None:
        raise Malformed("no JSON object")
    return said
