"""Where a scanned code leads: to a rating, or to a place."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel

from api.endpoints import Nothing
from api.mp.endpoints import ALWAYS, TAG, Call, RaterEndpoint
from api.mp.forms import PlaceForm, RatingForm, place_form
from api.mp.places import place_in
from api.mp.ratings import rating_form
from bot.wechat.scenes import Leads, read_scene
from models.refusals import Missing


class SceneAnswer(BaseModel):
    leads: Literal["rating", "place"]
    asked: RatingForm | None = None
    place: PlaceForm | None = None


async def open_scene(call: Call[Nothing]) -> SceneAnswer:
    """`r/TOKEN` or `q/CODE`, as the scene of a code has it."""
    scene = read_scene(call.path["scene"])
    if scene is None:
        raise Missing("没有认出这个码，请扫描窗口、回执或短信里的评价码。")
    if scene.leads is Leads.RATING:
        return SceneAnswer(leads="rating", asked=await rating_form(call, scene.to))
    place = await place_in(call, scene.to)
    form = await place_form(call.office, place, call.rater, call.account.channel)
    return SceneAnswer(leads="place", place=form)


ENDPOINTS = (
    RaterEndpoint(
        "GET",
        "/mp/{account}/scenes/{scene:.+}",
        open_scene,
        "Where a code leads",
        TAG,
        SceneAnswer,
        problems=(*ALWAYS, HTTPStatus.CONFLICT, HTTPStatus.GONE),
    ),
)
