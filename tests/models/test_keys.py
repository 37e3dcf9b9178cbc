"""Personal data: what is sealed opens again with its key, in its column, unaltered; else not."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.keys import NONCE_BYTES, TAG_BYTES, KeyFault, KeyRing
from models.sm3 import hmac_sm3

NAME, COLUMN = "欧阳小明", "case_file.applicant_name"
RING = KeyRing.fresh()


def decrypted(key: bytes, nonce: bytes, aad: bytes, body: bytes, tag: bytes) -> bytes:
    """SM4-GCM without models/keys.py."""
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(body) + decryptor.finalize()


def test_the_librarys_sm4_gcm_is_that_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1."""
    plain = "".join(letter * 16 for letter in "ABCDEFEA")
    found = decrypted(
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        bytes.fromhex("00001234567800000000ABCD"),
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
        bytes.fromhex(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
            "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        ),
        bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC"),
    )
    assert found == bytes.fromhex(plain)


def test_what_is_sealed_is_sm4_gcm_bound_to_its_column() -> None:
    name, _, encoded = RING.seal(NAME, COLUMN).partition(":")
    raw = b64decode(encoded)
    nonce, body, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES:-TAG_BYTES], raw[-TAG_BYTES:]
    key = bytes.fromhex(RING.sealing[name])
    assert decrypted(key, nonce, COLUMN.encode(), body, tag).decode() == NAME


@given(st.text(), st.text(st.characters(codec="ascii")))
def test_what_is_sealed_opens_again(plain: str, column: str) -> None:
    assert RING.open(RING.seal(plain, column), column) == plain


def test_the_same_twice_looks_different() -> None:
    assert RING.seal(NAME, COLUMN) != RING.seal(NAME, COLUMN)


def test_moved_to_another_column_it_does_not_open() -> None:
    with pytest.raises(KeyFault, match="已被改动"):
        RING.open(RING.seal(NAME, COLUMN), "case_file.agent_name")


def test_with_another_key_of_the_same_name_it_does_not_open() -> None:
    with pytest.raises(KeyFault, match="密钥不符"):
        KeyRing.fresh().open(RING.seal(NAME, COLUMN), COLUMN)


def test_any_altered_byte_is_noticed() -> None:
    name, _, encoded = RING.seal(NAME, COLUMN).partition(":")
    raw = b64decode(encoded)
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        with pytest.raises(KeyFault):
            RING.open(f"{name}:{b64encode(altered).decode()}", COLUMN)


@given(st.data())
def test_any_altered_text_is_noticed(data: st.DataObject) -> None:
    """Cut, lengthened, or written with what is no base64 at all."""
    sealed = RING.seal(NAME, COLUMN)
    start = data.draw(st.integers(0, len(sealed)))
    end = data.draw(st.integers(start, len(sealed)))
    altered = sealed[:start] + data.draw(st.text(max_size=5)) + sealed[end:]
    if altered != sealed:
        with pytest.raises(KeyFault):
            RING.open(altered, COLUMN)


@pytest.mark.parametrize("broken", ["", "k1", "k1:", "k1:AAAA", "k1:é", ":", "k9:AAAA"])
def test_what_was_never_sealed_does_not_open(broken: str) -> None:
    with pytest.raises(KeyFault):
        RING.open(broken, COLUMN)


@given(st.binary(), st.text(st.characters(codec="ascii")))
def test_a_sealed_file_opens_again_in_its_column_only(plain: bytes, column: str) -> None:
    sealed = RING.seal_bytes(plain, column)
    assert RING.open_bytes(sealed, column) == plain
    assert sealed != RING.seal_bytes(plain, column)
    with pytest.raises(KeyFault, match="已被改动"):
        RING.open_bytes(sealed, f"{column}?")
    with pytest.raises(KeyFault, match="密钥不符"):
        KeyRing.fresh().open_bytes(sealed, column)


def test_a_sealed_file_is_sm4_gcm_without_base64() -> None:
    sealed = RING.seal_bytes(NAME.encode(), COLUMN)
    name, _, raw = sealed.partition(b":")
    nonce, body, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES:-TAG_BYTES], raw[-TAG_BYTES:]
    key = bytes.fromhex(RING.sealing[name.decode()])
    assert decrypted(key, nonce, COLUMN.encode(), body, tag).decode() == NAME
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(KeyFault):
            RING.open_bytes(bytes(altered), COLUMN)
        with pytest.raises(KeyFault):
            RING.open_bytes(sealed[:place], COLUMN)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = RING.seal(NAME, COLUMN)
    rotated = RING.model_copy(update={"sealing": {**RING.sealing, "k2": "ab" * 16}})
    assert rotated.seal(NAME, COLUMN).startswith("k2:")
    assert rotated.open(old, COLUMN) == NAME
    assert rotated.find(NAME, "name") == RING.find(NAME, "name")
    dropped = RING.model_copy(update={"sealing": {"k2": "ab" * 16}})
    with pytest.raises(KeyFault, match="k1"):
        dropped.open(old, COLUMN)


@pytest.mark.parametrize(
    "sealing",
    [{}, {"k1": "ab" * 15}, {"k1": "zz" * 16}, {"k:1": "ab" * 16}, {"": "ab" * 16}],
    ids=["no key", "short key", "no hex", "a colon in its name", "no name"],
)
def test_a_ring_that_could_not_seal_is_refused_when_read(
    sealing: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ValidationError):
        KeyRing(sealing=sealing, lookup=RING.lookup, links=RING.links)
    file = tmp_path / "keys.json"
    file.write_text(RING.model_copy(update={"sealing": sealing}).model_dump_json())
    with pytest.raises(KeyFault, match="无法读取"):
        KeyRing.load(file)


def test_a_value_is_found_by_the_same_hash_within_its_kind() -> None:
    expected = hmac_sm3(bytes.fromhex(RING.lookup), b"phone\0+8613800138000").hex()
    assert RING.find("+8613800138000", "phone") == expected
    assert RING.find("+8613800138000", "identity") != expected
    assert KeyRing.fresh().find("+8613800138000", "phone") != expected


def test_the_ring_is_kept_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    RING.save(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeyRing.load(file) == RING
    with pytest.raises(FileExistsError):
        KeyRing.fresh().save(file)
    assert KeyRing.load(file) == RING


def test_a_missing_or_broken_ring_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="恢复备份"):
        KeyRing.load(tmp_path / "keys.json")
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(KeyFault, match="恢复备份"):
        KeyRing.load(tmp_path / "keys.json")
