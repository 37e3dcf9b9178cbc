"""The canonical form: fixed for ever, and every field of an evaluation weighs in it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger import canonical, leaf

ROW: dict[str, Any] = {
    "id": UUID("019577d8-7a80-7123-8abc-0123456789ab"),
    "provenance": "person",
    "ordinal": 1,
    "region_id": 3,
    "invitation_id": 5,
    "submission": "link:abc",
    "rulebook": "tianjin",
    "version": 1,
    "level": 2,
    "reasons": {"staff": {"words": "慢", "indicators": ["1-2", "1-1"]}, "item": {}},
    "answers": {"有何改进意见": "没有"},
    "channel": "sms",
    "credential": "link",
    "keyed_by": None,
    "real_name": True,
    "rater_hash": None,
    "late": False,
    "at": datetime(2026, 3, 2, 1, 0, 0, 7, tzinfo=UTC),
}
SLOTS = ["case-7/completion/staff/1", "case-7/completion/item/1"]

GOLDEN = (
    '{"answers":{"有何改进意见":"没有"},"at":"2026-03-02T01:00:00.000007+00:00",'
    '"channel":"sms","credential":"link","id":"019577d8-7a80-7123-8abc-0123456789ab",'
    '"invitation_id":5,"keyed_by":null,"late":false,"level":2,"ordinal":1,'
    '"provenance":"person","rater_hash":null,"real_name":true,'
    '"reasons":{"item":{},"staff":{"indicators":["1-2","1-1"],"words":"慢"}},'
    '"region_id":3,"rulebook":"tianjin",'
    '"slots":["case-7/completion/item/1","case-7/completion/staff/1"],'
    '"submission":"link:abc","version":1}'
)
LEAF = "186c8d39b90bcad79c6bf1e204abe10d09cb44b300c08d8ab3a4f3305e8b43eb"


def test_the_canonical_form_is_what_it_was() -> None:
    assert canonical(ROW, SLOTS).decode() == GOLDEN
    assert leaf(ROW, SLOTS) == LEAF


def test_another_process_finds_the_same() -> None:
    """With another seed of Python's hashes, and the columns in another order."""
    program = (
        "import json, sys; from models.ledger import leaf;"
        "said = json.load(sys.stdin); print(leaf(said['row'], said['slots']))"
    )
    row = {name: ROW[name] for name in reversed(ROW)}
    row |= {"id": str(ROW["id"]), "at": ROW["at"].isoformat(timespec="microseconds")}
    for seed in ("1", "2"):
        found = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", program],
            input=json.dumps({"row": row, "slots": SLOTS[::-1]}),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout.strip() == LEAF


@pytest.mark.parametrize("field", ROW)
def test_every_field_weighs(field: str) -> None:
    assert leaf({**ROW, field: "other"}, SLOTS) != LEAF
    without = {name: value for name, value in ROW.items() if name != field}
    assert leaf(without, SLOTS) != LEAF


def test_what_it_covers_weighs() -> None:
    assert leaf(ROW, SLOTS[:1]) != LEAF
    assert leaf(ROW, [*SLOTS, "case-8/completion/item/1"]) != LEAF


def test_one_microsecond_weighs() -> None:
    assert leaf({**ROW, "at": ROW["at"] + timedelta(microseconds=1)}, SLOTS) != LEAF


def test_the_time_zone_it_was_read_in_does_not() -> None:
    beijing = ROW["at"].astimezone(timezone(timedelta(hours=8)))
    assert leaf({**ROW, "at": beijing}, SLOTS) == LEAF


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical({**ROW, "answers": {1, 2}}, SLOTS)


words = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)


@given(words, words)
def test_different_words_have_different_leaves(one: dict[str, str], other: dict[str, str]) -> None:
    same = leaf({**ROW, "answers": one}, SLOTS) == leaf({**ROW, "answers": other}, SLOTS)
    assert same == (one == other)
