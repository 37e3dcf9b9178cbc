"""The platform's side of the callback, written from its documentation alone: 《消息推送》, under
消息解密方式为明文模式 and 消息解密方式为安全模式."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""PKCS#7 pads to the octets of the key, not of the cipher's block."""


class Push(NamedTuple):
    query: dict[str, str]
    body: bytes


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platform's


def element(xml: str, name: str) -> str:
    found = ET.fromstring(xml).find(name)  # noqa: S314 - our own answer
    assert found is not None, xml
    return found.text or ""


@dataclass(frozen=True)
class Platform:
    """One account as the platform holds it. `key`: EncodingAESKey."""

    token: str = "token4test"  # noqa: S105
    key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    app_id: str = "wx0123456789abcdef"
    mode: str = "aes"

    @property
    def _cipher(self) -> Cipher[modes.CBC]:
        key = b64decode(self.key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, message: bytes, start: bytes | None = None) -> str:
        """`start`: the 16 random octets."""
        start = start or secrets.token_hex(8).encode()
        whole = start + len(message).to_bytes(4, "big") + message + self.app_id.encode()
        missing = BLOCK - len(whole) % BLOCK
        return self.encrypt_octets(whole + bytes([missing]) * missing)

    def encrypt_octets(self, whole: bytes) -> str:
        encryptor = self._cipher.encryptor()
        return b64encode(encryptor.update(whole) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(b64decode(encrypted, validate=True)) + decryptor.finalize()
        missing = padded[-1]
        assert 1 <= missing <= BLOCK
        assert padded[-missing:] == bytes([missing]) * missing
        whole = padded[:-missing]
        length = int.from_bytes(whole[16:20], "big")
        assert whole[20 + length :] == self.app_id.encode()
        return whole[20 : 20 + length]

    def query(self, at: datetime, nonce: str = "1514711492", **more: str) -> dict[str, str]:
        timestamp = str(int(at.timestamp()))
        signed = signature(self.token, timestamp, nonce)
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce, **more}

    def push(self, xml: str | bytes, at: datetime, nonce: str = "1514711492") -> Push:
        """What the platform posts."""
        plain = xml if isinstance(xml, bytes) else xml.encode()
        if self.mode == "plain":
            return Push(self.query(at, nonce), plain)
        encrypt = self.encrypt(plain)
        inner = plain.removesuffix(b"</xml>") if self.mode == "compatible" else b"<xml>"
        return self.carrying(encrypt, at, nonce, inner)

    def carrying(
        self, encrypt: str, at: datetime, nonce: str = "1514711492", before: bytes = b"<xml>"
    ) -> Push:
        timestamp = str(int(at.timestamp()))
        signed = signature(self.token, timestamp, nonce, encrypt)
        body = before + f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()
        return Push(self.query(at, nonce, encrypt_type="aes", msg_signature=signed), body)

    def opened(self, answer: bytes) -> str:
        """The reply's XML, whose signature is right."""
        xml = answer.decode()
        if self.mode == "plain":
            return xml
        encrypt, nonce = element(xml, "Encrypt"), element(xml, "Nonce")
        signed = signature(self.token, element(xml, "TimeStamp"), nonce, encrypt)
        assert element(xml, "MsgSignature") == signed
        return self.decrypt(encrypt).decode()
