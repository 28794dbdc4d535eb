"""Checks the token that came with a request, without asking Botpress."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

from bot_config.server import BotpressServer
from outbound_campaigns.web.access.refusals import (
    CookieMissing,
    HeaderMissing,
    NotAuthenticated,
    SchemeUnknown,
    SecretUnknown,
    TokenMissing,
)

AUDIENCE = "collaborators"
"""in tokens of people who log in to Botpress; those of a bot's chat users have chat_users"""

INTERNAL = ("server::modules", "default")
"""e-mail and strategy in the tokens with which Botpress's own modules call each other"""

_LONGEST = 16 * 1024
_HMAC_BLOCK = 64
# Botpress's own check (jsonwebtoken) has no others; times are compared with the clock passed in.
_TOKENS = jwt.PyJWT(
    {
        "require": ["exp", "aud"],
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
        "verify_iss": False,
        "verify_sub": False,
        "verify_jti": False,
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought to identify its user: headers and cookie as they came, None when absent."""

    authorization: str | None = field(default=None, repr=False)
    jwt_cookie: str | None = field(default=None, repr=False)
    csrf: str | None = field(default=None, repr=False)
    workspace: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token states; `expires_at` is in seconds since 1970."""

    email: str
    strategy: str
    is_super_admin: bool
    is_internal: bool
    expires_at: float


def token_in(server: BotpressServer, presented: Credentials) -> str:
    """Return the token, from where Botpress too would take it. Raises NotAuthenticated."""
    if server.uses_cookies:
        if not presented.jwt_cookie:
            raise CookieMissing
        return presented.jwt_cookie
    if not presented.authorization:
        raise HeaderMissing
    scheme, token, *_ = [*presented.authorization.split(" "), ""]
    if scheme.lower() != "bearer":
        raise SchemeUnknown(scheme=scheme)
    if not token:
        raise TokenMissing
    return token


def read_claims(server: BotpressServer, presented: Credentials, now: float) -> Claims:
    """Return the claims of an unexpired token that Botpress signed; `now` is in seconds since 1970.

    Only Botpress knows whether its user still exists and has not logged out. Raises NotAuthenticated,
    and SecretUnknown where no token can be checked.
    """
    token = token_in(server, presented)
    if not server.app_secret:
        raise SecretUnknown
    payload = _payload(token, server.app_secret)
    expires_at = _expiry(payload, now)
    if server.uses_cookies:
        _check_csrf(payload, presented.csrf)
    email, strategy = payload.get("email"), payload.get("strategy")
    if not (isinstance(email, str) and email and isinstance(strategy, str) and strategy):
        raise NotAuthenticated
    return Claims(
        email=email,
        strategy=strategy,
        is_super_admin=payload.get("isSuperAdmin") is True,
        is_internal=(email, strategy) == INTERNAL,
        expires_at=expires_at,
    )


def _payload(token: str, secret: str) -> Mapping[str, object]:
    # HMAC itself pads a short key with zeros; padded here, it gives the library no cause for a warning.
    key = secret.encode(errors="surrogatepass").ljust(_HMAC_BLOCK, b"\0")
    if len(token) > _LONGEST or not token.isascii():
        raise NotAuthenticated
    try:
        payload: dict[str, object] = _TOKENS.decode(token, key, algorithms=["HS256"], audience=AUDIENCE)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise NotAuthenticated from None
    return payload


def _expiry(payload: Mapping[str, object], now: float) -> float:
    expires, begins = _seconds(payload["exp"]), _seconds(payload.get("nbf", 0))
    if not begins <= now < expires:
        raise NotAuthenticated
    return expires


def _seconds(claim: object) -> float:
    if not isinstance(claim, int | float) or isinstance(claim, bool):
        raise NotAuthenticated
    return claim


def _check_csrf(payload: Mapping[str, object], csrf: str | None) -> None:
    wanted = payload.get("csrfToken")
    if not (isinstance(wanted, str) and wanted and csrf):
        raise NotAuthenticated
    given = csrf.encode(errors="surrogatepass")
    if not hmac.compare_digest(wanted.encode(errors="surrogatepass"), given):
        raise NotAuthenticated
