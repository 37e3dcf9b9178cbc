"""Forms that no browser sends: a 4xx page, nothing stored, never a 5xx."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import FormData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.tables import Coverage, Evaluation, Invitation, Opinion, WorkOrder
from tests.api.pages.town import Client, Town, once_in, under

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"once=" + b"x" * 300_000, {"Content-Type": FORM}, 413),
        (b"&".join(b"f%d=1" % n for n in range(5000)), {"Content-Type": FORM}, 400),
        (b"level=5&level=1", {"Content-Type": FORM}, 400),
        (b"level=5&w-item=%ff%fe", {"Content-Type": FORM}, 400),
        (b"level=5&w-item=%ed%a0%80", {"Content-Type": FORM}, 400),
        (b"level=5&w-item=\xff\xfe", {"Content-Type": FORM}, 400),
        (b"level=5", {"Content-Type": FORM}, 400),
        (b"", {"Content-Type": FORM}, 400),
        (b"level=5&once=%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00", {}, 415),
        (b'{"level": 5}', {"Content-Type": "application/json"}, 415),
        (b"--x\r\n\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"\x00\x01", {"Content-Type": FORM, "Content-Encoding": "deflate"}, 400),
        (b"\x00\x01", {"Content-Type": FORM, "Content-Encoding": "gzip"}, 400),
    ],
    ids=range(13),
)
@under("chaoan")
async def test_what_is_no_form(
    town: Town, client: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    invitation = await town.completed()
    for path in (town.link(invitation), "/q/W1?whole=1"):
        answer = await client.post(path, data=body, headers=headers)
        assert answer.status == status
        # What the server itself cannot unpack never gets as far as a page.
        assert "<h1>" in await answer.text() or headers.get("Content-Encoding") == "deflate"
    await _nothing_is_stored()


@under("tianjin")
async def test_a_file_in_place_of_words(town: Town, client: Client) -> None:
    invitation = await town.completed()
    form = FormData()
    form.add_field("w-item", b"\x00" * 10, filename="x.exe")
    answer = await client.post(town.link(invitation), data=form)
    assert answer.status == 415
    await _nothing_is_stored()


@pytest.mark.parametrize("words", ["\x00", "\x07", "a\x1bb", "\x7f"])
@under("chaoan")
async def test_words_that_cannot_be_stored(town: Town, client: Client, words: str) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {"once": once, "level": "5", "w-item": f"好{words}好"}
    answer = await client.post(town.link(invitation), data=fields)
    assert answer.status == 422
    assert "含有不能保存的控制字符" in await answer.text()
    await _nothing_is_stored()


NAMES = st.sampled_from(
    ["level", "once", "i-item-5", "i-item-1", "w-item", "w-staff", "a-0", "name", "phone", "digits"]
) | st.text(max_size=10)
VALUES = st.sampled_from(["5", "1", "501", "A" * 16, "TJ-I1-1", ""]) | st.text(max_size=50)
FIELDS = st.lists(
    st.tuples(
        NAMES.map(lambda text: text.encode("utf-8", "surrogatepass")),
        VALUES.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=30),
    ),
    max_size=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(fields=FIELDS, query=st.text(max_size=20))
@under("tianjin")
async def test_any_form_is_answered(
    town: Town, client: Client, fields: list[tuple[bytes, bytes]], query: str
) -> None:
    answers: list[Any] = []
    known = await Invitation.first() or await town.completed(named=False)
    for path in (town.link(known), "/q/W1", "/q/H1?whole=1"):
        answers.append(
            await client.post(path, data=_encoded(fields), headers={"Content-Type": FORM})
        )
        answers.append(await client.get(path, params={"via": query, "c": query, "big": query}))
    assert all(answer.status < 500 for answer in answers)
    if await Evaluation.all().count():
        assert await Coverage.all().count()


def _encoded(fields: list[tuple[bytes, bytes]]) -> bytes:
    def percent(raw: bytes) -> bytes:
        return b"".join(b"%%%02X" % byte for byte in raw)

    return b"&".join(percent(name) + b"=" + percent(value) for name, value in fields)


async def _nothing_is_stored() -> None:
    for table in (Evaluation, Coverage, WorkOrder, Opinion):
        assert await table.all().count() == 0
