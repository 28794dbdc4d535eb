"""The error bodies with which Vonage refuses a request (RFC 7807)."""

from dataclasses import dataclass, replace
from typing import NamedTuple

ERRORS = "https://developer.vonage.com/api-errors"


class Complaint(NamedTuple):
    """One parameter that is wrong: the error it belongs to, its dotted name, and why."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal; an empty `type` or `detail` is left out of the body, as the real gateway does."""

    status: int
    title: str
    detail: str = ""
    type: str = ""
    invalid_parameters: tuple[tuple[str, str], ...] = ()
    retry_after: int | None = None

    def body(self, instance: str) -> dict[str, object]:
        """Return the JSON object of the answer; `instance` is the trace id."""
        body: dict[str, object] = {"title": self.title, "instance": instance}
        body |= {key: text for key in ("type", "detail") if (text := getattr(self, key))}
        if self.invalid_parameters:
            body["invalid_parameters"] = [
                {"name": name, "reason": reason} for name, reason in self.invalid_parameters
            ]
        return body


class RefusedError(Exception):
    """Raised for a request that is answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def _generic(status: int, name: str, title: str, detail: str) -> Problem:
    return Problem(status, title, detail, f"{ERRORS}#{name}")


def _unprocessable(number: str, title: str, detail: str) -> Problem:
    return Problem(422, title, detail, f"{ERRORS}/messages#{number}")


NO_CREDENTIALS = _generic(401, "unauthorized", "Unauthorized", "You did not provide correct credentials.")
INVALID_TOKEN = Problem(401, "Unauthorised", "Invalid Token")
EXPIRED_TOKEN = _generic(401, "jwt-expired", "JWT Expired", "Your JWT has expired.")
MULTIPLE_METHODS = _generic(
    401,
    "multiple-auth-methods",
    "Multiple authentication methods",
    "You provided more than one authentication method in your request.",
)
LOW_BALANCE = _generic(
    402,
    "low-balance",
    "Low balance",
    "This request could not be performed due to your account balance being low.",
)
FORBIDDEN = _generic(
    403, "forbidden", "Forbidden", "Your account does not have permission to perform this action."
)
NOT_FOUND = _generic(404, "not-found", "Not Found", "The requested resource does not exist.")
NO_WABA = Problem(404, "Not Found", "Waba was not found", f"{ERRORS}#not-found")
INVALID_JSON = _generic(
    422,
    "invalid-json",
    "The request body did not contain valid JSON",
    "Unexpected character: was expecting a JSON object",
)
THROTTLED = _generic(429, "rate-limit", "Rate Limit Hit", "Please wait, then retry your request")
BAD_QUERY = _generic(
    400, "invalid-params", "Invalid params", "The value of one or more parameters is invalid."
)

UNPROCESSABLE = {
    "params": _unprocessable("1150", "Invalid params", "The value of one or more parameters is invalid."),
    "channel": _unprocessable("1100", "Unsupported channel", "The specified channel is not supported."),
    "sender": _unprocessable(
        "1120", "Invalid sender", "The `from` parameter is invalid for the given channel."
    ),
    "recipient": _unprocessable(
        "110", "Invalid recipient", "The `to` parameter is invalid for the given channel."
    ),
    "message_type": _unprocessable(
        "1140", "Invalid message type", "The `message_type` parameter is invalid for the given channel."
    ),
    "client_ref": _unprocessable(
        "1060", "Invalid client reference", "The client reference can be a string of up to 100 characters."
    ),
}


def server_error(status: int) -> Problem:
    """Return a 5xx; like Vonage's, it says nothing more than that."""
    return Problem(status, "Internal Server Error", type=ERRORS)


def throttled(retry_after: int | None) -> Problem:
    """Return the answer above the account's capacity, with Retry-After in seconds if one is given."""
    return replace(THROTTLED, retry_after=retry_after)


def unprocessable(complaints: list[Complaint]) -> Problem:
    """Return one 422 for all complaints; several kinds of them make it a general one (#1150)."""
    kinds = {complaint.kind for complaint in complaints}
    problem = UNPROCESSABLE[kinds.pop() if len(kinds) == 1 else "params"]
    return replace(problem, invalid_parameters=tuple((name, reason) for _, name, reason in complaints))
