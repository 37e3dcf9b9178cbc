"""The console before somebody of the staff: signs in, reads an order's page, fills in its forms."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from yarl import URL

from tests.scenarios.browser import Page

Said = str | Sequence[str]
"""What is typed into a field, or the label chosen; of checkboxes all that are ticked."""

_FORM = re.compile(r"<form.*?</form>", re.DOTALL)
_STEP = re.compile(r"/staff/orders/\d+/(\w+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with as many forms as it has."""

    status: int
    text: str
    url: URL

    @property
    def forms(self) -> dict[str, Page]:
        """By where they go."""
        found = (Page(self.status, form, self.url) for form in _FORM.findall(self.text))
        return {form.target: form for form in found}

    @property
    def steps(self) -> list[str]:
        """Those that are offered; to look up the rater's number is none of them."""
        taken = (_STEP.fullmatch(target) for target in self.forms)
        return [found[1] for found in taken if found and found[1] != "reveal"]

    @property
    def words(self) -> str:
        """What it says, without its tags."""
        body = self.text[self.text.index("<main") :]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())

    def shows(self, *words: str) -> bool:
        return all(each in self.words for each in words)

    @property
    def token(self) -> str:
        return next(dict(form.filled_in)["csrf"] for form in self.forms.values())


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody signed in, with a browser of their own. Orders go by their numbers."""

    session: aiohttp.ClientSession

    async def open(self, path: str) -> Sheet:
        async with self.session.get(path) as answer:
            return Sheet(answer.status, await answer.text(), answer.url)

    async def send(
        self, target: str, fields: Sequence[tuple[str, str]], files: Sequence[bytes] = ()
    ) -> Sheet:
        """The page to which it leads."""
        data = aiohttp.FormData(fields)
        for number, content in enumerate(files):
            name = f"{number}.jpg"
            data.add_field("files", content, filename=name, content_type="image/jpeg")
        async with self.session.post(target, data=data) as answer:
            return Sheet(answer.status, await answer.text(), answer.url)

    async def order(self, number: int) -> Sheet:
        return await self.open(f"/staff/orders/{number}")

    async def offered(self, number: int) -> list[str]:
        return (await self.order(number)).steps

    async def takes(self, number: int, step: str, *files: bytes, **said: Said) -> Sheet:
        """By its form, and it is done."""
        sheet = await self.tries(number, step, *files, **said)
        assert sheet.status == 200, sheet.words
        assert "已办理" in sheet.words, sheet.words
        return sheet

    async def tries(self, number: int, step: str, *files: bytes, **said: Said) -> Sheet:
        """By its form, whatever comes of it."""
        form = (await self.order(number)).forms[f"/staff/orders/{number}/{step}"]
        for name, words in said.items():
            _fill(form, name, words)
        fields = [(name, value) for name, value in form.filled_in if name != "files"]
        return await self.send(form.target, fields, files)

    async def forces(self, number: int, step: str, seen: int, **said: str) -> Sheet:
        """Without a form: it is not offered, or not any more."""
        token = (await self.open("/staff")).token
        fields = [("csrf", token), ("seen", str(seen)), *said.items()]
        return await self.send(f"/staff/orders/{number}/{step}", fields)

    async def looks_up(self, number: int, reason: str) -> Sheet:
        """Who has rated, and how to reach them."""
        form = (await self.order(number)).forms[f"/staff/orders/{number}/reveal"]
        form.write("reason", reason)
        return await self.send(form.target, form.filled_in)


def _fill(form: Page, name: str, words: Said) -> None:
    if not isinstance(words, str):
        for each in words:
            form.choose(name, each)
    elif form.is_chosen(name):
        form.choose(name, words)
    else:
        form.write(name, words)


async def sign_in(session: aiohttp.ClientSession, login: str, password: str, code: str) -> Seat:
    """By password and code, as the demo shows them."""
    seat = Seat(session)
    form = (await seat.open("/staff/sign-in")).forms["/staff/sign-in"]
    form.write("login", login)
    form.write("password", password)
    sheet = await seat.send(form.target, form.filled_in)
    form = sheet.forms["/staff/second-factor"]
    form.write("code", code)
    sheet = await seat.send(form.target, form.filled_in)
    assert (sheet.status, sheet.url.path) == (200, "/staff"), sheet.words
    return seat
