"""The console's menu: what is there, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    label: str
    roles: frozenset[Role]

    def is_open(self, path: str) -> bool:
        """The page at `path` lies beneath this entry."""
        return path == self.path or (self.path != "/staff" and path.startswith(f"{self.path}/"))


EVERYBODY: Final = frozenset(Role)
READERS: Final = EVERYBODY - {Role.OPERATOR}
"""Whoever runs the installation reads no orders."""
MENU: Final = (
    Entry("/staff", "工作台", EVERYBODY),
    Entry("/staff/orders", "工单", READERS),
    Entry("/staff/accounts", "账号", frozenset({Role.OPERATOR, Role.BUREAU})),
    Entry("/staff/me", "本人", EVERYBODY),
)


def menu_of(role: Role) -> tuple[Entry, ...]:
    return tuple(entry for entry in MENU if role in entry.roles)
