"""TC3-HMAC-SHA256, the third version of Tencent Cloud's request signature, for POST to “/”.

Source: “签名方法 v3”, tencentcloud.com/zh/document/product/1021/34193
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

ALGORITHM: Final = "TC3-HMAC-SHA256"


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sign(
    signed: Mapping[str, str],
    body: bytes,
    service: str,
    secret_id: str,
    secret_key: str,
    at: datetime,
) -> dict[str, str]:
    """All headers of the request: those given, every one of them signed, `x-tc-timestamp` and
    `authorization`.

    `signed` must hold content-type and host, names in lower case; `at`: aware.
    """
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            "".join(f"{name}:{signed[name].strip().lower()}\n" for name in sorted(signed)),
            names,
            hashlib.sha256(body).hexdigest(),
        )
    )
    timestamp = str(int(at.timestamp()))
    # The date is that of UTC: in Beijing's, every signature before eight in the morning fails.
    date = at.astimezone(UTC).date().isoformat()
    scope = f"{date}/{service}/tc3_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = _mac(_mac(_mac(f"TC3{secret_key}".encode(), date), service), "tc3_request")
    signature = _mac(key, f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashed}").hex()
    return {
        **signed,
        "x-tc-timestamp": timestamp,
        "authorization": f"{ALGORITHM} Credential={secret_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}",
    }
