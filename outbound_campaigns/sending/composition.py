"""Composes the messages of one slice; what they share is looked up once."""

from __future__ import annotations

from typing import Any

from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.slice import Departure, Slice
from outbound_campaigns.vonage import client_ref, message


class Composition:
    """Composes the requests for one slice's messages."""

    def __init__(self, claimed: Slice) -> None:
        campaign, sender = claimed.campaign, claimed.sender
        self._template = ResolvedTemplate(
            campaign.template_name or campaign.template_id,
            campaign.template_language,
            campaign.template_namespace,
        )
        self._components, self._variables = campaign.template_components, campaign.variables
        self._ref, self._sender = campaign.ref, sender.number
        # The version is named, since an application may still be set to the older format.
        self._receipts = {"webhook_url": sender.webhook_url, "webhook_version": "v1"}
        if sender.webhook_url is None:
            self._receipts = {}

    def message(self, departure: Departure) -> dict[str, Any]:
        """Return the request's JSON for one claimed row. Raises MissingColumn."""
        custom = message.body(self._template, self._components, self._variables, departure.variables)
        ref = client_ref.client_ref(self._ref, departure.recipient_id, departure.number)
        return message.message(custom, departure.phone_number, self._sender, ref) | self._receipts
