from __future__ import annotations

import pytest

from models.rulebooks.lines import Place, index, line_of

TEXT = """\
# a comment

title = "x"
place.city = "甲"

[[version]]
from = 2020-01-01
[version.scores]
points = { "满意" = 8 }
words = \"\"\"
[not.a.table]
\"\"\"

[version.indicators]
item."满意" = [
    # a comment within
    { code = "1" },

    { code = "2" },
]

[[version]]
[version.scores.points]
"满意" = 10
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("title",), 3),
        (("place", "city"), 4),
        (("version",), 6),
        (("version", 0, "from"), 7),
        (("version", 0, "scores"), 8),
        (("version", 0, "scores", "points", "满意"), 9),
        (("version", 0, "scores", "words"), 10),
        (("version", 0, "indicators"), 14),
        (("version", 0, "indicators", "item", "满意", 1, "code"), 15),
        (("version", 1), 22),
        (("version", 1, "scores", "points"), 23),
        (("version", 1, "scores", "points", "满意"), 24),
    ],
)
def test_a_place_is_on_the_line_where_its_statement_begins(place: Place, line: int) -> None:
    assert index(TEXT)[place] == line


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("bureau",), 1),
        (("version", 0, "scores", "source"), 8),
        (("version", 1, "levels", "negative"), 22),
    ],
)
def test_what_is_missing_has_the_line_of_its_table(place: Place, line: int) -> None:
    assert line_of(place, index(TEXT)) == line


def test_line_ends_of_windows_count_once() -> None:
    assert index(TEXT.replace("\n", "\r\n")) == index(TEXT)
