"""Settings: the command line before the environment before the file, and faults in words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from api.settings import Settings, SettingsFault, load
from tests.api.service import spoken


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "haochaping.toml"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine that tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HAOCHAPING_{name.upper()}", raising=False)


def test_without_any_everything_lies_in_data() -> None:
    settings = load(None)
    assert settings.database_url == "sqlite://data/haochaping.sqlite3"
    assert settings.keys_file == Path("data/keys.json")
    assert settings.calendar_folder == Path("data/calendar")
    assert settings.rulebook_folder == Path("data/rulebooks")
    assert settings.base_url == "http://127.0.0.1:8080"
    assert not settings.behind_proxy


def test_a_file_says_it_all(file: Path) -> None:
    file.write_text(
        'data = "/srv/hcp"\nhost = "::1"\nport = 9000\npublic_url = "https://例子.cn/hcp/"\n'
        'database = "postgres://u@h/d"\nkeys = "/etc/hcp/keys.json"\nbehind_proxy = true\n'
        'speech_model = "/srv/model"\n'
        '[sms.city]\nprovider = "plain"\nurl = "https://sms.example/send"\n'
        'hook_key = "0123456789abcdef"\nfields = { to = "{phone}" }\n'
        '[mail]\nhost = "mail.example"\nsender = "pj@city.example"\n'
        '[mailbox]\nhost = "imap.example"\nuser = "yijian"\npassword = "x"\nagency = "A1"\n'
        '[wechat.city]\napp_id = "wx0123456789abcdef"\ntoken = "abc"\nmode = "plain"\n'
        '[mini_program.city-mp]\napp_id = "wx0123456789abcdef"\napp_secret = "x"\n'
        '[host_app.yss]\nalgorithm = "hmac-sm3"\nsecret = "01234567890123456789012345678901"\n'
        '[wecom.staff]\ncorp_id = "ww0123456789"\nagent_id = 1000002\n'
        'secret = "01234567890123456789"\ntoken = "abc"\n'
        f'encoding_aes_key = "{"a" * 43}"\n'
        '[dingtalk.staff-dt]\napp_key = "ding0123456789"\nrobot_code = "ding0123456789"\n'
        'app_secret = "01234567890123456789"\n'
        '[feishu.staff-fs]\napp_id = "cli_0123456789"\napp_secret = "x"\n'
        'verification_token = "x"\nencrypt_key = "01234567"\n'
        '[robot.hall]\nkind = "wecom"\nkey = "0123456789abcdef"\nagencies = ["A1"]\n'
        '[hotline]\nfastagi = false\n[hotline.queues.benefits]\nbest = 1\nlanguage = "yue"\n',
        encoding="utf-8",
    )
    settings = load(file)
    assert settings.database_url == "postgres://u@h/d"
    assert settings.keys_file == Path("/etc/hcp/keys.json")
    assert settings.base_url == "https://xn--fsqu00a.cn/hcp"
    assert settings.behind_proxy
    assert list(settings.sms) == ["city"]
    assert settings.mail is not None
    assert settings.mail.port == 587
    assert settings.mailbox is not None
    assert settings.hotline is not None
    assert (settings.hotline.audiosocket, settings.hotline.fastagi) == (9092, False)
    assert settings.hotline.best_in("benefits") == 1
    assert settings.hotline.best_in("others") == 5
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) == set(Settings.model_fields)


def test_the_nearer_word_counts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('port = 1\nhost = "file"\ndata = "file"\n')
    monkeypatch.setenv("HAOCHAPING_PORT", "2")
    monkeypatch.setenv("HAOCHAPING_HOST", "environment")
    settings = load(file, port=3, host=None)
    assert (settings.port, settings.host, settings.data) == (3, "environment", Path("file"))


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    assert load(None, host="::1").base_url == "http://[::1]:8080"


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(None)
    monkeypatch.setenv("HAOCHAPING_PORT", "2")
    assert settings.port == 8080


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 65536", "port"),
        ('port = "http"', "port"),
        ("colour = 1", "colour"),
        ('public_url = "example"', "public_url"),
        ('public_url = "ftp://example"', "public_url"),
        ('public_url = ""', "public_url"),
        ('behind_proxy = "perhaps"', "behind_proxy"),
        ('database = "postgres://u:p@h:port/d"', "database"),
        ('database = "postgres://u:p[w@h/d"', "database"),
        ("data = 7", "data"),
        ("host = 7", "host"),
        ('port = 0\nhost = 1\n[database]\nurl = "x"', "database"),
    ],
)
def test_a_fault_names_its_setting_in_chinese(file: Path, text: str, named: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsFault) as fault:
        load(file)
    assert named in str(fault.value)
    for line in str(fault.value).splitlines()[1:]:
        spoken(line.partition("：")[2])


@pytest.mark.parametrize("content", [b"port = ", b"\xff", b"port = 1\nport = 2\n"])
def test_a_file_that_is_no_toml_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsFault, match=r"haochaping\.toml 不是有效的TOML"):
        load(file)


def test_a_file_by_windows_begins_with_a_mark(file: Path) -> None:
    file.write_text("port = 7\n", encoding="utf-8-sig")
    assert load(file).port == 7


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="无法读取设置文件"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsFault, match="无法读取设置文件"):
        load(tmp_path)


def test_a_fault_of_the_environment_is_in_words_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAOCHAPING_PORT", "http")
    with pytest.raises(SettingsFault, match="port：应为整数"):
        load(None)
