"""The outcomes of an attempt, and one table of what follows from each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from outbound_campaigns.domain.lifecycle import Charge, RecipientEvent


class OutcomeKind(StrEnum):
    """The kinds of outcome, with the answers of Vonage's that have each (vonage.gateway, outcome_of)."""

    ACCEPTED = "accepted"
    """a 2xx with a message_uuid"""
    THROTTLED = "throttled"
    """a 429, or another 4xx whose type says the same"""
    NOT_CONNECTED = "not_connected"
    """no connection was made, so nothing was sent"""
    UNAUTHORIZED = "unauthorized"
    """a token was refused for the first time; the next attempt carries a new one"""
    ACCOUNT_TROUBLE = "account_trouble"
    """a 401 with a new token, a 402, 403 or 404, and any 3xx"""
    CAMPAIGN_TROUBLE = "campaign_trouble"
    """every other 4xx, which other messages of the campaign may get too"""
    RECIPIENT_REFUSED = "recipient_refused"
    """a 422 that names `to`"""
    IN_DOUBT = "in_doubt"
    """a 5xx, an answer that can't be read, or none after the request had begun"""
    NOT_BEGUN = "not_begun"
    """the claim or the lease had ended before the first byte was written"""


class Pauses(StrEnum):
    """What an outcome may pause."""

    NOBODY = "nobody"
    CAMPAIGN_WHEN_REPEATED = "campaign_when_repeated"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. `code` is a key of codes.ANSWERS; `retry_after` is in seconds."""

    kind: OutcomeKind
    code: str | None = None
    message_uuid: str | None = None
    detail: str | None = None
    retry_after: float | None = None
    asked: bool = True
    """False when the attempt ended before Vonage was asked"""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an outcome does to the row, its count of attempts and price, and to breaker, pace and campaigns.

    `wait` is the seconds until a postponed row is due again, if Vonage names no time. After the last of its
    attempts a row gets `at_last` instead of `event`, where there is one.
    """

    event: RecipientEvent
    at_last: RecipientEvent | None = None
    counted: bool = False
    charge: Charge = Charge.RELEASED
    wait: float = 0.0
    breaker: bool = False
    throttle: bool = False
    pauses: Pauses = Pauses.NOBODY


CONSEQUENCES: Mapping[OutcomeKind, Consequence] = {
    OutcomeKind.ACCEPTED: Consequence(RecipientEvent.ACCEPT, counted=True, charge=Charge.COMMITTED),
    OutcomeKind.THROTTLED: Consequence(RecipientEvent.POSTPONE, wait=2.0, throttle=True),
    OutcomeKind.NOT_CONNECTED: Consequence(RecipientEvent.POSTPONE, wait=1.0, breaker=True),
    OutcomeKind.UNAUTHORIZED: Consequence(RecipientEvent.POSTPONE),
    OutcomeKind.ACCOUNT_TROUBLE: Consequence(RecipientEvent.POSTPONE, pauses=Pauses.ACCOUNT),
    OutcomeKind.CAMPAIGN_TROUBLE: Consequence(
        RecipientEvent.POSTPONE,
        at_last=RecipientEvent.REFUSE,
        counted=True,
        wait=15.0,
        pauses=Pauses.CAMPAIGN_WHEN_REPEATED,
    ),
    OutcomeKind.RECIPIENT_REFUSED: Consequence(RecipientEvent.REFUSE, counted=True),
    OutcomeKind.IN_DOUBT: Consequence(
        RecipientEvent.LOSE, counted=True, charge=Charge.POSSIBLE, breaker=True
    ),
    OutcomeKind.NOT_BEGUN: Consequence(RecipientEvent.POSTPONE),
}

ALIKE_TO_PAUSE = 5
"""a code of the campaign's or the account's that so many recipients get, without a success between, pauses"""
