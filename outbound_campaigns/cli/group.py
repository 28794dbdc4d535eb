"""The root command group, which imports a command only when it is called: all of them take a second."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

import click

from outbound_campaigns.cli import commands


def command_names() -> list[str]:
    """Return the names of all commands."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(commands.__path__))


class Commands(click.Group):
    """The commands, one a module of `commands`.

    An unreachable or outdated database is reported in one line, not a traceback.
    """

    def list_commands(self, _context: click.Context) -> list[str]:
        return command_names()

    def get_command(self, _context: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in command_names():
            return None
        name = cmd_name.replace("-", "_")
        return cast(click.Command, getattr(import_module(f"{commands.__name__}.{name}"), name))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises click.ClickException where the database is the trouble."""
        _write_what_the_terminal_lacks_as_question_marks()
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Not needed before: a command that fails so has imported it already.
            from outbound_campaigns.cli.database_trouble import database_trouble

            trouble = database_trouble(error)
            if trouble is None:
                raise
            raise trouble from None


def _write_what_the_terminal_lacks_as_question_marks() -> None:
    """Let no sentence break a command: a terminal of Windows or of another time has few characters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
