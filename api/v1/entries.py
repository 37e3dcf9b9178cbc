"""代录: paper forms, suggestion books and survey calls keyed in by staff, and the files of them."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import structlog
from pydantic import BaseModel

from api.endpoints import Call, Endpoint, Nothing
from api.files import FileAnswer
from models.directory.lookup import Lookup
from models.ratings.attachments import unsealed
from models.ratings.entering import Entry, enter
from models.refusals import Missing
from models.tables import Attachment, Evaluation, Opinion, WorkOrder

log = structlog.get_logger()


class AttachmentAnswer(BaseModel):
    """`digest`: SM3 of the file as it came, in hex. `size`: bytes. `said_at`: when the form was
    filled in or the call was made."""

    id: UUID
    said_at: datetime | None
    media_type: str
    size: int
    digest: str


class AttachmentsAnswer(BaseModel):
    attachments: list[AttachmentAnswer]


class EntryAnswer(BaseModel):
    """What the entry was kept as: an evaluation, or an opinion."""

    evaluation: UUID | None
    opinion: UUID | None
    keyed_by: str
    at: datetime
    order: int | None
    late: bool
    attachment: AttachmentAnswer


async def key_in(call: Call[Entry, Nothing]) -> EntryAnswer:
    """代录. A form of two parts: `entry`, the JSON, and `file`, a picture (JPEG, PNG) or a
    recording (WAV, MP3, AMR, M4A, OGG) of at most 8 MB. The same entry again is answered again;
    another one under the same submission is refused. Nobody keys in a rating of themselves."""
    attachment = await enter(call.office, call.integrator, call.body, call.file)
    of = _of(attachment)
    order = await WorkOrder.get_or_none(evaluation_id=attachment.evaluation_id)
    return EntryAnswer(
        evaluation=attachment.evaluation_id,
        opinion=attachment.opinion_id,
        keyed_by=call.body.keyed_by,
        at=of.at,
        order=order.id if order else None,
        late=isinstance(of, Evaluation) and of.late,
        attachment=_answer(attachment),
    )


async def list_evaluation_attachments(call: Call[Nothing, Nothing]) -> AttachmentsAnswer:
    """What an evaluation was keyed in from."""
    evaluation = await Evaluation.get_or_none(id=_id(call.path["id"], "评价"))
    if evaluation is None:
        raise _missing("评价")
    await Lookup(call.integrator).must_own(evaluation.region_id, field="id")
    return await _listed(evaluation_id=evaluation.id)


async def list_opinion_attachments(call: Call[Nothing, Nothing]) -> AttachmentsAnswer:
    """What an opinion was keyed in from."""
    opinion = await Opinion.get_or_none(id=_id(call.path["id"], "意见"))
    if opinion is None:
        raise _missing("意见")
    await Lookup(call.integrator).must_own(opinion.region_id, field="id")
    return await _listed(opinion_id=opinion.id)


async def give_attachment(call: Call[Nothing, Nothing]) -> FileAnswer:
    """The file as it came. Handwriting and voices are personal data: who asks for it is logged."""
    attachment = await Attachment.get_or_none(id=_id(call.path["id"], "附件")).select_related(
        "evaluation", "opinion"
    )
    if attachment is None:
        raise _missing("附件")
    await Lookup(call.integrator).must_own(_of(attachment).region_id, field="id")
    log.info("attachment given", attachment=str(attachment.id), integrator=call.integrator.name)
    content = await unsealed(call.office, attachment)
    return FileAnswer(content, attachment.media_type, str(attachment.id))


def _of(attachment: Attachment) -> Evaluation | Opinion:
    found = attachment.evaluation or attachment.opinion
    if found is None:
        raise LookupError(f"attachment {attachment.id} is of nothing")
    return found


async def _listed(**of: UUID) -> AttachmentsAnswer:
    found = (
        Attachment.filter(**of).only("id", "said_at", "media_type", "size", "digest").order_by("id")
    )
    return AttachmentsAnswer(attachments=[_answer(each) async for each in found])


def _answer(attachment: Attachment) -> AttachmentAnswer:
    return AttachmentAnswer(
        id=attachment.id,
        said_at=attachment.said_at,
        media_type=attachment.media_type,
        size=attachment.size,
        digest=attachment.digest,
    )


def _id(text: str, what: str) -> UUID:
    """Raises Missing."""
    try:
        return UUID(text)
    except ValueError:
        raise _missing(what) from None


def _missing(what: str) -> Missing:
    return Missing(f"没有这个编号的{what}")


_MISSING = (HTTPStatus.NOT_FOUND,)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/entries",
        key_in,
        "Key in a rating or an opinion from paper or a call",
        "ratings",
        EntryAnswer,
        body=Entry,
        part="entry",
        problems=(HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE),
    ),
    Endpoint(
        "GET",
        "/api/v1/evaluations/{id}/attachments",
        list_evaluation_attachments,
        "Files of an evaluation that was keyed in",
        "ratings",
        AttachmentsAnswer,
        problems=_MISSING,
    ),
    Endpoint(
        "GET",
        "/api/v1/opinions/{id}/attachments",
        list_opinion_attachments,
        "Files of an opinion that was keyed in",
        "ratings",
        AttachmentsAnswer,
        problems=_MISSING,
    ),
    Endpoint(
        "GET",
        "/api/v1/attachments/{id}",
        give_attachment,
        "A file",
        "ratings",
        FileAnswer,
        problems=_MISSING,
    ),
)
