"""Finds the account of a request, by Basic or JWT, checked as Vonage checks them."""

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Sequence

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from vonage_simulator.accounts import Account
from vonage_simulator.problems import (
    EXPIRED_TOKEN,
    INVALID_TOKEN,
    MULTIPLE_METHODS,
    NO_CREDENTIALS,
    RefusedError,
)

CLOCK_LEEWAY = 60.0
LONGEST_TOKEN = 24 * 3600.0
REMEMBERED = 10_000


class Authorizer:
    """Finds the account of an Authorization header; a verified header is remembered until it expires.

    With no accounts, any well-formed credentials pass, and stand for an account of their own that signs with
    `open_secret`.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        open_secret: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._by_key = {account.api_key: account for account in accounts if account.api_key}
        self._by_application = {
            account.application_id: (account, _public_key(account))
            for account in accounts
            if account.application_id
        }
        self._open = not accounts
        self._open_secret = open_secret
        self._clock = clock
        self._verified: dict[str, tuple[float, Account]] = {}

    def account(self, headers: Sequence[str], credentials_in_query: bool = False) -> Account:
        """Return the account of a request with these Authorization headers; raises RefusedError (401)."""
        if len(headers) + credentials_in_query > 1:
            raise RefusedError(MULTIPLE_METHODS)
        if not headers:
            raise RefusedError(NO_CREDENTIALS)
        until, account = self._verified.get(headers[0], (0.0, None))
        if account is None or until <= self._clock():
            until, account = self._verify(headers[0])
            self._remember(headers[0], until, account)
        return account

    def _remember(self, header: str, until: float, account: Account) -> None:
        # A client that signs a new token for each request would fill the memory with tokens used once.
        if len(self._verified) >= REMEMBERED:
            self._verified.clear()
        self._verified[header] = until, account

    def _verify(self, header: str) -> tuple[float, Account]:
        scheme, _, credentials = header.partition(" ")
        if scheme.lower() == "basic":
            return float("inf"), self._basic(credentials)
        if scheme.lower() == "bearer":
            return self._bearer(credentials.strip())
        raise RefusedError(NO_CREDENTIALS)

    def _basic(self, credentials: str) -> Account:
        try:
            key, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise RefusedError(NO_CREDENTIALS) from None
        if self._open and key and secret:
            return Account(api_key=key, signature_secret=self._open_secret)
        account = self._by_key.get(key)
        if account is None or not account.api_secret or not _same(account.api_secret, secret):
            raise RefusedError(NO_CREDENTIALS)
        return account

    def _bearer(self, token: str) -> tuple[float, Account]:
        account, key = self._issuer(token)
        claims = _claims(token, key)
        now, issued, expires = self._clock(), _instant(claims, "iat"), _instant(claims, "exp")
        if not isinstance(claims.get("jti"), str) or issued > now + CLOCK_LEEWAY:
            raise RefusedError(INVALID_TOKEN)
        if expires <= now:
            raise RefusedError(EXPIRED_TOKEN)
        if expires - issued > LONGEST_TOKEN:
            raise RefusedError(INVALID_TOKEN)
        return expires, account

    def _issuer(self, token: str) -> tuple[Account, RSAPublicKey | None]:
        application_id = _claims(token, None).get("application_id")
        if not isinstance(application_id, str) or not application_id:
            raise RefusedError(INVALID_TOKEN)
        if self._open:
            return Account(application_id=application_id, signature_secret=self._open_secret), None
        account, key = self._by_application.get(application_id, (None, None))
        if account is None or key is None:
            raise RefusedError(INVALID_TOKEN)
        return account, key


def _public_key(account: Account) -> RSAPublicKey | None:
    if not account.public_key_pem:
        return None
    key = load_pem_public_key(account.public_key_pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError(f"the public key of {account.application_id} is not an RSA key")  # noqa: TRY004
    return key


def _claims(token: str, key: RSAPublicKey | None) -> dict[str, object]:
    """Return the token's claims, its signature checked if a key is given; the caller checks the times."""
    options = {"verify_signature": key is not None, "verify_aud": False, "verify_exp": False}
    options |= {"verify_iat": False, "verify_nbf": False}
    try:
        return jwt.decode(token, key or "", algorithms=["RS256"], options=options)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        raise RefusedError(INVALID_TOKEN) from None


def _instant(claims: dict[str, object], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float):
        raise RefusedError(INVALID_TOKEN)
    return float(value)


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
