"""How DingTalk signs: a message to our robot by the application's secret, a message to a group by
the robot's.

Sources: 《接收消息的消息协议》, 《自定义机器人安全设置》, open.dingtalk.com/document/
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256


def signature(milliseconds: str, secret: str) -> str:
    """Of the time alone: what is sent at that time, nothing of it is signed."""
    line = f"{milliseconds}\n{secret}"
    return b64encode(hmac.digest(secret.encode(), line.encode(), sha256)).decode()
