"""天津市政务服务“好差评”实施细则, rule by rule in the order of the rule matrix."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
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
    Retaliation,
)
from models.rulebooks.figure_rules import (
    AgencyScore,
    Assessment,
    Composite,
    Denominator,
    Participation,
    Publication,
    RectificationRate,
    SatisfactionRate,
    ScoreBasis,
    SpotCheck,
)
from models.rulebooks.order_rules import (
    Answer,
    Appeal,
    Callback,
    Classes,
    ClassName,
    Dispatch,
    Exclusion,
    ExclusionEffect,
    FirstReceiver,
    OrderClass,
    OrderOpening,
    Party,
    ReportUp,
    Review,
    Verification,
)
from models.rulebooks.rating_rules import (
    Batch,
    Consultation,
    Hotline,
    Indicator,
    Indicators,
    IndicatorScope,
    ItemNode,
    Levels,
    Mode,
    OverallReview,
    Parallel,
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
Printed = dict[Level, tuple[tuple[str, str | None], ...]]

NEGATIVE = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
ONE_WORKING_DAY = Period(count=1, unit=Counting.WORKING_DAYS, since=Since.RECEIVED)

# 附表 服务事项评价指标. The State's code where its table says the same.
ITEM_INDICATORS: Printed = {
    Level.VERY_SATISFIED: (
        ("一窗受理一次办结", "510"),
        ("可以先受理后补材料", "511"),
        ("不用提交由政府部门出具的各种证明材料", "512"),
        ("可以全程网上办理", "513"),
        ("可以使用手机办理", "514"),
        ("可以就近办理", "515"),
        ("无需材料直接办理", "516"),
    ),
    Level.SATISFIED: (
        ("填写一张表单就可以完成申报", "406"),
        ("可以在线提交申报材料，到窗口核验原件", "407"),
        ("一张清单告知全部申报材料", "408"),
        ("可以用告知承诺减免申报材料", "409"),
        ("可以在线预约办理", "410"),
        ("跑大厅一次办完", "411"),
        ("可以使用自助机办理", "412"),
    ),
    Level.BASICALLY_SATISFIED: (
        ("一次性告知需要补正的材料", "307"),
        ("提供申报材料样本", "308"),
        ("在承诺的时间内办结", "309"),
        ("办事指南指引准确", "310"),
        ("按办事指南要求的材料即可办理", "311"),
        ("可以快递送达", "312"),
        ("跑动次数与承诺的一致", "313"),
    ),
    Level.DISSATISFIED: (
        ("没有提供材料样本", "207"),
        ("没有提供材料清单", "208"),
        ("未在承诺时间内办结", "209"),
        ("同样内容的证明材料被要求多次提交", "210"),
        ("承诺网办但无法在线办理", "211"),
        ("在线预约办理后到实体大厅重复取号排队", "212"),
        ("其他", None),
    ),
    Level.VERY_DISSATISFIED: (
        ("在办事指南之外增加新的审批条件", "108"),
        ("需提供办事指南之外的申报材料", "109"),
        ("无理由超过法定办理时间", "110"),
        ("办事指南提供样本有错", "111"),
        ("承诺在线收取申报材料实际无法收取", "112"),
        ("多头跑窗口和部门", "113"),
        ("跑动次数与承诺的不一致", "114"),
        ("其他", None),
    ),
}
# 附表 服务人员评价指标. The State has none like them.
STAFF_INDICATORS: Printed = {
    Level.VERY_SATISFIED: (("微笑服务，热情周到", None), ("业务精通，办事效率高", None)),
    Level.SATISFIED: (("主动服务，礼貌用语", None), ("业务熟悉，办事效率较高", None)),
    Level.BASICALLY_SATISFIED: (
        ("业务较熟悉，能够完成申办业务", None),
        ("服务态度一般", None),
    ),
    Level.DISSATISFIED: (
        ("态度生硬，不主动不热情，询问不能及时回答", None),
        ("窗口人员业务不熟，办事效率较低", None),
        ("其他", None),
    ),
    Level.VERY_DISSATISFIED: (
        ("态度恶劣，故意刁难", None),
        ("业务非常不熟悉，办事效率低", None),
        ("对办事材料不能一次告知或告知不清晰具体", None),
        ("其他", None),
    ),
}
# 第七条 服务内容评价包括…
PLATFORM_ASPECTS = ("便捷性", "完善性")
AGENCY_ASPECTS = ("政务服务事项管理", "办事流程", "服务规范", "服务效率", "便民度")


def annexed(letter: str, printed: Printed) -> dict[Level, tuple[Indicator, ...]]:
    return {
        level: tuple(
            Indicator(
                code=f"TJ-{letter}{level.value}-{place}",
                text=text,
                national=national,
                other=text == "其他",
            )
            for place, (text, national) in enumerate(choices, start=1)
        )
        for level, choices in printed.items()
    }


def at_every_level(letter: str, aspects: tuple[str, ...]) -> dict[Level, tuple[Indicator, ...]]:
    return annexed(letter, {level: tuple((text, None) for text in aspects) for level in Level})


TABLE: dict[str, Cell] = {
    # --- 等级、分值、理由 ---
    # 第七条 前三级统称“好评”, 后两级统称“差评”.
    "levels": Levels(
        source="第七条",
        negative=NEGATIVE,
        positive=frozenset({Level.VERY_SATISFIED, Level.SATISFIED, Level.BASICALLY_SATISFIED}),
    ),
    # 第八条 10, 10, 8, 5, 0: 满意 as much as 非常满意, to the letter (reading 1).
    "scores": Scores(
        source="第八条",
        reading=1,
        points={
            Level.VERY_SATISFIED: Decimal(10),
            Level.SATISFIED: Decimal(10),
            Level.BASICALLY_SATISFIED: Decimal(8),
            Level.DISSATISFIED: Decimal(5),
            Level.VERY_DISSATISFIED: Decimal(0),
        },
    ),
    # 第七条 差评应选择对应指标或文字输入不满意原因; 好评可不选择.
    "reason": Reason(
        source="第七条",
        negative_needs_indicator_or_words=True,
        positive_needs_nothing=True,
        other_needs_words=True,
    ),
    # 第六条 服务事项、服务人员, 见附表. What the content covers is 第七条's.
    "indicator_scope": IndicatorScope(
        source="第六条、第七条",
        targets=(Target.ITEM, Target.STAFF),
        aspects=(
            "政务服务事项管理",
            "办事流程",
            "服务规范",
            "服务效率",
            "便民度",
            "政务服务平台便捷性",
            "完善性",
            "工作人员服务态度",
            "业务能力",
            "服务水平",
        ),
        set_by="附表",
    ),
    # 附表; 第七条 for what it has no table for.
    "indicators": Indicators(
        source="第七条、附表",
        version="天津2021附表",
        item=annexed("I", ITEM_INDICATORS),
        staff=annexed("S", STAFF_INDICATORS),
        platform=at_every_level("P", PLATFORM_ASPECTS),
        agency=at_every_level("A", AGENCY_ASPECTS),
        hall=at_every_level("H", AGENCY_ASPECTS),
        retired=frozenset(),
    ),
    # 第二十三条 政务服务质量为已办理政务服务事项评价得分平均分.
    "agency_score": AgencyScore(
        source="第二十三条",
        basis=ScoreBasis.ITEM_EVALUATIONS,
        counts_defaults=False,
        both_readings_shown=True,
    ),
    # --- 评什么、何时评、评几次 ---
    # 第九条 网上“一事一评”. 第十一条 全程网办办结后1次.
    "online": ItemNode(source="第九条、第十一条", completion=(Target.ITEM,)),
    # 第十条(三) 自动跳转. 第十一条 自助终端办结后1次.
    "terminal": ItemNode(source="第十条(三)、第十一条", completion=(Target.ITEM,)),
    # 第十条 线下“一次一评”. 第十一条 每次现场办理后人员1次, 办结后事项1次.
    "window": WindowNode(
        source="第十条、第十一条", visit=(Target.STAFF,), completion=(Target.ITEM,)
    ),
    # 第十二条 2笔及以上, “一次评价”; 差评需选择服务人员和服务事项具体差评内容.
    "batch": Batch(
        source="第十二条",
        reading=20,
        min_cases=2,
        visit=(),
        completion=(Target.STAFF, Target.ITEM),
        negative_names_each_target=True,
    ),
    # 第十四条 总体评价, 也可分别评价. The article asks no content for each target.
    "theme": Theme(
        source="第十四条",
        reading=21,
        min_items=2,
        modes=frozenset({Mode.OVERALL, Mode.SEPARATE}),
        negative_names_each_target=False,
    ),
    # 第十三条 收件时评窗口人员, 办结时评窗口人员和事项; 差评 as in 第十二条.
    "parallel": Parallel(
        source="第十三条",
        reading=21,
        modes=frozenset({Mode.OVERALL}),
        visit=(Target.STAFF,),
        completion=(Target.STAFF, Target.ITEM),
        negative_names_each_target=True,
    ),
    "lead_department": None,
    # 第十五条 线上办结不评; 大厅办结可评窗口人员.
    "consultation": Consultation(source="第十五条", reading=31, online=(), hall=(Target.STAFF,)),
    # 第九条(四) 电话评价; 补充内容由专席人员接听并记录.
    "hotline": Hotline(
        source="第九条(四)",
        call=(Target.STAFF,),
        transferred=(),
        voice_prompt=False,
        transferred_by_sms=False,
        negative_called_back_by_hand=False,
        desk_records_additions=True,
    ),
    "follow_up": None,
    "once": "platform",
    # 第二条 评价主体是申请人, 包括自然人、法人和其他组织.
    "raters": Raters(
        source="第二条",
        who="办理政务服务业务的申请人，包括接受政务服务的自然人、法人和其他组织",
    ),
    # 第十条(四) 社会各界综合点评.
    "overall_review": OverallReview(
        source="第十条(四)", targets=(Target.AGENCY, Target.HALL, Target.PLATFORM)
    ),
    "questionnaire": None,
    # --- 沉默、提醒、默认 ---
    # 第十六条 24小时内未评价的, 可发送短信或致电提醒.
    "reminder": Reminder(
        source="第十六条",
        reading=29,
        after=Period(count=24, unit=Counting.HOURS, since=Since.COMPLETION),
        channels=("sms", "phone"),
        mandatory=False,
    ),
    # 第十六条 办结后5个工作日内未评价的, 标记为“未评”.
    "silence": Silence(
        source="第十六条",
        reading=4,
        after=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.COMPLETION),
        default_level=None,
    ),
    "late": "platform",
    "link": "platform",
    "quiet_hours": "platform",
    "invitation_sms": None,
    # 第十条(一) 主动提示. 第四条 不得强迫或干扰. 第二十六条 限制评价的追责.
    "invitation": Invitation(
        source="第四条、第十条(一)、第二十六条",
        active=True,
        no_coercion=True,
        no_self_rating=False,
        restriction_punished=True,
    ),
    # --- 渠道 ---
    "channels": Channels(
        source="第九条、第十条",
        portal=ChannelRule(source="第九条(一)", names=("天津网上办事大厅",)),
        mobile=ChannelRule(source="第九条(三)", names=("津心办APP", "部门移动应用")),
        own_systems=ChannelRule(source="第九条(二)", names=("各专网业务系统",)),
        # 第十条(一) 应显示事项名称、业务流水号、窗口工作人员姓名.
        window_device=ChannelRule(
            source="第十条(一)", names=("窗口评价器",), shows=("item", "serial", "staff")
        ),
        # 第十条(二) 回执单上动态, 办事窗口静态.
        dynamic_code=ChannelRule(source="第十条(二)", names=("动态二维码",), where="回执单"),
        static_code=ChannelRule(source="第十条(二)", names=("静态二维码",), where="办事窗口"),
        sms=ChannelRule(source="第十六条", names=("短信",)),
        hotline=ChannelRule(source="第九条(四)", names=("12345政务服务便民热线",)),
        # 第十条(三) 自动跳转, 显示事项名称、业务流水号及评价指标.
        terminal=ChannelRule(
            source="第十条(三)",
            names=("自助服务终端",),
            shows=("item", "serial", "indicators"),
            opens_by_itself=True,
        ),
        opinions=ChannelRule(source="第十条(四)", names=("意见箱", "意见簿", "投诉监督电话")),
    ),
    # 第五条 数据实时归集…并及时上传至国家平台.
    "reporting": Reporting(
        source="第五条", real_time=True, exempt=frozenset(), upstream="国家平台"
    ),
    # --- 差评工单 ---
    # 第十八条 系统自动提示市级部门或区人民政府; 区人民政府及时分送区级部门.
    "order_opening": OrderOpening(source="第十八条", automatic=True),
    "first_receiver": FirstReceiver(
        source="第十八条",
        party=Party.DISTRICT,
        jointly_with=None,
        municipal_agencies_directly=True,
    ),
    "dispatch": Dispatch(
        source="第十八条",
        reading=8,
        principle="及时分送",
        to=(Party.AGENCY,),
        within=None,
        internal_line=Period(count=1, unit=Counting.WORKING_DAYS, since=Since.ENTERED),
    ),
    # 第十九条 及时与评价主体取得联系, 核实差评情况.
    "verification": Verification(
        source="第十九条",
        within=None,
        on_site_at_once=False,
        contact_actively=True,
        by=(Party.AGENCY,),
    ),
    # 第二十条 by what the rating was caused.
    "classes": Classes(
        source="第二十条",
        reading=8,
        kinds=(
            # (一) 当场解决, 或1个工作日内回访, 反馈整改结果.
            OrderClass(
                name=ClassName.SIMPLE,
                label="立整立改（简易）类",
                causes=("服务环境", "服务设施", "服务态度"),
                on_site_at_once=True,
                first_contact=ONE_WORKING_DAY,
                answer=ONE_WORKING_DAY,
                by_consultation=False,
            ),
            # (二) 1个工作日内回访, 5个工作日内反馈.
            OrderClass(
                name=ClassName.GENERAL,
                label="限时整改（一般）类",
                causes=("业务程序", "服务效率"),
                on_site_at_once=False,
                first_contact=ONE_WORKING_DAY,
                answer=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
                by_consultation=False,
            ),
            # (三) 沟通协调相关部门, 15个工作日内反馈.
            OrderClass(
                name=ClassName.COMPLEX,
                label="综合协调（复杂）类",
                causes=("业务交叉", "环节不畅"),
                on_site_at_once=False,
                first_contact=None,
                answer=Period(count=15, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
                by_consultation=True,
            ),
        ),
    ),
    "rectification": None,
    "extension": None,
    "explanation": None,
    # 第十九条 不实评价或误评, 不予采纳并归集为“未评”.
    "exclusion": Exclusion(
        source="第十九条",
        reading=13,
        grounds=("不实评价", "误评"),
        found_by=Party.AGENCY,
        confirmed_by=Party.BUREAU,
        within=None,
        withdrawal_within=None,
        confirmed_with_rater=False,
        effect=ExclusionEffect.UNRATED,
        in_unrated_rate=True,
        reported_to=(),
        bureau_may_recheck=False,
    ),
    "second_party": "platform",
    "supervision": "platform",
    # 第二十一条 承办部门1个工作日内提出复核申请, 并提供相关证据.
    "appeal": Appeal(
        source="第二十一条",
        reading=11,
        by=Party.AGENCY,
        through=None,
        to=Party.BUREAU,
        within=ONE_WORKING_DAY,
        evidence=True,
        levels=NEGATIVE,
        while_rectifying=True,
    ),
    # 第二十一条 电话核实、谈话了解、调取录像、审阅资料. No term: the line is the platform's.
    "review": Review(
        source="第二十一条",
        reading=11,
        methods=("电话核实", "谈话了解", "调取录像", "审阅资料"),
        within=None,
        internal_line=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.APPEALED),
        stops_clock=False,
    ),
    # 第二十条 向评价主体反馈整改结果.
    "answer": Answer(source="第二十条", to_rater=True, by=(), recorded=False),
    # 第二十二条 12345回访, “满意”或“不满意”.
    "callback": Callback(
        source="第二十二条",
        reading=26,
        by=Party.HOTLINE,
        choices=("满意", "不满意"),
        dissatisfied_reopens=False,
        dissatisfied_reported_to=Party.BUREAU,
        satisfied_may_be_left_out=False,
    ),
    # 第二十条(三) 处理意见上传至“好差评”系统.
    "report_up": ReportUp(source="第二十条(三)", reviewed_by=None, filed_with=("“好差评”系统",)),
    "hard_targets": None,
    # --- 统计、公开、考核 ---
    # 第二十三条 质量30%、主动评价率15%、整改率30%、回访满意率25%, 可适时动态调整.
    "composite": Composite(
        source="第二十三条",
        quality=Decimal(30),
        participation=Decimal(15),
        rectification=Decimal(30),
        satisfaction=Decimal(25),
        adjustable=True,
    ),
    "item_score": None,
    # 第二十三条 主动评价办件数占主动评价次数与超时“未评”次数之和.
    "participation": Participation(
        source="第二十三条",
        reading=13,
        denominator=Denominator.RATED_AND_TIMED_OUT,
        counts_invalidated_as_unrated=True,
    ),
    # 第二十三条 已完成整改的服务事项差评数占有效差评总数.
    "rectification_rate": RectificationRate(
        source="第二十三条",
        reading=24,
        only_items=True,
        denominator=Denominator.VALID_NEGATIVES,
        leaves_out_excluded=True,
    ),
    # 第二十三条 回访为“满意”的件数占已完成整改的差评件数.
    "satisfaction_rate": SatisfactionRate(source="第二十三条", denominator=Denominator.RECTIFIED),
    # 第二十四条 综合评分、“好评”率、“未评”率、“差评”率 in the portal. 第二十五条 定期通报.
    "publication": Publication(
        source="第二十四条、第二十五条",
        to_public=True,
        where=("天津网上办事大厅“好差评”专区",),
        figures=("综合评分", "好评率", "未评率", "差评率"),
        bulletin=True,
    ),
    # 第二十五条 绩效考核. 第二十六条 排名靠后的工作人员限期整改.
    "assessment": Assessment(
        source="第二十五条、第二十六条", agency=True, staff=True, excusable=False
    ),
    # 第五条 督办和整改满意度回访.
    "spot_check": SpotCheck(source="第五条", what="“差评”督办和整改满意度回访"),
    # --- 实名、隐私、防作弊、防报复 ---
    # 第十七条 实行实名制; at a static code a case of the same day is found (reading 23).
    "real_name": RealName(
        source="第十七条", reading=23, mode=RealNameMode.REQUIRED, static_code_same_day=True
    ),
    # 第十七条 未经同意不得将其信息提供给第三方.
    "privacy": Privacy(
        source="第十七条",
        consent_before_third_party=True,
        query_permission=False,
        leaks_punished=False,
    ),
    # 第二十六条 弄虚作假…打击报复…严肃追责.
    "fraud": Fraud(source="第二十六条", punished=True),
    "retaliation": Retaliation(source="第二十六条", punished=True),
    # 第五条
    "data_safety": DataSafety(
        source="第五条", statement="数据实时归集、分类汇总、统计分析并及时上传至国家平台"
    ),
}


def test_head(shelf: Shelf) -> None:
    book = shelf.book("tianjin")
    assert (book.title, book.jurisdiction, book.document) == (
        "天津市政务服务“好差评”实施细则",
        "天津市",
        "津职转办发〔2021〕9号",
    )
    # 第一条
    assert book.based_on == ("国办发〔2019〕51号", "津政务发〔2020〕4号")
    # 第五条
    assert book.bureau == "天津市政务服务办"
    # 第二十八条 自2021年8月1日起施行.
    (version,) = book.versions
    assert (version.effective_from, version.effective_until) == (date(2021, 8, 1), None)
    assert version.effective_source == "第二十八条"


def test_no_rule_is_left_out() -> None:
    assert sorted(TABLE) == sorted(Version.rule_names())


@pytest.mark.parametrize("name", TABLE)
def test_cell(cells: Callable[[str], dict[str, Cell]], name: str) -> None:
    assert cells("tianjin")[name] == TABLE[name]
