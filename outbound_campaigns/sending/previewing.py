"""Previews a message: what its recipient would read, and what Vonage or Meta would refuse in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.refusals.request import FLAWS
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.message import MissingColumn, body
from outbound_campaigns.vonage.template_text import TEXT, RenderedMessage, Wording, filled
from outbound_campaigns.vonage.templates import APPROVED, language_key

LONGEST_BODY, LONGEST_HEADER = 1024, 60
"""characters of a filled text (WhatsApp Cloud API, "templates")"""

# WhatsApp Cloud API, error 132018: no new line, no tab, at most four blanks in a row.
_UNFIT = re.compile(r"[\n\r\t]| {5,}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that keeps a message from being delivered; `code` is one of FLAWS."""

    code: str
    values: Mapping[str, object]

    def text(self, language: str = "es") -> str:
        return FLAWS[self.code].text(language, **self.values)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message: `custom` for Vonage (None if it can't be made), and `read` where the template is known."""

    custom: Mapping[str, Any] | None
    read: RenderedMessage | None
    flaws: Sequence[Flaw]


def preview(campaign: Campaign, cells: Mapping[str, str], wordings: Iterable[Wording] | None) -> Preview:
    """Preview one recipient's message. `wordings` is the account's template list, None if unreadable."""
    template = _template_of(campaign)
    wording = wording_of(campaign, wordings)
    flaws = list(_flaws_of_template(template, wordings, wording))
    if wording is not None and campaign.template_name is None and wording.id == campaign.template_id.strip():
        # As the start will do it: a message names its template, and does not give Meta's number.
        template = replace(template, name=wording.name, language=wording.language)
    try:
        custom = body(template, campaign.template_components, campaign.variables, cells)
    except MissingColumn as missing:
        return Preview(None, None, [*flaws, Flaw("missing_column", {"column": str(missing)})])
    components = custom["template"].get("components", [])
    flaws += _flaws_of_values(components)
    if wording is None:
        return Preview(custom, None, flaws)
    read = filled(wording, components)
    return Preview(custom, read, [*flaws, *_flaws_of_fit(wording, components, read)])


def wording_of(campaign: Campaign, wordings: Iterable[Wording] | None) -> Wording | None:
    """Return the campaign's template from the account's list; None where it is not in it, or unreadable."""
    return _find(wordings or (), campaign.template_id, _template_of(campaign))


def _template_of(campaign: Campaign) -> ResolvedTemplate:
    namespace, _, name = campaign.template_id.strip().rpartition(":")
    return ResolvedTemplate(
        campaign.template_name or name,
        campaign.template_language,
        campaign.template_namespace or namespace or None,
    )


def _find(wordings: Iterable[Wording], given: str, template: ResolvedTemplate) -> Wording | None:
    """Find a template by Meta's number, or by name and language."""
    for wording in wordings:
        alike = language_key(wording.language) == language_key(template.language)
        if wording.id == given.strip() or (wording.name == template.name and alike):
            return wording
    return None


def _flaws_of_template(
    template: ResolvedTemplate, wordings: Iterable[Wording] | None, wording: Wording | None
) -> Iterator[Flaw]:
    if wordings is not None and wording is None:
        yield Flaw("template_unknown", {"name": template.name, "locale": template.language})
    elif wording is not None and wording.status != APPROVED:
        yield Flaw("template_not_approved", {"status": wording.status})


def _flaws_of_values(components: Sequence[Mapping[str, Any]]) -> Iterator[Flaw]:
    for component in components:
        for parameter in component.get("parameters", ()):
            text = parameter.get("text")
            if isinstance(text, str) and not text.strip():
                yield Flaw("empty_value", {})
            elif isinstance(text, str) and _UNFIT.search(text):
                yield Flaw("unfit_value", {"value": text[:40]})


def _flaws_of_fit(
    wording: Wording, components: Sequence[Mapping[str, Any]], read: RenderedMessage
) -> Iterator[Flaw]:
    sizes = {part.get("type"): len(part.get("parameters", ())) for part in components}
    given, expected = sizes.get("body", 0), len(wording.placeholders)
    if given != expected:
        yield Flaw("wrong_number_of_values", {"given": given, "expected": expected})
    if wording.header is not None and wording.header.format != TEXT and "header" not in sizes:
        yield Flaw("header_missing", {})
    for text, most in ((read.body, LONGEST_BODY), (read.header or "", LONGEST_HEADER)):
        if len(text) > most:
            yield Flaw("too_long", {"length": len(text), "most": most})
