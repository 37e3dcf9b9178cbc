"""`haochaping`, for operators. A fault is told in Chinese and ends with exit code 1."""

from __future__ import annotations

import sys

import click

from api.cli.calendar import calendar
from api.cli.codes import qr
from api.cli.directory import import_
from api.cli.doctor import doctor
from api.cli.faults import FAULTS, told
from api.cli.integrators import integrator
from api.cli.rulebooks import rulebook
from api.cli.serving import demo, migrate, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="haochaping")
def commands() -> None:
    """政务服务“好差评”."""


for command in (demo, serve, migrate, doctor, rulebook, calendar, import_, qr, integrator):
    commands.add_command(command)


def main() -> None:
    try:
        commands()
    except FAULTS as fault:
        click.echo(told(fault), err=True)
        sys.exit(1)
