"""What nobody should send, and what is almost right."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.api.directory import CALL, CASE, COMPLETION, DIRECTORY, VISIT

CODES: Final = {kind: [row["code"] for row in rows] for kind, rows in DIRECTORY.items()}
NUMBERS: Final = ["N1", "N2", "N3", "N4"]
TEXTS: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e\u200b",
    "𠮷" * 100,
    "一" * 1001,
    "x" * 3000,
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "../../etc/passwd",
    "%00",
    "\r\nSet-Cookie: a=b",
    "NaN",
)
NUMERIC: Final = (0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, True)
MOMENTS: Final = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2000-01-01T00:00:00+14:00",
    "2026-03-02T08:00:00",
    "2026-02-29T08:00:00Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T08:59:59+08:00",
    "2026-03-01T23:30:00+08:00",
    "2025-12-31T23:59:59.999999+08:00",
    "2010-06-01T00:00:00Z",
)


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


scalars = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(NUMERIC),
    st.sampled_from(MOMENTS),
    st.none(),
    st.text(max_size=8),
    st.integers(),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(st.text(max_size=5), scalars, max_size=3),
    st.sampled_from((_deep(50), _deep(150))),
)
moments = st.sampled_from(
    [f"2026-0{month}-{day:02}T08:{day:02}:00+08:00" for month in (1, 2) for day in (3, 17, 28)]
    + ["2026-03-02T08:30:00+08:00"]
)


def _of(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from(CODES[kind])


groups = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["batch", "theme", "parallel"]),
            "number": st.sampled_from(["G1", "G2"]),
            "size": st.integers(2, 3),
            "theme": st.one_of(st.none(), _of("theme")),
            "lead_agency": st.one_of(st.none(), _of("agency")),
        }
    ),
)
RIGHT: Final[dict[str, st.SearchStrategy[dict[str, Any]]]] = {
    "/api/v1/cases": st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in CASE.items()},
            "number": st.sampled_from(NUMBERS),
            "agency": _of("agency"),
            "item": _of("item"),
            "kind": st.sampled_from(["application", "consultation", "transferred"]),
            "handling": st.sampled_from(["online", "terminal", "window", "mixed"]),
            "group": groups,
        }
    ),
    "/api/v1/visits": st.fixed_dictionaries(
        {
            "case": st.sampled_from(NUMBERS),
            "number": st.integers(1, 2),
            "staff": _of("staff"),
            "window": st.one_of(st.none(), _of("window")),
            "at": moments,
        }
    ),
    "/api/v1/completions": st.fixed_dictionaries({"case": st.sampled_from(NUMBERS), "at": moments}),
    "/api/v1/calls": st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in CALL.items()},
            "number": st.sampled_from(["C1", "C2"]),
            "platform": _of("platform"),
            "staff": _of("staff"),
            "queue": st.sampled_from([None, "市民"]),
            "case": st.one_of(st.none(), st.sampled_from(NUMBERS)),
        }
    ),
    "/api/v1/codes": st.sampled_from(
        [{kind: code} for kind in ("window", "hall", "platform") for code in CODES[kind]]
    ),
    "/api/v1/integrators": st.fixed_dictionaries({"name": st.text(max_size=3)}),
    "/api/v1/directory": st.fixed_dictionaries(
        {
            "staff": st.lists(
                st.fixed_dictionaries({"code": _of("staff"), "name": st.text(), "agency": values}),
                max_size=3,
            )
        }
    ),
}
FIELDS: Final = {
    "/api/v1/cases": (*CASE, "kind", "group", "call", "agent", "?"),
    "/api/v1/visits": tuple(VISIT),
    "/api/v1/completions": tuple(COMPLETION),
    "/api/v1/calls": (*CALL, "queue", "case"),
    "/api/v1/codes": ("window", "hall", "platform"),
    "/api/v1/integrators": ("name", "region"),
    "/api/v1/directory": (*DIRECTORY, "?"),
}


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, bytes]:
    """A path and a body: right, or wrong in one or two fields, or written as no JSON should be."""
    path = draw(st.sampled_from(sorted(RIGHT)))
    report = dict(draw(RIGHT[path]))
    if draw(st.integers(0, 2)) == 0:
        report |= draw(st.dictionaries(st.sampled_from(FIELDS[path]), values, max_size=2))
    text = json.dumps(report, ensure_ascii=draw(st.booleans()))
    way = draw(st.integers(0, 19))
    if way == 0:
        text = text.replace("{", '{"number": "N9", ', 1)
    raw = text.encode("utf-8", "surrogatepass")
    return path, {1: raw[:-3], 2: raw.decode("latin-1").encode("utf-16"), 3: b""}.get(way, raw)


segments = st.one_of(
    st.sampled_from(["%00", "a%00b", "%2F", "..%2F..", "%ED%A0%80", "%FF", "1" * 2000, "%25", "."]),
    st.binary(min_size=1, max_size=12).map(quote_from_bytes),
)
FORM_FIELDS: Final = (
    "once",
    "level",
    "w-item",
    "w-staff",
    "i-item-201",
    "i-item-1",
    "a-0",
    "name",
    "phone",
    "digits",
    "words",
    "hours",
    "via",
)
forms = st.lists(
    st.tuples(
        st.sampled_from(FORM_FIELDS),
        st.one_of(
            st.sampled_from(["1", "2", "5", "x" * 16, "13800138000", "陈小明", "24"]),
            st.sampled_from(TEXTS).map(lambda text: text.encode("utf-8", "replace").decode()),
            st.text(st.characters(codec="utf-8"), max_size=5),
        ),
    ),
    max_size=8,
)
FORM_TYPES: Final = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/plain",
    "nonsense",
    "",
)
