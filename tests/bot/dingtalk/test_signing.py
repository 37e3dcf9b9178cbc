"""Signatures beside ones that others have published for the documents' examples."""

from __future__ import annotations

import pytest

from bot.dingtalk.signing import signature


@pytest.mark.parametrize(
    ("secret", "signed"),
    [
        ("this is secret", "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="),
        ("this is a secret", "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="),
    ],
)
def test_the_examples_of_the_documents(secret: str, signed: str) -> None:
    assert signature("1577262236757", secret) == signed
