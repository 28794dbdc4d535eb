"""Composes the messages of one slice; what they share is looked up once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.mapping import custom_of
from outbound_campaigns.sending.slice import Departure, Slice
from outbound_campaigns.vonage import client_ref, message
from outbound_campaigns.vonage.definitions.filling import read_filling
from outbound_campaigns.vonage.definitions.reading import read_definition


class Composition:
    """Composes the requests for one slice's messages."""

    def __init__(self, claimed: Slice) -> None:
        campaign, sender = claimed.campaign, claimed.sender
        self._campaign = campaign
        self._template = ResolvedTemplate(
            campaign.template_name or campaign.template_id,
            campaign.template_language,
            campaign.template_namespace,
        )
        listed = campaign.template_definition
        # None where the start could not read the account's list: then programs' values go as they were given.
        self._definition = read_definition(listed) if listed is not None else None
        self._filling = read_filling(campaign.filling or {})
        self._ref, self._sender = campaign.ref, sender.number
        # The version is named, since an application may still be set to the older format.
        self._receipts = {"webhook_url": sender.webhook_url, "webhook_version": "v1"}
        if sender.webhook_url is None:
            self._receipts = {}

    def message(self, departure: Departure) -> dict[str, Any]:
        """Return the request's JSON for one claimed row. Raises MissingColumn."""
        custom = self._custom(departure.variables)
        ref = client_ref.client_ref(self._ref, departure.recipient_id, departure.number)
        return message.message(custom, departure.phone_number, self._sender, ref) | self._receipts

    def _custom(self, cells: Mapping[str, str]) -> dict[str, Any]:
        campaign = self._campaign
        if self._definition is None:
            return message.body(self._template, campaign.template_components, campaign.variables, cells)
        return custom_of(campaign, self._template, self._definition, self._filling, cells)
