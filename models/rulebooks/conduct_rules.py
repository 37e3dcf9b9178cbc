"""Rules of channels, identity and conduct (matrix §4 and §7)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from models.rulebooks.rule import Rule


class ChannelRule(Rule):
    """评价渠道, as the regulation names it."""

    names: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    """What the page must show: item, serial, staff, indicators."""
    opens_by_itself: bool = False
    where: str | None = None


class Channels(Rule):
    """A channel that is None is not named by the text; nothing forbids it."""

    portal: ChannelRule | None = None
    mobile: ChannelRule | None = None
    own_systems: ChannelRule | None = None
    window_device: ChannelRule | None = None
    dynamic_code: ChannelRule | None = None
    static_code: ChannelRule | None = None
    sms: ChannelRule | None = None
    hotline: ChannelRule | None = None
    terminal: ChannelRule | None = None
    opinions: ChannelRule | None = None
    """意见箱、意见簿、电子邮箱、书面表."""


class Reporting(Rule):
    """实时归集, and the channels that are exempt from it (reading 27)."""

    real_time: bool
    exempt: frozenset[str] = frozenset()
    upstream: str | None = None


class RealNameMode(StrEnum):
    REQUIRED = "required"
    ENCOURAGED = "encouraged"


class RealName(Rule):
    """实名. A static code tells no case: where the real name is required, the person is matched
    with a case of the same day, or what they say is kept as an opinion (reading 23)."""

    mode: RealNameMode
    static_code_same_day: bool = False


class Privacy(Rule):
    """信息保护."""

    consent_before_third_party: bool
    query_permission: bool = False
    leaks_punished: bool = False


class Invitation(Rule):
    """现场提示: asked for, never forced, never given by the staff in the citizen's place."""

    active: bool
    no_coercion: bool
    no_self_rating: bool = False
    restriction_punished: bool = False
    """限制评价主体评价的，追责 (天津)."""


class Fraud(Rule):
    """弄虚作假、刷好评、恶意差评."""

    punished: bool


class Retaliation(Rule):
    """打击报复."""

    punished: bool


class DataSafety(Rule):
    statement: str = Field(min_length=1)
