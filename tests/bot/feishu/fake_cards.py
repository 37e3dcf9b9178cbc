"""Cards as their documentation has them (JSON 1.0): whatever is not in it is refused, although the
platform passes over it in silence."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any


class Unfit(Exception):
    """230099 to an application, 9499 to a robot."""


def check(card: object, *, in_group: bool = False) -> None:
    """`in_group`: of a group robot, which hears of no tap."""
    _keys(card, {"config", "elements"}, {"header"})
    assert isinstance(card, dict)
    _keys(card["config"], {"enable_forward", "update_multi"})
    if not all(isinstance(value, bool) for value in card["config"].values()):
        raise Unfit("config")
    if "header" in card:
        _keys(card["header"], {"title", "template"})
        _text(card["header"]["title"])
        if card["header"]["template"] not in ("blue", "red", "orange", "grey"):
            raise Unfit("template")
    elements = card["elements"]
    if not isinstance(elements, list) or not 1 <= len(elements) <= 50:
        raise Unfit("elements")
    for element in elements:
        _element(element, in_group=in_group)


def _element(element: Any, *, in_group: bool) -> None:
    match element:
        case {"tag": "div", "text": text, **rest} if not rest:
            _text(text)
        case {"tag": "hr", **rest} if not rest:
            pass
        case {"tag": "action", "actions": [_, *_] as actions, **rest} if not rest:
            for each in actions:
                _button(each, in_group=in_group)
        case _:
            raise Unfit(f"an element {element!r}")


def _button(button: Any, *, in_group: bool) -> None:
    _keys(button, {"tag", "text", "type"}, {"url", "value"})
    if button["tag"] != "button" or button["type"] not in ("default", "primary", "danger"):
        raise Unfit("a button")
    _text(button["text"])
    if ("url" in button) == ("value" in button):
        raise Unfit("a button that leads nowhere, or to two places")
    if "url" in button and not button["url"].startswith(("https://", "http://")):
        raise Unfit("url")
    if "value" in button and (in_group or not isinstance(button["value"], dict)):
        raise Unfit("value")


def _text(text: Any) -> None:
    _keys(text, {"tag", "content"})
    if text["tag"] != "plain_text" or not isinstance(text["content"], str) or not text["content"]:
        raise Unfit("text")


def _keys(part: object, needed: set[str], allowed: AbstractSet[str] = frozenset()) -> None:
    if not isinstance(part, Mapping) or not needed <= set(part) <= needed | allowed:
        raise Unfit(f"fields {part!r}")
