"""Codes and links that lead to an account or into a mini-program.

What the platform made is kept, found by its scene's keyed hash and sealed: it gives only so many,
and who reads the database is to hold no link.

Sources: “生成带参数的二维码”, developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/;
“获取不限制的小程序码” and “获取加密URLLink”,
developers.weixin.qq.com/miniprogram/dev/server/API/qrcode-link/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.gateways import Unheard
from bot.wechat.platform import Answer, Platform
from bot.wechat.scenes import Scene
from models.tables import PlatformCode

LONGEST: Final = timedelta(days=30)
"""Of temporary codes and of links."""
SHORTEST: Final = timedelta(minutes=1)
LEFT: Final = timedelta(days=1)
"""A code that ends sooner, and sooner than is wanted, is asked for anew."""
COLUMN: Final = "platform_code.address"
FOUND_BY_LENGTH: Final = 32


class Kind(StrEnum):
    TEMPORARY = "temporary_qr"
    PERMANENT = "permanent_qr"
    LINK = "url_link"


@dataclass(frozen=True, slots=True)
class Code:
    """`address`: what a QR code holds, or a link. `until`: None is for good."""

    address: str
    until: datetime | None


async def temporary_qr(platform: Platform, scene: Scene, until: datetime) -> Code:
    """Of an official account, valid until then, at most for 30 days. Raises NotDelivered."""

    async def make(end: datetime) -> str:
        return _text(await _qr(platform, scene, end), "url")

    return await _kept(platform, Kind.TEMPORARY, scene, until, make)


async def permanent_qr(platform: Platform, scene: Scene) -> Code:
    """Of an official account, which has 100,000 of them in all. Raises NotDelivered."""

    async def make(_: datetime) -> str:
        return _text(await _qr(platform, scene, None), "url")

    return await _kept(platform, Kind.PERMANENT, scene, None, make)


async def url_link(
    platform: Platform, scene: Scene, until: datetime, *, page: str, version: str
) -> Code:
    """Opens the mini-program from an SMS or a browser; valid until then, at most for 30 days. One a
    scene: links made before December 2023 opened for their first visitor only. Raises
    NotDelivered."""

    async def make(end: datetime) -> str:
        body = {
            "path": page,
            "query": f"scene={scene}",
            "expire_type": 0,
            "expire_time": int(end.timestamp()),
            "env_version": version,
        }
        return _text(await platform.call("POST", "/wxa/generate_urllink", json=body), "url_link")

    return await _kept(platform, Kind.LINK, scene, until, make)


async def mini_program_code(platform: Platform, scene: Scene, *, page: str, version: str) -> bytes:
    """小程序码, as an image. Any number may be made; this one is not kept. Raises NotDelivered."""
    body = {
        "scene": str(scene),
        "page": page,
        # Trial and development versions have pages that nobody has published yet.
        "check_path": version == "release",
        "env_version": version,
    }
    return await platform.fetch("POST", "/wxa/getwxacodeunlimit", json=body)


async def _qr(platform: Platform, scene: Scene, end: datetime | None) -> Answer:
    body: dict[str, object] = {"action_info": {"scene": {"scene_str": str(scene)}}}
    if end is None:
        body["action_name"] = "QR_LIMIT_STR_SCENE"
    else:
        body["action_name"] = "QR_STR_SCENE"
        body["expire_seconds"] = int((end - platform.now()).total_seconds())
    return await platform.call("POST", "/cgi-bin/qrcode/create", json=body)


async def _kept(
    platform: Platform,
    kind: Kind,
    scene: Scene,
    until: datetime | None,
    make: Callable[[datetime], Awaitable[str]],
) -> Code:
    keys, now = platform.office.keys, platform.now()
    found_by = keys.find(str(scene), "platform_code")[:FOUND_BY_LENGTH]
    known = await PlatformCode.get_or_none(app=platform.name, kind=kind.value, scene=found_by)
    if known is not None and _lasts(known.until, until, now):
        return Code(keys.open(known.address, COLUMN), known.until)
    end = min(max(until or now, now + SHORTEST), now + LONGEST)
    address = await make(end)
    made = PlatformCode(
        app=platform.name,
        kind=kind.value,
        scene=found_by,
        address=keys.seal(address, COLUMN),
        until=None if until is None else end,
    )
    await PlatformCode.bulk_create(
        [made], on_conflict=["app", "kind", "scene"], update_fields=["address", "until"]
    )
    return Code(address, made.until)


def _lasts(end: datetime | None, wanted: datetime | None, now: datetime) -> bool:
    return end is None or (wanted is not None and end >= min(wanted, now + LEFT) and end > now)


def _text(said: Answer, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise Unheard("微信：答复里没有地址")
    return value
