"""代录 over HTTP: a form of an entry and a file; the file given back to those who may have it."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

import pytest
from aiohttp import FormData

from api.files import LARGEST_FORM, LARGEST_PART
from models.ratings.attachments import LARGEST
from models.sm3 import sm3
from models.tables import Attachment, Evaluation
from tests.api.directory import CASE
from tests.api.service import TJ_CASE, Answer, Service, refused, row_counts
from tests.models.ratings.files import FILES, OTHERS, PNG, WAV

ENTRIES: Final = "/api/v1/entries"
FORM: Final = "multipart/form-data; boundary=b"
ENTRY: Final[dict[str, Any]] = {
    "submission": "paper-2026-0001",
    "keyed_by": "CA-S2",
    "medium": "paper",
    "case": CASE["number"],
    "level": 2,
    "words": "等了两个小时",
    "rater_name": "陈小明",
}
BOX: Final[dict[str, Any]] = {
    "medium": "suggestion_box",
    "case": None,
    "level": None,
    "hall": "CA-H1",
}
SECOND: Final = {"code": "CA-S2", "name": "陈洁", "agency": "CA-SJJ"}
OTHER: Final = {"code": "TJ-S2", "name": "孙静", "agency": "TJ-SP"}


def form(entry: object, file: bytes | None = PNG, name: str = "扫描件.pdf.exe") -> FormData:
    """The name and the type of the file say nothing true."""
    sent = FormData()
    text = entry if isinstance(entry, str) else json.dumps(entry)
    sent.add_field("entry", text, content_type="application/json")
    if file is not None:
        sent.add_field("file", io.BytesIO(file), filename=name, content_type="text/html")
    return sent


async def send(
    service: Service, file: bytes | None = PNG, *, key: str = "admin", **changed: Any
) -> Answer:
    data = form({**ENTRY, **changed}, file)
    return await service.ask("POST", ENTRIES, key=key, data=data)


SAID = "2026-03-01T18:00:00+08:00"


@pytest.fixture
async def hall(service: Service) -> Service:
    """With a second member of staff, and a case to be rated."""
    await service.good("/api/v1/directory", {"staff": [SECOND, OTHER]})
    await service.completed()
    return service


async def test_a_paper_is_kept_as_a_rating_with_its_file(hall: Service) -> None:
    answer = await send(hall, WAV, medium="survey_call", said_at=SAID, key="445103")
    assert answer.status == 200, answer.text
    kept = answer.body
    assert kept["keyed_by"] == "CA-S2"
    assert (kept["opinion"], kept["late"]) == (None, False)
    assert kept["attachment"] == {
        "id": kept["attachment"]["id"],
        "said_at": "2026-03-01T10:00:00Z",
        "media_type": "audio/wav",
        "size": len(WAV),
        "digest": sm3(WAV).hex(),
    }
    (shown,) = (await hall.good("/api/v1/evaluations"))["evaluations"]
    assert (shown["id"], shown["order"]) == (kept["evaluation"], kept["order"])
    assert (shown["provenance"], shown["keyed_by"]) == ("proxy", "CA-S2")
    assert shown["channel"] == "survey_call"
    listed = await hall.good(f"/api/v1/evaluations/{kept['evaluation']}/attachments", key="445103")
    assert listed == {"attachments": [kept["attachment"]]}
    (order,) = (await hall.good("/api/v1/orders"))["orders"]
    assert order["evaluation"] == kept["evaluation"]


async def test_what_was_said_tomorrow_is_not_taken(hall: Service) -> None:
    refused(await send(hall, said_at="2026-03-04T18:00:00+08:00"), 422, "invalid", "said_at")


async def test_a_suggestion_is_kept_as_an_opinion_with_its_file(hall: Service) -> None:
    kept = (await send(hall, **BOX)).body
    assert kept["evaluation"] is None
    (shown,) = (await hall.good("/api/v1/opinions"))["opinions"]
    assert (shown["id"], shown["keyed_by"]) == (kept["opinion"], "CA-S2")
    listed = await hall.good(f"/api/v1/opinions/{kept['opinion']}/attachments")
    assert listed == {"attachments": [kept["attachment"]]}


@pytest.mark.parametrize("media_type", ["image/jpeg", "audio/amr"])
async def test_the_file_is_given_back_as_it_came_and_never_as_a_page(
    hall: Service, media_type: str
) -> None:
    file = (await send(hall, FILES[media_type])).body["attachment"]
    path = f"/api/v1/attachments/{file['id']}"
    headers = {"Authorization": f"Bearer {hall.keys['445103']}"}
    async with hall.client.get(path, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, media_type)
        assert await answer.read() == FILES[media_type]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith(f'attachment; filename="{file["id"]}.')


async def test_it_is_given_to_its_region_and_the_administrator_alone(hall: Service) -> None:
    kept = (await send(hall)).body
    opinion = (await send(hall, **BOX, submission="paper-2026-0002")).body
    for path in (
        f"/api/v1/attachments/{kept['attachment']['id']}",
        f"/api/v1/attachments/{opinion['attachment']['id']}",
        f"/api/v1/evaluations/{kept['evaluation']}/attachments",
        f"/api/v1/opinions/{opinion['opinion']}/attachments",
    ):
        refused(await hall.get(path, key="120103"), 403, "forbidden", "id")
        refused(await hall.get(path, key=None), 401, "unauthorized")


async def test_what_is_not_there_is_not_found(service: Service) -> None:
    for number in (str(UUID(int=7)), "7", "%00", "x" * 99):
        for path in ("attachments/{}", "evaluations/{}/attachments", "opinions/{}/attachments"):
            refused(await service.get(f"/api/v1/{path.format(number)}"), 404, "not_found")


async def test_the_same_again_is_answered_the_same_and_stored_once(hall: Service) -> None:
    first = await send(hall)
    before = await row_counts()
    assert (await send(hall)).body == first.body
    refused(await send(hall, WAV), 409, "conflict", "submission")
    refused(await send(hall, words="别的"), 409, "conflict", "submission")
    answer = await send(hall, submission="paper-2026-0002")
    refused(answer, 409, "already_rated")
    assert "2026年3月2日09:00通过书面评价评价为“不满意”" in answer.body["detail"]
    assert await row_counts() == before


async def test_without_a_key_nothing_is_read(hall: Service) -> None:
    answer = await hall.ask("POST", ENTRIES, key=None, data=form(ENTRY))
    refused(answer, 401, "unauthorized")


async def test_nobody_keys_in_a_rating_of_themselves(hall: Service) -> None:
    before = await row_counts()
    refused(await send(hall, keyed_by="CA-S1"), 403, "forbidden", "keyed_by")
    assert await row_counts() == before


async def test_a_key_keys_in_for_its_region_only(hall: Service) -> None:
    await hall.completed("TJ1", **TJ_CASE)
    before = await row_counts()
    for changed, field in (
        ({"keyed_by": "TJ-S2"}, "case"),
        ({}, "keyed_by"),
        ({"keyed_by": "TJ-S2", "case": None, "hall": "CA-H1"}, "hall"),
    ):
        refused(await send(hall, key="120103", **changed), 403, "forbidden", field)
    assert await row_counts() == before
    answer = await send(hall, key="120103", keyed_by="TJ-S2", case="TJ1")
    assert answer.status == 200, answer.text


FAULTS: Final[tuple[tuple[dict[str, Any], str, str], ...]] = (
    ({"keyed_by": "?"}, "unknown_reference", "keyed_by"),
    ({"keyed_by": None}, "invalid", "keyed_by"),
    ({"case": "?"}, "unknown_reference", "case"),
    ({"case": None}, "invalid", "body"),
    ({"medium": "link"}, "invalid", "medium"),
    ({"level": 7}, "invalid", "level"),
    ({"colour": "red"}, "invalid", "colour"),
    ({"visit": 3}, "unknown_reference", "visit"),
    ({"words": ""}, "reason_missing", "reasons.item"),
)


async def test_a_fault_is_named(hall: Service) -> None:
    before = await row_counts()
    for changed, code, field in FAULTS:
        refused(await send(hall, **changed), 422, code, field)
    assert await row_counts() == before


async def test_a_file_of_another_kind_or_none_is_refused(hall: Service) -> None:
    before = await row_counts()
    for file in (None, b"", *OTHERS.values()):
        refused(await send(hall, file), 422, "attachment_unfit", "file")
    assert await row_counts() == before


async def endless() -> AsyncIterator[bytes]:
    """A file whose length nobody tells."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for _ in range(LARGEST_FORM // LARGEST_PART + 1):
        yield bytes(LARGEST_PART)


async def test_no_more_than_the_limit_is_read(hall: Service) -> None:
    before = await row_counts()
    answer = await send(hall, PNG.ljust(LARGEST + 1, b"\0"))
    refused(answer, 413, "too_large")
    assert "8MB" in answer.body["detail"]
    kind = {"Content-Type": FORM}
    refused(await hall.ask("POST", ENTRIES, data=endless(), headers=kind), 413, "too_large")
    long = form(json.dumps({**ENTRY, "words": "长" * LARGEST_PART}))
    refused(await hall.ask("POST", ENTRIES, data=long), 413, "too_large")
    assert await row_counts() == before
    assert (await send(hall, PNG.ljust(LARGEST, b"\0"))).status == 200


NO_FORMS: Final = (
    (b"{}", "application/json"),
    (b"", "multipart/form-data"),
    (b"", FORM),
    (b"--b\r\n", FORM),
    (b"--b--\r\n", FORM),
    (b"--b\r\n\r\n{}\r\n--b--\r\n", FORM),
    (
        b'--b\r\nContent-Disposition: form-data; name="entry"\r\n\r\n{"a',
        FORM,
    ),
    (
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n",
        FORM,
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n{}\r\n--b--\r\n',
        FORM,
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="entry"\r\n\r\n\xff\r\n--b--\r\n',
        FORM,
    ),
    (
        2 * b'--b\r\nContent-Disposition: form-data; name="entry"\r\n\r\n{}\r\n' + b"--b--\r\n",
        FORM,
    ),
    (b"--b\r\n", f"multipart/form-data; boundary={'b' * 99}"),
)


async def test_what_is_no_form_is_refused(service: Service) -> None:
    for body, kind in NO_FORMS:
        answer = await service.ask("POST", ENTRIES, data=body, headers={"Content-Type": kind})
        refused(answer, 400, "bad_body")


async def test_the_receipt_says_that_it_was_keyed_in(hall: Service) -> None:
    kept = (await send(hall)).body
    code = hall.office.links.receipt(UUID(kept["evaluation"]))
    page = await hall.get(f"/receipt/{code}", key=None)
    assert "由工作人员代录（书面评价）" in page.text
    assert "CA-S2" not in page.text
    assert "陈小明" not in page.text


async def test_of_a_persons_own_it_says_nothing_of_the_kind(hall: Service) -> None:
    receipt = await hall.rate(await hall.completed("CA9"))
    assert "代录" not in (await hall.get(receipt, key=None)).text
    own = await Evaluation.get()
    listed = await hall.good(f"/api/v1/evaluations/{own.id}/attachments")
    assert listed == {"attachments": []}
    assert not await Attachment.exists()
