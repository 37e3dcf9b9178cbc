"""复核单: the form of 威海临港's annex, filled in from an order. Never by whom it was rated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.sheets.layout import MM
from api.sheets.ruled import WIDE, Cell, Form

LABEL = 32 * MM
HALF = WIDE / 2 - LABEL
REST = WIDE - LABEL


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    title: str
    number: int
    """Of the order."""
    channel: str
    said_at: str
    rater: str
    contact: str
    subject: str
    window: str
    classes: tuple[tuple[str, bool], ...]
    """Each class of the rulebook, and whether it is the order's."""
    said: tuple[str, ...]
    dispatched_by: str
    dispatched_at: str
    carried_out: tuple[str, ...]
    called_back_by: str
    reviewed: tuple[str, ...]
    reviewed_by: str
    result: str
    notes: tuple[str, ...]


def review_pdf(sheet: ReviewSheet) -> bytes:
    """A4, as many pages as what was said and done takes."""
    form = Form(sheet.title, f"工单{sheet.number}")
    form.row(_pairs("评价渠道", sheet.channel, "投诉时间", sheet.said_at))
    form.row(_pairs("评价人", sheet.rater, "联系方式", sheet.contact))
    form.row(_pairs("被评价事项/个人", sheet.subject, "所在窗口", sheet.window))
    form.block(
        Cell.of(("差评分类", "（在对应分类后面用“√”勾选）"), LABEL, label=True),
        [
            (Cell.of((name,), REST - HALF), Cell.of(("√" if ticked else "",), HALF, label=True))
            for name, ticked in sheet.classes
        ],
    )
    form.row(_long("投诉内容", sheet.said))
    form.row(_pairs("投诉交办人", sheet.dispatched_by, "交办时间", sheet.dispatched_at))
    form.row(_long("落实情况", (*sheet.carried_out, f"回访人：{sheet.called_back_by}")))
    form.row(_long("复核情况", (*sheet.reviewed, f"复核人：{sheet.reviewed_by}")))
    form.row(_long("复核结果", (sheet.result,)))
    form.notes(tuple(_notes(sheet.notes)))
    return form.finished()


def _pairs(*texts: str) -> list[Cell]:
    return [
        Cell.of((text,), (LABEL, HALF)[at % 2], label=at % 2 == 0) for at, text in enumerate(texts)
    ]


def _long(label: str, texts: Sequence[str]) -> list[Cell]:
    return [Cell.of((label,), LABEL, label=True), Cell.of(texts, REST)]


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield "备注："
    for number, note in enumerate(notes, 1):
        yield f"{number}. {note}"
