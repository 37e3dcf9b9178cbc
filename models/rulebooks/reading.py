"""A rulebook from its TOML text. Either a whole rulebook, or every fault with its line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.rulebooks.faults import Fault, RulebookFaults, not_toml, sentence
from models.rulebooks.lines import Place, index, line_of
from models.rulebooks.rule import PLATFORM
from models.rulebooks.rulebook import Rulebook, Span, Version, misplaced

Table = dict[str, Any]

OWN = frozenset({"levels", "order_opening", "first_receiver"})
"""What a regulation always says itself: the base never speaks for it unasked."""


def read(text: str, base: Version | None, file: str = "") -> Rulebook:
    """`base` supplies the rules that figures and forms cannot do without, and those that the text
    switches on by `"platform"`; None when the text is the base itself. Raises RulebookFaults."""
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise RulebookFaults([not_toml(error, text)]).in_file(file) from None
    found = _days(data)
    if "versions" in data:
        found["versions",] = "没有这个键，是否应为version"
    rulebook = None
    try:
        rulebook = _validated(data, base)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            place = _place(details, data)
            if not _echo(details, found):
                found[place] = _sentence(details, place)
    if rulebook is None or found:
        lines = index(text)
        raise RulebookFaults(
            Fault(_key(place), line_of(place, lines), message, file)
            for place, message in found.items()
        )
    return rulebook


def _validated(data: Table, base: Version | None) -> Rulebook:
    """By way of JSON: there pydantic knows in strict mode that an array may be a tuple and a string
    an enum's value, and still takes no "yes" for true and no "7" for 7."""
    defaults: Table = {} if base is None else base.model_dump(mode="json", exclude_none=True)
    versions = data.get("version", [])
    if isinstance(versions, list):
        versions = [_on_base(version, defaults) for version in versions]
    whole = {key: value for key, value in data.items() if key != "version"}
    whole["versions"] = versions
    plain = json.dumps(whole, default=lambda day: day.isoformat())
    return Rulebook.model_validate_json(plain, strict=True)


def _on_base(version: object, defaults: Table) -> object:
    if not isinstance(version, dict):
        return version
    supplied = {
        name: defaults[name]
        for name in Version.rule_names()
        if Version.model_fields[name].is_required() and name not in OWN and name in defaults
    }
    return supplied | {key: _switched(rule, defaults.get(key)) for key, rule in version.items()}


def _switched(value: object, default: object) -> object:
    """A rule of the base where the text says `"platform"`. Only a whole rule can be switched on:
    a part of it would pass under the article that the rest comes from."""
    if not isinstance(default, dict) or "source" not in default:
        return value
    if value == PLATFORM:
        return default
    if isinstance(value, dict):
        return {key: _switched(inner, default.get(key)) for key, inner in value.items()}
    return value


def _days(data: Table) -> dict[Place, str]:
    """Looked at here as well as in Rulebook, which gets no say while any rule has a fault."""
    versions = data.get("version")
    if not isinstance(versions, list):
        return {}
    spans: list[Span] = []
    for version in versions:
        if not isinstance(version, dict):
            return {}
        begin, end = version.get("effective_from"), version.get("effective_until")
        # A datetime is a date to Python, yet the two cannot be compared.
        if not (begin == "unknown" or type(begin) is date) or type(end) not in {date, type(None)}:
            return {}
        spans.append((begin, end))
    return {("version", place, field): why for place, field, why in misplaced(spans)}


def _echo(details: ErrorDetails, found: dict[Place, str]) -> bool:
    """What pydantic says a second time: that the days clash, or that an array whose items are all
    faulty is empty."""
    match details["type"]:
        case "value_error":
            return details["loc"] == () and bool(found)
        case "too_short":
            return bool(len(details["input"]) >= details["ctx"]["min_length"])
    return False


def _place(details: ErrorDetails, data: Table) -> Place:
    """Where in the file. pydantic's own marks (the branch of a union, a key and not its value) lead
    nowhere there and are dropped; what is missing keeps its name."""
    place: Place = ()
    here: Any = data
    for part in details["loc"]:
        name = "version" if part == "versions" and not place else part
        if isinstance(here, dict) and name in here:
            here = here[str(name)]
        elif isinstance(here, list) and isinstance(name, int):
            here = here[name]
        elif details["type"] in {"missing", "too_short"}:
            return (*place, name)
        else:
            return place
        place = (*place, name)
    return place


def _sentence(details: ErrorDetails, place: Place) -> str:
    if place == ("version",):
        return "至少要有一个版本，写成[[version]]"
    if details["type"] != "extra_forbidden":
        return sentence(details)
    near = get_close_matches(str(place[-1]), _keys_beside(place), n=1)
    return "没有这个键" + "".join(f"，是否应为{key}" for key in near)


def _keys_beside(place: Place) -> list[str]:
    """What may be written in the table where `place` is."""
    model: type[BaseModel] = Rulebook
    for part in place[:-1]:
        name = "versions" if part == "version" and model is Rulebook else part
        if isinstance(name, str) and name in model.model_fields:
            model = next(_models(model.model_fields[name].annotation), model)
    return ["version" if key == "versions" else key for key in model.model_fields]


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _key(place: Place) -> str:
    key = ""
    for part in place:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else part
    return key or "文件"
