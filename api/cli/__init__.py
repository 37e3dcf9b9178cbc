"""`haochaping`, for operators. A fault is told in Chinese and ends with exit code 1."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from api.cli.later import Later

_COMMANDS = (
    Later("demo", "api.cli.serving", "demo", "启动演示：五个辖区和一个虚构的城市。"),
    Later("serve", "api.cli.serving", "serve", "启动服务。"),
    Later("migrate", "api.cli.migrating", "migrate", "建立或升级数据库；新装时生成密钥。"),
    Later("doctor", "api.cli.doctor", "doctor", "检查安装，说明缺少什么。"),
    Later("rulebook", "api.cli.rulebooks", "rulebook", "规则书：列出、查看、检查、说明依据。"),
    Later("calendar", "api.cli.calendar", "calendar", "工作日历：国务院办公厅每年的放假通知。"),
    Later("import", "api.cli.directory", "import_", "导入机构目录（CSV或XLSX）。"),
    Later("qr", "api.cli.codes", "qr", "窗口、大厅或终端的静态二维码。"),
    Later(
        "mail", "api.cli.mail", "mail", "从标准输入读取一封邮件：答复邀请的记为评价，其他记为意见。"
    ),
    Later("wechat", "api.cli.wechat", "wechat", "公众号和小程序：检查账号、设置菜单。"),
    Later("call", "api.cli.calling", "call", "不用电话交换机，给热线打一次电话。"),
    Later("ivr", "api.cli.ivr", "ivr", "热线：检查语音模型和提示音。"),
    Later("outbox", "api.cli.outbox", "outbox", "已放弃发送的通知：查看、重发。"),
    Later("integrator", "api.cli.integrators", "integrator", "接入系统的接口密钥。"),
    Later("user", "api.cli.user", "user", "工作台的账号：开立、停用、重置。"),
)


@click.group(
    commands={command.name or "": command for command in _COMMANDS},
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="haochaping")
def commands() -> None:
    """政务服务“好差评”."""


def main(words: Sequence[str] | None = None) -> None:
    """`words`: of the command line; None: this process's."""
    try:
        commands(words)
    except Exception as fault:
        # Only now: they are told apart by the databases' drivers, which are slow to import.
        from api.cli.faults import FAULTS, told  # noqa: PLC0415

        if not isinstance(fault, FAULTS):
            raise
        click.echo(told(fault), err=True)
        sys.exit(1)
