"""A gateway that is one HTTP request, described in the settings: a city's own SMS platform, an
operator's, a forwarder."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from yarl import URL

from bot.callbacks import Malformed
from bot.exchange import Request
from bot.gateways import Message, NotDelivered, Rejected
from bot.reading import at_path, parsed, reference, why, word
from bot.receipts import Report
from bot.sms.exchange import Answered, Wire
from bot.sms.received import (
    JSON,
    Answer,
    Received,
    SmsReply,
    collect,
    items,
    reply,
    report,
)
from bot.sms.settings import PlainSms, Signature
from bot.sms.variables import FIELDS, linked, national
from models.sm3 import hmac_sm3


@dataclass(frozen=True, slots=True)
class PlainGateway:
    settings: PlainSms
    wire: Wire

    @property
    def answer(self) -> Answer:
        is_json = self.settings.answer.startswith(("{", "["))
        return Answer(self.settings.answer, JSON if is_json else "text/plain")

    async def send(self, message: Message) -> str | None:
        """What `reference_field` names. Raises NotDelivered and Rejected."""
        return self._judged(await self.wire.exchange(self._call(message)))

    def read(self, body: bytes) -> Received:
        """A JSON object, a JSON array, or a form. Raises Malformed."""
        try:
            things = items(body)
        except Malformed:
            things = [_form(body)]
        return collect(things, self._item)

    def _call(self, message: Message) -> Request:
        settings = self.settings
        values = self._values(message)
        if settings.signature:
            string = settings.signature.string.format_map(values)
            values["signature"] = _signed(settings.signature, string, values.get("secret", ""))
        fields = {name: value.format_map(values) for name, value in settings.fields.items()}
        headers = {
            name: "".join(c if c.isprintable() else " " for c in value.format_map(values))
            for name, value in settings.headers.items()
        }
        headers["Idempotency-Key"] = message.key
        url = URL(str(settings.url))
        if settings.method == "GET":
            return Request("GET", url.update_query(fields), headers)
        if settings.content == "json":
            headers["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(fields, ensure_ascii=False).encode()
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            body = urlencode(fields).encode()
        return Request("POST", url, headers, body)

    def _values(self, message: Message) -> dict[str, str]:
        settings, at = self.settings, self.wire.now().timestamp()
        values = {
            **dict.fromkeys(FIELDS, ""),
            **linked(message),
            "phone": message.to,
            "national": national(message.to),
            "text": f"【{settings.sign}】{message.text}" if settings.sign else message.text,
            "key": message.key,
            "time": str(int(at)),
            "milliseconds": str(int(at * 1000)),
            "nonce": secrets.token_hex(16),
            "sign": settings.sign or "",
        }
        if settings.secret:
            values["secret"] = settings.secret.get_secret_value()
        return values

    def _judged(self, answered: Answered) -> str | None:
        settings = self.settings
        if settings.ok_field is None:
            if not answered.ok:
                raise NotDelivered(f"短信网关没有接受（HTTP {answered.status}）")
            return self._reference(_json_or_nothing(answered.body))
        said = answered.json()
        code = word(at_path(said, settings.ok_field))
        if answered.ok and code in map(word, settings.ok_values):
            return self._reference(said)
        words = at_path(said, settings.why_field) if settings.why_field else ""
        line = why([f"短信网关（HTTP {answered.status}）", code or "没有给出结果码", words])
        if code in map(word, settings.rejected_values):
            raise Rejected(line)
        raise NotDelivered(line)

    def _reference(self, said: object) -> str | None:
        path = self.settings.reference_field
        return reference(at_path(said, path)) if path else None

    def _item(self, item: object) -> Report | SmsReply:
        receipts, replies = self.settings.receipts, self.settings.replies
        if receipts and (status := word(at_path(item, receipts.status))):
            return report(
                at_path(item, receipts.reference),
                delivered=status in map(word, receipts.delivered_values),
                why=why([status]),
                at=at_path(item, receipts.at) if receipts.at else None,
            )
        if replies:
            return reply(
                at_path(item, replies.reference) if replies.reference else None,
                word(at_path(item, replies.phone)),
                at_path(item, replies.words),
                at_path(item, replies.at) if replies.at else None,
            )
        raise ValueError("neither a receipt nor a reply")


def _signed(signature: Signature, string: str, secret: str) -> str:
    text, key = string.encode(), secret.encode()
    match signature.algorithm:
        case "md5":
            digest = hashlib.md5(text, usedforsecurity=False).digest()
        case "sha256":
            digest = hashlib.sha256(text).digest()
        case "hmac-sha256":
            digest = hmac.digest(key, text, "sha256")
        case "hmac-sm3":
            digest = hmac_sm3(key, text)
    return digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode()


def _json_or_nothing(body: bytes) -> object:
    """Taken is taken: an answer that cannot be read costs the reference and not a second SMS."""
    try:
        return parsed(body)
    except ValueError:
        return None


def _form(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=100,
        )
    except ValueError:
        pairs = []
    if not pairs:
        raise Malformed("neither JSON nor a form")
    return dict(pairs)
