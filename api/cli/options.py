"""Options that several commands share, and the settings they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from api.settings import Settings, load

Command = TypeVar("Command", bound=Callable[..., Any])

_DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="数据目录（嵌入式数据库、密钥、规则书）。"
)
_SETTINGS = click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HAOCHAPING_SETTINGS",
    help="设置文件（TOML）。",
)


def with_settings(command: Command) -> Command:
    return _DATA(_SETTINGS(command))


def settings_of(data: Path | None, file: Path | None, **given: object) -> Settings:
    """Raises SettingsFault."""
    return load(file, data=data, **given)
