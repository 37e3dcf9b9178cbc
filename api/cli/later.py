"""Commands that are imported when they are called, so that each loads only what it works with."""

from __future__ import annotations

from importlib import import_module

import click


class Later(click.Command):
    """What a list of commands shows, `told`, until the command in `module` is asked for."""

    def __init__(self, name: str, module: str, function: str, told: str) -> None:
        super().__init__(name, short_help=told)
        self._module = module
        self._function = function

    def load(self) -> click.Command:
        command: click.Command = getattr(import_module(self._module), self._function)
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Of the command itself: click goes on with the command of the context."""
        return self.load().make_context(info_name, args, parent, **extra)
