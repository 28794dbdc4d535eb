"""Finds a template's name from what an operator has at hand: a name, namespace:name, or a number."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import requests

from bot_config.prices import CATEGORIES
from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.refusals.configuration import (
    TemplateNeedsWaba,
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.authorization import basic, bearer

TEMPLATES_PATH = "/v2/whatsapp-manager/wabas/{waba_id}/templates"
APPROVED = "APPROVED"
_PAGE = 100
_TIMEOUTS = (5.0, 15.0)
"""seconds to connect and to read"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TemplateList:
    """A WhatsApp account's templates at Vonage (template management API, GET …/templates)."""

    url: str
    waba_id: str
    credentials: VonageCredentials

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield {id, name, language, status, …} of each, page by page. Raises TemplatesUnavailable."""
        after: str | None = None
        while True:
            page = self._page(after)
            yield from page["templates"]
            after = _next_page(page.get("paging"))
            if after is None:
                return

    def _page(self, after: str | None) -> dict[str, Any]:
        response = self._get(after, self._headers()[0])
        if response.status_code == 401 and len(self._headers()) > 1:
            response = self._get(after, self._headers()[1])
        if not response.ok:
            raise TemplatesUnavailable(reason=f"HTTP {response.status_code}")
        try:
            page = response.json()
        except requests.JSONDecodeError:
            raise TemplatesUnavailable(reason="no JSON") from None
        templates = page.get("templates") if isinstance(page, dict) else None
        if not isinstance(templates, list) or not all(isinstance(one, dict) for one in templates):
            raise TemplatesUnavailable(reason="no list of templates")
        return {**page, "templates": templates}

    def _get(self, after: str | None, authorization: str) -> requests.Response:
        parameters = {"limit": str(_PAGE)} | ({"after": after} if after else {})
        try:
            return requests.get(
                self.url + TEMPLATES_PATH.format(waba_id=self.waba_id),
                params=parameters,
                headers={"Authorization": authorization, "Accept": "application/json"},
                timeout=_TIMEOUTS,
            )
        except requests.RequestException as error:
            raise TemplatesUnavailable(reason=type(error).__name__) from None

    def _headers(self) -> list[str]:
        """Return the headers to try: a token, as the API's definition says, then Basic, known to work too."""
        headers = [bearer(self.credentials)] if self.credentials.uses_token else []
        return headers + ([basic(self.credentials)] if self.credentials.api_secret else [])


def _next_page(paging: object) -> str | None:
    """Return where the next page begins; None after the last one, or where that can't be read."""
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) and after else None


def resolve(template_id: str, language: str, templates: TemplateList | None) -> ResolvedTemplate:
    """Return the template that an id names: a number is looked up, a name checked if the list can be read.

    Raises TemplateNeedsWaba, TemplateNotFound, TemplateNotApproved or TemplatesUnavailable.
    """
    template_id = template_id.strip()
    if not template_id.isdigit():
        namespace, _, name = template_id.rpartition(":")
        template = ResolvedTemplate(name, language, namespace or None)
        return template if templates is None else _checked(template, templates)
    if templates is None:
        raise TemplateNeedsWaba(template_id=template_id)
    for found in templates:
        if str(found.get("id")) == template_id:
            if found.get("status") != APPROVED:
                raise TemplateNotApproved(template_id=template_id, status=found.get("status"))
            return _as_listed(ResolvedTemplate(str(found["name"]), str(found["language"])), found)
    raise TemplateNotFound(template_id=template_id)


def _checked(template: ResolvedTemplate, templates: TemplateList) -> ResolvedTemplate:
    """Return the template with its category, or as it is where the list can't be read."""
    try:
        return _as_listed(template, must_be_approved(template, templates))
    except TemplatesUnavailable as refusal:
        # A name is enough to send the template; if Vonage does not accept it, the receipts will say so.
        log.warning("a template is sent unchecked: %s", refusal)
        return template


def _as_listed(template: ResolvedTemplate, found: Mapping[str, Any]) -> ResolvedTemplate:
    """Return the template with its item, and its language as the list spells it: Meta knows no other."""
    return replace(
        template,
        language=str(found.get("language")),
        category=category_of(found.get("category")),
        definition=dict(found),
    )


def must_be_approved(template: ResolvedTemplate, templates: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the template's entry for its language. Raises TemplateNotFound or TemplateNotApproved."""
    language = language_key(template.language)
    alike = [
        found
        for found in templates
        if found.get("name") == template.name and language_key(str(found.get("language"))) == language
    ]
    told = f"{template.name} ({template.language})"
    if not alike:
        raise TemplateNotFound(template_id=told)
    approved = [found for found in alike if found.get("status") == APPROVED]
    if not approved:
        raise TemplateNotApproved(template_id=told, status=alike[0].get("status"))
    return approved[0]


def category_of(listed: object) -> str | None:
    """Return the category by which messages are sold, for one as it is listed; None if it is none of them."""
    category = str(listed).lower()
    return category if category in CATEGORIES else None


def language_key(language: str) -> str:
    """Return what two spellings of a template's language have in common: es_MX and es-mx."""
    return language.replace("-", "_").casefold()
