"""All rulebooks at hand: those that come with the program, and the operator's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from models.rulebooks.faults import Fault, RulebookFaults
from models.rulebooks.lines import index, line_of
from models.rulebooks.reading import read
from models.rulebooks.rulebook import Rulebook, Version

NATIONAL: Final = "national"


class UnknownRulebook(LookupError):
    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"没有规则书“{name}”，现有：{'、'.join(known)}")
        self.name = name


@dataclass(frozen=True, slots=True)
class _Text:
    file: str
    folder: int
    """0 for the program's own."""
    text: str
    national: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    national: Rulebook
    """The base: shown, but nobody's regulation."""
    jurisdictions: Mapping[str, Rulebook]
    """In the order of their names."""

    @classmethod
    def load(cls, *folders: Path) -> Shelf:
        """A rulebook in a folder replaces the one of its name that came before, the base included.
        Raises RulebookFaults with the faults of all files, and OSError for a folder that is not
        there: a wrong setting must not pass for an empty folder."""
        texts = [
            text
            for number, folder in enumerate((files(__package__), *folders))
            for text in _texts(folder, number)
        ]
        national = [text for text in texts if text.national][-1]
        base = read(national.text, None, national.file)
        return cls(base, MappingProxyType(_read_all(texts, base.versions[-1])))

    @property
    def base(self) -> Version:
        return self.national.versions[-1]

    def book(self, name: str) -> Rulebook:
        """Raises UnknownRulebook, for the base too: nothing is judged by it."""
        try:
            return self.jurisdictions[name]
        except KeyError:
            raise UnknownRulebook(name, self.jurisdictions) from None

    def books(self) -> tuple[Rulebook, ...]:
        return tuple(self.jurisdictions.values())

    def without_date(self) -> tuple[Rulebook, ...]:
        """Whose regulation names no day: to be filled in by the jurisdiction (reading 33)."""
        return tuple(
            book
            for book in self.books()
            if any(version.effective_from == "unknown" for version in book.versions)
        )


def _texts(folder: Traversable, number: int) -> Iterator[_Text]:
    own = number == 0
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".toml"):
            continue
        file = path.name if own else str(path)
        content = path.read_bytes()
        try:
            # Editors on Windows begin a file with a mark that TOML does not know.
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise RulebookFaults([Fault("文件", line, "不是UTF-8编码", file)]) from None
        yield _Text(file, number, text, national=_name(text) == NATIONAL)


def _name(text: str) -> object:
    """None where there is none to be read; reading the whole will say why."""
    try:
        return tomllib.loads(text).get("name")
    except ValueError:
        return None


def _read_all(texts: Iterable[_Text], base: Version) -> dict[str, Rulebook]:
    books: dict[str, Rulebook] = {}
    seen: dict[tuple[str, int], str] = {}
    faults: list[Fault] = []
    for text in texts:
        if text.national:
            continue
        try:
            book = read(text.text, base, text.file)
        except RulebookFaults as found:
            faults.extend(found.faults)
            continue
        if twin := seen.get((book.name, text.folder)):
            line = line_of(("name",), index(text.text))
            faults.append(Fault("name", line, f"与{twin}同名", text.file))
        seen[book.name, text.folder] = text.file
        books[book.name] = book
    if faults:
        raise RulebookFaults(faults)
    return dict(sorted(books.items()))
