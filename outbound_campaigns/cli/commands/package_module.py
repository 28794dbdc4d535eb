"""`package-module`: the file to upload in Botpress."""

from __future__ import annotations

from pathlib import Path

import click

from outbound_campaigns.cli.language import say
from outbound_campaigns.cli.module_package import FILE_NAME, packed_module
from outbound_campaigns.cli.texts import PACKED


@click.command("package-module")
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
