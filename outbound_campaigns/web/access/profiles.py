"""Asks Botpress about a token's user: whether the token is still valid, and what the role allows."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore

import requests

from outbound_campaigns.runtime.cache import AnswerCache
from outbound_campaigns.runtime.proxies import no_proxy_to_this_machine
from outbound_campaigns.web.access.refusals import BotpressUnavailable, NotAuthenticated

PROFILE_PATH = "/api/v2/admin/user/profile"
ANSWERS_LAST = 10.0
"""seconds for which an answer is valid, counted from its question"""

FAILURES_LAST = 1.0
"""seconds without new questions after Botpress did not answer, counted from the end of the question"""

TIMEOUTS = (3.0, 5.0)
"""seconds to connect, and to wait for the next bytes of the answer"""

MOST_ASKING = 8
"""threads that wait for Botpress at once, so that those that need it not find one that is free"""

_PLACE_AWAITED = 0.25
_LARGEST = 256 * 1024
_MOST = 1_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Profile:
    """A user in a workspace; `permissions` are the role's rules as Botpress gave them."""

    email: str
    is_super_admin: bool
    permissions: tuple[object, ...]

    @property
    def is_member(self) -> bool:
        """True when the user has a role in the workspace; to others Botpress gives this single rule."""
        return self.permissions != ({"res": "*", "op": "-r-w"},)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The token is no longer valid: its user has logged out or was removed."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No answer to the question; `away` when Botpress would not answer other questions either."""

    reason: str
    away: bool


Answer = Profile | Rejected | Unanswered


class Profiles:
    """Asks the Botpress at `url` (with its root path), using the user's own token; safe for threads."""

    def __init__(
        self,
        url: str,
        elapsed: Callable[[], float],
        timeouts: tuple[float, float] = TIMEOUTS,
        most_asking: int = MOST_ASKING,
    ) -> None:
        self._url = url.rstrip("/") + PROFILE_PATH
        self._timeouts = timeouts
        self._elapsed = elapsed
        self._kept: AnswerCache[Answer] = AnswerCache(elapsed, _MOST)
        self._away: tuple[Unanswered, float] | None = None
        self._places = BoundedSemaphore(most_asking)

    def find(self, token: str, csrf: str | None, workspace: str) -> Profile:
        """Return the profile of the token's user in a workspace; with `csrf` the token is sent as a cookie.

        Raises NotAuthenticated and BotpressUnavailable.
        """
        question = _Question(self._url, token, csrf, workspace)
        answer = self._kept.peek(question.key) or self._asked(question)
        if isinstance(answer, Unanswered):
            raise BotpressUnavailable(reason=answer.reason)
        if isinstance(answer, Rejected):
            raise NotAuthenticated
        return answer

    def _asked(self, question: _Question) -> Answer:
        """Return the answer, having waited for it or for somebody who asks the same."""
        if not self._places.acquire(timeout=_PLACE_AWAITED):
            raise BotpressUnavailable(reason="too many wait for its answer")
        try:
            return self._kept.get(question.key, lambda: self._ask(question))
        finally:
            self._places.release()

    def _ask(self, question: _Question) -> tuple[Answer, float]:
        away = self._away
        if away and self._elapsed() < away[1]:
            return away
        begun = self._elapsed()
        answer = question.ask(self._timeouts)
        if not isinstance(answer, Unanswered):
            return answer, begun + ANSWERS_LAST
        _log.warning("Botpress did not say what a user may do: %s", answer.reason)
        failure = answer, self._elapsed() + FAILURES_LAST
        if answer.away:
            self._away = failure
        return failure


@dataclass(frozen=True, slots=True)
class _Question:
    url: str
    token: str
    csrf: str | None
    workspace: str

    @property
    def key(self) -> bytes:
        """Return a name of the question that holds no token."""
        return hashlib.sha256(json.dumps([self.token, self.csrf, self.workspace]).encode()).digest()

    def ask(self, timeouts: tuple[float, float]) -> Answer:
        try:
            with requests.get(
                self.url,
                auth=self._authorize,
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
                proxies=no_proxy_to_this_machine(self.url),
            ) as response:
                return _answer(response.status_code, _body(response))
        except requests.RequestException as error:
            return Unanswered(type(error).__name__, away=True)
        except ValueError:  # a line break or a lone surrogate: no header can carry it
            return Unanswered("InvalidHeader", away=False)

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # Passed as `auth`, since a .netrc with the host's name would replace a header.
        request.headers["X-BP-Workspace"] = self.workspace.encode()  # type: ignore[assignment]
        if self.csrf is None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        else:
            request.headers["Cookie"] = f"jwtToken={self.token}"
            request.headers["CSRF-Token"] = self.csrf.encode()  # type: ignore[assignment]
        return request


def _body(response: requests.Response) -> bytes:
    """Return the body, or an empty one, which can't be JSON, if it is too long."""
    body = b""
    for chunk in response.iter_content(8192):
        body += chunk
        if len(body) > _LARGEST:
            return b""
    return body


def _answer(status: int, body: bytes) -> Answer:
    content = _object(body)
    if status == 401 and content.get("errorCode") == "BP_0041":
        return Rejected()
    if status != 200:
        return Unanswered(f"HTTP {status}", away=status >= 500)
    payload = content.get("payload")
    profile = _profile(payload) if isinstance(payload, dict) else None
    return profile or Unanswered("no profile", away=False)


def _profile(payload: Mapping[str, object]) -> Profile | None:
    email, permissions = payload.get("email"), payload.get("permissions")
    if not isinstance(email, str) or not isinstance(permissions, list):
        return None
    return Profile(email, payload.get("isSuperAdmin") is True, tuple(permissions))


def _object(body: bytes) -> dict[str, object]:
    try:
        content: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
