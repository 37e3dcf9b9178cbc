"""/receipt/{code}: what was said, and what became of it; nothing of who said it."""

from __future__ import annotations

import pytest

from models.tables import Evaluation, LedgerLeaf, WorkOrder
from tests.api.pages.town import Client, Town, once_in, under


async def test_tells_what_became_of_it(town: Town, client: Client) -> None:
    invitation = await town.completed(named=False)
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {
        "once": once,
        "level": "2",
        "w-item": "让我等了很久",
        "name": "陈小明",
        "phone": "13800138000",
    }
    answer = await client.post(town.link(invitation), data=fields)
    text = await answer.text()
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    leaf = await LedgerLeaf.get(evaluation=evaluation)
    order = await WorkOrder.get(evaluation=evaluation)
    assert "谢谢您的评价" in text
    assert leaf.hash in text
    assert f"{order.id}号" in text
    waiting = "等待核实" if order.received_at else "等待转交承办单位"
    assert waiting in text
    assert "尾号0001" in text
    for personal in ("陈小明", "13800138000", "LS2026030001", "让我等了很久"):
        assert personal not in text
    again = await client.get(answer.url.path)
    assert again.status == 200
    assert "谢谢您的评价" not in await again.text()


@pytest.mark.usefixtures("town")
@under("chaoan", "sanming")
async def test_of_a_whole(client: Client) -> None:
    once = once_in(await (await client.get("/q/H1?whole=1")).text())
    answer = await client.post("/q/H1?whole=1", data={"once": once, "level": "5"})
    text = await answer.text()
    assert answer.url.path.startswith("/receipt/")
    assert "政务服务中心" in text
    assert "政务服务大厅" in text
    assert "/f/" not in text
