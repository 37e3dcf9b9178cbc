"""What is wrong with a report is said field by field, and nothing is stored."""

from __future__ import annotations

import io
from typing import Any

import pytest

from api.app import LARGEST_BODY
from tests.api.directory import CALL, CASE, COMPLETION, VISIT
from tests.api.service import Service, refused, row_counts

CASES = "/api/v1/cases"
BATCH = {"kind": "batch", "number": "B1", "size": 2}

INVALID: tuple[tuple[str, dict[str, Any], set[str]], ...] = (
    (CASES, {"number": ""}, {"number"}),
    (CASES, {"number": "a b"}, {"number"}),
    (CASES, {"number": "1" * 51}, {"number"}),
    (CASES, {"number": 7}, {"number"}),
    (CASES, {"number": None}, {"number"}),
    (CASES, {"number": "a\0b"}, {"number"}),
    (CASES, {"kind": "other"}, {"kind"}),
    (CASES, {"handling": "by post", "colour": "red"}, {"handling", "colour"}),
    (CASES, {"applicant": []}, {"applicant"}),
    (CASES, {"applicant": {"phone": "12"}}, {"applicant.phone"}),
    (CASES, {"applicant": {"phone": "010-12345"}}, {"applicant.phone"}),
    (CASES, {"applicant": {"phone": "1" * 31}}, {"applicant.phone"}),
    (CASES, {"applicant": {"kind": "dog"}}, {"applicant.kind"}),
    (CASES, {"applicant": {"email": "nobody"}}, {"applicant.email"}),
    (CASES, {"applicant": {"name": "一\n二"}}, {"applicant.name"}),
    (CASES, {"applicant": {"name": "一" * 101}}, {"applicant.name"}),
    (CASES, {"applicant": {"identity": "\x7f"}}, {"applicant.identity"}),
    (CASES, {"accepted_at": "2026-03-01T09:00:00"}, {"accepted_at"}),
    (CASES, {"accepted_at": "yesterday"}, {"accepted_at"}),
    (CASES, {"accepted_at": True}, {"accepted_at"}),
    (CASES, {"accepted_at": 2**70}, {"accepted_at"}),
    (CASES, {"accepted_at": "0001-01-01T00:00:00+14:00"}, {"accepted_at"}),
    (CASES, {"accepted_at": "9999-12-31T23:59:59-12:00"}, {"accepted_at"}),
    (CASES, {"call": "CALL-1"}, {"body"}),
    (CASES, {"group": {**BATCH, "size": 1}}, {"group.size"}),
    (CASES, {"group": {**BATCH, "size": 2**70}}, {"group.size"}),
    (CASES, {"group": {**BATCH, "size": "two"}}, {"group.size"}),
    (CASES, {"group": {**BATCH, "size": 2.5}}, {"group.size"}),
    (CASES, {"group": {**BATCH, "kind": "theme"}}, {"group"}),
    ("/api/v1/visits", {"number": 0}, {"number"}),
    ("/api/v1/visits", {"number": 10_000}, {"number"}),
    ("/api/v1/visits", {"at": "2026-03-02T09:11:00+08:00"}, {"at"}),
    ("/api/v1/visits", {"staff": None, "at": None}, {"staff", "at"}),
    ("/api/v1/completions", {"at": "2026-03-02T09:11:00+08:00"}, {"at"}),
    ("/api/v1/completions", {"case": "\u3000"}, {"case"}),
    ("/api/v1/calls", {"ended_at": "2026-03-02T09:11:00+08:00"}, {"ended_at"}),
    ("/api/v1/calls", {"caller": ""}, {"caller"}),
    ("/api/v1/codes", {}, {"body"}),
    ("/api/v1/codes", {"window": "CA-W1", "hall": "CA-H1"}, {"body"}),
    ("/api/v1/codes", {"window": ""}, {"window"}),
    ("/api/v1/integrators", {"name": ""}, {"name"}),
    ("/api/v1/integrators", {"name": " \t "}, {"name"}),
    ("/api/v1/integrators", {"name": "一" * 101}, {"name"}),
    ("/api/v1/integrators", {"name": "a", "region": ""}, {"region"}),
)
UNKNOWN: tuple[tuple[str, dict[str, Any], str], ...] = (
    (CASES, {"agency": "?"}, "agency"),
    (CASES, {"item": "?"}, "item"),
    (CASES, {"group": {**BATCH, "lead_agency": "?"}}, "group.lead_agency"),
    (CASES, {"group": {**BATCH, "theme": "?"}}, "group.theme"),
    ("/api/v1/visits", {"staff": "?"}, "staff"),
    ("/api/v1/visits", {"window": "?"}, "window"),
    ("/api/v1/calls", {"platform": "?"}, "platform"),
    ("/api/v1/calls", {"staff": "?"}, "staff"),
    ("/api/v1/codes", {"window": "?"}, "window"),
    ("/api/v1/codes", {"hall": "?"}, "hall"),
    ("/api/v1/codes", {"platform": "?"}, "platform"),
    ("/api/v1/integrators", {"name": "a", "region": "?"}, "region"),
)
BASES: dict[str, dict[str, Any]] = {
    CASES: CASE,
    "/api/v1/visits": VISIT,
    "/api/v1/completions": COMPLETION,
    "/api/v1/calls": CALL,
    "/api/v1/codes": {},
    "/api/v1/integrators": {},
}


async def test_every_field_at_fault_is_named_in_chinese(service: Service) -> None:
    before = await row_counts()
    for path, changed, fields in INVALID:
        refused(await service.post(path, {**BASES[path], **changed}), 422, "invalid", *fields)
    assert await row_counts() == before


async def test_a_code_that_names_nothing_is_told(service: Service) -> None:
    before = await row_counts()
    for path, changed, field in UNKNOWN:
        answer = await service.post(path, {**BASES[path], **changed})
        refused(answer, 422, "unknown_reference", field)
    assert await row_counts() == before


async def test_what_is_missing_is_named(service: Service) -> None:
    answer = await service.post(CASES, {})
    refused(answer, 422, "invalid", "number", "agency", "item", "handling")
    assert {each["message"] for each in answer.body["errors"]} == {"缺少这个字段"}


async def test_choices_are_listed_without_english(service: Service) -> None:
    answer = await service.post(CASES, {**CASE, "kind": "x"})
    (error,) = answer.body["errors"]
    assert error["message"] == "可用的值：application、consultation、transferred"


async def test_a_region_without_a_rulebook_takes_no_cases(service: Service) -> None:
    before = await row_counts()
    answer = await service.post(CASES, {**CASE, "agency": "NO-A", "item": "NO-I"})
    refused(answer, 422, "invalid", "agency")
    assert await row_counts() == before


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "7", '"case"', "[" * 100_000, "\ufeff{}", '{"a": NaN}'],
)
async def test_what_is_no_object_is_refused(service: Service, text: str) -> None:
    answer = await service.ask("POST", CASES, data=text.encode())
    assert answer.status in {400, 422}
    refused(answer, answer.status, answer.body["code"], *answer.fields)
    assert answer.fields <= {"a", "body", "number", "agency", "item", "handling"}


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"number": "\xff"}', b'{"number": "\\ud800"}'])
async def test_what_is_not_utf_8_is_refused(service: Service, raw: bytes) -> None:
    refused(await service.ask("POST", CASES, data=raw), 400, "bad_body")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "nonsense"])
async def test_what_is_said_to_be_compressed_and_is_not_is_refused(
    service: Service, encoding: str
) -> None:
    answer = await service.ask("POST", CASES, data=b"{}", headers={"Content-Encoding": encoding})
    assert answer.status in {400, 422}, answer.text


async def test_a_body_beyond_all_measure_is_refused(service: Service) -> None:
    answer = await service.ask("POST", CASES, data=io.BytesIO(b" " * LARGEST_BODY + b"{}"))
    refused(answer, 413, "too_large")


@pytest.mark.parametrize(
    "name", ["一" * 100, "𠮷" * 100, "\u200d" * 100], ids=["three", "four", "joiners"]
)
async def test_the_longest_names_are_kept(service: Service, name: str) -> None:
    """Sealed, 100 characters of four bytes each still fit their column."""
    applicant = {"name": name, "email": f"{'é' * 60}@{'𠮷' * 35}.cn", "identity": "ΐ" * 50}
    agent = {"name": name}
    case = {**CASE, "applicant": applicant, "agent": agent}
    assert (await service.good(CASES, case))["fresh"]
    assert (await service.good("/api/v1/integrators", {"name": name}))["name"] == name.strip()
