"""What was done to an account, or with it. Only added to."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from models.office import Office
from models.tables import Account, AccountEvent

SYSTEM: Final = "system"


class Kind(StrEnum):
    CREATED = "created"
    DISABLED = "disabled"
    ENABLED = "enabled"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    FACTOR_ENROLLED = "factor_enrolled"
    FACTOR_RESET = "factor_reset"
    BOUND = "bound"
    UNBOUND = "unbound"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.CREATED: "开立",
    Kind.DISABLED: "停用",
    Kind.ENABLED: "恢复",
    Kind.ROLE_CHANGED: "变更角色",
    Kind.PASSWORD_CHANGED: "修改密码",
    Kind.PASSWORD_RESET: "重置密码",
    Kind.FACTOR_ENROLLED: "启用动态口令",
    Kind.FACTOR_RESET: "重置动态口令",
    Kind.BOUND: "绑定聊天",
    Kind.UNBOUND: "解除绑定",
    Kind.SIGNED_IN: "登录",
    Kind.SIGNED_OUT: "退出",
    Kind.REFUSED: "登录失败",
    Kind.LOCKED: "锁定",
}


async def record(
    office: Office, account: Account, kind: Kind, by: str | None = None, **details: object
) -> None:
    """`by`: another's login, or `system`; None: their own."""
    await AccountEvent.create(
        account=account,
        kind=kind.value,
        at=office.now(),
        by=by or account.login,
        details=details,
    )
