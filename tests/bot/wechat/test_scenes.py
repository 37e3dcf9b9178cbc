"""What a code carries (bot/wechat/scenes.py)."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.scenes import SCENE_LENGTH, Leads, Scene, read_scene
from models.keys import KeyRing
from models.links import Links, fresh_nonce
from models.words import Channel

LINKS = Links(KeyRing.fresh().link_key)


@pytest.mark.parametrize("channel", [Channel.OFFICIAL_ACCOUNT, Channel.MINI_PROGRAM])
def test_an_invitations_token_fits_and_comes_back(channel: Channel) -> None:
    scene = Scene(Leads.RATING, LINKS.rating(fresh_nonce(), channel))
    # What getwxacodeunlimit takes: 32 characters, no %.
    assert re.fullmatch(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}", str(scene))
    assert read_scene(str(scene)) == scene


def test_the_longest_static_code_fits() -> None:
    scene = Scene(Leads.PLACE, uuid4().hex[:16])
    assert read_scene(str(scene)) == scene


@given(st.text(max_size=40))
def test_whatever_else_a_code_says_is_none_of_ours(text: str) -> None:
    scene = read_scene(text)
    assert scene is None or (str(scene) == text and len(text) <= SCENE_LENGTH)
