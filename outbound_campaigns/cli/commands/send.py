"""`send`: a whole campaign from the terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import click

from bot_config.money import millionths
from bot_config.prices import CATEGORIES
from outbound_campaigns.audience.reading.encodings import TOLD
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.language import terminal_language
from outbound_campaigns.cli.send import Order, operator_name, readable, run_send
from outbound_campaigns.cli.texts import NOT_A_VALUE
from outbound_campaigns.domain.lifecycle import OnSpendLimit
from outbound_campaigns.domain.placeholders import COLUMN

DEFAULTS = {field.name: field.default for field in fields(NewCampaign)}
"""defaults of a campaign's options, by name"""


@click.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
@click.option("--template", "template_id", required=True, help="Name, namespace:name or number.")
@click.option(
    "--csv",
    "csv",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The recipients: a CSV, or a workbook (.xlsx, .ods).",
)
@click.option(
    "--encoding", type=click.Choice(TOLD), help="The file's, where it is not read rightly by itself."
)
@click.option("--phone-column", help="The column with the numbers, where it is not called phone_number.")
@click.option("--sheet", help="The workbook's sheet, where it has several.")
@click.option("--name", help="The campaign's name; the file's name when left out.")
@click.option(
    "--language", default=DEFAULTS["template_language"], show_default=True, help="The template's language."
)
@click.option(
    "--components",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with header media and button parameters.",
)
@click.option("--variables", help="Columns in the placeholders' order, separated by commas.")
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="SLOT=TEXT",
    help="What fills a slot of the template: a text, in which {{column}} may stand. Several are allowed.",
)
@click.option("--sender", help="The number to send from, instead of the bot's.")
@click.option(
    "--batch-size", type=click.IntRange(1, 10_000), default=DEFAULTS["batch_size"], show_default=True
)
@click.option(
    "--batch-interval-ms",
    type=click.IntRange(100, 86_400_000),
    default=DEFAULTS["batch_interval_ms"],
    show_default=True,
)
@click.option(
    "--canary", type=click.IntRange(1, 1000), help="Send to so many first; to the others once these arrived."
)
@click.option(
    "--category", type=click.Choice(CATEGORIES), default=DEFAULTS["template_category"], show_default=True
)
@click.option("--spend-limit", type=click.FloatRange(0, 1e9), help="By the settings' prices.")
@click.option(
    "--on-spend-limit",
    type=click.Choice(list(map(str, OnSpendLimit))),
    default=str(DEFAULTS["on_spend_limit"]),
    show_default=True,
)
@click.option("--watch", is_flag=True, help="Show progress until the end, then the report.")
def send(
    bot_id: str,
    template_id: str,
    csv: Path,
    encoding: str | None,
    phone_column: str | None,
    sheet: str | None,
    name: str | None,
    language: str,
    components: Path | None,
    variables: str | None,
    values: tuple[str, ...],
    sender: str | None,
    batch_size: int,
    batch_interval_ms: int,
    canary: int | None,
    category: str,
    spend_limit: float | None,
    on_spend_limit: str,
    watch: bool,
) -> None:
    """Send a whole campaign from the terminal. Exit code 0: every recipient was sent to."""
    campaign = NewCampaign(
        bot_id=bot_id,
        name=readable(name or csv.stem),
        template_id=template_id,
        template_language=language,
        template_category=category,
        template_components=read_components(components),
        variables=[column.strip() for column in variables.split(",")] if variables else None,
        values=read_values(values),
        sender_number=sender,
        batch_size=batch_size,
        batch_interval_ms=batch_interval_ms,
        canary_size=canary,
        spend_limit=None if spend_limit is None else millionths(spend_limit, up=False),
        on_spend_limit=on_spend_limit,
        created_by=operator_name(),
    )
    if not run_send(read_settings(), os.environ, Order(campaign, csv, encoding, phone_column, sheet, watch)):
        raise SystemExit(1)


def read_values(given: Sequence[str]) -> dict[str, object] | None:
    """Return what fills each slot; {{column}} alone is that column. Raises click.BadParameter."""
    found: dict[str, object] = {}
    for one in given:
        slot, sign, text = one.partition("=")
        if not sign or not slot.strip():
            words = NOT_A_VALUE.text(terminal_language(), value=one)
            raise click.BadParameter(words, param_hint="--value")
        column = COLUMN.fullmatch(text.strip())
        found[slot.strip()] = {"column": column[1]} if column else text
    return found or None


def read_components(path: Path | None) -> list[dict[str, object]] | None:
    """Return the list of components in a JSON file. Raises click.BadParameter."""
    if path is None:
        return None
    try:
        components = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--components") from None
    if not isinstance(components, list) or not all(isinstance(item, dict) for item in components):
        raise click.BadParameter(f"{path}: [{{…}}, …]", param_hint="--components")
    return components
