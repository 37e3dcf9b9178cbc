"""A browser without script: reads a page's form and links, and posts what a person filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

Client = TestClient[web.Request, web.Application]


@dataclass
class Field:
    name: str
    kind: str
    value: str
    id: str = ""
    checked: bool = False

    @property
    def sent(self) -> bool:
        return self.checked or self.kind not in ("radio", "checkbox")


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self.labels: dict[str, str] = {}
        self.links: list[tuple[str, str]] = []
        self.action: str | None = None
        self._label = self._link = ""
        self._area: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.action = given.get("action", "")
            case "input":
                kind, value = given.get("type", "text"), given.get("value", "")
                name, checked = given["name"], "checked" in given
                self.fields.append(Field(name, kind, value, given.get("id", ""), checked))
            case "textarea":
                self._area = Field(given["name"], "textarea", "", given.get("id", ""))
                self.fields.append(self._area)
            case "label":
                self._label = given["for"]
            case "a":
                self._link = given["href"]
                self.links.append(("", self._link))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "textarea" if self._area is not None:
                self._area.value, self._area = self._area.value.removeprefix("\n"), None
            case "label":
                self._label = ""
            case "a":
                self._link = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif self._label:
            self.labels[self._label] = self.labels.get(self._label, "") + data.strip()
        elif self._link:
            said, address = self.links[-1]
            self.links[-1] = (said + data.strip(), address)


@dataclass
class Page:
    """What the person sees. Raises LookupError for what is not on it."""

    status: int
    text: str
    url: URL
    _reader: _Reader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._reader = _Reader(self.text)

    def shows(self, *words: str) -> bool:
        return all(each in self.text for each in words)

    @property
    def links(self) -> dict[str, str]:
        return dict(self._reader.links)

    def asks_for(self, name: str) -> bool:
        return any(each.name == name for each in self._reader.fields)

    def is_chosen(self, name: str) -> bool:
        """By radio buttons or checkboxes."""
        return any(
            each.name == name and each.kind in ("radio", "checkbox") for each in self._reader.fields
        )

    def choices(self, name: str) -> list[str]:
        """The labels of the radio buttons or checkboxes."""
        return [self._reader.labels[each.id] for each in self._reader.fields if each.name == name]

    def choose(self, name: str, label: str) -> None:
        chosen = self._labelled(label, name)
        for each in self._reader.fields:
            if each.name == name and each.kind == "radio":
                each.checked = False
        chosen.checked = True

    def write(self, name: str, text: str) -> None:
        (found,) = (each for each in self._reader.fields if each.name == name)
        found.value = text

    def answer(self, question: str, text: str) -> None:
        self._labelled(question).value = text

    def _labelled(self, label: str, name: str | None = None) -> Field:
        for each in self._reader.fields:
            if self._reader.labels.get(each.id) == label and name in (None, each.name):
                return each
        raise LookupError(f"no field {name or ''} labelled {label}")

    @property
    def filled_in(self) -> list[tuple[str, str]]:
        return [(each.name, each.value) for each in self._reader.fields if each.sent]

    @property
    def target(self) -> str:
        """Where the form goes. A form without action goes to its own page."""
        if self._reader.action is None:
            raise LookupError("no form")
        return self._reader.action or str(self.url.relative())


@dataclass(frozen=True, slots=True)
class Browser:
    client: Client

    async def open(self, address: str) -> Page:
        url = URL(address)
        answer = await self.client.get(url.relative() if url.absolute else url)
        return Page(answer.status, await answer.text(), answer.url)

    async def submit(self, page: Page) -> Page:
        answer = await self.client.post(page.target, data=page.filled_in)
        return Page(answer.status, await answer.text(), answer.url)
