"""POST /api/v1/orders/{number}/steps: an office system acts for an account, with no right more."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from api.files import LARGEST_FILES, LARGEST_PART
from models.orders.steps import STEPS
from models.ratings.attachments import LARGEST
from models.tables import Account, Agency, OrderEvent, OrderFile, WorkOrder
from tests.api.service import Service, refused, row_counts
from tests.models.handling.desk import PICTURE

ACCOUNTS = {
    "ca-bureau": ("bureau", "CA-ZSJ"),
    "ca-handler": ("handler", "CA-SJJ"),
    "ca-other": ("handler", "CA-RSJ"),
    "tj-bureau": ("bureau", "TJ-ZWB"),
    "operator": ("operator", None),
}


@pytest.fixture
async def order(service: Service) -> str:
    """潮安: at its bureau, to be dispatched. The address of its steps."""
    for login, (role, code) in ACCOUNTS.items():
        await Account.create(
            login=login,
            name="林办事",
            role=role,
            agency=await Agency.get(code=code) if code else None,
            created_at=service.clock.now(),
        )
    await service.rate(await service.completed())
    number = (await WorkOrder.get()).id
    return f"/api/v1/orders/{number}/steps"


async def take(service: Service, order: str, by: str, step: str, **said: Any) -> Any:
    return await service.good(order, {"by": by, "step": step, **said}, key="445103")


def form(said: dict[str, Any], *files: bytes, part: str = "step") -> FormData:
    data = FormData()
    data.add_field(part, json.dumps(said), content_type="application/json")
    for file in files:
        data.add_field("file", BytesIO(file), filename="evidence.jpg", content_type="image/jpeg")
    return data


async def test_an_order_from_its_dispatch_to_its_end(service: Service, order: str) -> None:
    told = await take(service, order, "ca-bureau", "dispatch", to="CA-SJJ", note="请核实")
    assert (told["state"], told["label"], told["handler"]) == ("verifying", "待核实", "CA-SJJ")
    assert told["events"][-1] == {
        "sequence": 2,
        "kind": "dispatched",
        "label": "转办",
        "at": "2026-03-02T01:00:00Z",
        "actor": "ca-bureau",
        "agency": "CA-ZSJ",
        "role": "bureau",
        "via": "445103业务系统",
        "source": "第二十二条",
        "said": ["转至：潮安区市场监管局", "说明：请核实", "经由系统：445103业务系统"],
    }
    (dispatch,) = [each for each in told["deadlines"] if each["kind"] == "dispatch"]
    assert (dispatch["label"], dispatch["met_at"]) == ("转办", "2026-03-02T01:00:00Z")
    await take(service, order, "ca-handler", "verify", note="情况属实")
    await take(service, order, "ca-handler", "answer", text="已增开窗口。")
    told = await take(service, order, "ca-bureau", "review_answer", passed=True)
    assert (told["state"], told["due_at"], told["counted"]) == ("closed", None, True)
    assert told == await service.good(order.removesuffix("/steps"))
    assert {event.details.get("via") for event in await OrderEvent.filter(sequence__gt=1)} >= {
        "445103业务系统"
    }


async def test_evidence_comes_beside_the_step(service: Service, order: str) -> None:
    await take(service, order, "ca-bureau", "dispatch", to="CA-SJJ")
    found = {"by": "ca-handler", "step": "find_mistaken", "ground": "误评", "reason": "点错了"}
    lacking = await service.post(order, found, key="445103")
    refused(lacking, 422, "invalid", "files")
    answer = await service.ask("POST", order, key="445103", data=form(found, PICTURE, PICTURE))
    assert answer.status == 200, answer.text
    assert answer.body["state"] == "found"
    assert await OrderFile.all().count() == 2
    assert all(PICTURE not in bytes(file.content) for file in await OrderFile.all())


@pytest.mark.parametrize(
    ("by", "key", "status", "code", "fields"),
    [
        ("ca-handler", "445103", 409, "step_not_allowed", ()),
        ("ca-other", "445103", 404, "not_found", ()),
        ("tj-bureau", "445103", 403, "forbidden", ("by",)),
        ("tj-bureau", "admin", 404, "not_found", ()),
        ("operator", "admin", 403, "forbidden", ("by",)),
        ("nobody", "445103", 422, "unknown_reference", ("by",)),
        ("ca-bureau", "120103", 404, "not_found", ()),
    ],
)
async def test_it_may_do_what_the_account_may(
    service: Service,
    order: str,
    by: str,
    key: str,
    status: int,
    code: str,
    fields: tuple[str, ...],
) -> None:
    before = await row_counts()
    said = {"by": by, "step": "dispatch", "to": "CA-SJJ"}
    refused(await service.post(order, said, key=key), status, code, *fields)
    assert await row_counts() == before


async def test_a_disabled_account_does_nothing_more(service: Service, order: str) -> None:
    await Account.filter(login="ca-bureau").update(disabled_at=service.clock.now())
    said = {"by": "ca-bureau", "step": "dispatch", "to": "CA-SJJ"}
    refused(await service.post(order, said, key="445103"), 403, "forbidden", "by")


async def test_whoever_saw_an_older_order_is_told(service: Service, order: str) -> None:
    await take(service, order, "ca-bureau", "dispatch", to="CA-SJJ", seen=1)
    late = {"by": "ca-handler", "step": "accept", "seen": 1}
    refused(await service.post(order, late, key="445103"), 409, "outrun", "seen")
    await take(service, order, "ca-handler", "accept", seen=2)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"step": "dispatch", "to": "CA-SJJ"}, {"by"}),
        ({"by": "ca-bureau"}, {"step"}),
        ({"by": "ca-bureau", "step": "confirm", "satisfied": True}, {"step"}),
        ({"by": "ca-bureau", "step": "object", "reason": "不同意"}, {"step"}),
        ({"by": "ca-bureau", "step": "dispatch"}, {"to"}),
        ({"by": "ca-bureau", "step": "dispatch", "to": "CA-SJJ", "account": 1}, {"account"}),
        ({"by": "ca-bureau", "step": "ask_extension", "until": "x", "reason": "太难"}, {"until"}),
        ({"by": "ca-bureau", "step": "dispatch", "to": "CA-SJJ", "note": "\0"}, {"note"}),
        ({"by": "\0", "step": "accept"}, {"by"}),
        ({"by": "ca-bureau", "step": "accept", "seen": 0}, {"seen"}),
    ],
)
async def test_what_is_no_step_is_refused_field_by_field(
    service: Service, order: str, said: dict[str, Any], fields: set[str]
) -> None:
    """The rater's own two among them: nobody says for them that they are satisfied."""
    before = await row_counts()
    refused(await service.post(order, said, key="445103"), 422, "invalid", *fields)
    assert await row_counts() == before


async def test_a_form_is_its_step_and_its_files(service: Service, order: str) -> None:
    said = {"by": "ca-bureau", "step": "consult", "note": "意见"}
    other = await service.ask("POST", order, key="445103", data=form(said, part="entry"))
    refused(other, 400, "bad_body")
    many = await service.ask("POST", order, key="445103", data=form(said, *[PICTURE] * 10))
    refused(many, 400, "bad_body")
    large = await service.ask("POST", order, key="445103", data=form(said, bytes(LARGEST + 1)))
    refused(large, 413, "too_large")
    parts = [bytes(LARGEST)] * (LARGEST_FILES // LARGEST) + [PICTURE]
    whole = await service.ask("POST", order, key="445103", data=form(said, *parts))
    refused(whole, 413, "too_large")
    long = {**said, "note": "一" * LARGEST_PART}
    refused(await service.ask("POST", order, key="445103", data=form(long)), 413, "too_large")
    unfit = await service.ask("POST", order, key="445103", data=form(said, b"%PDF-1.7"))
    refused(unfit, 422, "attachment_unfit", "file")


async def test_the_steps_are_described(service: Service) -> None:
    """Each with its fields, since the schema leaves them open."""
    described = await service.good("/openapi.json", key=None)
    words = described["paths"]["/api/v1/orders/{number}/steps"]["post"]["description"]
    for name, step in STEPS.items():
        (line,) = [each for each in words.splitlines() if f"`{name}`" in each]
        for field in step.model_fields:
            assert f"`{field}`" in words, (name, field)
        assert ("files" in line) == step.takes_files, name
