"""wechat check, wechat menu, against the platform played strictly."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from tests.bot.wechat.fake_platform import FakePlatform


@dataclass
class Playing:
    fake: FakePlatform
    settings: Path


@contextmanager
def _played(fake: FakePlatform) -> Iterator[None]:
    """In a loop of its own: the commands have one, too."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(fake.__aenter__(), loop).result(30)
        yield
        asyncio.run_coroutine_threadsafe(fake.__aexit__(None, None, None), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Playing]:
    fake = FakePlatform()
    with _played(fake):
        settings = tmp_path / "settings.toml"
        settings.write_text(
            f"""
            [wechat.city]
            app_id = "{fake.official.app_id}"
            app_secret = "{fake.official.secret}"
            token = "abc"
            mode = "plain"
            api = "{fake.url}"
            [wechat.mute]
            app_id = "wx00000000mute"
            token = "abc"
            mode = "plain"
            [mini_program.city-mp]
            app_id = "{fake.mini.app_id}"
            app_secret = "{fake.mini.secret}"
            api = "{fake.url}"
            """,
            encoding="utf-8",
        )
        yield Playing(fake, settings)


@pytest.mark.usefixtures("installed")
def test_each_account_is_checked(run: Run, playing: Playing) -> None:
    said = run("wechat", "check", "--settings", playing.settings).stdout
    assert "city：可以使用。" in said
    assert "city-mp：可以使用。" in said
    assert "mute：没有设置 app_secret" in said


@pytest.mark.usefixtures("installed")
def test_an_account_that_cannot_be_called_is_told(run: Run, playing: Playing) -> None:
    playing.fake.official.frozen = True
    said = run("wechat", "check", "--settings", playing.settings, code=1).stdout
    assert "city：" in said
    assert "40243" in said
    assert playing.fake.official.secret not in said


@pytest.mark.usefixtures("installed")
def test_the_menu_is_put_up(run: Run, playing: Playing) -> None:
    run("wechat", "menu", "city", "--settings", playing.settings)
    (menu,) = playing.fake.official.of("/cgi-bin/menu/create")
    assert [each["name"] for each in menu["button"]] == ["评价", "我的评价", "帮助"]
    told = run("wechat", "menu", "mute", "--settings", playing.settings, code=1).stderr
    assert "没有名为“mute”、设置了 app_secret 的公众号" in told


@pytest.mark.usefixtures("installed")
def test_without_accounts_it_says_where_they_go(run: Run) -> None:
    assert "[wechat.名称]" in run("wechat", "check").stdout


@pytest.mark.usefixtures("installed")
def test_doctor_says_what_an_account_lacks(run: Run, playing: Playing) -> None:
    said = run("doctor", "--settings", playing.settings).stdout
    assert "公众号“mute”没有设置 app_secret" in said
    assert "公众号“city”没有设置通知模板" in said
    assert "公众号“city”是明文模式" in said
    assert "小程序“city-mp”没有设置通知模板" in said
