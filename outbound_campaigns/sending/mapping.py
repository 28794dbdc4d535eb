"""Joins a campaign with its template's definition: what fills each slot, and what is wrong about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage import message
from outbound_campaigns.vonage.definitions.by_components import filling_of
from outbound_campaigns.vonage.definitions.composing import body_component, components
from outbound_campaigns.vonage.definitions.filling import Filling, read_filling
from outbound_campaigns.vonage.definitions.judging import Problem, problems
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition


@dataclass(frozen=True, slots=True)
class Mapped:
    """What fills a campaign's template, and what Meta would refuse of each of its messages."""

    filling: Filling
    problems: Sequence[Problem]


def mapped(
    campaign: Campaign, definition: TemplateDefinition, columns: Sequence[str] | None, now: datetime
) -> Mapped:
    """Judge a campaign; `columns` are those of its files, None before the first.

    What fills it are its `values`; else its `variables` and `template_components`, as programs give them.
    """
    if campaign.values is not None:
        filling, wrong = read_filling(campaign.values), list[Problem]()
    else:
        filling, wrong = filling_of(definition, campaign.variables, campaign.template_components, columns)
    found = problems(definition, filling, columns, campaign.timezone, now)
    if campaign.template_components:
        found = (problem for problem in found if problem.code != "only_by_components")
    told = {(problem.code, problem.slot) for problem in wrong}
    # A body with too few values has told so already, and one that a file will fill can't be told of yet.
    awaits_file = columns is None and campaign.values is None and campaign.variables is None
    says_nothing = awaits_file or ("wrong_number_of_values", "body") in told
    rest = [
        problem
        for problem in found
        if not (says_nothing and problem.code == "slot_empty" and str(problem.slot).startswith("body."))
    ]
    return Mapped(filling, [*wrong, *rest])


def custom_of(
    campaign: Campaign,
    template: ResolvedTemplate,
    definition: TemplateDefinition,
    filling: Filling,
    cells: Mapping[str, str],
) -> dict[str, Any]:
    """Return one recipient's `custom` object. Raises MissingColumn."""
    texts = filling.texts(cells)
    given = campaign.template_components
    if not given:
        return message.custom(template, components(definition, texts, campaign.timezone))
    body = [] if message.has_body(given) else body_component(definition, texts)
    return message.custom(template, message.with_body(given, body, cells))
