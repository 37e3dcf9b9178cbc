"""Whether the platform sent it (bot/wechat/callback.py)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from multidict import MultiDict

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.envelope import SIZE_LIMIT
from bot.wechat.incoming import Kind
from tests.bot.wechat.callbacks import callback, message, read
from tests.bot.wechat.crypto import Platform, Push, element, signature
from tests.standing import MONDAY

MODES = ["plain", "compatible", "aes"]
PLAIN, COMPATIBLE, AES = (Platform(mode=mode) for mode in MODES)
ECHO = "4375120948345356249"

# The addresses, bodies and answers of 《消息推送》
# (developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html).
DOCUMENTED = Platform(token="AAAAA", key="A" * 43, app_id="wxba5fad812f8e6fb9")  # noqa: S106
DOCUMENTED_PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqz"
    "DpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede"
    "2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAl"
    "r7F9mFUPAJGj04="
)
DOCUMENTED_MESSAGE = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    b'"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
DOCUMENTED_ANSWER = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)

# The message that the platform's sample programs decrypt, in compatible mode: cryptoDemo, from
# 《消息加解密说明》.
DEMO = Platform("spamtest", app_id="wx2c2769f8efd9abc2", mode="compatible")
DEMO_TIME = datetime.fromtimestamp(1409735669, UTC)
DEMO_QUERY = {
    # Of token, timestamp and nonce: sha1sum's.
    "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    "timestamp": "1409735669",
    "nonce": "1320562132",
}
DEMO_BODY = (
    b"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>"
    b"<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>"
    b"<CreateTime>1409735668</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    b"<Content><![CDATA[abcdteT]]></Content><MsgId>6054768590064713728</MsgId><Encrypt><![CDATA["
    b"hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQH"
    b"FVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsV"
    b"ticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0V"
    b"xpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrc"
    b"pCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
    b"]]></Encrypt></xml>"
)


class TestVectors:
    def test_of_the_tests_own_crypto(self) -> None:
        assert DOCUMENTED.decrypt(DOCUMENTED_PUSH) == DOCUMENTED_MESSAGE
        assert (
            signature("AAAAA", "1714112445", "415670741", DOCUMENTED_PUSH)
            == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
        )
        answer = DOCUMENTED.encrypt(b'{"demo_resp":"good luck"}', b"707722b803182950")
        assert answer == DOCUMENTED_ANSWER
        assert (
            signature("AAAAA", "1713424427", "415670741", answer)
            == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
        )

    def test_verification(self) -> None:
        query = {
            "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
            "echostr": ECHO,
            "timestamp": "1714036504",
            "nonce": "1514711492",
        }
        at = datetime.fromtimestamp(1714036504, UTC)
        assert callback(DOCUMENTED, at).verify(query) == ECHO

    def test_a_push(self) -> None:
        """Signed and decrypted; then it is JSON, which an official account does not get."""
        query = {
            "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
            "timestamp": "1714112445",
            "nonce": "415670741",
            "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
            "encrypt_type": "aes",
            "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        }
        at = datetime.fromtimestamp(1714112445, UTC)
        body = f"<xml><Encrypt>{DOCUMENTED_PUSH}</Encrypt></xml>".encode()
        with pytest.raises(Malformed, match="no <xml>"):
            callback(DOCUMENTED, at).read(query, body)

    @pytest.mark.parametrize("mode", ["compatible", "aes"])
    def test_a_push_of_the_sample_programs(self, mode: str) -> None:
        ours = callback(Platform("spamtest", app_id=DEMO.app_id, mode=mode), DEMO_TIME)
        incoming = ours.read(DEMO_QUERY, DEMO_BODY)
        assert (incoming.kind, incoming.words) == (Kind.TEXT, "abcdteT")
        assert incoming.sender == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
        answer = DEMO.opened(ours.answer(incoming, "好"))
        assert element(answer, "ToUserName") == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


@pytest.mark.parametrize("mode", MODES)
class TestVerification:
    def test_the_echo(self, mode: str) -> None:
        platform = Platform(mode=mode)
        query = platform.query(MONDAY, echostr=ECHO)
        assert callback(platform).verify(query) == ECHO

    @pytest.mark.parametrize("echo", ["", "<script>", "a b", "a\r\nb", "好", "a" * 257])
    def test_an_echo_that_is_none(self, mode: str, echo: str) -> None:
        platform = Platform(mode=mode)
        with pytest.raises(Malformed):
            callback(platform).verify(platform.query(MONDAY, echostr=echo))

    def test_a_forged_one(self, mode: str) -> None:
        platform = Platform(mode=mode)
        query = Platform("another", mode=mode).query(MONDAY, echostr=ECHO)
        with pytest.raises(Forged):
            callback(platform).verify(query)


WRONG = {
    "another": "0" * 40,
    "empty": "",
    "short": "f464b24fc39322e44b38aa78f5edd27bd144169",
    "not hexadecimal": "好" * 40,
    "a surrogate": "\ud800" * 40,
}


@pytest.mark.parametrize("mode", MODES)
class TestSignature:
    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
    def test_wrong(self, mode: str, wrong: str) -> None:
        platform = Platform(mode=mode)
        query, body = platform.push(message(), MONDAY)
        with pytest.raises(Forged):
            callback(platform).read({**query, "signature": wrong}, body)

    @pytest.mark.parametrize("name", ["timestamp", "nonce"])
    def test_a_parameter_missing(self, mode: str, name: str) -> None:
        platform = Platform(mode=mode)
        query, body = platform.push(message(), MONDAY)
        del query[name]
        with pytest.raises(Forged):
            callback(platform).read(query, body)

    @pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
    def test_a_parameter_twice(self, mode: str, name: str) -> None:
        platform = Platform(mode=mode)
        query, body = platform.push(message(), MONDAY)
        twice = MultiDict([*query.items(), (name, query[name])])
        with pytest.raises(Forged):
            callback(platform).read(twice, body)

    def test_the_signature_that_holds_the_body_is_enough(self, mode: str) -> None:
        platform = Platform(mode=mode)
        query, body = platform.push(message("5"), MONDAY)
        del query["signature"]
        if mode == "plain":
            with pytest.raises(Forged):
                callback(platform).read(query, body)
        else:
            assert callback(platform).read(query, body).words == "5"

    def test_by_nobody(self, mode: str) -> None:
        """Of an empty token, which everybody knows."""
        query, body = Platform("", mode=mode).push(message(), MONDAY)
        with pytest.raises(Forged):
            callback(Platform(mode=mode)).read(query, body)

    def test_another_time_or_nonce(self, mode: str) -> None:
        platform = Platform(mode=mode)
        query, body = platform.push(message(), MONDAY)
        for name in ("timestamp", "nonce"):
            with pytest.raises(Forged):
                callback(platform).read({**query, name: str(int(query[name]) + 1)}, body)

    def test_the_same_run_of_characters_cut_elsewhere(self, mode: str) -> None:
        """What is signed has no joints: 1 and 23 are as good as 12 and 3."""
        platform = Platform(mode=mode)
        query, body = platform.push(message(), MONDAY)
        joined = "".join(sorted([query["timestamp"], query["nonce"]]))
        cut = {"timestamp": joined[:9], "nonce": joined[9:]}
        assert signature(platform.token, *cut.values()) == query["signature"]
        with pytest.raises(Forged):
            callback(platform).read({**query, **cut}, body)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_window(mode: str, sign: int) -> None:
    platform = Platform(mode=mode)
    push = platform.push(message(), MONDAY)
    edge = MONDAY + sign * timedelta(minutes=10)
    assert callback(platform, edge).read(*push).words == "评价"
    beyond = callback(platform, edge + sign * timedelta(seconds=1))
    with pytest.raises(Stale):
        beyond.read(*push)
    with pytest.raises(Stale):
        beyond.verify(platform.query(MONDAY, echostr=ECHO))


def test_a_time_that_is_none() -> None:
    for timestamp in ("", "soon", "-177244560", "17724456000", "１７７２４４５６００", "1e9"):
        signed = signature(PLAIN.token, timestamp, "1")
        query = {"signature": signed, "timestamp": timestamp, "nonce": "1"}
        with pytest.raises(Forged):
            callback(PLAIN).read(query, message().encode())


@pytest.mark.parametrize("platform", [COMPATIBLE, AES])
class TestEncrypted:
    @pytest.mark.parametrize("wrong", [*WRONG.values(), None])
    def test_the_signature_of_the_message(self, platform: Platform, wrong: str | None) -> None:
        query, body = platform.push(message(), MONDAY)
        del query["msg_signature"]
        if wrong is not None:
            query["msg_signature"] = wrong
        with pytest.raises(Forged):
            callback(platform).read(query, body)

    def test_another_message_under_it(self, platform: Platform) -> None:
        query, _ = platform.push(message("满意"), MONDAY)
        _, body = platform.push(message("不满意"), MONDAY)
        with pytest.raises(Forged):
            callback(platform).read(query, body)

    def test_in_plain(self, platform: Platform) -> None:
        with pytest.raises(Forged):
            callback(platform).read(*PLAIN.push(message(), MONDAY))

    @pytest.mark.parametrize("body", [b"<xml></xml>", b"<xml>a</xml>", b"<xml><Encrypt/></xml>"])
    def test_nothing_encrypted(self, platform: Platform, body: bytes) -> None:
        query, _ = platform.push(message(), MONDAY)
        with pytest.raises(Forged):
            callback(platform).read(query, body)

    def test_encrypted_twice(self, platform: Platform) -> None:
        query, body = platform.push(message(), MONDAY)
        twice = body.replace(b"</xml>", b"<Encrypt>a</Encrypt></xml>")
        with pytest.raises(Forged):
            callback(platform).read(query, twice)

    def test_for_another_account(self, platform: Platform) -> None:
        other = Platform(app_id="wx9876543210fedcba", mode=platform.mode)
        with pytest.raises(Forged, match="another account"):
            callback(platform).read(*other.push(message(), MONDAY))

    def test_with_another_key(self, platform: Platform) -> None:
        other = Platform(key="B" * 43, mode=platform.mode)
        with pytest.raises((Forged, Malformed)):
            callback(platform).read(*other.push(message(), MONDAY))

    @pytest.mark.parametrize("padding", [b"\0", b"\x28", b"\xff"])
    def test_wrong_padding(self, platform: Platform, padding: bytes) -> None:
        plain = b"0" * 16 + (5).to_bytes(4, "big") + b"<xml>" + platform.app_id.encode()
        whole = (plain + b"\x01" * 64)[:63] + padding
        with pytest.raises((Forged, Malformed)):
            callback(platform).read(*platform.carrying(platform.encrypt_octets(whole), MONDAY))

    @pytest.mark.parametrize("length", [0, 4, 2**31, 2**32 - 1])
    def test_a_wrong_length(self, platform: Platform, length: int) -> None:
        plain = b"0" * 16 + length.to_bytes(4, "big") + b"<xml></xml>" + platform.app_id.encode()
        whole = plain + bytes([32 - len(plain) % 32]) * (32 - len(plain) % 32)
        with pytest.raises((Forged, Malformed)):
            callback(platform).read(*platform.carrying(platform.encrypt_octets(whole), MONDAY))

    def test_cut_short(self, platform: Platform) -> None:
        encrypted = platform.encrypt(message().encode())
        octets = b64decode(encrypted)
        short = [encrypted[:length] for length in (1, 3, 50, len(encrypted) - 5)]
        short += [b64encode(octets[:length]).decode() for length in (15, 16, 32, len(octets) - 16)]
        for each in [*short, "=", "好", "a b", "*"]:
            with pytest.raises((Forged, Malformed)):
                callback(platform).read(*platform.carrying(each, MONDAY))

    def test_no_utf8_inside(self, platform: Platform) -> None:
        push = platform.carrying(platform.encrypt("<xml>满意</xml>".encode("gbk")), MONDAY)
        with pytest.raises(Malformed):
            callback(platform).read(*push)

    def test_an_entity_around_it(self, platform: Platform) -> None:
        query, body = platform.push(message(), MONDAY)
        bomb = b'<!DOCTYPE xml [<!ENTITY a "b">]>' + body
        with pytest.raises(Malformed):
            callback(platform).read(query, bomb)


def test_of_both_only_the_signed_part_counts() -> None:
    query, body = COMPATIBLE.push(message("满意"), MONDAY)
    changed = body.replace("满意".encode(), "不满意".encode())
    assert changed != body
    assert callback(COMPATIBLE).read(query, changed).words == "满意"


def test_an_account_in_plain_mode_reads_no_encrypted_push() -> None:
    with pytest.raises(Malformed):
        callback(PLAIN).read(*AES.push(message(), MONDAY))


@pytest.mark.parametrize("mode", MODES)
def test_how_long_a_body_may_be(mode: str) -> None:
    platform = Platform(mode=mode)
    query, body = platform.push(message(), MONDAY)
    longest = body + b" " * (SIZE_LIMIT - len(body))
    assert callback(platform).read(query, longest).words == "评价"
    with pytest.raises(Malformed):
        callback(platform).read(query, longest + b" ")


@pytest.mark.parametrize("mode", MODES)
def test_no_utf8(mode: str) -> None:
    platform = Platform(mode=mode)
    query, body = platform.push(message(), MONDAY)
    for wrong in (body.replace(b"<xml>", b"<xml>\xff"), body.decode().encode("utf-16")):
        with pytest.raises(Malformed):
            callback(platform).read(query, wrong)


NUMBERS = ["FromUserName", "CreateTime", "MsgId"]


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_the_message_is_in_a_fault(mode: str) -> None:
    platform = Platform(mode=mode)
    broken = [message("机密\0"), "机密", *(message(**{name: "机密"}) for name in NUMBERS)]
    for xml in broken:
        with pytest.raises(Malformed) as fault:
            read(platform, xml)
        assert "机密" not in str(fault.value)
        assert fault.value.__suppress_context__ or fault.value.__context__ is None


def test_a_push_is_what_it_says() -> None:
    """The platform of these tests sends in each mode what the documentation shows."""
    plain, both, aes = (Platform(mode=mode).push(message(), MONDAY) for mode in MODES)
    assert isinstance(plain, Push)
    assert (b"<Content>" in plain.body, b"<Encrypt>" in plain.body) == (True, False)
    assert (b"<Content>" in both.body, b"<Encrypt>" in both.body) == (True, True)
    assert (b"<Content>" in aes.body, b"<Encrypt>" in aes.body) == (False, True)
