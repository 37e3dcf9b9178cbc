"""威海临港“差评”整改管理制度的通知, rule by rule in the order of the rule matrix."""

from collections.abc import Callable
from typing import Literal

import pytest

from models.rulebooks.conduct_rules import ChannelRule, Channels, Fraud
from models.rulebooks.figure_rules import (
    Assessment,
    Denominator,
    Publication,
    RectificationRate,
    SpotCheck,
)
from models.rulebooks.order_rules import (
    Answer,
    Appeal,
    Classes,
    ClassName,
    Exclusion,
    ExclusionEffect,
    Explanation,
    Extension,
    FirstReceiver,
    HardTargets,
    OrderClass,
    OrderOpening,
    Party,
    ReportUp,
    Review,
    ReviewSheet,
    Verification,
)
from models.rulebooks.rating_rules import (
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
ONE_WORKING_DAY = Period(count=1, unit=Counting.WORKING_DAYS, since=Since.RECEIVED)
# 一 二维码评价: of which kind, the text does not say.
CODE = ChannelRule(source="一", names=("二维码",))

TABLE: dict[str, Cell] = {
    # --- 等级、分值、理由 ---
    # 一 五个等. 二 不满意、非常不满意两个等级为差评.
    "levels": Levels(source="一、二", negative=NEGATIVE, positive=None),
    "scores": "platform",
    "reason": "platform",
    # 一 各级政务服务机构、各类政务服务平台、服务事项及相关工作人员.
    "indicator_scope": IndicatorScope(
        source="一",
        targets=(Target.AGENCY, Target.PLATFORM, Target.ITEM, Target.STAFF),
        aspects=(),
        set_by=None,
    ),
    "indicators": "platform",
    "agency_score": None,
    # --- 评什么、何时评、评几次 ---
    # 一 现场服务“一次一评”, 网上服务“一事一评”.
    "online": ItemNode(source="一", completion=(Target.ITEM,)),
    "terminal": ItemNode(source="一", completion=(Target.ITEM,)),
    "window": WindowNode(source="一", visit=(Target.STAFF,), completion=(Target.ITEM,)),
    "batch": None,
    "theme": None,
    "parallel": None,
    "lead_department": None,
    "consultation": None,
    "hotline": None,
    "follow_up": None,
    "once": "platform",
    # 三(一) 评价人, and no more is said of who that is.
    "raters": Raters(source="三(一)", who="评价人"),
    # 一 社会各界“综合点评”.
    "overall_review": OverallReview(
        source="一", targets=(Target.AGENCY, Target.HALL, Target.PLATFORM)
    ),
    "questionnaire": None,
    # --- 沉默、提醒、默认 ---
    "reminder": None,
    "silence": None,
    "late": "platform",
    "link": "platform",
    "quiet_hours": "platform",
    "invitation_sms": None,
    "invitation": None,
    # --- 渠道 ---
    # 一 短信评价、二维码评价、评价器评价、留言评价; 政务服务电话“抽查”.
    "channels": Channels(
        source="一",
        portal=None,
        mobile=None,
        own_systems=None,
        window_device=ChannelRule(source="一", names=("评价器",)),
        dynamic_code=CODE,
        static_code=CODE,
        sms=ChannelRule(source="一", names=("短信",)),
        hotline=ChannelRule(source="一", names=("政务服务电话“抽查”",)),
        terminal=None,
        opinions=ChannelRule(source="一", names=("留言",)),
    ),
    "reporting": None,
    # --- 差评工单 ---
    # 三(一) 业务办理单位收到差评后, 启动即时响应机制. By itself: the platform's way.
    "order_opening": OrderOpening(source="三(一)", automatic=True),
    "first_receiver": FirstReceiver(
        source="三(一)",
        party=Party.AGENCY,
        jointly_with=None,
        municipal_agencies_directly=False,
    ),
    "dispatch": None,
    # 三(一) 现场差评当场核实, 线上差评主动联系评价人.
    "verification": Verification(
        source="三(一)",
        within=None,
        on_site_at_once=True,
        contact_actively=True,
        by=(Party.AGENCY,),
    ),
    # 二 by cause. 三(二)1 to 3 the clocks; 附件 备注 回访 of the complex as well (reading 16).
    "classes": Classes(
        source="二、三(二)1、三(二)2、三(二)3、附件",
        reading=16,
        kinds=(
            # 现场当场答复; 线上1个工作日内回访, 答复整改结果.
            OrderClass(
                name=ClassName.SIMPLE,
                label="立整立改（简易）类",
                causes=(
                    "服务环境不舒适",
                    "服务设施保障不到位",
                    "对工作人员服务态度不满意",
                ),
                on_site_at_once=True,
                first_contact=ONE_WORKING_DAY,
                answer=ONE_WORKING_DAY,
                by_consultation=False,
            ),
            # 当场初步答复或1个工作日内回访, 5个工作日内答复.
            OrderClass(
                name=ClassName.GENERAL,
                label="限时整改（一般）类",
                causes=("业务程序办理不正确", "环节设置不合理", "服务效率不满意"),
                on_site_at_once=False,
                first_contact=ONE_WORKING_DAY,
                answer=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
                by_consultation=False,
            ),
            # 会商处置, 15个工作日内回复.
            OrderClass(
                name=ClassName.COMPLEX,
                label="综合协调（复杂）类",
                causes=(
                    "历史遗留问题",
                    "政策法规无法适用",
                    "机构职能权限受限",
                    "多部门业务交叉",
                    "环节不顺畅",
                ),
                on_site_at_once=False,
                first_contact=ONE_WORKING_DAY,
                answer=Period(count=15, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
                by_consultation=True,
            ),
        ),
    ),
    "rectification": None,
    # 三(二)2, 3 到期日之前与评价人沟通, 说明理由和期限, 通报政管办. Once: reading 17.
    "extension": Extension(
        source="三(二)2、三(二)3",
        reading=17,
        before_due=True,
        told_to_rater=True,
        reported_to=Party.BUREAU,
        times=1,
        needs_approval=True,
        classes=frozenset({ClassName.GENERAL, ClassName.COMPLEX}),
    ),
    # 三(二)3 缺乏法定依据的, 做好解释说明.
    "explanation": Explanation(source="三(二)3", required=True),
    # 三(一) 误评或不实评价列为无效评价, 通报政管办; 政管办根据需要回访复核.
    "exclusion": Exclusion(
        source="三(一)",
        reading=14,
        grounds=("误评", "不实评价"),
        found_by=Party.AGENCY,
        confirmed_by=Party.BUREAU,
        within=None,
        withdrawal_within=None,
        confirmed_with_rater=False,
        effect=ExclusionEffect.INVALID,
        in_unrated_rate=False,
        reported_to=(Party.BUREAU,),
        bureau_may_recheck=True,
    ),
    "second_party": "platform",
    "supervision": "platform",
    # 四 1个工作日内向政管办提出复核申请, 并提供相关证据.
    "appeal": Appeal(
        source="四",
        reading=11,
        by=Party.AGENCY,
        through=None,
        to=Party.BUREAU,
        within=ONE_WORKING_DAY,
        evidence=True,
        levels=NEGATIVE,
        while_rectifying=True,
    ),
    # 四 五种形式. 附件 “规定时限” without a number: the line is the platform's.
    "review": Review(
        source="四、附件",
        reading=11,
        methods=("电话核实", "谈话了解", "现场调研", "调取录像", "审阅资料"),
        within=None,
        internal_line=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.APPEALED),
        stops_clock=False,
        sheet=ReviewSheet(
            source="附件",
            title="政务服务“好差评”复核单",
            notes=(
                (
                    "立整立改(简易)类差评处置,于1个工作日内回访评价人,答复整改结果;"
                    "限时整改(一般)类差评处置,于1个工作日内回访评价人,5个工作日内答复整改结果;"
                    "综合协调(复杂)类差评处置,于1个工作日内回访评价人,15个工作日内答复整改结果。"
                ),
                "区政务服务管理办公室在收到落实情况后,于规定时限内完成复核。",
            ),
        ),
    ),
    # 三(二) 答复评价人.
    "answer": Answer(source="三(二)1、三(二)2、三(二)3", to_rater=True, by=(), recorded=False),
    "callback": None,
    # 三(二) 结果通报政务服务管理办公室, 同级政务服务管理机构 (reading 16: one and the same).
    "report_up": ReportUp(
        source="三(二)1、三(二)2、三(二)3、附件",
        reading=16,
        reviewed_by=Party.BUREAU,
        filed_with=("政务服务管理办公室",),
    ),
    # 三(一) 实名差评回访率、有效差评整改率均为100%.
    "hard_targets": HardTargets(source="三(一)", callback_rate=100, rectification_rate=100),
    # --- 统计、公开、考核 ---
    "composite": None,
    "item_score": None,
    "participation": None,
    # 三(一) 有效差评整改率.
    "rectification_rate": RectificationRate(
        source="三(一)",
        only_items=False,
        denominator=Denominator.VALID_NEGATIVES,
        leaves_out_excluded=True,
    ),
    "satisfaction_rate": None,
    # 五 及时公开发布评价结果, 接受社会监督.
    "publication": Publication(
        source="五", to_public=True, where=(), figures=("评价结果",), bulletin=False
    ),
    # 三(一), 四 纳入考核管理. 五 容错纠错, 相关单位和人员不受影响.
    "assessment": Assessment(source="三(一)、四、五", agency=True, staff=True, excusable=True),
    # 五 回访核实和整改情况的监督检查.
    "spot_check": SpotCheck(source="五", what="“差评”回访核实和整改情况"),
    # --- 实名、隐私、防作弊、防报复 ---
    "real_name": None,
    "privacy": None,
    # 五 谎报瞒报整改情况的, 严肃处理.
    "fraud": Fraud(source="五", punished=True),
    "retaliation": None,
    "data_safety": None,
}


def test_head(shelf: Shelf) -> None:
    book = shelf.book("lingang")
    assert (book.title, book.jurisdiction, book.document) == (
        "关于明确政务服务“差评”整改管理制度的通知",
        "威海临港经济技术开发区",
        "威临港政管办发〔2021〕6号",
    )
    assert book.based_on == (
        "鲁政办发〔2020〕10号",
        "威政办字〔2020〕59号",
        "GB/T 39734-2020",
        "GB/T 39735-2020",
    )
    assert book.bureau == "威海临港经济技术开发区政务服务管理办公室"
    # Printed on 30 December 2021; no day of effect anywhere (reading 33).
    (version,) = book.versions
    assert (version.effective_from, version.effective_until) == ("unknown", None)
    assert version.effective_source == "platform"


def test_no_rule_is_left_out() -> None:
    assert sorted(TABLE) == sorted(Version.rule_names())


@pytest.mark.parametrize("name", TABLE)
def test_cell(cells: Callable[[str], dict[str, Cell]], name: str) -> None:
    assert cells("lingang")[name] == TABLE[name]
