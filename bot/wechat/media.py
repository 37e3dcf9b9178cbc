"""What people sent: recordings.

Source: “获取临时素材”,
developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html
"""

from __future__ import annotations

from bot.wechat.platform import Platform


async def recording(platform: Platform, media_id: str) -> bytes:
    """A voice message as it was sent, AMR or Speex; the platform keeps it for three days. Raises
    NotDelivered."""
    return await platform.fetch("GET", "/cgi-bin/media/get", query={"media_id": media_id})
