"""Accounts in the settings file (bot/sms/settings.py)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

import bot.sms
from bot.sms.settings import AliyunSms, PlainSms, SmsSettings, TencentSms
from tests.bot.sms.conftest import PROVIDERS, settings
from tests.bot.sms.providers import SECRET


def test_each_provider_has_its_own() -> None:
    assert isinstance(settings("aliyun"), AliyunSms)
    assert isinstance(settings("tencent"), TencentSms)
    assert isinstance(settings("plain"), PlainSms)


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_nothing_shows_a_secret(provider: str) -> None:
    shown = repr(settings(provider))
    assert SECRET not in shown
    assert "0123456789abcdef" not in shown


def test_a_variable_that_no_message_has() -> None:
    with pytest.raises(ValidationError, match="没有 hall 这个变量"):
        settings("aliyun", templates={"invitation": {"id": "SMS_1", "variables": ["hall"]}})


def test_a_provider_that_nobody_wrote() -> None:
    adapter: TypeAdapter[SmsSettings] = TypeAdapter(SmsSettings)
    with pytest.raises(ValidationError):
        adapter.validate_python({"provider": "pigeon", "hook_key": "0123456789abcdef"})


def test_the_readme_s_examples() -> None:
    words = Path(bot.sms.__file__).with_name("README.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in words.split("```toml\n")[1:]]
    accounts = tomllib.loads("\n".join(examples))["sms"]
    adapter: TypeAdapter[dict[str, SmsSettings]] = TypeAdapter(dict[str, SmsSettings])
    assert {each.provider for each in adapter.validate_python(accounts).values()} == set(PROVIDERS)
