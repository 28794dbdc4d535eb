"""The README names every setting, every bot setting and every command."""

import re
from pathlib import Path

import pytest
from click import Context

from bot_config.module_settings import OPTIONS
from outbound_campaigns.cli.group import command_names
from outbound_campaigns.cli.main import main
from outbound_campaigns.runtime.settings import SETTINGS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("variable", [setting.variable for setting in SETTINGS])
def test_a_setting_is_in_the_readme(variable: str) -> None:
    assert f"`{variable}`" in README


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_a_bots_setting_is_in_the_readme(option: str) -> None:
    assert f"`{option}`" in README


@pytest.mark.parametrize("command", command_names())
def test_a_command_is_in_the_readme(command: str) -> None:
    assert f"outbound-campaigns {command}" in README


def test_what_the_readme_leads_to_is_there() -> None:
    places = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [place for place in places if not (ROOT / place).is_file()] == []


def test_every_command_has_help() -> None:
    context = Context(main)
    commands = [main.get_command(context, name) for name in command_names()]
    assert all(command is not None and command.help for command in commands)
