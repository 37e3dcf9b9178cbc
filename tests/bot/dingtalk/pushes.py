"""What the platform pushes, made by its documents and by nothing of ours."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP = {
    "app_key": "dingabcdefghijklmn",
    "app_secret": "s3cret-of-the-application-0123456789",
    "robot_code": "dingabcdefghijklmn",
    "token": "mryue",
    "aes_key": "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7",
}
USER = "manager1234"


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def sign(at: str, secret: str) -> str:
    mac = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    mac.update(at.encode())
    mac.update(b"\n")
    mac.update(secret.encode())
    return b64encode(mac.digest()).decode()


def headers(now: datetime, secret: str = APP["app_secret"]) -> dict[str, str]:
    at = milliseconds(now)
    return {"timestamp": at, "sign": sign(at, secret), "Content-Type": "application/json"}


def message(now: datetime, **changes: Any) -> dict[str, Any]:
    """The example of 《接收消息的消息协议》, in a single chat."""
    said: dict[str, Any] = {
        "conversationId": "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==",
        "chatbotCorpId": "dinge8a565xxxx",
        "chatbotUserId": "$:LWCP_v1:$Cxxxxx",
        "msgId": f"msg{secrets.token_urlsafe(12)}==",
        "senderNick": "杨某",
        "isAdmin": True,
        "senderStaffId": USER,
        "sessionWebhookExpiredTime": int(milliseconds(now)) + 5_400_000,
        "createAt": int(milliseconds(now)),
        "senderCorpId": "dinge8a565xxxx",
        "conversationType": "1",
        "senderId": "$:LWCP_v1:$Ff09GIxxxxx",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=xxxxx",
        "robotCode": APP["robot_code"],
        "text": {"content": " 待办"},
        "msgtype": "text",
    }
    said |= changes
    return {name: value for name, value in said.items() if value is not None}


def rich(*parts: Mapping[str, str]) -> dict[str, Any]:
    return {"msgtype": "richText", "text": None, "content": {"richText": list(parts)}}


def picture(code: str) -> dict[str, Any]:
    content = {"downloadCode": code, "pictureDownloadCode": f"small-{code}"}
    return {"msgtype": "picture", "text": None, "content": content}


@dataclass(frozen=True)
class Subscription:
    """事件订阅 of one application."""

    token: str = APP["token"]
    aes_key: str = APP["aes_key"]
    owner: str = APP["app_key"]

    def push(self, now: datetime, said: str = '{"EventType":"check_url"}') -> dict[str, Any]:
        """query and body."""
        at, nonce, encrypted = milliseconds(now), "WL4PK6yA", self.sealed(said.encode())
        query = {"timestamp": at, "nonce": nonce, "msg_signature": self.sign(at, nonce, encrypted)}
        return {"query": query, "body": json.dumps({"encrypt": encrypted}).encode()}

    def sign(self, *parts: str) -> str:
        line = "".join(sorted([self.token, *parts]))
        return hashlib.sha1(line.encode()).hexdigest()  # noqa: S324 - theirs

    def sealed(self, said: bytes) -> str:
        plain = secrets.token_bytes(16) + len(said).to_bytes(4, "big") + said + self.owner.encode()
        more = 32 - len(plain) % 32
        encryptor = self._cipher().encryptor()
        return b64encode(encryptor.update(plain + bytes([more]) * more)).decode()

    def opened(self, answer: Mapping[str, str]) -> str:
        """What our answer says, if it is signed and sealed as it should be."""
        parts = answer["timeStamp"], answer["nonce"], answer["encrypt"]
        assert answer["msg_signature"] == self.sign(*parts)
        plain = self._cipher().decryptor().update(b64decode(answer["encrypt"]))
        plain = plain[: -plain[-1]]
        end = 20 + int.from_bytes(plain[16:20], "big")
        assert plain[end:].decode() == self.owner
        return plain[20:end].decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
