"""Signed tokens for the links that people hold (itsdangerous, HMAC-SM3).

An invitation's token is 24 characters, 27 with `/r/`; an SMS has room for 30. Its nonce is
stored, its signature is not, so who reads the database holds no link. By which message a link went
out is told by what it was signed with, and costs no character.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

from models.sm3 import hmac_sm3
from models.words import Channel

SIGNATURE_BYTES = 9
NONCE_BYTES = 8


class Tampered(Exception):
    """The token's signature is not ours: mistyped, cut or made up."""


class _ShortSm3(SigningAlgorithm):
    """HMAC-SM3 cut to 72 bits: a guess costs a request, and the nonce is secret as well."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac_sm3(key, value)[:SIGNATURE_BYTES]


def fresh_nonce() -> str:
    return secrets.token_urlsafe(NONCE_BYTES)


class Links:
    """Writes and reads tokens. Each purpose has its own salt: no token passes for another kind."""

    def __init__(self, key: bytes) -> None:
        self._rating = {
            None: self._signer(key, b"rating"),
            Channel.SMS: self._signer(key, b"rating by sms"),
            Channel.MAIL: self._signer(key, b"rating by mail"),
            Channel.OFFICIAL_ACCOUNT: self._signer(key, b"rating by official account"),
            Channel.MINI_PROGRAM: self._signer(key, b"rating by mini-program"),
            Channel.HOST_APP: self._signer(key, b"rating by host app"),
        }
        self._follow_up = self._signer(key, b"follow-up")
        self._receipt = self._signer(key, b"receipt")
        self._answer = self._signer(key, b"answer")
        self._form = self._signer(key, b"form")

    @staticmethod
    def _signer(key: bytes, purpose: bytes) -> Signer:
        # A key derived here: itsdangerous would derive it with SHA-1.
        derived = hmac_sm3(key, purpose)
        return Signer(derived, sep=".", key_derivation="none", algorithm=_ShortSm3())

    def rating(self, nonce: str, by: Channel | None = None) -> str:
        """`by`: the message or the app that carries it; None: a link that says nothing of it."""
        return self._rating[by].sign(nonce).decode()

    def read_rating(self, token: str) -> tuple[str, Channel | None]:
        """The invitation's nonce, and by which message it went out. Raises Tampered."""
        for by, signer in self._rating.items():
            with suppress(Tampered):
                return _unsigned(signer, token), by
        raise Tampered(token)

    def follow_up(self, evaluation: UUID) -> str:
        return self._follow_up.sign(_packed(evaluation)).decode()

    def read_follow_up(self, token: str) -> UUID:
        """Raises Tampered."""
        return _unpacked(_unsigned(self._follow_up, token))

    def receipt(self, evaluation: UUID) -> str:
        return self._receipt.sign(_packed(evaluation)).decode()

    def read_receipt(self, token: str) -> UUID:
        """Raises Tampered."""
        return _unpacked(_unsigned(self._receipt, token))

    def answer(self, evaluation: UUID) -> str:
        """Of the rater's page of their order."""
        return self._answer.sign(_packed(evaluation)).decode()

    def read_answer(self, token: str) -> UUID:
        """Raises Tampered."""
        return _unpacked(_unsigned(self._answer, token))

    def form(self, content: str) -> str:
        """What a page gives to itself: content that the next request brings back unaltered."""
        return self._form.sign(content).decode()

    def read_form(self, token: str) -> str:
        """Raises Tampered."""
        return _unsigned(self._form, token)


def _unsigned(signer: Signer, token: str) -> str:
    try:
        value = signer.unsign(token)
        if signer.sign(value).decode() != token:
            # The decoder passes over characters that are no base64, and takes + and / as well.
            raise Tampered(token)
        return value.decode()
    except (BadSignature, UnicodeError):
        raise Tampered(token) from None


def _packed(evaluation: UUID) -> str:
    return urlsafe_b64encode(evaluation.bytes).rstrip(b"=").decode()


def _unpacked(text: str) -> UUID:
    try:
        return UUID(bytes=urlsafe_b64decode(text + "=="))
    except (NotBase64, ValueError):
        raise Tampered(text) from None
