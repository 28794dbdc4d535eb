"""Makes the Authorization header of requests to Vonage: a token, reused until it is old, or Basic."""

from __future__ import annotations

import asyncio
import base64
import time
from dataclasses import dataclass

from bot_config.vonage import VonageCredentials

LIFETIME = 900
"""seconds that a token is valid; Vonage takes 30 s to 24 h (Messages API, authentication)"""

_RENEW_BEFORE = 120
"""seconds before its end at which a token is no longer used"""


@dataclass(slots=True)
class _Token:
    header: str
    good_until: float
    renewed: bool
    """made because the token before it was refused, and not accepted since"""


class Authorizations:
    """One header for each account's credentials, made when first needed."""

    def __init__(self) -> None:
        self._tokens: dict[VonageCredentials, _Token] = {}
        self._making = asyncio.Lock()

    async def header(self, credentials: VonageCredentials) -> str:
        """Return the header for these credentials: the current token, or Basic where they have no key."""
        if not credentials.uses_token:
            return basic(credentials)
        token = self._tokens.get(credentials)
        if token is None or time.time() > token.good_until:
            async with self._making:
                token = self._tokens.get(credentials)
                if token is None or time.time() > token.good_until:
                    token = await self._make(credentials, renewed=token is not None and token.renewed)
        return token.header

    def refused(self, credentials: VonageCredentials, header: str) -> bool:
        """Record a 401. Returns False when a new token is worth a try, True when one was refused already."""
        token = self._tokens.get(credentials)
        if token is None:
            return not credentials.uses_token
        if header != token.header or token.good_until == 0:
            return False
        if token.renewed:
            return True
        token.good_until, token.renewed = 0, True
        return False

    def accepted(self, credentials: VonageCredentials) -> None:
        """Record that Vonage accepted the token, so that a later refusal is worth a new one."""
        token = self._tokens.get(credentials)
        if token is not None and token.good_until:
            token.renewed = False

    async def _make(self, credentials: VonageCredentials, renewed: bool) -> _Token:
        # Signing takes about 50 ms, since the library checks the key each time.
        header = await asyncio.to_thread(bearer, credentials)
        token = _Token(header, time.time() + LIFETIME - _RENEW_BEFORE, renewed)
        self._tokens[credentials] = token
        return token


def basic(credentials: VonageCredentials) -> str:
    """Return the header that carries apiKey and apiSecret."""
    pair = f"{credentials.api_key}:{credentials.api_secret}".encode()
    return "Basic " + base64.b64encode(pair).decode()


def bearer(credentials: VonageCredentials) -> str:
    """Return the header that carries a new token, valid for LIFETIME."""
    # Imported here: it takes a tenth of a start, and accounts without an application id never need it.
    from vonage_jwt import JwtClient

    client = JwtClient(credentials.application_id, credentials.private_key)
    token: bytes = client.generate_application_jwt({"exp": int(time.time()) + LIFETIME})
    return "Bearer " + token.decode()
