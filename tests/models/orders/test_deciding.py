"""What follows from a step: which events, with which details, by which article."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from models.accounts.roles import Role
from models.calendar.beijing import beijing_date
from models.orders import steps
from models.orders.events import Event, Kind
from models.orders.refusals import NotAllowed
from models.orders.states import State
from models.refusals import Invalid
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from tests.models.orders.course import AGENCY, BUREAU, DISTRICT, SECOND, TOWN, Course, person
from tests.models.orders.test_guards import MISTAKEN, at


def only(events: tuple[Event, ...]) -> Event:
    (event,) = events
    return event


def refused(way: Course, by: str, name: str, field: str, says: str, **said: Any) -> None:
    with pytest.raises(Invalid, match=says) as found:
        way.take(by, name, **said)
    assert found.value.field == field


def test_an_event_says_who_for_whom_when_and_through_what(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.VERIFYING)
    way.at += timedelta(minutes=7)
    event = only(way.take("handler", "verify", note="确实久等", via="某市12345平台"))
    assert (event.kind, event.at, event.actor) == (Kind.VERIFIED, way.at, "handler-2")
    assert (event.account, event.agency) == (2, AGENCY)
    assert event.details == {"source": "第二十三条", "note": "确实久等", "via": "某市12345平台"}


# --- 转办 ---------------------------------------------------------------------------------------


def test_dispatched_within_and_handed_on_elsewhere(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.OPENED)
    event = only(way.take("bureau", "dispatch", to="bureau-x", note="不在本市"))
    assert (event.kind, event.details["to"], event.details["to_name"]) == (
        Kind.HANDED_ON,
        98,
        "邻市政务局",
    )
    assert (way.now.state, way.now.holder) == (State.OPENED, 98)
    # The clock of the dispatch runs on from where it came in.
    assert way.clock("dispatch").open
    other = person(Role.BUREAU, 98, 9, oversees=True)
    event = only(way.take(other, "dispatch", to="agency"))
    assert (event.kind, event.details["source"]) == (Kind.DISPATCHED, "第二十二条")
    assert (way.now.dispatcher, way.clock("dispatch").met_at) == (98, way.at)


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("nowhere", "没有这个机构"),
        ("agency-x", "不在本地区"),
    ],
)
def test_not_dispatched_to(shelf: Shelf, to: str, says: str) -> None:
    refused(at(shelf, "chaoan", State.OPENED), "bureau", "dispatch", "to", says, to=to)


def test_a_town_dispatches_to_its_own_and_hands_nothing_on(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.OPENED)
    way.take("bureau", "dispatch", to="town")
    refused(way, "town", "dispatch", "to", "工单已经在这个机构", to="town")
    refused(way, "town", "dispatch", "to", "只能移交", to="bureau-x")
    event = only(way.take("town", "dispatch", to="agency-2"))
    assert (event.kind, way.now.handler, way.now.dispatcher) == (Kind.DISPATCHED, SECOND, TOWN)


def test_returned_to_whom_it_came_from(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.OPENED)
    way.take("bureau", "dispatch", to="town")
    way.take("town", "dispatch", to="agency")
    event = only(way.take("handler", "return", reason="不是本单位的事项"))
    assert event.details == {"to": TOWN, "reason": "不是本单位的事项"}
    # What nobody has dispatched goes to the bureau of the region.
    direct = at(shelf, "tianjin", State.VERIFYING)
    assert only(direct.take("handler", "return", reason="不是本单位的事项")).details["to"] == BUREAU


def test_a_district_government_passes_it_on(shelf: Shelf) -> None:
    """天津第十八条."""
    way = Course(shelf.book("tianjin").versions[0], municipal=False)
    government = person(Role.BUREAU, DISTRICT, 9, oversees=True)
    assert (way.now.state, way.now.holder) == (State.OPENED, DISTRICT)
    with pytest.raises(NotAllowed, match="持有工单"):
        way.take("bureau", "dispatch", to="agency")
    way.take(government, "dispatch", to="agency")
    assert way.now.handler == AGENCY


# --- 核实 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("lingang", {"causes": ["服务效率不满意"]}, "general"),
        ("lingang", {"causes": ["服务环境不舒适", "多部门业务交叉"]}, "complex"),
        ("lingang", {"causes": ["业务程序办理不正确", "服务环境不舒适"]}, "general"),
        ("lingang", {"class_name": "simple"}, "simple"),
        ("lingang", {"class_name": "general", "causes": ["服务效率不满意"]}, "general"),
        ("tianjin", {"causes": ["服务态度"]}, "simple"),
        ("tianjin", {"causes": ["环节不畅", "服务态度"]}, "complex"),
        ("qijiang", {"class_name": "complex"}, "complex"),
    ],
)
def test_its_class_is_that_of_its_causes(
    shelf: Shelf, name: str, said: dict[str, Any], found: str
) -> None:
    way = at(shelf, name, State.VERIFYING)
    event = only(way.take("handler", "verify", note="已核对录像", **said))
    assert event.details["note"] == "已核对录像"
    assert event.details["class_name"] == way.now.class_name == found
    kinds = way.version.classes.kinds if way.version.classes else ()
    assert event.details["class_label"] == {str(kind.name): kind.label for kind in kinds}[found]
    assert event.details["causes"] == said.get("causes", [])


@pytest.mark.parametrize(
    ("name", "said", "field", "says"),
    [
        ("lingang", {}, "causes", "请选择成因或类别"),
        ("qijiang", {}, "class_name", "请选择成因或类别"),
        ("lingang", {"causes": ["天气不好"]}, "causes", "“天气不好”不是规定的成因"),
        # The causes of one regulation are not those of the other.
        ("tianjin", {"causes": ["服务效率不满意"]}, "causes", "不是规定的成因"),
        ("qijiang", {"class_name": "general"}, "class_name", "可选：情况简单、事实清楚、问题复杂"),
        (
            "lingang",
            {"class_name": "simple", "causes": ["历史遗留问题"]},
            "class_name",
            "所选成因属于“综合协调（复杂）类”",
        ),
        ("chaoan", {"class_name": "simple"}, "class_name", "不对差评分类"),
        ("sanming", {"causes": ["服务态度"]}, "class_name", "不对差评分类"),
    ],
)
def test_no_class_of_its_own_invention(
    shelf: Shelf, name: str, said: dict[str, Any], field: str, says: str
) -> None:
    refused(at(shelf, name, State.VERIFYING), "handler", "verify", field, says, **said)


# --- 误评, 申诉, 异议 -----------------------------------------------------------------------------

GROUNDS = {
    "chaoan": ("误评", "恶意差评"),
    "sanming": ("误评", "恶意差评"),
    "qijiang": ("误评", "恶意差评"),
    "lingang": ("误评", "不实评价"),
    "tianjin": ("不实评价", "误评"),
}
EFFECTS = {
    "chaoan": ("excluded", "第二十三条、第二十四条"),
    "sanming": ("excluded", "二(三)1、三(三)"),
    "qijiang": ("excluded", "第六条、第十八条"),
    "lingang": ("invalid", "三(一)"),
    "tianjin": ("unrated", "第十九条"),
}


@pytest.mark.parametrize("name", GROUNDS)
def test_a_finding_needs_evidence_and_a_ground_of_the_text(shelf: Shelf, name: str) -> None:
    way = at(shelf, name, State.VERIFYING)
    refused(way, "handler", "find_mistaken", "files", "请附上证据", files=0, **MISTAKEN)
    for ground in {"误评", "恶意差评", "不实评价"} - set(GROUNDS[name]):
        said = {**MISTAKEN, "ground": ground}
        refused(way, "handler", "find_mistaken", "ground", "、".join(GROUNDS[name]), **said)
    event = only(way.take("handler", "find_mistaken", **MISTAKEN))
    assert event.details["to"] == BUREAU


@pytest.mark.parametrize("name", GROUNDS)
def test_excluded_with_the_effect_of_the_text(shelf: Shelf, name: str) -> None:
    way = at(shelf, name, State.EXCLUDING)
    way.at += timedelta(days=30)
    event = only(way.days_over())
    assert (event.details["effect"], event.details["source"]) == EFFECTS[name]
    assert (event.actor, event.account, way.now.counted) == ("system", None, False)


def test_an_objection_that_is_not_upheld_excludes_at_once(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.EXCLUDING)
    said = only(way.object())
    assert (said.actor, said.account, said.agency) == ("rater", None, None)
    decided = way.take("bureau", "decide_objection", upheld=False, note="证据充分")
    assert [event.kind for event in decided] == [Kind.OBJECTION_REJECTED, Kind.EXCLUDED]
    assert [event.actor for event in decided] == ["bureau-4", "system"]


def without(version: Version, **changes: Any) -> Version:
    """A jurisdiction's own version of the rules."""
    return version.model_copy(update=changes)


def test_without_days_to_object_it_is_excluded_at_once(shelf: Shelf) -> None:
    version = shelf.book("lingang").versions[0]
    second = version.second_party.model_copy(update={"objection": None})
    way = Course(without(version, second_party=second))
    way.take("handler", "find_mistaken", **MISTAKEN)
    confirmed = way.take("bureau", "confirm_mistaken", note="与本人核对无误")
    assert [event.kind for event in confirmed] == [Kind.MISTAKEN_CONFIRMED, Kind.EXCLUDED]


@pytest.mark.parametrize(
    ("name", "by", "files", "kind"),
    [
        # 通过所在机构 (三明三(三)): of the member of staff it is a proposal.
        ("sanming", "staff", 0, Kind.APPEAL_PROPOSED),
        ("sanming", "handler", 0, Kind.APPEALED),
        ("qijiang", "staff", 0, Kind.APPEALED),
        ("lingang", "handler", 1, Kind.APPEALED),
        ("tianjin", "handler", 1, Kind.APPEALED),
    ],
)
def test_an_appeal(shelf: Shelf, name: str, by: str, files: int, kind: Kind) -> None:
    way = at(shelf, name, State.VERIFYING)
    if files:
        refused(way, by, "appeal", "files", "请附上证据", files=0, reason="当天系统故障")
    assert only(way.take(by, "appeal", files=files, reason="当天系统故障")).kind is kind
    if kind is Kind.APPEAL_PROPOSED:
        assert only(way.take("handler", "forward_appeal")).kind is Kind.APPEALED


def test_the_ways_of_a_review_are_those_of_the_text(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.VERIFYING)
    way.take("handler", "appeal", reason="当天系统故障")
    said: dict[str, Any] = {"upheld": False, "note": "仍应道歉"}
    known = "电话核实、谈话了解、现场调研、调取录像、审阅资料"
    refused(way, "bureau", "decide_appeal", "methods", known, methods=["占卜"], **said)
    event = only(way.take("bureau", "decide_appeal", methods=["调取录像"], **said))
    assert event.details == {"source": "四、附件", "methods": ["调取录像"], "note": "仍应道歉"}
    silent = at(shelf, "qijiang", State.VERIFYING)
    silent.take("staff", "appeal", reason="当天系统故障")
    refused(silent, "bureau", "decide_appeal", "methods", "未规定", methods=["电话"], **said)


# --- 延期, 台账 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "step", "due"),
    [
        # Five, ten working days from 2 March.
        ("lingang", "ask_extension", date(2026, 3, 9)),
        ("sanming", "enter_in_ledger", date(2026, 3, 16)),
    ],
)
def test_to_a_later_day_and_not_out_of_sight(shelf: Shelf, name: str, step: str, due: date) -> None:
    way = at(shelf, name, State.RECTIFYING)
    today = beijing_date(way.at)
    reason = "需要改造系统"
    one = timedelta(days=1)
    refused(way, "handler", step, "until", "应晚于现在的期限", until=due, reason=reason)
    far = today + timedelta(days=367)
    refused(way, "handler", step, "until", "不能超过一年", until=far, reason=reason)
    way.take("handler", step, until=due + one, reason=reason)
    if step == "ask_extension":
        way.take("bureau", "decide_extension", granted=True)
    assert beijing_date(way.clock("extended").deadline.due - timedelta(seconds=1)) == due + one
    assert way.clock("rectify").void_at == way.at


def test_refused_the_day_stands(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.RECTIFYING)
    way.take("handler", "ask_extension", until=date(2026, 4, 1), reason="需要会商")
    assert way.clock("rectify").open
    way.take("bureau", "decide_extension", granted=False, note="可以按期办结")
    assert way.clock("rectify").open
    assert [each.kind for each in way.clocks if each.kind == "extended"] == []


def test_a_day_that_has_passed_is_not_granted(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.RECTIFYING)
    way.take("handler", "ask_extension", until=date(2026, 3, 20), reason="需要会商")
    way.at += timedelta(days=30)
    refused(way, "bureau", "decide_extension", "granted", "申请的期限已过", granted=True)
    way.take("bureau", "decide_extension", granted=False)


def test_where_nobody_has_to_agree_it_is_granted_at_once(shelf: Shelf) -> None:
    version = shelf.book("lingang").versions[0]
    assert version.extension is not None
    freely = version.extension.model_copy(update={"needs_approval": False})
    way = Course(without(version, extension=freely))
    way.take("handler", "verify", class_name="general")
    events = way.take("handler", "ask_extension", until=date(2026, 3, 20), reason="需要会商")
    assert [event.kind for event in events] == [Kind.EXTENSION_ASKED, Kind.EXTENSION_GRANTED]


# --- 答复, 审核, 确认 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "holder"),
    [
        ("chaoan", State.ANSWERED, BUREAU),
        ("sanming", State.CALLING_BACK, BUREAU),
        ("qijiang", State.CALLING_BACK, BUREAU),
        ("lingang", State.ANSWERED, BUREAU),
        ("tianjin", State.CALLING_BACK, BUREAU),
    ],
)
def test_an_answer_goes_where_the_text_sends_it(
    shelf: Shelf, name: str, state: State, holder: int
) -> None:
    way = at(shelf, name, State.RECTIFYING)
    way.take("handler", "answer", text="已经改正。")
    assert (way.now.state, way.now.holder) == (state, holder)


def test_where_nobody_reviews_and_nobody_asks_an_answer_closes(shelf: Shelf) -> None:
    way = Course(without(shelf.book("lingang").versions[0], report_up=None))
    way.take("handler", "verify", class_name="simple")
    events = way.take("handler", "answer", text="已经改正。")
    assert [event.kind for event in events] == [Kind.ANSWERED, Kind.CLOSED]


def test_where_both_do_the_review_comes_first(shelf: Shelf) -> None:
    callback = shelf.book("tianjin").versions[0].callback
    way = Course(without(shelf.book("lingang").versions[0], callback=callback))
    way.take("handler", "verify", class_name="simple")
    way.take("handler", "answer", text="已经改正。")
    assert way.now.state == "answered"
    way.take("bureau", "review_answer", passed=True)
    assert way.now.state == "calling_back"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("chaoan", False),
        ("sanming", True),
        ("qijiang", True),
        ("lingang", True),
        ("tianjin", False),
    ],
)
def test_an_explanation_in_place_of_a_correction(shelf: Shelf, name: str, known: bool) -> None:
    """缺乏法定依据: 做好解释说明, where the text says so."""
    way = at(shelf, name, State.RECTIFYING)
    said: dict[str, Any] = {"text": "该材料为法定要求，已当面说明。", "explained": True}
    if known:
        assert way.take("handler", "answer", **said)[0].details["explained"]
    else:
        refused(way, "handler", "answer", "explained", "本地规定没有", **said)


def test_an_answer_is_returned_with_a_reason(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.ANSWERED)
    refused(way, "bureau", "review_answer", "note", "请写明退回的理由", passed=False)
    way.take("bureau", "review_answer", passed=False, note="没有说明何时增开")
    assert (way.now.state, way.now.holder, way.clock("rectify").open) == (
        State.RECTIFYING,
        AGENCY,
        True,
    )


@pytest.mark.parametrize("satisfied", [True, False])
def test_the_raters_word_closes_it(shelf: Shelf, satisfied: bool) -> None:
    """天津: nothing is written on 不满意, it is recorded and counted (reading 26)."""
    way = at(shelf, "tianjin", State.CALLING_BACK)
    events = way.confirm(satisfied=satisfied)
    assert [event.kind for event in events] == [Kind.CONFIRMED, Kind.CLOSED]
    assert (events[0].actor, way.now.satisfied, way.now.counted) == ("rater", satisfied, True)


def test_a_jurisdiction_may_open_it_again(shelf: Shelf) -> None:
    version = shelf.book("tianjin").versions[0]
    assert version.callback is not None
    again = version.callback.model_copy(update={"dissatisfied_reopens": True})
    way = Course(without(version, callback=again))
    way.take("handler", "verify", class_name="simple")
    way.take("handler", "answer", text="已经改正。")
    assert only(way.confirm(satisfied=False)).kind is Kind.CONFIRMED
    assert (way.now.state, way.now.holder) == (State.RECTIFYING, AGENCY)
    assert way.clock("rectify").open
    way.take("handler", "answer", text="已经再次改正。")
    way.confirm(satisfied=True)
    assert way.now.state is State.CLOSED


def test_left_unanswered_it_closes_by_itself(shelf: Shelf) -> None:
    way = at(shelf, "qijiang", State.CALLING_BACK)
    events = way.days_over()
    assert [event.kind for event in events] == [Kind.UNCONFIRMED, Kind.CLOSED]
    assert way.now.satisfied is None


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (steps.Return, {"reason": " 好 "}),
        (steps.Answer, {"text": "长" * 2001}),
        (steps.Answer, {"text": "已改\0正"}),
        (steps.Contact, {"reached": True, "note": "好", "way": "鸽子"}),
        (steps.Dispatch, {"to": ""}),
        (steps.AskExtension, {"until": "2026-02-30", "reason": "要会商"}),
        (steps.ReviewAnswer, {"passed": True, "by": "bureau"}),
        (steps.Confirm, {}),
    ],
)
def test_what_no_step_can_say(model: type[steps.Step], said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=model.__name__):
        model.model_validate(said)
