"""What a caller said after the call, delivered as a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.endpoints import Call, Endpoint, Nothing
from models.ratings.attachments import proof
from models.ratings.by_recording import Recording, call_named, check_open, keep_recording
from models.tables import WorkOrder
from models.words import Level

KINDS: Final = (
    *("audio/wav", "audio/x-wav", "audio/mpeg", "audio/amr", "audio/ogg"),
    "application/octet-stream",
)


class KeyPressed(BaseModel):
    """`key`: the digit that the caller pressed, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[int, Field(ge=1, le=5)] | None = None


class HeardAnswer(BaseModel):
    """`level`: by the key, or as far as one was made out; `sure`: it counts. `confidence`: of the
    words for it, 0 to 1. `transcript`: of everything, as it was understood."""

    level: Level | None
    sure: bool
    confidence: float
    transcript: str


class RecordingAnswer(BaseModel):
    """What the recording was kept as: an evaluation, or an opinion where no level is sure or the
    rules want more. `link`: the caller is asked by SMS instead, once a call."""

    call: str
    heard: HeardAnswer
    evaluation: UUID | None
    opinion: UUID | None
    level: Level | None
    order: int | None
    link: bool
    attachment: UUID


async def deliver_recording(call: Call[Nothing, KeyPressed]) -> RecordingAnswer:
    """热线评价录音, for call centres that only deliver files: WAV, MP3, AMR or OGG, at most two
    minutes and 8 MB, as the body or as `file` of a form. `id` is the call's number, or the UUID it
    was given. What was said beside a negative level is its reason. The same recording again is
    answered again; another one of a call that is rated is refused."""
    key = call.query.key
    handed = await call_named(call.office, call.integrator, call.path["id"])
    recording = Recording(handed, await proof(call.file), key)
    await check_open(call.office, recording)
    heard = await call.speech.understood(call.file, handed.queue, key)
    sure = heard.level if heard.sure else None
    words = heard.words if heard.sure else heard.transcript
    kept = await keep_recording(call.office, recording, sure, words)
    said = kept.attachment.evaluation or kept.attachment.opinion
    order = await WorkOrder.get_or_none(evaluation_id=kept.attachment.evaluation_id)
    return RecordingAnswer(
        call=handed.call,
        heard=HeardAnswer(
            level=heard.level,
            sure=heard.sure,
            confidence=heard.confidence,
            transcript=heard.transcript,
        ),
        evaluation=kept.attachment.evaluation_id,
        opinion=kept.attachment.opinion_id,
        level=said.level if said else None,
        order=order.id if order else None,
        link=kept.link,
        attachment=kept.attachment.id,
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/calls/{id}/recording",
        deliver_recording,
        "Deliver the recording of a caller's rating",
        "intake",
        RecordingAnswer,
        file=KINDS,
        query=KeyPressed,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
)
