"""Pages that only say something: what is wrong, and what the person can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from api.pages.rendering import page
from models.rulebooks.rulebook import Rulebook

Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Next:
    """Where the person may go from here."""

    label: str
    address: str


class Plain(Exception):
    """Raised by a handler that has no form to show."""

    def __init__(
        self,
        status: int,
        title: str,
        *words: str,
        place: str = "",
        nexts: tuple[Next, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.words = words
        self.place = place
        self.nexts = nexts
        self.retry_after = retry_after


def tampered() -> Plain:
    return Plain(
        400,
        "链接不完整",
        "这个链接不完整，或被改动过。",
        "请重新扫描二维码，或从原来的短信、消息中重新点开。",
    )


def unknown() -> Plain:
    return Plain(
        404,
        "没有找到这次服务",
        "没有找到这个链接对应的服务，它可能已被取消。",
        "请使用最近收到的链接，或向办理单位咨询。",
    )


def superseded(agency: str, book: Rulebook) -> Plain:
    return Plain(
        410,
        "链接已停用",
        "办件信息后来有变化，这个链接不再使用。",
        f"请使用最近收到的评价链接；没有收到的，请联系{agency}。",
        place=book.jurisdiction,
    )


def expired(until: str, book: Rulebook) -> Plain:
    return Plain(
        410,
        "评价链接已过期",
        f"这个链接已于{until}失效。",
        f"如果仍有意见，可以扫描办事窗口的二维码，或向{book.bureau}反映。",
        place=book.jurisdiction,
    )


def served(handler: Handler) -> Handler:
    async def serve(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Plain as plain:
            answer = page(request, "plain.html", plain.status, plain=plain)
            if plain.retry_after is not None:
                answer.headers["Retry-After"] = str(plain.retry_after)
            if request.content.exception() is not None:
                # Where a body that cannot be read ends, nobody knows.
                answer.force_close()
            return answer

    return serve
