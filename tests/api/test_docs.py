"""/docs tells what /openapi.json tells, and loads nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.api.service import Service

LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.loaded += [value for name, value in given.items() if name in LOADING]
        if tag == "link":
            self.loaded.append(given.get("href", ""))
        if "href" in given:
            self.links.add(given["href"])
        if "id" in given:
            self.ids.append(given["id"])

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_the_page_loads_nothing_and_runs_nothing(service: Service) -> None:
    answer = await service.get("/docs", key=None)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    reader = Reader()
    reader.feed(answer.text)
    assert reader.loaded == []
    assert not reader.tags & {"script", "img", "iframe", "object", "embed"}
    assert not re.search(r"url\(|@import", answer.text)
    assert all(link.startswith(("#", "/")) and link[:2] != "//" for link in reader.links)


async def test_every_endpoint_and_shape_is_there_and_every_reference_leads_somewhere(
    service: Service,
) -> None:
    described = (await service.get("/openapi.json", key=None)).body
    reader = Reader()
    reader.feed((await service.get("/docs", key=None)).text)
    assert len(set(reader.ids)) == len(reader.ids)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in reader.text
            assert operation["operationId"] in reader.ids
    assert set(described["components"]["schemas"]) <= set(reader.ids)
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
