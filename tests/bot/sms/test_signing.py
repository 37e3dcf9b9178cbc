"""The signatures of the providers' own documents (bot/sms/acs3.py, tc3.py)."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sms import acs3, tc3


def test_aliyun_s_example_with_fixed_parameters() -> None:
    """“V3版本请求体&签名机制”, 固定参数示例."""
    request = acs3.Request(
        method="POST",
        host="ecs.cn-shanghai.aliyuncs.com",
        path="/",
        query={
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        },
        headers={"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26"},
    )
    headers = acs3.sign(
        request,
        "YourAccessKeyId",
        "YourAccessKeySecret",
        datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        "3156853299f313e23d1673dc12e1703d",
    )
    assert headers["authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )
    assert headers["x-acs-date"] == "2023-10-26T10:22:32Z"


def test_aliyun_s_encoding() -> None:
    """RFC 3986 as the same document wants it: a space is %20, an asterisk %2A, a tilde itself."""
    assert acs3.canonical_query({"b": "a b*c~/", "a": "短"}) == "a=%E7%9F%AD&b=a%20b%2Ac~%2F"
    assert acs3.canonical_query({}) == ""


def test_tencent_s_example() -> None:
    """“签名方法 v3”. Later editions mask the key; this one, with the key whole, is at
    tencentcloud.com/zh/document/product/1021/34193 (2021-11-15)."""
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )
    headers = tc3.sign(
        {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"},
        body,
        "cvm",
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        datetime.fromtimestamp(1551113065, UTC),
    )
    assert headers["authorization"] == (
        "TC3-HMAC-SHA256 "
        "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )
    assert headers["x-tc-timestamp"] == "1551113065"
