"""`recount`: each campaign's figures, compared with its rows."""

from __future__ import annotations

import click

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.language import say
from outbound_campaigns.cli.texts import DIFFERENCE, NO_DIFFERENCE
from outbound_campaigns.database.transactions import open_database


@click.command()
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
