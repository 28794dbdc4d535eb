"""Previews a message: what its recipient would read, and what Vonage or Meta would refuse in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.message_flaws import FLAWS
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.mapping import custom_of, mapped
from outbound_campaigns.vonage.definitions.filling import MissingColumn
from outbound_campaigns.vonage.definitions.judging import UNFIT
from outbound_campaigns.vonage.definitions.reading import LONGEST_HEADER
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.vonage.message import body
from outbound_campaigns.vonage.template_text import RenderedMessage, filled
from outbound_campaigns.vonage.templates import APPROVED, language_key


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that keeps a message from being delivered; `code` is one of FLAWS, `place` a slot or part."""

    code: str
    values: Mapping[str, object]
    place: str | None = None

    def text(self, language: str = "es") -> str:
        return FLAWS[self.code].text(language, **self.values)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message: `custom` for Vonage (None if it can't be made), and `read` where the template is known."""

    custom: Mapping[str, Any] | None
    read: RenderedMessage | None
    flaws: Sequence[Flaw]


def preview(
    campaign: Campaign,
    cells: Mapping[str, str],
    definitions: Iterable[TemplateDefinition] | None,
    now: datetime,
    columns: Sequence[str] | None = None,
) -> Preview:
    """Preview one recipient's message. `definitions` is the account's template list, None if unreadable.

    `columns` are those of the campaign's files; left out, the recipient's own.
    """
    template = _template_of(campaign)
    definition = definition_of(campaign, definitions)
    flaws = list(_flaws_of_template(template, definitions, definition))
    if definition is None:
        try:
            custom = body(template, campaign.template_components, campaign.variables, cells)
        except MissingColumn as missing:
            return Preview(None, None, [*flaws, Flaw("missing_column", {"column": str(missing)})])
        return Preview(custom, None, [*flaws, *_flaws_of_values(_components(custom))])
    # As the start will do it: by the list's name and spelling, never by Meta's number.
    template = replace(template, name=definition.wording.name, language=definition.wording.language)
    found = mapped(campaign, definition, list(cells) if columns is None else columns, now)
    flaws += [Flaw(one.code, one.values, one.slot) for one in found.problems]
    try:
        custom = custom_of(campaign, template, definition, found.filling, cells)
    except (MissingColumn, ValueError):
        return Preview(None, None, flaws)  # the judge has said why
    components = _components(custom)
    read = filled(definition.wording, components)
    if not found.problems:
        # Else they would be told once more, as this recipient's.
        flaws += [*_flaws_of_values(components), *_flaws_of_lengths(definition, read)]
    return Preview(custom, read, flaws)


def definition_of(
    campaign: Campaign, definitions: Iterable[TemplateDefinition] | None
) -> TemplateDefinition | None:
    """Return the campaign's template from the account's list; None where it is not in it, or unreadable."""
    template, given = _template_of(campaign), campaign.template_id.strip()
    for definition in definitions or ():
        wording = definition.wording
        alike = language_key(wording.language) == language_key(template.language)
        if wording.id == given or (wording.name == template.name and alike):
            return definition
    return None


def _template_of(campaign: Campaign) -> ResolvedTemplate:
    namespace, _, name = campaign.template_id.strip().rpartition(":")
    return ResolvedTemplate(
        campaign.template_name or name,
        campaign.template_language,
        campaign.template_namespace or namespace or None,
    )


def _components(custom: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = custom["template"].get("components", [])
    return found


def _flaws_of_template(
    template: ResolvedTemplate,
    definitions: Iterable[TemplateDefinition] | None,
    definition: TemplateDefinition | None,
) -> Iterator[Flaw]:
    if definitions is not None and definition is None:
        yield Flaw("template_unknown", {"name": template.name, "locale": template.language})
    elif definition is not None and definition.wording.status != APPROVED:
        yield Flaw("template_not_approved", {"status": definition.wording.status})


def _flaws_of_values(components: Sequence[Mapping[str, Any]]) -> Iterator[Flaw]:
    for component in components:
        for parameter in component.get("parameters", ()):
            text = parameter.get("text")
            if isinstance(text, str) and not text.strip():
                yield Flaw("empty_value", {})
            elif isinstance(text, str) and UNFIT.search(text):
                yield Flaw("unfit_value", {"value": text[:40]})


def _flaws_of_lengths(definition: TemplateDefinition, read: RenderedMessage) -> Iterator[Flaw]:
    for text, most in ((read.body, definition.body.longest), (read.header or "", LONGEST_HEADER)):
        if len(text) > most:
            yield Flaw("too_long", {"length": len(text), "most": most})
