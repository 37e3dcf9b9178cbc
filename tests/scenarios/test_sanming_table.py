"""三明市政务服务“好差评”工作实施方案, rule by rule in the order of the rule matrix."""

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
    Retaliation,
)
from models.rulebooks.figure_rules import Assessment, Publication, SpotCheck
from models.rulebooks.order_rules import (
    Answer,
    Appeal,
    Callback,
    Dispatch,
    Exclusion,
    ExclusionEffect,
    Explanation,
    FirstReceiver,
    HardTargets,
    OrderOpening,
    Party,
    Rectification,
    ReportUp,
    Review,
    Verification,
)
from models.rulebooks.rating_rules import (
    Hotline,
    IndicatorScope,
    InvitationSms,
    ItemNode,
    LeadDepartment,
    Levels,
    Mode,
    OverallReview,
    Parallel,
    Questionnaire,
    Raters,
    Theme,
    WindowNode,
)
from models.rulebooks.rule import Counting, Period, Rule, Since
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Level, Target

Cell = Rule | Literal["platform"] | None

NEGATIVE = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})

TABLE: dict[str, Cell] = {
    # --- 等级、分值、理由 ---
    # 二(一)2 五个等级, 后两个等级为差评.
    "levels": Levels(source="二(一)2", negative=NEGATIVE, positive=None),
    "scores": "platform",
    "reason": "platform",
    # 二(一)1 机构、平台、人员, 政务服务事项. 二(一)2 制定…评价指标.
    "indicator_scope": IndicatorScope(
        source="二(一)1、二(一)2",
        targets=(Target.ITEM, Target.AGENCY, Target.PLATFORM, Target.STAFF),
        aspects=(
            "政务服务事项管理",
            "办事流程",
            "服务规范",
            "服务质量",
            "整改实效",
            "监督管理",
        ),
        set_by="国家和省上“好差评”评价标准，结合我市实际",
    ),
    "indicators": "platform",
    "agency_score": None,
    # --- 评什么、何时评、评几次 ---
    # 二(二)2 网上服务“一事一评”.
    "online": ItemNode(source="二(二)2", completion=(Target.ITEM,)),
    # 二(二)1 现场服务“一次一评”, 渠道包括自助服务终端等.
    "terminal": ItemNode(source="二(二)1", completion=(Target.ITEM,)),
    "window": WindowNode(source="二(二)1", visit=(Target.STAFF,), completion=(Target.ITEM,)),
    "batch": None,
    # 二(二)1 “一件事”集成套餐: 统一评价, 不再分阶段评价.
    "theme": Theme(
        source="二(二)1",
        min_items=2,
        modes=frozenset({Mode.OVERALL}),
        negative_names_each_target=False,
    ),
    # 二(二)1 批量总体评价, 适用于所有部门; 也可分部门分阶段单独评价.
    "parallel": Parallel(
        source="二(二)1",
        modes=frozenset({Mode.OVERALL, Mode.SEPARATE}),
        visit=(Target.STAFF,),
        completion=(Target.ITEM,),
        negative_names_each_target=False,
    ),
    # 二(二)1 涉及跨层级跨部门事项, 评价结果归集到牵头部门.
    "lead_department": LeadDepartment(source="二(二)1", reading=21, only_across_departments=True),
    "consultation": None,
    # 一 人员都接受评价. 二(二)2 12345便民服务平台.
    "hotline": Hotline(
        source="一、二(二)2",
        call=(Target.STAFF,),
        transferred=(),
        voice_prompt=False,
        transferred_by_sms=False,
        negative_called_back_by_hand=False,
        desk_records_additions=False,
    ),
    "follow_up": None,
    "once": "platform",
    # 一 每个办事企业群众都能自愿自主真实评价.
    "raters": Raters(source="一", who="办事企业群众"),
    # 二(二)3 社会各界“综合点评”.
    "overall_review": OverallReview(
        source="二(二)3", targets=(Target.AGENCY, Target.HALL, Target.PLATFORM)
    ),
    # 二(二)3 可设置…等项目, 由办事企业群众自愿填写.
    "questionnaire": Questionnaire(
        source="二(二)3",
        required=False,
        questions=(
            "服务指引是否清晰",
            "办事程序是否便利",
            "材料手续是否精简",
            "操作界面是否友好",
            "有何改进意见",
        ),
    ),
    # --- 沉默、提醒、默认 ---
    "reminder": None,
    "silence": None,
    "late": "platform",
    "link": "platform",
    "quiet_hours": "platform",
    # 附件 办件受理与办结等重要环节后, 发送评价短信.
    "invitation_sms": InvitationSms(source="附件", at=("acceptance", "completion")),
    # 二(二)1 文明用语主动邀请, 不得以自我评价代替. 三(三) 不得强迫或者干扰.
    "invitation": Invitation(
        source="二(二)1、三(三)",
        active=True,
        no_coercion=True,
        no_self_rating=True,
        restriction_punished=False,
    ),
    # --- 渠道 ---
    "channels": Channels(
        source="二(二)1、二(二)2、附件",
        portal=ChannelRule(source="二(二)2", names=("省网上办事大厅",)),
        mobile=ChannelRule(
            source="二(一)1、二(二)2", names=("移动端政务服务应用", "微信小程序", "公众号")
        ),
        # 二(二)5 直接调用省级统一评价页面.
        own_systems=ChannelRule(source="二(二)5", names=("部门政务服务系统",)),
        # 附件 五个评价等级, 文字评价, 问询表单.
        window_device=ChannelRule(
            source="二(二)1、附件",
            names=("评价器", "平板电脑"),
            shows=("levels", "words", "questionnaire"),
            where="服务窗口醒目位置",
        ),
        dynamic_code=ChannelRule(
            source="附件", names=("动态二维码",), where="平板电脑、自助终端、纸质通知书"
        ),
        static_code=ChannelRule(
            source="附件",
            names=("静态二维码",),
            where="直接使用省网上办事大厅系统办理业务的省直单位的业务办理窗口显著位置",
        ),
        sms=ChannelRule(source="附件", names=("短信",)),
        hotline=ChannelRule(source="二(二)2", names=("12345便民服务平台",)),
        terminal=ChannelRule(source="二(二)1", names=("自助服务终端",)),
        opinions=ChannelRule(
            source="二(二)1、二(二)3",
            names=("意见箱", "热线电话", "监督平台", "电子邮箱", "书面评价表格"),
        ),
    ),
    # 二(二)2 除12345外实时归集. 二(二)5 实时上报省级管理系统.
    "reporting": Reporting(
        source="二(二)2、二(二)5",
        reading=27,
        real_time=True,
        exempt=frozenset({"hotline"}),
        upstream="省级政务服务“好差评”管理系统",
    ),
    # --- 差评工单 ---
    # 一 每个差评都得到整改. By itself: the platform's way.
    "order_opening": OrderOpening(source="一、二(三)1", automatic=True),
    # 二(三)1 管委会会同审批部门, 评价后3个工作日内回访核实.
    "first_receiver": FirstReceiver(
        source="二(三)1",
        party=Party.BUREAU,
        jointly_with=Party.AGENCY,
        municipal_agencies_directly=False,
    ),
    "dispatch": Dispatch(
        source="二(三)1",
        principle="同级",
        to=(Party.AGENCY,),
        within=None,
        internal_line=None,
    ),
    "verification": Verification(
        source="二(三)1",
        reading=9,
        within=Period(count=3, unit=Counting.WORKING_DAYS, since=Since.EVALUATION),
        on_site_at_once=False,
        contact_actively=True,
        by=(Party.BUREAU, Party.AGENCY),
    ),
    "classes": None,
    # 二(三)1 核实属实的10个工作日整改与反馈; 复杂的建立台账; 无法整改应说明理由.
    "rectification": Rectification(
        source="二(三)1",
        reading=9,
        within=Period(count=10, unit=Counting.WORKING_DAYS, since=Since.VERIFIED),
        complex_in_ledger=True,
        reason_when_impossible=True,
    ),
    "extension": None,
    # 二(三)1 缺乏法定依据的, 做好解释说明.
    "explanation": Explanation(source="二(三)1", required=True),
    # 二(三)1 误评或恶意差评, 3个工作日内差评撤销核实, 报审改办、效能办. 三(三) 不予采纳.
    "exclusion": Exclusion(
        source="二(三)1、三(三)",
        reading=9,
        grounds=("误评", "恶意差评"),
        found_by=Party.AGENCY,
        confirmed_by=Party.BUREAU,
        within=None,
        withdrawal_within=Period(count=3, unit=Counting.WORKING_DAYS, since=Since.FOUND_MISTAKEN),
        confirmed_with_rater=False,
        effect=ExclusionEffect.EXCLUDED,
        in_unrated_rate=False,
        reported_to=(Party.SUPERVISOR,),
        bureau_may_recheck=False,
    ),
    "second_party": "platform",
    "supervision": "platform",
    # 三(三) 收到差评, 5个工作日内通过所在机构向同级政务服务主管部门申诉.
    "appeal": Appeal(
        source="三(三)",
        reading=10,
        by=Party.STAFF,
        through=Party.AGENCY,
        to=Party.BUREAU,
        within=Period(count=5, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
        evidence=False,
        levels=NEGATIVE,
        while_rectifying=True,
    ),
    # 三(三) 建立申诉复核机制. Neither way nor term.
    "review": Review(
        source="三(三)",
        reading=10,
        methods=(),
        within=None,
        internal_line=None,
        stops_clock=False,
    ),
    # 二(三)1 整改与反馈; 做好差评回访整改情况记录.
    "answer": Answer(source="二(三)1", to_rater=True, by=(), recorded=True),
    # 二(三)1 满意回复的可不予计算, 不满意的反馈审改办、效能办.
    "callback": Callback(
        source="二(三)1",
        reading=12,
        by=Party.BUREAU,
        choices=("满意", "不满意"),
        dissatisfied_reopens=False,
        dissatisfied_reported_to=Party.SUPERVISOR,
        satisfied_may_be_left_out=True,
    ),
    "report_up": ReportUp(
        source="二(三)1", reviewed_by=None, filed_with=("同级审改办", "同级效能办")
    ),
    # 二(三)1 实名差评回访整改率100%.
    "hard_targets": HardTargets(source="二(三)1", callback_rate=100, rectification_rate=100),
    # --- 统计、公开、考核 ---
    "composite": None,
    "item_score": None,
    "participation": None,
    "rectification_rate": None,
    "satisfaction_rate": None,
    # 二(三)2 政府门户网站、政务服务平台和新闻媒体, 向社会发布.
    "publication": Publication(
        source="二(三)2",
        to_public=True,
        where=("政府门户网站", "政务服务平台", "新闻媒体"),
        figures=("政务服务情况", "评价结果", "整改情况"),
        bulletin=False,
    ),
    # 二(四)2 单位和人员: 表彰和奖励, 追责问责.
    "assessment": Assessment(source="二(四)2", agency=True, staff=True, excusable=False),
    # 二(二)4 随机抽取, 回访调查.
    "spot_check": SpotCheck(
        source="二(二)4", what="按照一定比例随机抽取参与评价的企业群众，开展回访调查"
    ),
    # --- 实名、隐私、防作弊、防报复 ---
    # 三(三) 鼓励实名评价.
    "real_name": RealName(
        source="三(三)", mode=RealNameMode.ENCOURAGED, static_code_same_day=False
    ),
    # 三(三) 规范查询权限; 未经同意不得提供给第三方; 泄露的严肃查处.
    "privacy": Privacy(
        source="三(三)",
        consent_before_third_party=True,
        query_permission=True,
        leaks_punished=True,
    ),
    # 二(四)2 弄虚作假…打击报复…追责问责.
    "fraud": Fraud(source="二(四)2", punished=True),
    "retaliation": Retaliation(source="二(四)2", punished=True),
    # 三(二) 数据真实、安全、可靠.
    "data_safety": DataSafety(source="三(二)", statement="确保数据真实、安全、可靠"),
}


def test_head(shelf: Shelf) -> None:
    book = shelf.book("sanming")
    assert (book.title, book.jurisdiction, book.document) == (
        "三明市政务服务“好差评”工作实施方案",
        "三明市",
        "明审改办〔2020〕12号",
    )
    assert book.based_on == ("国办发〔2019〕51号", "闽审改办〔2020〕9号")
    assert book.bureau == "三明市行政服务中心管委会"
    # No day of effect anywhere (reading 33).
    (version,) = book.versions
    assert (version.effective_from, version.effective_until) == ("unknown", None)
    assert version.effective_source == "platform"


def test_no_rule_is_left_out() -> None:
    assert sorted(TABLE) == sorted(Version.rule_names())


@pytest.mark.parametrize("name", TABLE)
def test_cell(cells: Callable[[str], dict[str, Cell]], name: str) -> None:
    assert cells("sanming")[name] == TABLE[name]
