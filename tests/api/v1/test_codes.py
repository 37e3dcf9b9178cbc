"""Static codes and the images of links: made again from the link, they are the same."""

from __future__ import annotations

import io
import struct
import zlib
from xml.etree import ElementTree as ET

import segno

from api.qr import MARGIN
from models.tables import StaticCode
from tests.api.service import BASE, Service

PNG = b"\x89PNG\r\n\x1a\n"


async def image(service: Service, link: str, form: str) -> bytes:
    async with service.client.get(f"{link.removeprefix(BASE)}/qr.{form}") as response:
        assert response.status == 200
        kind = {"svg": "image/svg+xml", "png": "image/png"}[form]
        assert response.content_type == kind
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        return await response.read()


def expected(link: str, form: str) -> bytes:
    out = io.BytesIO()
    scale = 1 if form == "svg" else 8
    segno.make(link, error="m", micro=False).save(out, kind=form, border=MARGIN, scale=scale)
    return out.getvalue()


def png_is_whole(content: bytes) -> int:
    """Its width; every chunk's checksum fits."""
    assert content.startswith(PNG)
    at, kinds = len(PNG), []
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert zlib.crc32(kind + body) == crc
        kinds.append(kind)
        at += 12 + length
    assert (kinds[0], kinds[-1]) == (b"IHDR", b"IEND")
    (width,) = struct.unpack(">I", content[16:20])
    return int(width)


async def test_a_dynamic_code_leads_to_its_link_and_says_it_was_scanned(service: Service) -> None:
    link = await service.completed()
    for form in ("svg", "png"):
        assert await image(service, link, form) == expected(f"{link}?c=q", form)


async def test_a_static_code_leads_to_its_place(service: Service) -> None:
    for place, name in (
        ({"window": "CA-W1"}, "潮安大厅1号窗口"),
        ({"hall": "CA-H1"}, "潮安大厅"),
        ({"platform": "CA-P2"}, "1号自助机"),
    ):
        code = await service.good("/api/v1/codes", place)
        assert code["place"] == name
        assert code["link"] == f"{BASE}/q/{code['code']}"
        assert code["qr"]["svg"] == f"{code['link']}/qr.svg"
        for form in ("svg", "png"):
            assert await image(service, code["link"], form) == expected(code["link"], form)
        assert await service.good("/api/v1/codes", place) == code
    assert await StaticCode.all().count() == 3


async def test_the_images_are_whole(service: Service) -> None:
    link = await service.completed()
    root = ET.fromstring(await image(service, link, "svg"))  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    modules = segno.make(f"{link}?c=q", error="m", micro=False).symbol_size(border=MARGIN)[0]
    assert png_is_whole(await image(service, link, "png")) == 8 * modules


async def test_no_image_for_a_link_that_is_none(service: Service) -> None:
    link = (await service.completed()).removeprefix(BASE)
    for path in (
        f"{link}x/qr.svg",
        "/r/x/qr.svg",
        "/r/%00/qr.png",
        "/r/%F0%9F%98%80/qr.png",
        "/q/nichts/qr.svg",
        "/q/%00/qr.svg",
        f"/q/{'1' * 17}/qr.svg",
        f"/q/{'1' * 51}/qr.svg",
        "/q/%ED%A0%80/qr.svg",
        f"{link}/qr.gif",
    ):
        assert (await service.get(path, key=None)).status == 404
