"""The field's own words, as types. Codes of provinces and of the State exist only in adapters."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """等级. The order is the one every regulation prints: 5 is the best."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    BASICALLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1

    @property
    def label(self) -> str:
        return _LEVEL_LABELS[self]

    @classmethod
    def of_label(cls, label: str) -> Level:
        """Raises KeyError for a word that is none of the five."""
        return _LEVELS_BY_LABEL[label]


_LEVEL_LABELS = {
    Level.VERY_SATISFIED: "非常满意",
    Level.SATISFIED: "满意",
    Level.BASICALLY_SATISFIED: "基本满意",
    Level.DISSATISFIED: "不满意",
    Level.VERY_DISSATISFIED: "非常不满意",
}
_LEVELS_BY_LABEL = {label: level for level, label in _LEVEL_LABELS.items()}


class Target(StrEnum):
    """What is rated (评价对象). Each kind is counted by itself."""

    ITEM = "item"
    STAFF = "staff"
    PLATFORM = "platform"
    AGENCY = "agency"
    HALL = "hall"

    @property
    def label(self) -> str:
        return _TARGET_LABELS[self]


_TARGET_LABELS = {
    Target.ITEM: "服务事项",
    Target.STAFF: "工作人员",
    Target.PLATFORM: "服务平台",
    Target.AGENCY: "政务服务机构",
    Target.HALL: "政务服务大厅",
}


class Handling(StrEnum):
    """How a case was handled (办理形式); visits make an online or terminal case a mixed one."""

    ONLINE = "online"
    TERMINAL = "terminal"
    WINDOW = "window"
    MIXED = "mixed"


class CaseKind(StrEnum):
    APPLICATION = "application"
    CONSULTATION = "consultation"
    TRANSFERRED = "transferred"
    """A hotline's call handed to an agency (转办件)."""


class Node(StrEnum):
    """评价节点: the moment of the service that a rating is bound to."""

    VISIT = "visit"
    COMPLETION = "completion"
    CALL = "call"


class Channel(StrEnum):
    """评价渠道: where the rating was given."""

    LINK = "link"
    DYNAMIC_CODE = "dynamic_code"
    STATIC_CODE = "static_code"
    SMS = "sms"
    MAIL = "mail"
    TERMINAL = "terminal"
    WINDOW_DEVICE = "window_device"
    OFFICIAL_ACCOUNT = "official_account"
    MINI_PROGRAM = "mini_program"
    HOST_APP = "host_app"
    HOTLINE = "hotline"
    PAPER = "paper"
    SUGGESTION_BOX = "suggestion_box"
    """意见箱、意见簿."""
    SURVEY_CALL = "survey_call"
    """电话抽查、监督查评: the agency's superiors call."""

    @property
    def label(self) -> str:
        return _CHANNEL_LABELS[self]


_CHANNEL_LABELS = {
    Channel.LINK: "评价链接",
    Channel.DYNAMIC_CODE: "动态二维码",
    Channel.STATIC_CODE: "静态二维码",
    Channel.SMS: "短信",
    Channel.MAIL: "电子邮件",
    Channel.TERMINAL: "自助终端",
    Channel.WINDOW_DEVICE: "窗口评价器",
    Channel.OFFICIAL_ACCOUNT: "微信公众号",
    Channel.MINI_PROGRAM: "微信小程序",
    Channel.HOST_APP: "政务服务应用",
    Channel.HOTLINE: "热线电话",
    Channel.PAPER: "书面评价",
    Channel.SUGGESTION_BOX: "意见箱",
    Channel.SURVEY_CALL: "电话抽查",
}


class Credential(StrEnum):
    """What shows that the rater was served (评价凭据)."""

    LINK = "link"
    """Held the signed link of the invitation."""
    PHONE_AND_DIGITS = "phone_and_digits"
    """Named the phone of the case and the last digits of its number at a static code."""
    REPLY = "reply"
    """Answered our message from the number or address that it went to."""
    IDENTIFIED = "identified"
    """Their app had checked that the phone or the identity number of the case is theirs."""
    CALL = "call"
    """Was on the line when the agent handed the call over."""
    NONE = "none"
    """Anonymous at a static code, where the regulation asks for no real name."""


class Provenance(StrEnum):
    """Whose voice an evaluation is. The three are never mixed in a figure."""

    PERSON = "person"
    DEFAULT = "default"
    PROXY = "proxy"


class Ordinal(IntEnum):
    """评价次序. A default never takes the place of the person's first rating."""

    DEFAULT = 0
    FIRST = 1
    FOLLOW_UP = 2


class Closing(StrEnum):
    """Why an invitation is closed."""

    RATED = "rated"
    RATED_OTHERWISE = "rated_otherwise"
    """Overall where separately was possible, or the other way round."""
    SUPERSEDED = "superseded"
    """The facts no longer open it."""
    EXPIRED = "expired"
    """Its link came to its end unused."""


class Silence(StrEnum):
    """What became of a completed item that nobody rated in time."""

    DEFAULT = "default"
    """默认评价: a row of its own says so."""
    UNRATED = "unrated"
    """未评."""
    ONE_BY_ONE = "one_by_one"
    """总体评价 of a group whose cases are each silent by themselves: not counted twice."""


class NoticeState(StrEnum):
    """Where a notice is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    """Overtaken: the citizen has rated, or wants no more messages."""
    DEAD = "dead"
    """Given up. Staff see it and may send it again."""
