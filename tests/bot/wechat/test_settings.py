"""Accounts in the settings file (bot/wechat/settings.py)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import bot.wechat
from api.settings import Settings
from bot.wechat.settings import MiniProgram, OfficialAccount

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def account(**more: Any) -> OfficialAccount:
    plain = {"app_id": "wx0123456789abcdef", "token": "token4test", "mode": "plain"}
    return OfficialAccount.model_validate({**plain, **more})


@pytest.mark.parametrize("token", ["", "ab", "x" * 33, "has space", "汉字汉字"])
def test_a_token_that_anybody_could_guess_is_refused_at_start_up(token: str) -> None:
    with pytest.raises(ValidationError, match="token 应为3至32位"):
        account(token=token)


@pytest.mark.parametrize("key", [None, "", KEY[:-1], KEY + "a", "!" * 43])
@pytest.mark.parametrize("mode", ["aes", "compatible"])
def test_encryption_wants_its_key(mode: str, key: str | None) -> None:
    with pytest.raises(ValidationError, match="aes_key 应为43位"):
        account(mode=mode, aes_key=key)


def test_nothing_shows_a_secret() -> None:
    shown = repr(account(mode="aes", aes_key=KEY, app_secret="s3cret" * 5))
    assert KEY not in shown
    assert "s3cret" not in shown
    assert "token4test" not in shown


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("praise", {"thing1": "{subject}"}, "没有 praise 这类通知"),
        ("reminder", {"thing1": "{phone}"}, "没有 {phone} 这个占位符"),
        ("reminder", {"thing1": "{subject!r}"}, "没有 {subject} 这个占位符"),
        ("reminder", {"thing1": "{subject"}, "大括号不成对"),
    ],
)
def test_a_template_of_what_there_is_not(kind: str, fields: dict[str, str], why: str) -> None:
    template = {kind: {"id": "template-1", "fields": fields}}
    with pytest.raises(ValidationError, match=why):
        account(templates=template)
    with pytest.raises(ValidationError, match=why):
        MiniProgram.model_validate(
            {"app_id": "wx0123456789abcdef", "app_secret": "s", "templates": template}
        )


def test_staff_are_told_by_a_message_that_takes_no_consent() -> None:
    template = {"id": "template-1", "fields": {"thing1": "{subject}", "number2": "{order}"}}
    assert account(templates={"complaint": template}).templates["complaint"].by == "template"
    with pytest.raises(ValidationError, match="complaint 发给工作人员"):
        account(templates={"complaint": {**template, "by": "subscription"}})
    with pytest.raises(ValidationError, match="没有 complaint 这类通知"):
        MiniProgram.model_validate(
            {
                "app_id": "wx0123456789abcdef",
                "app_secret": "s",
                "templates": {"complaint": template},
            }
        )


def test_a_name_is_one_app() -> None:
    program = {"app_id": "wx0123456789abcdef", "app_secret": "s"}
    with pytest.raises(ValidationError, match="名称不能重复：city"):
        Settings.model_validate({"wechat": {"city": account()}, "mini_program": {"city": program}})


def test_the_readme_s_example() -> None:
    words = Path(bot.wechat.__file__).with_name("README.md").read_text(encoding="utf-8")
    example = words.split("```toml\n")[1].split("```")[0]
    for blank, value in (('token = "…"', 'token = "abc"'), ('aes_key = "…"', f'aes_key = "{KEY}"')):
        assert blank in example
        example = example.replace(blank, value)
    settings = Settings.model_validate(
        tomllib.loads(example.replace('id = "…"', 'id = "12345678"'))
    )
    assert settings.wechat["city"].templates["reminder"].fields["thing2"] == "{agency}"
    assert settings.mini_program["city-mp"].templates["reminder"].lasting
