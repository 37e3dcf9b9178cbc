"""潮州市潮安区政务服务“好差评”工作细则, rule by rule in the order of the rule matrix."""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

import pytest

from models.rulebooks.conduct_rules import ChannelRule, Channels, Invitation
from models.rulebooks.figure_rules import (
    AgencyScore,
    Assessment,
    Denominator,
    ItemScore,
    Participation,
    Publication,
    RectificationRate,
    ScoreBasis,
    SpotCheck,
)
from models.rulebooks.order_rules import (
    Answer,
    Dispatch,
    Exclusion,
    ExclusionEffect,
    FirstReceiver,
    OrderOpening,
    Party,
    Rectification,
    ReportUp,
    Verification,
)
from models.rulebooks.rating_rules import (
    Batch,
    FollowUp,
    Hotline,
    IndicatorScope,
    ItemNode,
    Levels,
    Mode,
    OverallReview,
    Questionnaire,
    Raters,
    Reason,
    Reminder,
    Scores,
    Silence,
    Theme,
    WindowNode,
)
from models.rulebooks.rule import Counting, Period, Rule, Since
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Level, Target

Cell = Rule | Literal["platform"] | None

SEVEN_WORKING_DAYS = Period(count=7, unit=Counting.WORKING_DAYS, since=Since.RECEIVED)

TABLE: dict[str, Cell] = {
    # --- 等级、分值、理由 ---
    # 第六条 五个等级. 第七条, 第二十二条 不满意、非常不满意 ask for a reason and open an order.
    "levels": Levels(
        source="第六条、第七条、第二十二条",
        negative=frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED}),
        positive=None,
    ),
    # 第六条 对应的分值分别为10分、8分、6分、3分、0分.
    "scores": Scores(
        source="第六条",
        points={
            Level.VERY_SATISFIED: Decimal(10),
            Level.SATISFIED: Decimal(8),
            Level.BASICALLY_SATISFIED: Decimal(6),
            Level.DISSATISFIED: Decimal(3),
            Level.VERY_DISSATISFIED: Decimal(0),
        },
    ),
    # 第七条 差评应当选择对应的评价标签或填写不满意原因; 好评可不选择评价标签直接提交.
    "reason": Reason(
        source="第七条",
        negative_needs_indicator_or_words=True,
        positive_needs_nothing=True,
        other_needs_words=True,
    ),
    # 第五条 服务事项评价指标和服务人员评价指标; 由省政务服务数据管理局动态调整.
    "indicator_scope": IndicatorScope(
        source="第五条",
        targets=(Target.ITEM, Target.STAFF),
        set_by="省政务服务数据管理局",
    ),
    "indicators": "platform",
    # 第六条 机构收到的所有评价的平均分: defaults are among them (reading 2).
    "agency_score": AgencyScore(
        source="第六条",
        reading=2,
        basis=ScoreBasis.ALL_EVALUATIONS,
        counts_defaults=True,
        both_readings_shown=True,
    ),
    # --- 评什么、何时评、评几次 ---
    # 第五条 全程网上办理: 对服务事项. 第十六条 办结后1次.
    "online": ItemNode(source="第五条、第十六条", completion=(Target.ITEM,)),
    # 第五条 自助终端: 对服务事项. 第十三条 进入评价界面或扫码.
    "terminal": ItemNode(source="第五条、第十三条", completion=(Target.ITEM,)),
    # 第十六条 每次到窗口办理后对服务人员1次, 办结后对服务事项1次.
    "window": WindowNode(
        source="第五条、第十六条", visit=(Target.STAFF,), completion=(Target.ITEM,)
    ),
    # 第十七条 单次申报同一事项2笔及以上, “一次评价”适用于所有业务.
    "batch": Batch(
        source="第十七条",
        reading=20,
        min_cases=2,
        visit=(Target.STAFF,),
        completion=(Target.ITEM,),
        negative_names_each_target=False,
    ),
    # 第十八条 两个或两个以上不同事项, 总体评价或分别评价.
    "theme": Theme(
        source="第十八条",
        reading=21,
        min_items=2,
        modes=frozenset({Mode.OVERALL, Mode.SEPARATE}),
        negative_names_each_target=False,
    ),
    "parallel": None,
    "lead_department": None,
    "consultation": None,
    # 第十四条 通话结束后语音提示; 转办的事项办结后短信提示评承办单位; 差评人工回访.
    "hotline": Hotline(
        source="第十四条",
        call=(Target.STAFF,),
        transferred=(Target.AGENCY,),
        voice_prompt=True,
        transferred_by_sms=True,
        negative_called_back_by_hand=True,
        reason_optional=True,
        desk_records_additions=False,
    ),
    # 第十九条 做出评价后, 60个自然日内一次追加评价.
    "follow_up": FollowUp(
        source="第十九条",
        reading=19,
        within=Period(count=60, unit=Counting.NATURAL_DAYS, since=Since.EVALUATION),
        times=1,
        counted_in_score=False,
        negative_opens_order=True,
    ),
    "once": "platform",
    # 第九条 评价人, and no more is said of who that is.
    "raters": Raters(source="第九条", who="评价人"),
    # 第四条 评价对象: 政务服务机构（含大厅…）, 政务服务平台.
    "overall_review": OverallReview(
        source="第四条", targets=(Target.AGENCY, Target.HALL, Target.PLATFORM)
    ),
    # 第八条 评价问询表单, 自主自愿填写.
    "questionnaire": Questionnaire(source="第八条", required=False, questions=()),
    # --- 沉默、提醒、默认 ---
    # 第十九条 24小时内未做出评价的, 系统发送短信提醒.
    "reminder": Reminder(
        source="第十九条",
        reading=4,
        after=Period(count=24, unit=Counting.HOURS, since=Since.COMPLETION),
        channels=("sms",),
        mandatory=True,
    ),
    # 第十九条 7个自然日内未做出评价的, 系统默认为“非常满意”.
    "silence": Silence(
        source="第十九条",
        reading=4,
        after=Period(count=7, unit=Counting.NATURAL_DAYS, since=Since.COMPLETION),
        default_level=Level.VERY_SATISFIED,
    ),
    "late": "platform",
    "link": "platform",
    "quiet_hours": "platform",
    "invitation_sms": None,
    # 第十二条 主动提示, 但不得强迫或干扰.
    "invitation": Invitation(
        source="第十二条",
        active=True,
        no_coercion=True,
        no_self_rating=False,
        restriction_punished=False,
    ),
    # --- 渠道 ---
    "channels": Channels(
        source="第八条、第十一条",
        portal=ChannelRule(source="第八条、第九条", names=("广东政务服务网",)),
        mobile=ChannelRule(
            source="第八条、第九条",
            names=("粤省事", "粤商通", "广东政务服务网APP", "政务服务小程序"),
        ),
        own_systems=ChannelRule(source="第十条", names=("区级各部门自建在线政务服务系统",)),
        # 第十二条 事项办结后，评价器自动进入评价界面.
        window_device=ChannelRule(
            source="第十二条", names=("评价器",), opens_by_itself=True, where="窗口显著位置"
        ),
        # 第十二条 已对接的大厅动态, 未对接的大厅静态.
        dynamic_code=ChannelRule(
            source="第十二条", names=("动态二维码",), where="已实现系统对接的政务服务大厅"
        ),
        static_code=ChannelRule(
            source="第十二条",
            names=("静态二维码",),
            where="未实现系统对接的政务服务大厅的服务窗口醒目位置",
        ),
        sms=ChannelRule(source="第十四条、第十九条", names=("短信",)),
        hotline=ChannelRule(source="第十一条、第十四条", names=("广东政务服务网热线",)),
        terminal=ChannelRule(source="第十一条、第十三条", names=("自助服务终端",)),
        opinions=ChannelRule(source="第十一条、第十五条", names=("意见箱", "意见簿", "电子邮箱")),
    ),
    "reporting": None,
    # --- 差评工单 ---
    # 第二十二条 系统自动生成差评工单.
    "order_opening": OrderOpening(source="第二十二条", automatic=True),
    # 第二十二条 由区政务服务数据管理局责任人获取.
    "first_receiver": FirstReceiver(
        source="第二十二条",
        party=Party.BUREAU,
        jointly_with=None,
        municipal_agencies_directly=False,
    ),
    # 第二十二条 “属地管理、分级负责”, 区级机构或镇（场）. No term: the line is the platform's.
    "dispatch": Dispatch(
        source="第二十二条",
        reading=8,
        principle="属地管理、分级负责",
        to=(Party.AGENCY, Party.TOWN),
        within=None,
        internal_line=Period(count=1, unit=Counting.WORKING_DAYS, since=Since.ENTERED),
    ),
    # 第二十三条 及时核实.
    "verification": Verification(
        source="第二十三条",
        within=None,
        on_site_at_once=False,
        contact_actively=False,
        by=(Party.AGENCY,),
    ),
    "classes": None,
    # 第二十四条 在收到工单7个工作日内完成整改.
    "rectification": Rectification(
        source="第二十四条",
        reading=8,
        within=SEVEN_WORKING_DAYS,
        complex_in_ledger=False,
        reason_when_impossible=False,
    ),
    "extension": None,
    "explanation": None,
    # 第二十四条 误评或恶意差评, 7个工作日内核实, 转区局审核并回访确认. 第二十三条 不予采纳.
    "exclusion": Exclusion(
        source="第二十三条、第二十四条",
        reading=14,
        grounds=("误评", "恶意差评"),
        found_by=Party.AGENCY,
        confirmed_by=Party.BUREAU,
        within=SEVEN_WORKING_DAYS,
        withdrawal_within=None,
        confirmed_with_rater=True,
        effect=ExclusionEffect.EXCLUDED,
        in_unrated_rate=False,
        reported_to=(),
        bureau_may_recheck=False,
    ),
    "second_party": "platform",
    "supervision": "platform",
    "appeal": None,
    "review": None,
    # 第二十四条 整改结果反馈给评价人.
    "answer": Answer(source="第二十四条", to_rater=True, by=(), recorded=False),
    "callback": None,
    # 第二十四条 经区局审核上报. 第二条 区报市局备案, 镇（场）报区局备案.
    "report_up": ReportUp(
        source="第二条、第二十四条",
        reviewed_by=Party.BUREAU,
        filed_with=("市政务服务数据管理局", "区政务服务数据管理局"),
    ),
    "hard_targets": None,
    # --- 统计、公开、考核 ---
    "composite": None,
    # 第二十条 服务事项评价得分的平均值.
    "item_score": ItemScore(source="第二十条", basis=ScoreBasis.ITEM_EVALUATIONS),
    # 第二十条 主动评价的办件数占办件总数.
    "participation": Participation(
        source="第二十条",
        reading=25,
        denominator=Denominator.ALL_CASES,
        counts_invalidated_as_unrated=False,
    ),
    # 第二十条 已完成整改的服务事项差评工单数占差评工单总数.
    "rectification_rate": RectificationRate(
        source="第二十条",
        reading=24,
        only_items=True,
        denominator=Denominator.ALL_ITEM_ORDERS,
        leaves_out_excluded=True,
    ),
    "satisfaction_rate": None,
    # 第二十一条 定期发布工作通报. To whom is not said.
    "publication": Publication(
        source="第二十一条", to_public=None, where=(), figures=(), bulletin=True
    ),
    # 第二十六条 机构年度绩效考核, 个人年度考核.
    "assessment": Assessment(source="第二条、第二十六条", agency=True, staff=True, excusable=False),
    # 第二十五条 定期对差评核实及整改反馈情况进行抽查.
    "spot_check": SpotCheck(source="第二十五条", what="差评核实及整改反馈情况"),
    # --- 实名、隐私、防作弊、防报复: the text has nothing. ---
    "real_name": None,
    "privacy": None,
    "fraud": None,
    "retaliation": None,
    "data_safety": None,
}


def test_head(shelf: Shelf) -> None:
    book = shelf.book("chaoan")
    assert (book.title, book.jurisdiction, book.document) == (
        "潮州市潮安区政务服务“好差评”工作细则",
        "潮州市潮安区",
        None,
    )
    # 第一条
    assert book.based_on == (
        "《广东省政务服务“好差评”管理办法》",
        "《潮州市政务服务“好差评”工作细则》",
    )
    # 第二条
    assert book.bureau == "潮安区政务服务数据管理局"
    # 第二十八条 自印发之日起施行, without a date (reading 33).
    (version,) = book.versions
    assert (version.effective_from, version.effective_until) == ("unknown", None)
    assert version.effective_source == "第二十八条"


def test_no_rule_is_left_out() -> None:
    assert sorted(TABLE) == sorted(Version.rule_names())


@pytest.mark.parametrize("name", TABLE)
def test_cell(cells: Callable[[str], dict[str, Cell]], name: str) -> None:
    assert cells("chaoan")[name] == TABLE[name]
