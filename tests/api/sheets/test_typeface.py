"""The typeface: who lives in China can be printed, and nobody crashes it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from api.sheets.typeface import FILE, printable, width


def test_everything_of_gbk_is_in_it() -> None:
    every = "".join(
        bytes([lead, trail]).decode("gbk", "ignore")
        for lead in range(0x81, 0xFF)
        for trail in range(0x40, 0xFF)
    )
    assert len(every) > 20_000
    lacking = {each for each in every if printable(each) != each}
    # Of the symbols: forms for vertical writing and bopomofo that nobody is called by.
    assert not {each for each in lacking if "\u4e00" <= each <= "\u9fff"}


def test_names_beyond_gbk_are_in_it() -> None:
    for name in ("陈𬀩", "李䶮", "蔄山镇", "王𬭸", "㛃", "O’Neil Müller"):
        assert printable(name) == name


def test_what_is_not_in_it_is_a_geta() -> None:
    assert printable("李𠮷😀") == "李〓〓"
    assert printable("一\u200b二\x00三\n四") == "一二三\n四"


def test_it_is_small_and_its_licence_lies_beside_it() -> None:
    assert FILE.stat().st_size < 4 * 1024 * 1024
    assert "SIL OPEN FONT LICENSE Version 1.1" in FILE.with_name("OFL.txt").read_text("utf-8")


@given(st.text(max_size=50))
@settings(max_examples=50)
def test_any_text_can_be_measured(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert width(shown.replace("\n", ""), 10) >= 0
