"""A small directory of the five jurisdictions, as an administrator sends it. All names invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Who serves in a scenario, by code."""

    prefix: str
    """What its case numbers begin with."""
    agency: str
    item: str
    staff: str
    window: str
    hotline: str
    operator: str
    second_agency: str = ""
    second_item: str = ""
    second_staff: str = ""
    theme: str = ""
    hall: str = ""
    terminal: str = ""


CHAOAN = Place(
    prefix="CA",
    agency="CA-SJJ",
    item="CA-I1",
    staff="CA-0801",
    window="CA-W8",
    hotline="CA-HL",
    operator="CA-HL01",
    second_agency="CA-WJJ",
    second_item="CA-I2",
    second_staff="CA-0901",
    theme="CA-T1",
    hall="CA-H1",
    terminal="CA-ZD1",
)
SANMING = Place(
    prefix="SM",
    agency="SM-ZJJ",
    item="SM-I1",
    staff="SM-0101",
    window="SM-W1",
    hotline="SM-HL",
    operator="SM-HL01",
    second_agency="SM-ZRJ",
    second_item="SM-I2",
    second_staff="SM-0201",
    theme="SM-T1",
    hall="SM-H1",
)
QIJIANG = Place(
    prefix="QJ",
    agency="QJ-MZJ",
    item="QJ-I1",
    staff="QJ-0501",
    window="QJ-W5",
    hotline="QJ-HL",
    operator="QJ-HL01",
    second_agency="QJ-RSJ",
    second_item="QJ-I2",
    second_staff="QJ-0601",
    theme="QJ-T1",
    hall="QJ-H1",
)
LINGANG = Place(
    prefix="LG",
    agency="LG-SPJ",
    item="LG-I1",
    staff="LG-0201",
    window="LG-W2",
    hotline="LG-HL",
    operator="LG-HL01",
    second_agency="LG-GTJ",
    second_item="LG-I2",
    second_staff="LG-0301",
    theme="LG-T1",
    hall="LG-H1",
)
HEXI = Place(
    prefix="HX",
    agency="HX-SPJ",
    item="HX-I1",
    staff="HX-1201",
    window="HX-W12",
    hotline="TJ-HL",
    operator="TJ-HL01",
    second_agency="HX-RSJ",
    second_item="HX-I2",
    second_staff="HX-1501",
    theme="TJ-T1",
    hall="HX-H1",
    terminal="HX-ZD1",
)
TIANJIN = Place(
    prefix="TJ",
    agency="TJ-GAJ",
    item="TJ-I1",
    staff="TJ-0701",
    window="HX-W12",
    hotline="TJ-HL",
    operator="TJ-HL01",
)
"""天津's own departments; 河西区 is one of its districts."""


def _rows(*columns: str, of: str) -> Rows:
    """One row a line, as in a spreadsheet."""
    return [
        {name: cell for name, cell in zip(columns, line.split(), strict=True) if cell != "-"}
        for line in of.strip().splitlines()
    ]


DIRECTORY: dict[str, Rows] = {
    "region": _rows(
        *("code", "name", "parent", "rulebook"),
        of="""
            445103 潮州市潮安区 - chaoan
            350400 三明市 - sanming
            500110 重庆市綦江区 - qijiang
            371071 威海临港经济技术开发区 - lingang
            120000 天津市 - tianjin
            120103 天津市河西区 120000 -
        """,
    ),
    "agency": _rows(
        *("code", "name", "region", "party"),
        of="""
            CA-ZSJ 潮安区政务服务数据管理局 445103 bureau
            CA-SJJ 潮安区市场监督管理局 445103 agency
            CA-WJJ 潮安区卫生健康局 445103 agency
            SM-GWH 三明市行政服务中心管委会 350400 bureau
            SM-ZJJ 三明市住房和城乡建设局 350400 agency
            SM-ZRJ 三明市自然资源局 350400 agency
            QJ-ZWB 綦江区政务办 500110 bureau
            QJ-MZJ 綦江区民政局 500110 agency
            QJ-RSJ 綦江区人力社保局 500110 agency
            LG-ZGB 临港区政务服务管理办公室 371071 bureau
            LG-SPJ 临港区行政审批服务局 371071 agency
            LG-GTJ 临港区自然资源局 371071 agency
            TJ-ZWB 天津市政务服务办 120000 bureau
            TJ-GAJ 天津市公安局 120000 agency
            HX-ZF 河西区人民政府 120103 district
            HX-SPJ 河西区行政审批局 120103 agency
            HX-RSJ 河西区人力资源和社会保障局 120103 agency
        """,
    ),
    "hall": _rows(
        *("code", "name", "region", "agency"),
        of="""
            CA-H1 潮安区政务服务大厅 445103 CA-ZSJ
            SM-H1 三明市行政服务中心 350400 SM-GWH
            QJ-H1 綦江区政务服务中心 500110 QJ-ZWB
            LG-H1 临港区政务服务大厅 371071 LG-ZGB
            HX-H1 河西区政务服务中心 120103 HX-SPJ
        """,
    ),
    "window": _rows(
        *("code", "name", "hall", "agency"),
        of="""
            CA-W8 8号窗口 CA-H1 CA-SJJ
            SM-W1 综合1号窗口 SM-H1 SM-ZJJ
            QJ-W5 5号窗口 QJ-H1 QJ-MZJ
            LG-W2 2号窗口 LG-H1 LG-SPJ
            HX-W12 12号窗口 HX-H1 HX-SPJ
        """,
    ),
    "staff": _rows(
        *("code", "name", "agency"),
        of="""
            CA-0801 林志强 CA-SJJ
            CA-0901 陈晓燕 CA-WJJ
            CA-HL01 黄丽华 CA-ZSJ
            SM-0101 张美玲 SM-ZJJ
            SM-0201 邓志刚 SM-ZRJ
            SM-HL01 吴建国 SM-GWH
            QJ-0501 罗小芳 QJ-MZJ
            QJ-0601 杨帆 QJ-RSJ
            QJ-HL01 周敏 QJ-ZWB
            LG-0201 孙海涛 LG-SPJ
            LG-0301 于洋 LG-GTJ
            LG-HL01 丛琳 LG-ZGB
            TJ-0701 郭伟 TJ-GAJ
            HX-1201 王建军 HX-SPJ
            HX-1501 刘洋 HX-RSJ
            TJ-HL01 赵静 TJ-ZWB
        """,
    ),
    "item": _rows(
        *("code", "name", "agency"),
        of="""
            CA-I1 食品经营许可 CA-SJJ
            CA-I2 公共场所卫生许可 CA-WJJ
            SM-I1 建筑工程施工许可证核发 SM-ZJJ
            SM-I2 建设用地规划许可 SM-ZRJ
            QJ-I1 高龄津贴申领 QJ-MZJ
            QJ-I2 失业登记 QJ-RSJ
            LG-I1 企业设立登记 LG-SPJ
            LG-I2 不动产首次登记 LG-GTJ
            TJ-I1 居住证申领 TJ-GAJ
            HX-I1 公共场所卫生许可 HX-SPJ
            HX-I2 劳务派遣经营许可 HX-RSJ
        """,
    ),
    "theme": _rows(
        *("code", "name", "region"),
        of="""
            CA-T1 我要开小餐馆 445103
            SM-T1 项目开工一件事 350400
            QJ-T1 就业一件事 500110
            LG-T1 企业开办一件事 371071
            TJ-T1 我要开美容店 120000
        """,
    ),
    "platform": _rows(
        *("code", "name", "kind", "region", "agency"),
        of="""
            CA-HL 广东政务服务网热线 hotline 445103 CA-ZSJ
            CA-ZD1 潮安区大厅1号自助终端 terminal 445103 CA-ZSJ
            SM-HL 三明市12345便民服务平台 hotline 350400 SM-GWH
            QJ-HL 綦江区政务服务热线 hotline 500110 QJ-ZWB
            LG-HL 临港区政务服务电话 hotline 371071 LG-ZGB
            TJ-HL 天津市12345政务服务便民热线 hotline 120000 TJ-ZWB
            HX-ZD1 河西区大厅1号自助终端 terminal 120103 HX-SPJ
        """,
    ),
}
