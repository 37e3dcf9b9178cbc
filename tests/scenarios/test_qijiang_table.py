"""重庆市綦江区政务服务中心“好差评”管理办法, rule by rule in the order of the rule matrix."""

from collections.abc import Callable
from typing import Literal

import pytest

from models.rulebooks.conduct_rules import (
    ChannelRule,
    Channels,
    DataSafety,
    Fraud,
    Invitation,
    Privacy,
    RealName,
    RealNameMode,
    Reporting,
)
from models.rulebooks.figure_rules import Assessment, Publication
from models.rulebooks.order_rules import (
    Answer,
    Appeal,
    Callback,
    Classes,
    ClassName,
    Dispatch,
    Exclusion,
    ExclusionEffect,
    Explanation,
    FirstReceiver,
    OrderClass,
    OrderOpening,
    Party,
    Review,
)
from models.rulebooks.rating_rules import (
    Hotline,
    IndicatorScope,
    ItemNode,
    Levels,
    OverallReview,
    Raters,
    WindowNode,
)
from models.rulebooks.rule import Counting, Period, Rule, Since
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Level, Target

Cell = Rule | Literal["platform"] | None

NEGATIVE = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
# 第十条 每一个办事窗口设置…二维码: of which kind, the text does not say.
CODE = ChannelRule(source="第十条", names=("二维码",), where="每一个办事窗口")

TABLE: dict[str, Cell] = {
    # --- 等级、分值、理由 ---
    # 第八条 5个等级. 第十六条 不满意、非常不满意进行办理.
    "levels": Levels(source="第八条、第十六条", negative=NEGATIVE, positive=None),
    "scores": "platform",
    "reason": "platform",
    # 第七条 机构、平台、工作人员. 第九条 按系统技术方案.
    "indicator_scope": IndicatorScope(
        source="第七条、第九条",
        targets=(Target.AGENCY, Target.PLATFORM, Target.STAFF),
        aspects=(
            "服务事项管理",
            "办事流程",
            "服务效率",
            "服务便民度",
            "便捷性",
            "完善性",
            "服务态度",
            "服务水平",
        ),
        set_by="《全国一体化在线政务服务平台“好差评”系统技术方案》",
    ),
    "indicators": "platform",
    "agency_score": None,
    # --- 评什么、何时评、评几次 ---
    # 第十条 线上线下均“一事一评”.
    "online": ItemNode(source="第十条", completion=(Target.ITEM,)),
    "terminal": ItemNode(source="第十条", completion=(Target.ITEM,)),
    # 第七条 各环节均能进行评价.
    "window": WindowNode(source="第七条、第十条", visit=(Target.STAFF,), completion=(Target.ITEM,)),
    "batch": None,
    "theme": None,
    "parallel": None,
    "lead_department": None,
    "consultation": None,
    # 第十条 政务服务热线电话. 第七条 工作人员的服务态度、服务水平.
    "hotline": Hotline(
        source="第七条、第十条",
        call=(Target.STAFF,),
        transferred=(),
        voice_prompt=False,
        transferred_by_sms=False,
        negative_called_back_by_hand=False,
        desk_records_additions=False,
    ),
    "follow_up": None,
    "once": "platform",
    # 第二条 政务服务对象（以下简称评价人）.
    "raters": Raters(source="第二条", who="政务服务对象"),
    # 第十条 综合评价意见.
    "overall_review": OverallReview(
        source="第十条", targets=(Target.AGENCY, Target.HALL, Target.PLATFORM)
    ),
    "questionnaire": None,
    # --- 沉默、提醒、默认 ---
    "reminder": None,
    "silence": None,
    "late": "platform",
    "link": "platform",
    "quiet_hours": "platform",
    "invitation_sms": None,
    # 第四条 不得强迫或干扰.
    "invitation": Invitation(
        source="第四条",
        active=False,
        no_coercion=True,
        no_self_rating=False,
        restriction_punished=False,
    ),
    # --- 渠道 ---
    "channels": Channels(
        source="第十条",
        portal=ChannelRule(source="第十条", names=("重庆市网上办事大厅",)),
        mobile=ChannelRule(source="第十条", names=("渝快办",)),
        # 第九条 评价页面调用统一.
        own_systems=ChannelRule(source="第九条", names=()),
        window_device=ChannelRule(source="第十条", names=("评价装置",), where="每一个办事窗口"),
        dynamic_code=CODE,
        static_code=CODE,
        # 第十六条 电话、短信、微信、上门见面.
        sms=ChannelRule(source="第十六条", names=("短信",)),
        hotline=ChannelRule(source="第十条", names=("政务服务热线电话", "电话回访")),
        terminal=ChannelRule(source="第十条", names=("自助服务终端",)),
        opinions=ChannelRule(
            source="第十条", names=("政务服务意见箱", "企业群众座谈会", "政务服务开放日")
        ),
    ),
    # 第十四条 除第三方评价、监督评议团的集中评议和热线电话外, 实时归集.
    "reporting": Reporting(
        source="第十四条",
        reading=27,
        real_time=True,
        exempt=frozenset({"hotline", "third_party", "supervisory_panel"}),
        upstream=None,
    ),
    # --- 差评工单 ---
    # 第十六条 对差评进行办理. By itself: the platform's way.
    "order_opening": OrderOpening(source="第十四条、第十六条", automatic=True),
    # 第十四条 转交责任部门处理.
    "first_receiver": FirstReceiver(
        source="第十四条",
        party=Party.AGENCY,
        jointly_with=None,
        municipal_agencies_directly=False,
    ),
    # 第十三条 分类交办.
    "dispatch": Dispatch(
        source="第十三条、第十四条",
        principle="分类交办",
        to=(Party.AGENCY,),
        within=None,
        internal_line=None,
    ),
    "verification": None,
    # 第十六条 简单的当场解决, 复杂的限期5个工作日.
    "classes": Classes(
        source="第十六条",
        reading=30,
        kinds=(
            OrderClass(
                name=ClassName.SIMPLE,
                label="情况简单、事实清楚",
                causes=(),
                on_site_at_once=True,
                first_contact=None,
                answer=Period(count=0, unit=Counting.AT_ONCE, since=Since.RECEIVED),
                by_consultation=False,
            ),
            OrderClass(
                name=ClassName.COMPLEX,
                label="问题复杂",
                causes=(),
                on_site_at_once=False,
                first_contact=None,
                answer=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
                by_consultation=False,
            ),
        ),
    ),
    "rectification": None,
    "extension": None,
    # 第十六条 确实无法解决的, 解释说明.
    "explanation": Explanation(source="第十六条", required=True),
    # 第十八条 误评或恶意差评不予采纳. 第六条 区政务办承担复核申诉.
    "exclusion": Exclusion(
        source="第六条、第十八条",
        reading=14,
        grounds=("误评", "恶意差评"),
        found_by=Party.AGENCY,
        confirmed_by=Party.BUREAU,
        within=None,
        withdrawal_within=None,
        confirmed_with_rater=False,
        effect=ExclusionEffect.EXCLUDED,
        in_unrated_rate=False,
        reported_to=(),
        bureau_may_recheck=False,
    ),
    "second_party": "platform",
    "supervision": "platform",
    # 第十八条 工作人员收到“不满意”可申诉; 非常不满意 as well (reading 15). No term.
    "appeal": Appeal(
        source="第六条、第十八条",
        reading=15,
        by=Party.STAFF,
        through=None,
        to=Party.BUREAU,
        within=None,
        evidence=False,
        levels=NEGATIVE,
        while_rectifying=True,
    ),
    # 第十八条 差评申诉复核机制.
    "review": Review(
        source="第六条、第十八条",
        methods=(),
        within=None,
        internal_line=None,
        stops_clock=False,
    ),
    # 第十六条 电话、短信、微信、上门见面回访, 将整改情况反馈.
    "answer": Answer(
        source="第十六条",
        to_rater=True,
        by=("电话", "短信", "微信", "上门见面"),
        recorded=False,
    ),
    # 第十四条 跟踪回访. 第六条 区政务办承担回访反馈职责.
    "callback": Callback(
        source="第六条、第十四条",
        by=Party.BUREAU,
        choices=("满意", "不满意"),
        dissatisfied_reopens=False,
        dissatisfied_reported_to=None,
        satisfied_may_be_left_out=False,
    ),
    "report_up": None,
    "hard_targets": None,
    # --- 统计、公开、考核 ---
    "composite": None,
    "item_score": None,
    "participation": None,
    "rectification_rate": None,
    "satisfaction_rate": None,
    # 第十五条 定期通报, 通过实体大厅、移动应用等向社会发布.
    "publication": Publication(
        source="第十五条",
        to_public=True,
        where=("实体大厅", "移动应用"),
        figures=("政务服务情况", "企业群众评价", "差评处理结果"),
        bulletin=True,
    ),
    # 第十八条 经济社会发展考核, 工作人员个人年度考核.
    "assessment": Assessment(source="第十八条", agency=True, staff=True, excusable=False),
    "spot_check": None,
    # --- 实名、隐私、防作弊、防报复 ---
    # 第十条 鼓励实名.
    "real_name": RealName(
        source="第十条", mode=RealNameMode.ENCOURAGED, static_code_same_day=False
    ),
    # 第十三条 未经同意不得提供给第三方.
    "privacy": Privacy(
        source="第十三条",
        consent_before_third_party=True,
        query_permission=False,
        leaks_punished=False,
    ),
    # 第二十条 及时查处弄虚作假刷“好评”和恶意“差评”.
    "fraud": Fraud(source="第二十条", punished=True),
    "retaliation": None,
    # 第十三条
    "data_safety": DataSafety(source="第十三条", statement="要严格保护评价人信息"),
}


def test_head(shelf: Shelf) -> None:
    book = shelf.book("qijiang")
    assert (book.title, book.jurisdiction, book.document) == (
        "重庆市綦江区政务服务中心“好差评”管理办法",
        "重庆市綦江区",
        None,
    )
    # 第一条, 第九条
    assert book.based_on == (
        "国务院关于建立政务服务“好差评”制度的要求",
        "《重庆市政务服务“好差评”工作实施方案》",
        "《全国一体化在线政务服务平台“好差评”系统技术方案》",
    )
    # 第六条
    assert book.bureau == "綦江区政务办"
    # 第二十二条 自公布之日起施行, without a date (reading 33).
    (version,) = book.versions
    assert (version.effective_from, version.effective_until) == ("unknown", None)
    assert version.effective_source == "第二十二条"


def test_no_rule_is_left_out() -> None:
    assert sorted(TABLE) == sorted(Version.rule_names())


@pytest.mark.parametrize("name", TABLE)
def test_cell(cells: Callable[[str], dict[str, Cell]], name: str) -> None:
    assert cells("qijiang")[name] == TABLE[name]
