"""From what an operator has at hand - a name, namespace:name, or a number - to a template's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from bot_config.prices import CATEGORIES
from bot_config.vonage import VonageCredentials
from outbound_campaigns.campaigns import ResolvedTemplate
from outbound_campaigns.errors import (
    TemplateNeedsWaba,
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.sending.authorization import basic, bearer

PATH = "/v2/whatsapp-manager/wabas/{waba_id}/templates"
_PAGE = 100
_TIMEOUTS = (5.0, 15.0)
"""seconds to connect and to read"""


@dataclass(frozen=True, slots=True)
class TemplateList:
    """A WhatsApp account's templates at Vonage (template management API, GET …/templates)."""

    url: str
    waba_id: str
    credentials: VonageCredentials

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """{id, name, language, status, …} of each, page by page. Raises TemplatesUnavailable."""
        after: str | None = None
        while True:
            page = self._page(after)
            yield from page.get("templates") or ()
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not after:
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
        return page if isinstance(page, dict) else {}

    def _get(self, after: str | None, authorization: str) -> requests.Response:
        parameters = {"limit": str(_PAGE)} | ({"after": after} if after else {})
        try:
            return requests.get(
                self.url + PATH.format(waba_id=self.waba_id),
                params=parameters,
                headers={"Authorization": authorization, "Accept": "application/json"},
                timeout=_TIMEOUTS,
            )
        except requests.RequestException as error:
            raise TemplatesUnavailable(reason=type(error).__name__) from None

    def _headers(self) -> list[str]:
        """A token first, as the API's definition says; Basic is known to work too."""
        headers = [bearer(self.credentials)] if self.credentials.uses_token else []
        return headers + ([basic(self.credentials)] if self.credentials.api_secret else [])


def resolve(template_id: str, language: str, templates: TemplateList | None) -> ResolvedTemplate:
    """The template that an id names; a number is looked up.

    Raises TemplateNeedsWaba, TemplateNotFound, TemplateNotApproved or TemplatesUnavailable.
    """
    template_id = template_id.strip()
    if not template_id.isdigit():
        namespace, _, name = template_id.rpartition(":")
        return ResolvedTemplate(name, language, namespace or None)
    if templates is None:
        raise TemplateNeedsWaba(template_id=template_id)
    for template in templates:
        if str(template.get("id")) == template_id:
            if template.get("status") != "APPROVED":
                raise TemplateNotApproved(template_id=template_id, status=template.get("status"))
            category = str(template.get("category")).lower()
            return ResolvedTemplate(
                str(template["name"]),
                str(template["language"]),
                category=category if category in CATEGORIES else None,
            )
    raise TemplateNotFound(template_id=template_id)
