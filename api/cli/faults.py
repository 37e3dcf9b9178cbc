"""What a command may run into, and how it is told."""

from __future__ import annotations

import sqlite3

import asyncpg
from tortoise.exceptions import BaseORMException

from api.opening import VersionGone, WrongMode
from api.settings import SettingsFault
from ivr.prompts import PromptFault
from ivr.speech.recognising import ModelFault
from models.calendar.added_years import YearFaults
from models.database import DatabaseFault
from models.keys import KeyFault
from models.refusals import Refused
from models.rulebooks.faults import RulebookFaults
from models.rulebooks.shelf import UnknownRulebook


class CannotListen(Exception):
    def __init__(self, where: str, fault: OSError) -> None:
        super().__init__(f"不能在{where}监听：{fault.strerror or fault}")


_OURS = (
    CannotListen,
    DatabaseFault,
    KeyFault,
    ModelFault,
    PromptFault,
    Refused,
    RulebookFaults,
    SettingsFault,
    UnknownRulebook,
    VersionGone,
    WrongMode,
    YearFaults,
)
_THE_DATABASES = (
    BaseORMException,
    asyncpg.InterfaceError,
    asyncpg.PostgresError,
    sqlite3.Error,
)
FAULTS = (*_OURS, *_THE_DATABASES, OSError)


def told(fault: Exception) -> str:
    """In words, for whoever stands at the terminal."""
    if isinstance(fault, OSError) and fault.filename is not None:
        return f"无法访问 {fault.filename}：{fault.strerror}"
    if isinstance(fault, (OSError, *_THE_DATABASES)):
        # Of files, the system names which; what is left is the way to the database.
        return f"无法使用数据库，请检查它的地址、账号和状态：{fault}"
    return str(fault)
