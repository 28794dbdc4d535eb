"""The command `outbound-campaigns`: names, options and help; the other modules here do the work."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import fields, replace
from pathlib import Path

import click

from bot_config.money import millionths
from bot_config.prices import CATEGORIES
from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import recounting
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.cli.accept import Acceptance, run_accept
from outbound_campaigns.cli.backup import run_backup
from outbound_campaigns.cli.doctor import examine
from outbound_campaigns.cli.group import Commands
from outbound_campaigns.cli.language import click_error, say, terminal_language
from outbound_campaigns.cli.module_package import FILE_NAME, packed_module
from outbound_campaigns.cli.processes import become_family
from outbound_campaigns.cli.reconcile import Inquiry, run_reconcile
from outbound_campaigns.cli.send import Order, operator_name, run_send
from outbound_campaigns.cli.texts import DIFFERENCE, NO_DIFFERENCE, NOTHING_WRONG, PACKED, UPGRADED
from outbound_campaigns.cli.workers import must_be_ready, show_roster
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.lifecycle import OnSpendLimit
from outbound_campaigns.engine.waking import prepare_queue
from outbound_campaigns.runtime.logs import log_to_stderr
from outbound_campaigns.runtime.parent_death import end_with_parent
from outbound_campaigns.runtime.settings import Settings
from vonage_simulator import SimulatorConfig, from_json
from vonage_simulator import serve as serve_simulator

SIMULATOR_PORT = 8788

DEFAULTS = {field.name: field.default for field in fields(NewCampaign)}
"""defaults of a campaign's options, by name"""

MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


def read_settings() -> Settings:
    try:
        return Settings.from_environ(os.environ)
    except Refusal as refusal:
        raise click_error(refusal) from None


@click.group(cls=Commands)
@click.version_option(package_name="outbound-campaigns")
def main() -> None:
    """Outbound WhatsApp campaigns beside Botpress v12, through Vonage."""


@main.command()
def serve() -> None:
    """Run the service: the web process and, with OUTBOUND_ENGINE=embedded, one engine."""
    become_family(["web", "engine"] if read_settings().engine == "embedded" else ["web"])


@main.command()
def worker() -> None:
    """Run one of the workers of OUTBOUND_ENGINE=cluster; as many as wanted, on any machines."""
    must_be_ready(read_settings())
    become_family(["engine"])


@main.command()
def workers() -> None:
    """Say who sends, what each worker does, and what is stuck and why. Exit code 0: nothing is."""
    if not show_roster(read_settings(), os.environ):
        raise SystemExit(1)


@main.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
@click.option("--template", "template_id", required=True, help="Name, namespace:name or number.")
@click.option("--csv", "csv", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
    name: str | None,
    language: str,
    components: Path | None,
    variables: str | None,
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
        name=name or csv.stem,
        template_id=template_id,
        template_language=language,
        template_category=category,
        template_components=read_components(components),
        variables=[column.strip() for column in variables.split(",")] if variables else None,
        sender_number=sender,
        batch_size=batch_size,
        batch_interval_ms=batch_interval_ms,
        canary_size=canary,
        spend_limit=None if spend_limit is None else millionths(spend_limit, up=False),
        on_spend_limit=on_spend_limit,
        created_by=operator_name(),
    )
    if not run_send(read_settings(), os.environ, Order(campaign, csv, watch)):
        raise SystemExit(1)


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


@main.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with accounts, templates and faults; without it any credentials pass.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="0 for any free one.")
def simulator(config: Path | None, port: int | None) -> None:
    """Run a stand-in for Vonage that keeps a ledger of what it accepted."""
    end_with_parent()
    try:
        read = from_json(config) if config else SimulatorConfig(port=SIMULATOR_PORT)
    except ValueError as error:
        raise click.BadParameter(f"{config}: {error}", param_hint="--config") from None
    if port is not None:
        read = replace(read, port=port)
    asyncio.run(serve_simulator(read, click.echo))


@main.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
def doctor(bot_id: str) -> None:
    """Say what keeps a bot's campaigns from being sent, and how to mend it."""
    wrong = False
    for finding in examine(read_settings(), os.environ, bot_id):
        wrong = wrong or finding.level == "error"
        click.echo(f"{MARKS[finding.level]} {finding.text(terminal_language())}")
    if wrong:
        raise SystemExit(1)
    say(NOTHING_WRONG)


@main.command()
@click.option("--mend", is_flag=True, help="Put the rows' numbers in the place of wrong counts.")
def recount(mend: bool) -> None:
    """Compare each campaign's figures with its rows. Exit code 1: they differ."""
    with open_database(read_settings().database_url) as database:
        with database.read() as session:
            differences = recounting.recount(session)
        if mend and differences:
            with database.write() as session:
                recounting.mend(session, differences)
    for difference in differences:
        say(
            DIFFERENCE,
            campaign=difference.campaign_id,
            status=f"{difference.status} ({difference.code})" if difference.code else difference.status,
            kept=difference.kept,
            counted=difference.counted,
        )
    if differences:
        raise SystemExit(1)
    say(NO_DIFFERENCE)


@main.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
@click.option(
    "--campaign", "campaign_id", type=int, help="One campaign; all with messages in doubt if left out."
)
@click.option(
    "--without-receipt", is_flag=True, help="Ask about messages sent long ago without a receipt too."
)
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
def reconcile(bot_id: str, campaign_id: int | None, without_receipt: bool, yes: bool) -> None:
    """Ask Vonage's records, each of which it charges for, what became of messages. Exit code 0: all told."""
    inquiry = Inquiry(bot_id, campaign_id, without_receipt, None if yes else click.confirm)
    if not run_reconcile(read_settings(), os.environ, inquiry):
        raise SystemExit(1)


@main.command("package-module")
@click.option(
    "--output",
    default=FILE_NAME,
    show_default=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.",
)
def package_module(output: Path) -> None:
    """Write the Botpress module, to be uploaded in Botpress's admin pages or put into its modules folder."""
    try:
        output.write_bytes(packed_module())
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}", param_hint="--output") from None
    say(PACKED, file=output)


@main.group()
def db() -> None:
    """The database: its tables, copies of it, and what becomes of one that is put back."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Create the tables, or bring them up to date."""
    from outbound_campaigns.database.migrations.upgrade import upgrade

    settings = read_settings()
    with open_database(settings.database_url) as database:
        upgrade(database)
        prepare_queue(settings, database)
    say(UPGRADED)


@db.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def db_backup(file: Path) -> None:
    """Write a consistent copy to FILE while the service runs (SQLite; for PostgreSQL, say how)."""
    with open_database(read_settings().database_url) as database:
        run_backup(database, file.absolute())


@db.command("accept")
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@click.option("--anyway", is_flag=True, help="Also where the database does not look like a copy.")
def db_accept(yes: bool, anyway: bool) -> None:
    """Take a restored copy as the database to send from: its campaigns are paused. Exit code 1: refused."""
    with open_database(read_settings().database_url) as database:
        accepted = run_accept(database, Acceptance(None if yes else click.confirm, anyway))
    if not accepted:
        raise SystemExit(1)


@main.command()
@click.option("--folder", default="instance/demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--simulator-port", default=SIMULATOR_PORT, show_default=True, type=click.IntRange(1, 65535))
def demo(folder: Path, simulator_port: int) -> None:
    """Run the service, a simulator and a demo bot, to try things out."""
    # Imported here, like alembic above: what only one command needs would keep all others waiting.
    from outbound_campaigns.cli.demo import run_demo

    log_to_stderr("text")
    run_demo(os.environ, folder.resolve(), simulator_port)
