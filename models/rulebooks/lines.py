"""On which line of a TOML file a value stands. tomllib does not say, so it is asked by pieces."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

Place = tuple[str | int, ...]
"""Keys and indices from the root: ("version", 0, "scores", "points")."""


def index(text: str) -> dict[Place, int]:
    """The line where the statement begins that first makes each place appear.

    `text` must be valid TOML. Each statement is added to those before it and the whole is parsed
    again: tomllib alone decides what a dotted key or an array of tables means. That is quadratic,
    and only done for a file that has a fault.
    """
    rows = text.replace("\r\n", "\n").split("\n")
    found: dict[Place, int] = {(): 1}
    for first, last in _statements(rows):
        for place in _places(tomllib.loads("\n".join(rows[:last]))):
            found.setdefault(place, first)
    return found


def line_of(place: Place, lines: Mapping[Place, int]) -> int:
    """What is missing from the file is looked for where its table begins."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _statements(rows: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each. A statement that goes on below cannot be parsed until it ends,
    because the break lies within a bracket or a string."""
    first = 0
    for number, row in enumerate(rows, start=1):
        if not first:
            if not row.strip() or row.lstrip().startswith("#"):
                continue
            first = number
        if _whole("\n".join(rows[first - 1 : number])):
            yield first, number
            first = 0


def _whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    yield place
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*place, number))
