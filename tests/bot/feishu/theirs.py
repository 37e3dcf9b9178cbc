"""Feishu's side of what it pushes: made from its documentation, without the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = "test key"
VERIFICATION = "066zT6pS4QCbgj5Do145GfDbbagCHGgF"
OPEN_ID = "ou_84aad35d084aa403a838cf73ee18467"
MESSAGE = "om_5ce6d572455d361153b7cb51da133945"
CARD = "om_574d639e4a44e4dd646eaf628e212345"

Json = dict[str, Any]


@dataclass(frozen=True)
class Push:
    headers: dict[str, str]
    body: bytes


def encrypted(plain: bytes, key: str = KEY) -> str:
    left = 16 - len(plain) % 16
    iv = secrets.token_bytes(16)
    aes = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    sealed = aes.update(plain + bytes([left]) * left) + aes.finalize()
    return base64.b64encode(iv + sealed).decode()


def signed(body: bytes, at: datetime, key: str = KEY, nonce: str = "173456721") -> Push:
    timestamp = str(int(at.timestamp()))
    b1 = (timestamp + nonce + key).encode()
    headers = {
        "Content-Type": "application/json;charset=utf-8",
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": nonce,
        "X-Lark-Signature": hashlib.sha256(b1 + body).hexdigest(),
    }
    return Push(headers, body)


def envelope(said: object, key: str = KEY) -> bytes:
    return json.dumps({"encrypt": encrypted(json.dumps(said).encode(), key)}).encode()


def push(said: object, at: datetime, key: str = KEY) -> Push:
    return signed(envelope(said, key), at, key)


def robot_signature(secret: str, timestamp: str) -> str:
    key = (timestamp + "\n" + secret).encode()
    return base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()


def event(kind: str, event: Json, app_id: str, time: str, event_id: str = "5e3702a84e84") -> Json:
    return {
        "schema": "2.0",
        "header": {
            "event_id": event_id,
            "event_type": kind,
            "create_time": time,
            "token": VERIFICATION,
            "app_id": app_id,
            "tenant_key": "2ca1d211f64f6438",
        },
        "event": event,
    }


def message(app_id: str, kind: str, said: object, **more: Any) -> Json:
    """As under 《接收消息》, in a single chat. `sender_type`, `event_id`; the rest is of the
    message."""
    sender = {
        "sender_id": {"union_id": "on_8ed6aa67826108097d9ee143816345", "open_id": OPEN_ID},
        "sender_type": more.pop("sender_type", "user"),
        "tenant_key": "736588c9260f175e",
    }
    event_id = more.pop("event_id", "5e3702a84e84")
    body = {
        "message_id": MESSAGE,
        "create_time": "1609073151345",
        "update_time": "1609073151345",
        "chat_id": "oc_5ce6d572455d361153b7xx51da133945",
        "chat_type": "p2p",
        "message_type": kind,
        "content": json.dumps(said),
    }
    both = {"sender": sender, "message": body | more}
    return event("im.message.receive_v1", both, app_id, "1609073151345", event_id)


def text(app_id: str, words: str, **more: Any) -> Json:
    return message(app_id, "text", {"text": words}, **more)


def mention(number: int = 1) -> Json:
    return {
        "key": f"@_user_{number}",
        "id": {"open_id": "ou_bot"},
        "mentioned_type": "bot",
        "name": "好差评",
        "tenant_key": "736588c9260f175e",
    }


def tap(app_id: str, value: object, event_id: str = "f7984f25108f8137722bb63c") -> Json:
    """As under 《卡片回传交互回调》."""
    said = {
        "operator": {"tenant_key": "2df73991750", "open_id": OPEN_ID, "union_id": "on_cad4860e"},
        "token": "c-295ee57216a5dc9de90fefd0aadb4b1d7d",
        "action": {"value": value, "tag": "button"},
        "host": "im_message",
        "context": {"open_message_id": CARD, "open_chat_id": "oc_e4d2605ca917e695f54f11aaf56"},
    }
    return event("card.action.trigger", said, app_id, "1603977298000000", event_id)


def challenge(token: str = VERIFICATION) -> Json:
    return {"challenge": "ajls384kdj1234", "token": token, "type": "url_verification"}
