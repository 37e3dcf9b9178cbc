"""Both signatures as a provider checks them: from the request as it arrived, line by line as the
documents have it, without the code under test."""

from __future__ import annotations

import re
from hashlib import sha256
from hmac import HMAC
from urllib.parse import unquote

from aiohttp import web

ACS3 = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=(\w{64})")
TC3 = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/([\d-]{10})/sms/tc3_request, "
    r"SignedHeaders=([^,]+), Signature=(\w{64})"
)
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"


def encoded(text: str) -> str:
    return "".join(chr(b) if b in UNRESERVED else f"%{b:02X}" for b in text.encode())


def acs3_holds(request: web.Request, body: bytes, key_id: str, secret: str) -> bool:
    found = ACS3.fullmatch(request.headers.get("authorization", ""))
    if found is None or found[1] != key_id:
        return False
    names = found[2].split(";")
    must = {
        name.lower()
        for name in request.headers
        if name.lower().startswith("x-acs-") or name.lower() in ("host", "content-type")
    }
    if set(names) != must or names != sorted(names):
        return False
    if request.headers["x-acs-content-sha256"] != sha256(body).hexdigest():
        return False
    path, _, raw = request.raw_path.partition("?")
    pairs = [pair.partition("=") for pair in raw.split("&")] if raw else []
    query = sorted((encoded(unquote(k)), encoded(unquote(v))) for k, _, v in pairs)
    lines = [request.method, path, "&".join(f"{k}={v}" for k, v in query)]
    lines += [f"{name}:{request.headers[name].strip()}" for name in names]
    lines += ["", ";".join(names), sha256(body).hexdigest()]
    text = "ACS3-HMAC-SHA256\n" + sha256("\n".join(lines).encode()).hexdigest()
    return HMAC(secret.encode(), text.encode(), "sha256").hexdigest() == found[3]


def tc3_holds(request: web.Request, body: bytes, secret_id: str, secret_key: str) -> bool:
    found = TC3.fullmatch(request.headers.get("authorization", ""))
    if found is None or found[1] != secret_id:
        return False
    date, names = found[2], found[3].split(";")
    if not {"content-type", "host"} <= set(names) or names != sorted(names):
        return False
    lines = [request.method, request.path, request.query_string]
    lines += [f"{name}:{request.headers[name].strip().lower()}" for name in names]
    lines += ["", ";".join(names), sha256(body).hexdigest()]
    key = ("TC3" + secret_key).encode()
    for part in (date, "sms", "tc3_request"):
        key = HMAC(key, part.encode(), "sha256").digest()
    text = "\n".join(
        (
            "TC3-HMAC-SHA256",
            request.headers["x-tc-timestamp"],
            f"{date}/sms/tc3_request",
            sha256("\n".join(lines).encode()).hexdigest(),
        )
    )
    return HMAC(key, text.encode(), "sha256").hexdigest() == found[4]
