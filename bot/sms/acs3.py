"""ACS3-HMAC-SHA256, the third version of Aliyun's request signature.

Source: “V3版本请求体&签名机制”,
help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

ALGORITHM: Final = "ACS3-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed. `path` is as it stands in the address, `headers` are x-acs-action,
    x-acs-version and, where there is a body, content-type."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted and encoded as the signature wants it; send exactly this."""
    pairs = ((quote(name, safe="~"), quote(value, safe="~")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def sign(request: Request, key_id: str, secret: str, date: datetime, nonce: str) -> dict[str, str]:
    """All headers of the request, lower case, with `authorization` among them.

    `date`: aware, sent in UTC; `nonce`: never used twice.
    """
    digest = hashlib.sha256(request.body).hexdigest()
    signed = {
        **{name.lower(): value.strip() for name, value in request.headers.items()},
        "host": request.host,
        "x-acs-content-sha256": digest,
        "x-acs-date": date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
    }
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        (
            request.method,
            request.path,
            canonical_query(request.query),
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            names,
            digest,
        )
    )
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
    return {**signed, "authorization": authorization}
