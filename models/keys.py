"""Personal data is sealed by column (SM4-GCM) and found again by keyed hash (HMAC-SM3).

The key ring lies outside the database. New data is sealed with the newest key; older keys stay to
open what they sealed, until it has been sealed anew.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Annotated, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.sm3 import hmac_sm3

NONCE_BYTES = 12
TAG_BYTES = 16
_ALTERED = "加密数据已被改动，或密钥不符。"

KeyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
SealingKey = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class KeyFault(Exception):
    """The keys are missing, unreadable, or not the ones the data was sealed with."""


class KeyRing(BaseModel):
    """`sealing` maps a key's name to 16 bytes in hex, newest last. `lookup` and `links` are 32
    bytes in hex; changing `links` ends every link that is out, changing `lookup` every search."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sealing: dict[KeyName, SealingKey] = Field(min_length=1)
    lookup: str = Field(pattern=r"^[0-9a-f]{64}$")
    links: str = Field(pattern=r"^[0-9a-f]{64}$")

    @classmethod
    def fresh(cls) -> Self:
        return cls(
            sealing={"k1": secrets.token_hex(16)},
            lookup=secrets.token_hex(32),
            links=secrets.token_hex(32),
        )

    @classmethod
    def load(cls, file: Path) -> Self:
        """Raises KeyFault."""
        try:
            return cls.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            raise KeyFault(f"找不到密钥文件 {file}。请恢复备份；新装时由 migrate 生成。") from None
        except (OSError, ValidationError) as fault:
            raise KeyFault(f"密钥文件 {file} 无法读取。请恢复备份。") from fault

    def save(self, file: Path) -> None:
        """Creates the file, for its owner only; never overwrites one. Raises FileExistsError.

        Whole or not at all: killed in between, a half one would keep the service from starting.
        """
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "w") as out:
                out.write(self.model_dump_json(indent=2))
            os.link(beside, file)
        finally:
            beside.unlink()

    def seal(self, plain: str, column: str) -> str:
        """`name:base64(nonce, ciphertext, tag)`; bound to the column, so that a sealed value moved
        elsewhere does not open there."""
        name, sealed = self._seal(plain.encode(), column)
        return f"{name}:{b64encode(sealed).decode()}"

    def open(self, sealed: str, column: str) -> str:
        """Raises KeyFault where the key is gone or the value was altered."""
        name, _, encoded = sealed.partition(":")
        try:
            return self._open(name, _decoded(encoded), column).decode()
        except ValueError:
            raise KeyFault(_ALTERED) from None

    def seal_bytes(self, plain: bytes, column: str) -> bytes:
        """The same for a file: `name:` and the nonce, the ciphertext and the tag as they are."""
        name, sealed = self._seal(plain, column)
        return name.encode() + b":" + sealed

    def open_bytes(self, sealed: bytes, column: str) -> bytes:
        """Raises KeyFault where the key is gone or the value was altered."""
        name, _, raw = sealed.partition(b":")
        return self._open(name.decode(errors="replace"), raw, column)

    def _seal(self, plain: bytes, column: str) -> tuple[str, bytes]:
        name = next(reversed(self.sealing))
        nonce = os.urandom(NONCE_BYTES)
        key = bytes.fromhex(self.sealing[name])
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(column.encode())
        body = encryptor.update(plain) + encryptor.finalize()
        return name, nonce + body + encryptor.tag

    def _open(self, name: str, raw: bytes, column: str) -> bytes:
        try:
            key = bytes.fromhex(self.sealing[name])
        except KeyError:
            raise KeyFault(f"密钥 {name} 不在密钥文件里。") from None
        try:
            nonce, body, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES:-TAG_BYTES], raw[-TAG_BYTES:]
            decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(column.encode())
            return decryptor.update(body) + decryptor.finalize()
        except (InvalidTag, ValueError):
            # ValueError: cut, so that not even a nonce and a tag are left.
            raise KeyFault(_ALTERED) from None

    def find(self, plain: str, kind: str) -> str:
        """The keyed hash under which `plain` is looked up: the same for the same kind of value."""
        return hmac_sm3(bytes.fromhex(self.lookup), f"{kind}\0{plain}".encode()).hex()

    @property
    def check(self) -> str:
        """Shows that the ring belongs to a database, without telling any key."""
        return self.find("haochaping", "check")

    @property
    def link_key(self) -> bytes:
        return bytes.fromhex(self.links)


def _decoded(encoded: str) -> bytes:
    """Raises ValueError, also for characters that Python's decoder would pass over."""
    raw = b64decode(encoded)
    if b64encode(raw).decode() != encoded:
        raise ValueError("not as it was written")
    return raw
