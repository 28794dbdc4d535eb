"""The template lists of WhatsApp accounts, read in pages, and the check whether a template may be sent."""

import base64
import binascii
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vonage_simulator.fitting import misfit
from vonage_simulator.problems import BAD_QUERY, NO_WABA, RefusedError

DEFAULT_LIMIT = 25
HIGHEST_LIMIT = 500
APPROVED = "APPROVED"
EXACT_FILTERS = ("language", "category", "status")

Template = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waba:
    """A WhatsApp Business account and its templates, each as the template list shows it."""

    id: str
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a template list, and the cursors before and after it."""

    templates: tuple[Template, ...]
    before: str
    after: str
    has_previous: bool
    has_next: bool


class Templates:
    """All template lists; a list may be replaced while messages are sent."""

    def __init__(self, wabas: Sequence[Waba]) -> None:
        self._lists: dict[str, tuple[Template, ...]] = {}
        self._sendable: dict[str, dict[tuple[object, object], Template]] = {}
        self.asked: Counter[str] = Counter()
        for waba in wabas:
            self.replace(waba.id, waba.templates)

    def replace(self, waba_id: str, templates: Sequence[Template]) -> None:
        """Set or replace the list of a WhatsApp account."""
        self._lists[waba_id] = tuple(templates)
        self._sendable[waba_id] = {
            (one.get("name"), one.get("language")): one
            for one in templates
            if one.get("status", APPROVED) == APPROVED
        }

    def may_be_sent(
        self, waba_ids: Sequence[str], name: str, language: str, components: Sequence[Template] | None
    ) -> bool:
        """Return whether a message fits a template that is approved in one of these accounts, or in any.

        Also True where none of them has a list. Items without components are not looked at further, and
        neither are messages without (None): those of the kind `template`.
        """
        lists = [self._sendable[waba] for waba in waba_ids or self._sendable if waba in self._sendable]
        if not lists:
            return True
        found = [known[name, language] for known in lists if (name, language) in known]
        return any(
            components is None or "components" not in one or misfit(one, components) is None for one in found
        )

    def page(self, waba_id: str, query: Mapping[str, str]) -> Page:
        """Return the page that a query asks for (limit, after, name, …); raises RefusedError (400, 404)."""
        self.asked[waba_id] += 1
        if waba_id not in self._lists:
            raise RefusedError(NO_WABA)
        chosen = [one for one in self._lists[waba_id] if _matches(one, query)]
        start, limit = _place(query.get("after", "")), _limit(query.get("limit", ""))
        end = min(start + limit, len(chosen))
        return Page(tuple(chosen[start:end]), _cursor(start), _cursor(end), start > 0, end < len(chosen))


def _matches(template: Template, query: Mapping[str, str]) -> bool:
    if query.get("name", "") not in str(template.get("name", "")):
        return False
    return all(template.get(key) == query[key] for key in EXACT_FILTERS if key in query)


def _limit(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not text.isdigit() or not 1 <= int(text) <= HIGHEST_LIMIT:
        raise RefusedError(BAD_QUERY)
    return int(text)


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(b"%d" % place).decode()


def _place(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor) or b"0")
    except (ValueError, binascii.Error):
        raise RefusedError(BAD_QUERY) from None
