"""Decides whether a request may pass, which is all that the HTTP API asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot_config.bots import Bot, Bots
from bot_config.server import BotpressServer, read_server
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.web.access.profiles import Profiles
from outbound_campaigns.web.access.refusals import (
    BotpressUnavailable,
    MayNotRead,
    MayNotWrite,
    NoAccessToWorkspace,
    OnlySuperAdmins,
    OtherWorkspace,
)
from outbound_campaigns.web.access.rules import allows
from outbound_campaigns.web.access.tokens import Claims, Credentials, read_claims, token_in

RESOURCE = "module.outbound-campaigns"
"""name of this module in a role's rules"""

_READING = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Permission:
    """What the user with that e-mail may do with the campaigns of a bot."""

    email: str
    can_read: bool
    can_write: bool

    def require(self, method: str) -> None:
        """Check a method: GET and HEAD need reading, others writing. Raises MayNotRead and MayNotWrite."""
        if not self.can_read:
            raise MayNotRead(email=self.email, resource=RESOURCE)
        if method.upper() not in _READING and not self.can_write:
            raise MayNotWrite(email=self.email, resource=RESOURCE)


class Access:
    """Decides for all bots of one Botpress server; a process has one, which is safe for its threads.

    `now` is the time that tokens refer to, in seconds since 1970 (time.time); `elapsed` never goes back
    (Clock.elapsed).
    """

    def __init__(
        self,
        bots: Bots,
        settings: Settings,
        now: Callable[[], float],
        elapsed: Callable[[], float],
    ) -> None:
        self._bots = bots
        self._app_secret = settings.app_secret
        self._now = now
        # A third of the threads is for what Botpress has no part in.
        most_asking = max(1, settings.web_threads * 2 // 3)
        self._profiles = (
            Profiles(settings.botpress_url, elapsed, most_asking=most_asking)
            if settings.botpress_url
            else None
        )

    def require(self, bot: Bot, presented: Credentials, method: str) -> Permission:
        """Return the permission if it allows the method. Raises what `permission` raises, and NotAllowed."""
        permission = self.permission(bot, presented)
        permission.require(method)
        return permission

    def permission(self, bot: Bot, presented: Credentials) -> Permission:
        """Return what the request's user may do with that bot.

        Raises NotAuthenticated, NotAllowed (no role in the bot's workspace, another workspace named),
        BotpressUnavailable, and for a botpress.config.json that can't be read BotConfigBroken and
        SourceUnavailable.
        """
        server = read_server(self._bots, self._app_secret)
        claims = read_claims(server, presented, self._now())
        if claims.is_internal:
            return _everything(claims)
        if self._profiles is None:
            return _without_botpress(claims, bot)
        return self._by_role(server, claims, bot, presented)

    def _by_role(
        self, server: BotpressServer, claims: Claims, bot: Bot, presented: Credentials
    ) -> Permission:
        assert self._profiles is not None
        csrf = presented.csrf if server.uses_cookies else None
        profile = self._profiles.find(token_in(server, presented), csrf, bot.workspace)
        if profile.email.lower() != claims.email.lower():
            # Perhaps a cache between us and Botpress: another user's rights must not count.
            raise BotpressUnavailable(reason="another user's profile")
        if profile.is_super_admin:
            return _everything(claims)
        if presented.workspace not in (None, "", "undefined", bot.workspace):
            raise OtherWorkspace(workspace=str(presented.workspace))
        if not profile.is_member:
            raise NoAccessToWorkspace(email=claims.email, workspace=bot.workspace)
        return Permission(
            claims.email,
            can_read=allows(profile.permissions, "read", RESOURCE),
            can_write=allows(profile.permissions, "write", RESOURCE),
        )


def _everything(claims: Claims) -> Permission:
    return Permission(claims.email, can_read=True, can_write=True)


def _without_botpress(claims: Claims, bot: Bot) -> Permission:
    """Decide by the claims alone: a super admin's are trusted until they expire, as Botpress trusts them."""
    if not claims.is_super_admin:
        raise OnlySuperAdmins(email=claims.email, workspace=bot.workspace)
    return _everything(claims)
