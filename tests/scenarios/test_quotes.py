"""The rulebooks quote the regulations: every quote stands in the article it is taken from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.rulebooks.rule import PLATFORM, Rule
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Level, Target

TEXTS = Path(__file__).parent / "texts"
NAMES = ("chaoan", "sanming", "qijiang", "lingang", "tianjin")

_NUMBER = "[一二三四五六七八九十]+"
# 第七条, 第二十二條 (so Chao'an writes it), 二、 or an annex; below it （三）, and below that 1.
_HEADINGS = (
    re.compile(rf"(第{_NUMBER}[条條]|{_NUMBER}(?=、)|附[件表](?=$|：))"),
    re.compile(rf"[（(]({_NUMBER})[）)]"),
    re.compile(r"(\d+)[.．]"),
)


def articles(name: str) -> dict[str, str]:
    """The text of every article, and of every part of one, by the name that a source gives it.
    Qijiang prints no 第三条: its words belong to 第二条 here."""
    path: tuple[str, ...] = ()
    found: dict[str, str] = {}
    for line in (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        stripped = line.strip()
        for depth, heading in enumerate(_HEADINGS):
            match = heading.match(stripped)
            if match and len(path) >= depth:
                number = match[1].replace("條", "条")
                path = (*path[:depth], f"({number})" if depth == 1 else number)
        for depth in range(1, len(path) + 1):
            key = "".join(path[:depth])
            found[key] = found.get(key, "") + _bare(stripped)
    return found


def _bare(text: str) -> str:
    """Lines are broken, and numbers set apart, differently in every print."""
    return re.sub(r"\s", "", text)


def _rules(rule: Rule) -> Iterator[Rule]:
    yield rule
    for name in type(rule).model_fields:
        if isinstance(inner := getattr(rule, name), Rule):
            yield from _rules(inner)


def _stated(shelf: Shelf, name: str) -> Iterator[tuple[str, Rule]]:
    for version in shelf.book(name).versions:
        for rule_name in Version.rule_names():
            if (rule := version.rule(rule_name)) and rule.source != PLATFORM:
                yield from ((rule_name, inner) for inner in _rules(rule))


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_an_article_of_the_text(shelf: Shelf, name: str) -> None:
    known = articles(name)
    named = {
        (rule_name, source)
        for rule_name, rule in _stated(shelf, name)
        for source in rule.source.split("、")
    }
    assert {(rule_name, source) for rule_name, source in named if source not in known} == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_quote_stands_in_its_article(shelf: Shelf, name: str) -> None:
    known = articles(name)
    quoted = [(rule_name, rule) for rule_name, rule in _stated(shelf, name) if rule.quote]
    assert len(quoted) > 30
    astray = [
        (rule_name, rule.source, rule.quote)
        for rule_name, rule in quoted
        if not any(_bare(rule.quote or "") in known[part] for part in rule.source.split("、"))
    ]
    assert astray == []


def test_tianjins_indicators_are_those_of_its_annex_in_order(shelf: Shelf) -> None:
    annex = (TEXTS / "tianjin.txt").read_text(encoding="utf-8").split("\n附表\n")[1]
    printed: dict[Target, dict[Level, list[str]]] = {}
    target, level = Target.ITEM, Level.VERY_SATISFIED
    for line in annex.splitlines():
        match line.split("\t"):
            case ["评价等级", _]:
                target = Target.STAFF if printed else Target.ITEM
                printed[target] = {level: [] for level in Level}
            case [label, text]:
                # A level is printed once, beside its first indicator.
                level = Level.of_label(label) if label else level
                printed[target][level].append(text)
    assert [sum(map(len, levels.values())) for levels in printed.values()] == [36, 13]
    indicators = shelf.book("tianjin").versions[0].indicators
    for target, levels in printed.items():
        for level, texts in levels.items():
            choices = indicators.choices(target, level)
            assert [choice.text for choice in choices] == texts
            assert [choice.other for choice in choices] == [text == "其他" for text in texts]
