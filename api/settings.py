"""Settings: one TOML file plus environment variables (HAOCHAPING_…), read once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, HttpUrl, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.sentences import sentence
from bot.dingtalk.settings import DingtalkApp
from bot.feishu.settings import FeishuApp
from bot.host_apps.settings import HostApp
from bot.mail.settings import MailboxSettings, MailSettings
from bot.sms.settings import SmsSettings
from bot.staff.settings import RobotSettings
from bot.wechat.settings import MiniProgram, OfficialAccount
from bot.wecom.settings import WeComApp
from ivr.settings import Hotline
from models.addresses import embedded
from models.keys import KeyRing


class SettingsFault(Exception):
    """The settings cannot be used; the message names each fault."""


def _address(url: str) -> str:
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise ValueError(
            "不是有效的数据库地址；密码里的特殊字符要写成%编码，如postgres://user:p%40ss@host/db"
        ) from None
    return url


Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,30}$")]


class Settings(BaseSettings):
    """`data` is the folder of the embedded database, the keys, added years and own rulebooks."""

    model_config = SettingsConfigDict(env_prefix="HAOCHAPING_", extra="forbid", frozen=True)

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: HttpUrl | None = None
    """The address under which citizens reach the service; links and codes begin with it."""
    database: Annotated[str, AfterValidator(_address)] | None = None
    """postgres://…; None: the embedded database in `data`."""
    keys: Path | None = None
    """The key ring's file; None: keys.json in `data`."""
    sms: dict[Name, SmsSettings] = {}
    """[sms.NAME], a gateway each; the first one sends, all of them are heard."""
    mail: MailSettings | None = None
    """[mail], the server that letters leave by."""
    mailbox: MailboxSettings | None = None
    """[mailbox], the 意见邮箱 that is read."""
    wechat: dict[Name, OfficialAccount] = {}
    """[wechat.NAME], official accounts: /wechat/NAME."""
    mini_program: dict[Name, MiniProgram] = {}
    """[mini_program.NAME]: /mp/NAME."""
    host_app: dict[Name, HostApp] = {}
    """[host_app.NAME], platforms with tickets of their own: /mp/NAME."""
    wecom: dict[Name, WeComApp] = {}
    """[wecom.NAME], applications of WeCom (企业微信) for staff: /hooks/wecom/NAME."""
    dingtalk: dict[Name, DingtalkApp] = {}
    """[dingtalk.NAME]: /hooks/dingtalk/NAME."""
    feishu: dict[Name, FeishuApp] = {}
    """[feishu.NAME]: /hooks/feishu/NAME."""
    robot: dict[Name, RobotSettings] = {}
    """[robot.NAME], robots in the groups of agencies."""
    hotline: Hotline | None = None
    """[hotline], the telephone. The demo has one without being told."""
    speech_model: Path | None = None
    """A folder with a Vosk model, for callers and voice messages. None: our own, which knows the
    words of a rating and is for trying out."""
    behind_proxy: bool = False
    """Take the caller's address from X-Forwarded-For: only behind a proxy that sets it."""

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        """A name is one app: what is known of its people goes by it."""
        apps = ("wechat", "mini_program", "host_app", "wecom", "dingtalk", "feishu")
        names = [name for app in apps for name in getattr(self, app)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{'、'.join(apps)} 的名称不能重复：{'、'.join(twice)}")
        return self

    @property
    def database_url(self) -> str:
        return self.database or embedded(self.data)

    @property
    def keys_file(self) -> Path:
        return self.keys or self.data / "keys.json"

    @property
    def calendar_folder(self) -> Path:
        return self.data / "calendar"

    @property
    def rulebook_folder(self) -> Path:
        return self.data / "rulebooks"

    @property
    def base_url(self) -> str:
        if self.public_url is not None:
            return str(self.public_url).rstrip("/")
        # Nobody can open the address that means every address.
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def key_ring(self) -> KeyRing:
        """Raises KeyFault."""
        return KeyRing.load(self.keys_file)


def load(file: Path | None, **given: object) -> Settings:
    """What is given on the command line counts before the environment, that before the file.

    Raises SettingsFault.
    """
    stated: dict[str, object] = {}
    if file is not None:
        try:
            stated = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as fault:
            raise SettingsFault(f"无法读取设置文件 {file}：{fault.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise SettingsFault(f"设置文件 {file} 不是有效的TOML：{fault}") from None
    given = {name: value for name, value in given.items() if value is not None}
    try:
        from_environment = Settings().model_dump(exclude_unset=True)
        return Settings.model_validate({**stated, **from_environment, **given})
    except ValidationError as fault:
        lines = [f"{'.'.join(map(str, each['loc']))}：{sentence(each)}" for each in fault.errors()]
        raise SettingsFault("设置有误：\n" + "\n".join(lines)) from None
