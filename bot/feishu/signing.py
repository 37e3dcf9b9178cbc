"""How Feishu signs and encrypts what it pushes, and how a group robot signs what it sends.

《接收事件》: open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/
event-subscription-configure-/encrypt-key-encryption-configuration-case; 《自定义机器人使用指南》:
…/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK: Final = 16
"""Octets."""


def signature(timestamp: str, nonce: str, key: str, body: bytes) -> str:
    """X-Lark-Signature, in hex. A hash with the key inside, no HMAC: so it is theirs."""
    return sha256(f"{timestamp}{nonce}{key}".encode() + body).hexdigest()


def decrypted(key: str, text: str) -> bytes:
    """AES-256-CBC, the IV in front. Raises ValueError for what is not encrypted with `key`, as far
    as its padding shows."""
    octets = b64decode(text, validate=True)
    opened = Cipher(AES256(sha256(key.encode()).digest()), CBC(octets[:BLOCK])).decryptor()
    padded = opened.update(octets[BLOCK:]) + opened.finalize()
    unpadded = PKCS7(8 * BLOCK).unpadder()
    return unpadded.update(padded) + unpadded.finalize()


def robot_signature(secret: str, timestamp: str) -> str:
    """Of an empty message; what looks like the message is the key."""
    return b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", sha256).digest()).decode()
