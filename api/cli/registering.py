"""A call is reported as a call centre does, to be rated on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import aiohttp
import click

from api.demo.filling import KEY_FILE


class NotRegistered(Exception):
    """In Chinese: why not."""


@dataclass(frozen=True, slots=True)
class Registration:
    """`server`: address of the service. `data`: where a demo left its key, which is used where
    `key` is None."""

    server: str
    data: Path
    key: str | None
    platform: str
    staff: str
    caller: str | None
    queue: str | None

    async def register(self) -> UUID:
        """What the switch hands to AudioSocket. Raises NotRegistered."""
        headers = {"Authorization": f"Bearer {self.key or self._demo_key()}"}
        report = {
            "number": f"CALL-{uuid4().hex[:12]}",
            "platform": self.platform,
            "staff": self.staff,
            "caller": self.caller,
            "queue": self.queue,
        }
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=_PATIENCE) as session,
                session.post(f"{self.server}/api/v1/calls", json=report) as response,
            ):
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise NotRegistered(f"{self.server} 没有应答，请检查地址和服务是否已启动") from None
        if response.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise NotRegistered(f"通话没有登记：{answer['detail']}")
        if answer["survey"] is None:
            reasons = [each["detail"] for each in answer["not_rated"]]
            raise NotRegistered("；".join(["这次通话不评价", *reasons]))
        return UUID(answer["survey"]["uuid"])

    def _demo_key(self) -> str:
        try:
            return (self.data / KEY_FILE).read_text("utf-8").strip()
        except FileNotFoundError:
            raise NotRegistered(
                f"{self.data}里没有演示的接口密钥，"
                "请用 --data 指明演示的数据目录，或用 --key 给出密钥"
            ) from None


def with_registration(command: Callable[..., None]) -> Callable[..., None]:
    """Options that the command gets as `registration`."""

    @wraps(command)
    def registering(
        server: str,
        data: Path,
        key: str | None,
        platform: str,
        staff: str,
        caller: str | None,
        queue: str | None,
        **others: object,
    ) -> None:
        command(
            registration=Registration(server, data, key, platform, staff, caller, queue), **others
        )

    for option in reversed(_OPTIONS):
        registering = option(registering)
    return registering


_PATIENCE: Final = aiohttp.ClientTimeout(total=30)
_OPTIONS: Final = (
    click.option(
        "--server", default="http://127.0.0.1:8080", help="服务的地址。", show_default=True
    ),
    click.option(
        "--data",
        default="haochaping-demo",
        envvar="HAOCHAPING_DATA",
        type=click.Path(path_type=Path),
        help="演示的数据目录，接口密钥在里面。",
        show_default=True,
    ),
    click.option("--key", envvar="HAOCHAPING_KEY", help="接口密钥；不给出则用演示的。"),
    click.option("--platform", default="CA-P1", help="热线的平台编码。", show_default=True),
    click.option("--staff", default="CA-HL01", help="话务员的编码。", show_default=True),
    click.option("--caller", help="来电号码。"),
    click.option("--queue", help="技能组。"),
)
