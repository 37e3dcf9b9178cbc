"""Each way a link may fail has a page and a status of its own; every page carries the headers."""

from __future__ import annotations

from uuid import uuid4

import pytest

from models.cases.facts import GroupKind
from models.tables import Evaluation, Invitation
from tests.api.pages.town import Client, Town, once_in, under
from tests.standing import StandingClock

BUDGET = 40_000
"""Bytes of a page and its stylesheet together."""


@under("chaoan")
async def test_a_tampered_link(town: Town, client: Client) -> None:
    link = town.link(await town.completed())
    for broken in (link[:-1], link + "x", "/r/x", "/r/中文", "/r/%00", "/r/%ff"):
        for method in ("GET", "POST"):
            answer = await client.request(method, broken)
            assert answer.status == 400, broken
            assert "链接不完整" in await answer.text()


@under("chaoan")
async def test_an_unknown_link(town: Town, client: Client) -> None:
    links = town.office.links
    for path in (
        f"/r/{links.rating('AAAAAAAAAAA')}",
        f"/f/{links.follow_up(uuid4())}",
        f"/receipt/{links.receipt(uuid4())}",
        "/q/none",
        "/q/%00",
        "/q/" + "x" * 99,
    ):
        answer = await client.get(path)
        assert answer.status == 404, path
        assert "没有" in await answer.text()
    for path in ("/f/x.y", "/receipt/x.y", f"/receipt/{links.follow_up(uuid4())}"):
        assert (await client.get(path)).status == 400, path


async def test_an_expired_link(town: Town, client: Client, clock: StandingClock) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    clock.advance(days=200)
    shown = await client.get(town.link(invitation))
    given = await client.post(town.link(invitation), data={"once": once, "level": "5"})
    for answer in (shown, given):
        assert answer.status == 410
        assert "评价链接已过期" in await answer.text()
    assert town.office.shelf.book(town.rulebook).bureau in await shown.text()
    assert await Evaluation.all().count() == 0


@under("chaoan")
async def test_a_superseded_link(town: Town, client: Client) -> None:
    invitation = await town.completed()
    await Invitation.filter(id=invitation.id).update(
        closed_at=town.office.now(), closed_why="superseded"
    )
    answer = await client.get(town.link(invitation))
    assert answer.status == 410
    assert "链接已停用" in await answer.text()
    assert "市场监管局" in await answer.text()


async def test_a_rated_link(town: Town, client: Client) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    receipt = await client.post(town.link(invitation), data={"once": once, "level": "4"})
    answer = await client.get(town.link(invitation))
    text = await answer.text()
    assert answer.status == 409
    assert "2026年3月2日09:00评价为“满意”" in text
    assert f'href="{receipt.url.path}"' in text
    follow_up = town.office.shelf.book(town.rulebook).versions[-1].follow_up
    assert ("/f/" in text) == (follow_up is not None)


@pytest.mark.parametrize("path", ["rating", "rated", "find", "whole", "kept", "tampered"])
@under("tianjin")
async def test_headers_of_every_page(town: Town, client: Client, path: str) -> None:
    invitation = await town.completed()
    paths = {
        "rating": town.link(invitation),
        "rated": town.link(invitation),
        "find": "/q/W1",
        "whole": "/q/W1?whole=1",
        "kept": "/q/W1?kept=1",
        "tampered": "/r/x",
    }
    if path == "rated":
        once = once_in(await (await client.get(paths[path])).text())
        posted = await client.post(
            paths[path], data={"once": once, "level": "5"}, allow_redirects=False
        )
        assert posted.status == 303
        assert posted.headers["Cache-Control"] == "no-store"
    answer = await client.get(paths[path])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    text = await answer.text()
    assert '<html lang="zh-CN">' in text
    assert "<script" not in text
    assert "style=" not in text
    assert "user-scalable" not in text


async def test_large_type_is_kept_all_the_way(town: Town, client: Client) -> None:
    invitation = await town.completed()
    page = await client.get(town.link(invitation, "?c=q"))
    assert "?c=q&amp;big=1" in await page.text()
    big = town.link(invitation, "?c=q&big=1")
    text = await (await client.get(big)).text()
    assert '<html lang="zh-CN" class="big">' in text
    receipt = await client.post(big, data={"once": once_in(text), "level": "5"})
    assert receipt.url.query["big"] == "1"
    assert 'class="big"' in await receipt.text()


async def test_a_page_and_its_stylesheet_are_small(town: Town, client: Client) -> None:
    """The largest form there is: both kinds of target, the questions, the name."""
    await town.group(GroupKind.PARALLEL if town.rulebook == "tianjin" else GroupKind.BATCH, 12)
    for invitation in await Invitation.all():
        page = await (await client.get(town.link(invitation))).read()
        sheet = page.decode().split('rel="stylesheet" href="')[1].split('"')[0]
        answer = await client.get(sheet)
        assert answer.status == 200
        assert len(page) + len(await answer.read()) < BUDGET


@pytest.mark.usefixtures("town")
@under("chaoan")
async def test_the_stylesheet_is_kept_by_its_name(client: Client) -> None:
    text = await (await client.get("/q/W1")).text()
    sheet = text.split('rel="stylesheet" href="')[1].split('"')[0]
    named = await client.get(sheet)
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert named.content_type == "text/css"
    # An older process, asked for a newer name.
    other = await client.get("/style.css?v=000000000000")
    assert other.headers["Cache-Control"] == "no-cache"
