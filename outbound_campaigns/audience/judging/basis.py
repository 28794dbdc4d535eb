"""What a campaign's rows are judged by: its template as last looked up, and what fills it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.placeholders import COLUMN
from outbound_campaigns.vonage.definitions.by_components import filling_of
from outbound_campaigns.vonage.definitions.filling import Filling, Value, read_filling
from outbound_campaigns.vonage.definitions.proposing import proposal
from outbound_campaigns.vonage.definitions.reading import read_definition

Item = Mapping[str, Any]
"""a template as the account's list has it"""


@dataclass(frozen=True, slots=True)
class Basis:
    """What rows are judged by; `filling` is None where every cell becomes a value of the message."""

    filling: Filling | None
    template: Item | None
    zone: str

    @property
    def fingerprint(self) -> str:
        """Return a text that differs wherever a row might be judged differently."""
        filling = None if self.filling is None else self.filling.stored()
        parts = None if self.template is None else self.template.get("components")
        told = json.dumps([filling, parts, self.zone], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def judge(self, now: datetime) -> RowJudge:
        definition = None if self.template is None else read_definition(self.template)
        return RowJudge(self.filling, definition, self.zone, now)


def basis_of(campaign: Campaign, columns: Sequence[str], template: Item | None) -> Basis:
    """Return what a campaign's rows are judged by; `columns` are those of its files, without the numbers'."""
    return Basis(_filling(campaign, columns, template), template, campaign.timezone)


def _filling(campaign: Campaign, columns: Sequence[str], template: Item | None) -> Filling | None:
    if campaign.filling is not None:
        return read_filling(campaign.filling)
    if campaign.values is not None:
        given = read_filling(campaign.values).values
        # The panel fills texts only once there is a file, whose columns it proposes in the same way.
        proposed = {} if template is None else proposal(read_definition(template), columns).values
        return Filling({**proposed, **given})
    if template is not None:
        told = (campaign.variables, campaign.template_components)
        return filling_of(read_definition(template), *told, columns)[0]
    variables = campaign.variables
    if variables is None:
        return None
    used = [*(variables.values() if isinstance(variables, dict) else variables)]
    also = dict.fromkeys(columns_named(campaign.template_components))
    values = {f"variables.{place}": Value(column=name) for place, name in enumerate(used)}
    return Filling(values | {f"components.{name}": Value(text=f"{{{{{name}}}}}") for name in also})


def columns_named(value: Any) -> Iterator[str]:
    """Yield the columns that a template's components name as {{column}}, anywhere in them."""
    if isinstance(value, str):
        yield from COLUMN.findall(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from columns_named(item)
