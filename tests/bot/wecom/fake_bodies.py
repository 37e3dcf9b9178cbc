"""The bodies that WeCom takes, of the kinds that we send: nothing more, nothing longer.

“发送应用消息” and “更新模版卡片消息” of its documentation; where that only advises a length, this
insists on it.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def octets(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if not 0 < len(text.encode()) <= most:
            raise ValueError("exceed max length")
        return text

    return AfterValidator(check)


def no_tags(text: str) -> str:
    """Nobody's words may become markup; of ours there is none."""
    if "<" in text or ">" in text:
        raise ValueError("markup")
    return text


def lines(text: str) -> str:
    """Of a card: ended by <br>."""
    if "\n" in text:
        raise ValueError("not shown")
    no_tags(text.replace("<br>", ""))
    return text


Users = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.@|-]*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$"), octets(2048)]
TaskId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_@-]+$"), octets(128)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Text(Strict):
    content: Annotated[str, octets(2048), AfterValidator(no_tags)]


class Markdown(Strict):
    content: Annotated[str, octets(2048)]


class LongMarkdown(Strict):
    content: Annotated[str, octets(4096)]


class TextCard(Strict):
    title: Annotated[str, octets(128)]
    description: Annotated[str, octets(512), AfterValidator(lines)]
    url: Url
    btntxt: Annotated[str, Field(max_length=4)]


class MainTitle(Strict):
    title: Annotated[str, Field(min_length=1, max_length=36)]


class CardAction(Strict):
    type: Literal[1]
    url: Url


class Button(Strict):
    text: Annotated[str, Field(min_length=1, max_length=10)]
    style: Literal[1, 2, 3, 4]
    key: Annotated[str, octets(1024)]


class ButtonCard(Strict):
    card_type: Literal["button_interaction"]
    main_title: MainTitle
    task_id: TaskId
    button_list: Annotated[list[Button], Field(min_length=1, max_length=6)]
    sub_title_text: Annotated[str, Field(min_length=1, max_length=160)] | None = None
    card_action: CardAction | None = None

    @model_validator(mode="after")
    def _keys(self) -> Self:
        keys = [button.key for button in self.button_list]
        if len(keys) != len(set(keys)):
            raise ValueError("key Missing or Invalid")
        return self


class _OneOf(Strict):
    @model_validator(mode="after")
    def _own(self) -> Self:
        kinds = {"text", "textcard", "markdown", "template_card"} & self.model_fields_set
        if kinds != {getattr(self, "msgtype", None)}:
            raise ValueError("invalid message type")
        return self


class Message(_OneOf):
    touser: Users
    agentid: int
    msgtype: Literal["text", "textcard", "markdown", "template_card"]
    text: Text | None = None
    textcard: TextCard | None = None
    markdown: Markdown | None = None
    template_card: ButtonCard | None = None
    enable_duplicate_check: Literal[0, 1] = 0
    duplicate_check_interval: Annotated[int, Field(gt=0, le=4 * 3600)] = 1800


class RobotMessage(_OneOf):
    msgtype: Literal["text", "markdown"]
    text: Text | None = None
    markdown: LongMarkdown | None = None


class Replaced(Strict):
    replace_name: Annotated[str, Field(min_length=1, max_length=10)]


class Update(Strict):
    userids: Annotated[list[str], Field(min_length=1, max_length=1000)]
    agentid: int
    response_code: Annotated[str, Field(min_length=1)]
    button: Replaced
