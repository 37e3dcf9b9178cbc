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
KEEPERS: Final = frozenset({Role.OPERATOR, Role.BUREAU})
MENU: Final = (
    Entry("/staff", "工作台", EVERYBODY),
    Entry("/staff/orders", "工单", READERS),
    Entry(
        "/staff/entries", "代录", frozenset({Role.BUREAU, Role.HANDLER, Role.CALLBACK, Role.TOWN})
    ),
    Entry("/staff/figures", "评价数据", READERS),
    Entry("/staff/codes", "评价码", KEEPERS),
    Entry("/staff/directory", "目录", KEEPERS),
    Entry("/staff/letters", "未送达", KEEPERS),
    Entry("/staff/accounts", "账号", KEEPERS),
    Entry("/staff/me", "本人", EVERYBODY),
)


def menu_of(role: Role) -> tuple[Entry, ...]:
    return tuple(entry for entry in MENU if role in entry.roles)
