"""Which variables of the environment `%NAME%` may show in a bot's file: whoever edits that file sees them."""

import re
from collections.abc import Mapping, Sequence

NAMES = re.compile(r"[A-Za-z0-9_]+\*?")
"""a name, or with a * at its end the beginning of names"""

DEFAULT_NAMES = ("VONAGE_*",)

ABOUT_THE_SERVER = ("BP_PRODUCTION", "CLUSTER_ENABLED", "BOTPRESS_DIR")
"""variables that Botpress's own files need and that are no secrets"""


def allowed(environ: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return the variables that these names allow, and those about the server."""
    beginnings = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    whole = {*names, *ABOUT_THE_SERVER}
    return {
        name: value
        for name, value in environ.items()
        if name in whole or (beginnings and name.startswith(beginnings))
    }
