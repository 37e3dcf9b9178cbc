"""One thing said, and the dialogue in which it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.wechat.talk.state import AFTERTHOUGHT, PATIENCE, About, Ask, Question, Talk, Told, Unplaced
from models.office import Office
from models.tables import Rater
from models.words import Target


@dataclass(frozen=True, slots=True)
class Said:
    """`once`: 64 hex digits, this message's own; `at`: when it was sent; `sure`: False for a voice
    message that was not well heard."""

    once: str
    at: datetime
    words: str = ""
    scene: str | None = None
    recording: int | None = None
    """The voice message whose words these are."""
    sure: bool = True


@dataclass(slots=True)
class Turn:
    office: Office
    base_url: str
    rater: Rater
    said: Said
    talk: Talk

    @property
    def submission(self) -> str:
        """A message sent again is the same submission."""
        return f"chat-{self.said.once[:40]}"

    def ask(
        self,
        ask: Ask,
        about: About | None = None,
        *,
        told: Told | None = None,
        asking: tuple[Target, ...] = (),
        options: tuple[About, ...] = (),
    ) -> None:
        until = self.office.now() + PATIENCE
        self.talk = self.talk.asked(
            Question(
                ask=ask,
                about=about,
                at=self.said.at,
                until=until,
                told=told,
                asking=asking,
                options=options,
            )
        )

    def settle(self, about: About) -> None:
        """What is said next is said after it, and of nothing older."""
        until = self.office.now() + AFTERTHOUGHT
        self.talk = self.talk.asked(
            Question(ask=Ask.DONE, about=about, at=self.said.at, until=until)
        )

    def drop(self, question: Question) -> None:
        self.talk = self.talk.without(question)

    def miss(self) -> None:
        """Kept until something that was sent before it has arrived."""
        unplaced = Unplaced(at=self.said.at, once=self.said.once, words=self.said.words)
        self.talk = self.talk.missed(unplaced)
