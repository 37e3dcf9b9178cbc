"""Recordings of callers, delivered as files: heard by the real model, kept once."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import FormData

from ivr.recordings import WAITING, Listener
from ivr.settings import Hotline, Queue
from ivr.speech.recognising import OURS, Recogniser
from models.ratings.attachments import LARGEST, unsealed
from models.ratings.by_phone import RECORDED
from models.tables import Attachment, Evaluation, Notice, Opinion
from tests.api.directory import CALL
from tests.api.service import Answer, Service, refused, row_counts
from tests.models.ratings.files import OTHERS, PNG

RECORDINGS: Final = Path(__file__).parents[2] / "ivr" / "recordings"
PHONE: Final = "13800138000"


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def sound(seconds: float) -> bytes:
    """Of nobody."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(16000 * seconds)))
    return out.getvalue()


SATISFIED: Final = recording("satisfied.speex")
DISSATISFIED: Final = recording("not-quite-satisfied-alaw.wav")
NOT_SURE: Final = recording("dissatisfied-waited.amr")
NO_LEVEL: Final = recording("yes.wav")


@pytest.fixture(scope="session")
def recogniser() -> Iterator[Recogniser]:
    with closing(Recogniser(OURS)) as recogniser:
        yield recogniser


@pytest.fixture
def speech(recogniser: Recogniser) -> Listener:
    return Listener(recogniser, Hotline(queues={"反着": Queue(best=1)}))


async def reported(service: Service, number: str = CALL["number"], **more: Any) -> Any:
    return await service.good("/api/v1/calls", {**CALL, "number": number, "caller": PHONE, **more})


async def deliver(
    service: Service,
    content: bytes,
    name: str = CALL["number"],
    *,
    kind: str = "audio/wav",
    **given: Any,
) -> Answer:
    headers = {"Content-Type": kind}
    path = f"/api/v1/calls/{name}/recording"
    return await service.ask("POST", path, data=io.BytesIO(content), headers=headers, **given)


async def delivered(service: Service, content: bytes, **given: Any) -> Any:
    answer = await deliver(service, content, **given)
    assert answer.status == 200, answer.text
    return answer.body


@pytest.mark.parametrize(
    ("file", "level"),
    [
        ("very-satisfied.amr", 5),
        ("nothing-to-complain.speex", 4),
        ("passable.opus", 3),
        ("one-star.mp3", 1),
        ("five-points-mulaw.wav", 5),
    ],
)
async def test_a_level_that_is_sure_is_a_rating(service: Service, file: str, level: int) -> None:
    uuid = (await reported(service))["survey"]["uuid"]
    kept = await delivered(service, recording(file), name=uuid)
    assert (kept["call"], kept["level"], kept["opinion"]) == (CALL["number"], level, None)
    assert (kept["heard"]["level"], kept["heard"]["sure"]) == (level, True)
    assert kept["heard"]["confidence"] >= 0.9
    (said,) = (await service.good("/api/v1/evaluations"))["evaluations"]
    assert (said["id"], said["level"]) == (kept["evaluation"], level)
    assert (said["channel"], said["provenance"]) == ("hotline", "person")
    attachment = await Attachment.get()
    assert await unsealed(service.office, attachment) == recording(file)
    assert str(attachment.evaluation_id) == kept["evaluation"]


async def test_a_negative_one_opens_an_order(service: Service) -> None:
    await reported(service)
    kept = await delivered(service, DISSATISFIED)
    (order,) = (await service.good("/api/v1/orders"))["orders"]
    assert (kept["level"], kept["order"], kept["link"]) == (2, order["number"], False)
    assert (await Evaluation.get()).reasons["staff"]["words"] == RECORDED


async def test_what_is_not_sure_is_kept_beside_a_link(service: Service) -> None:
    await reported(service)
    kept = await delivered(service, NOT_SURE, kind="audio/amr")
    assert kept["heard"] == {
        "level": 2,
        "sure": False,
        "confidence": pytest.approx(0.7, abs=0.2),
        "transcript": "不满意等太久了",
    }
    assert (kept["evaluation"], kept["level"], kept["link"]) == (None, None, True)
    opinion = await Opinion.get()
    assert (str(opinion.id), opinion.level) == (kept["opinion"], None)
    assert opinion.words.endswith("不满意等太久了")
    assert (await Attachment.get()).opinion_id == opinion.id
    assert [each.kind for each in await Notice.all()] == ["invitation"]


@pytest.mark.parametrize("content", [NO_LEVEL, sound(2)], ids=["no level", "nobody"])
async def test_a_recording_without_a_level_is_kept_too(service: Service, content: bytes) -> None:
    await reported(service)
    kept = await delivered(service, content)
    assert kept["heard"]["level"] is None
    assert (kept["evaluation"], kept["link"]) == (None, True)


async def test_who_cannot_be_reached_is_sent_no_link(service: Service) -> None:
    await reported(service, caller=None)
    assert not (await delivered(service, NO_LEVEL))["link"]


@pytest.mark.parametrize(("queue", "level"), [("市民", 2), ("反着", 4)])
async def test_a_key_counts_before_what_is_said(service: Service, queue: str, level: int) -> None:
    """And by the order of the keys that this queue is told."""
    await reported(service, queue=queue)
    kept = await delivered(service, NOT_SURE, params={"key": "2"})
    assert (kept["level"], kept["heard"]["sure"]) == (level, True)
    said = await Evaluation.get()
    if level == 2:
        assert said.reasons["staff"]["words"] == "等太久了"


async def test_the_same_one_again_is_answered_again_and_stored_once(service: Service) -> None:
    await reported(service)
    for content in (NOT_SURE, DISSATISFIED):
        first = await delivered(service, content)
        before = await row_counts()
        assert await delivered(service, content) == first
        assert await row_counts() == before
    assert await Attachment.all().count() == 2


async def test_another_one_of_a_rated_call_is_refused(service: Service) -> None:
    await reported(service)
    await delivered(service, SATISFIED)
    before = await row_counts()
    answer = await deliver(service, DISSATISFIED)
    refused(answer, 409, "already_rated")
    assert "评价为“满意”" in answer.body["detail"]
    assert await row_counts() == before


async def test_of_several_at_once_one_counts(service: Service) -> None:
    await reported(service)
    sent = [SATISFIED, DISSATISFIED, recording("one-star.mp3"), recording("passable.opus")]
    answers = await asyncio.gather(*(deliver(service, each) for each in sent))
    assert sorted(each.status for each in answers) == [200, 409, 409, 409]
    assert await Evaluation.all().count() == await Attachment.all().count() == 1


async def test_as_a_form(service: Service) -> None:
    await reported(service)
    form = FormData()
    form.add_field("file", io.BytesIO(SATISFIED), filename="录音.txt", content_type="text/plain")
    path = f"/api/v1/calls/{CALL['number']}/recording"
    answer = await service.ask("POST", path, data=form)
    assert answer.body["level"] == 4


@pytest.mark.parametrize(
    ("content", "kind", "status", "code", "fields"),
    [
        (b"", "audio/wav", 422, "attachment_unfit", {"file"}),
        (OTHERS["text"], "audio/wav", 422, "attachment_unfit", {"file"}),
        (PNG, "audio/wav", 422, "not_audio", set()),
        (SATISFIED[:60], "audio/ogg", 422, "not_audio", set()),
        (sound(121), "audio/wav", 422, "recording_too_long", set()),
        (bytes(LARGEST + 1), "application/octet-stream", 413, "too_large", set()),
        (SATISFIED, "application/json", 400, "bad_body", set()),
        (SATISFIED, "multipart/form-data; boundary=b", 400, "bad_body", set()),
    ],
)
async def test_what_cannot_be_heard_is_refused(
    service: Service, content: bytes, kind: str, status: int, code: str, fields: set[str]
) -> None:
    await reported(service)
    before = await row_counts()
    refused(await deliver(service, content, kind=kind), status, code, *fields)
    assert await row_counts() == before


@pytest.mark.parametrize("key", ["0", "6", "*", ""])
async def test_a_key_is_one_to_five(service: Service, key: str) -> None:
    await reported(service)
    refused(await deliver(service, SATISFIED, params={"key": key}), 422, "invalid", "key")


@pytest.mark.parametrize(
    "name", ["T9", "00000000-0000-4000-8000-000000000000", "%00", "x" * 200, "%F0%9F%98%80"]
)
async def test_an_unknown_call_is_not_found(service: Service, name: str) -> None:
    refused(await deliver(service, SATISFIED, name=name), 404, "not_found")


async def test_anothers_call_is_not_theirs(service: Service) -> None:
    await reported(service)
    refused(await deliver(service, SATISFIED, key="120103"), 403, "forbidden", "id")


async def test_more_at_once_than_may_wait_are_told_to_come_back(service: Service) -> None:
    many = WAITING + 4
    for number in range(many):
        await reported(service, f"T{number}")
    answers = await asyncio.gather(
        *(deliver(service, SATISFIED, f"T{number}") for number in range(many))
    )
    turned_away = [each for each in answers if each.status != 200]
    assert turned_away
    for each in turned_away:
        refused(each, 503, "speech_busy")
        assert each.headers["Retry-After"] == "5"
    assert await Evaluation.all().count() == many - len(turned_away)


class TestWithoutAModel:
    @pytest.fixture
    def speech(self) -> Listener:
        return Listener(None, Hotline())

    async def test_nothing_is_heard(self, service: Service) -> None:
        await reported(service)
        refused(await deliver(service, SATISFIED), 422, "speech_unavailable", "key")
        assert await Attachment.all().count() == 0

    async def test_a_key_is_enough(self, service: Service) -> None:
        await reported(service)
        kept = await delivered(service, DISSATISFIED, params={"key": "1"})
        assert (kept["level"], kept["heard"]["transcript"]) == (1, "")
