"""SM3 (GB/T 32905), plain and keyed."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes, hmac


def sm3(message: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()
