"""The states of campaigns, recipients and charges, and the events that move them."""

from collections.abc import Mapping
from enum import StrEnum


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CampaignEvent(StrEnum):
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"
    CANCEL = "cancel"
    COMPLETE = "complete"
    FAIL = "fail"


class RecipientStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Charge(StrEnum):
    """What is known of an attempt's price. It begins as possible; the other two are final."""

    POSSIBLE = "possible"
    """the message may have left, or still may"""
    COMMITTED = "committed"
    """Vonage took the message"""
    RELEASED = "released"
    """certainly not taken: refused, throttled, no connection, or not begun"""


class OnSpendLimit(StrEnum):
    """What happens to recipients for whom the spend limit leaves no room."""

    PAUSE = "pause"
    """they wait, and the campaign pauses"""
    SKIP = "skip"


class RecipientEvent(StrEnum):
    CLAIM = "claim"
    """a worker takes the row for one attempt"""
    ACCEPT = "accept"
    """Vonage took the message"""
    REFUSE = "refuse"
    """Vonage refused this message for good"""
    POSTPONE = "postpone"
    """certainly not sent, to be tried again: throttled, no connection, or not begun"""
    LOSE = "lose"
    """the message may or may not have left"""
    SUBMITTED = "submitted"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    """Vonage's rejected and undeliverable; this and the three above are receipts"""
    RETURN = "return"
    """as UNDELIVERED, but with a code that says to try again"""
    SKIP = "skip"
    CANCEL = "cancel"
    RETRY = "retry"
    """an operator asks for failed rows to be sent again"""
    CONFIRM = "confirm"
    """an operator, or Vonage's own records, report that a message in doubt went out"""
    DENY = "deny"
    """an operator decides that a message in doubt did not go out and is to be sent"""


_C = CampaignStatus
_R = RecipientStatus

CAMPAIGN_TRANSITIONS: Mapping[CampaignEvent, Mapping[CampaignStatus, CampaignStatus]] = {
    CampaignEvent.SCHEDULE: {_C.DRAFT: _C.SCHEDULED},
    CampaignEvent.UNSCHEDULE: {_C.SCHEDULED: _C.DRAFT},
    CampaignEvent.START: {_C.DRAFT: _C.RUNNING, _C.SCHEDULED: _C.RUNNING},
    CampaignEvent.PAUSE: {_C.RUNNING: _C.PAUSED, _C.SCHEDULED: _C.PAUSED},
    CampaignEvent.RESUME: {_C.PAUSED: _C.RUNNING, _C.FAILED: _C.RUNNING},
    CampaignEvent.REOPEN: {_C.COMPLETED: _C.RUNNING, _C.FAILED: _C.RUNNING, _C.PAUSED: _C.PAUSED},
    CampaignEvent.CANCEL: dict.fromkeys(
        (_C.DRAFT, _C.SCHEDULED, _C.RUNNING, _C.PAUSED, _C.FAILED), _C.CANCELLED
    ),
    CampaignEvent.COMPLETE: {_C.RUNNING: _C.COMPLETED},
    CampaignEvent.FAIL: {_C.SCHEDULED: _C.FAILED, _C.RUNNING: _C.FAILED},
}

_WITH_AN_ANSWER_OPEN = (_R.SENDING, _R.IN_DOUBT)
_NOT_TAKEN_YET = (*_WITH_AN_ANSWER_OPEN, _R.PENDING, _R.FAILED, _R.SKIPPED, _R.CANCELLED)
"""as far as was known: what shows that Vonage took the message counts all the same"""

RECIPIENT_TRANSITIONS: Mapping[RecipientEvent, Mapping[RecipientStatus, RecipientStatus]] = {
    RecipientEvent.CLAIM: {_R.PENDING: _R.SENDING},
    RecipientEvent.ACCEPT: dict.fromkeys(_NOT_TAKEN_YET, _R.SENT),
    RecipientEvent.REFUSE: dict.fromkeys(_WITH_AN_ANSWER_OPEN, _R.FAILED),
    RecipientEvent.POSTPONE: dict.fromkeys(_WITH_AN_ANSWER_OPEN, _R.PENDING),
    RecipientEvent.LOSE: {_R.SENDING: _R.IN_DOUBT},
    RecipientEvent.SUBMITTED: dict.fromkeys(_NOT_TAKEN_YET, _R.SENT),
    RecipientEvent.UNDELIVERED: dict.fromkeys((*_WITH_AN_ANSWER_OPEN, _R.SENT, _R.PENDING), _R.FAILED),
    RecipientEvent.RETURN: dict.fromkeys((*_WITH_AN_ANSWER_OPEN, _R.SENT), _R.PENDING),
    RecipientEvent.DELIVERED: dict.fromkeys(set(_R) - {_R.DELIVERED, _R.READ}, _R.DELIVERED),
    RecipientEvent.READ: dict.fromkeys(set(_R) - {_R.READ}, _R.READ),
    RecipientEvent.SKIP: {_R.PENDING: _R.SKIPPED},
    RecipientEvent.CANCEL: {_R.PENDING: _R.CANCELLED},
    RecipientEvent.RETRY: {_R.FAILED: _R.PENDING},
    RecipientEvent.CONFIRM: {_R.IN_DOUBT: _R.SENT},
    RecipientEvent.DENY: {_R.IN_DOUBT: _R.PENDING},
}


SHOW_THAT_IT_WAS_TAKEN = (
    RecipientEvent.ACCEPT,
    RecipientEvent.SUBMITTED,
    RecipientEvent.DELIVERED,
    RecipientEvent.READ,
)
"""count whichever of the recipient's attempts they are about: the person has, or will get, that message"""

OLDER_THAN_A_FAILURE = (
    RecipientEvent.ACCEPT,
    RecipientEvent.SUBMITTED,
    RecipientEvent.UNDELIVERED,
    RecipientEvent.RETURN,
)
"""say nothing new of an attempt that Vonage has already reported as failed, whenever they come"""


def recipient_after(
    status: RecipientStatus, event: RecipientEvent, reported_failed: bool = False
) -> RecipientStatus:
    """Return the status after an event; the same where the event changes nothing.

    An event must be of the latest attempt, or one that SHOW_THAT_IT_WAS_TAKEN.

    `reported_failed`: a receipt said before that this attempt had failed.
    """
    if reported_failed and event in OLDER_THAN_A_FAILURE:
        return status
    return RECIPIENT_TRANSITIONS[event].get(status, status)
