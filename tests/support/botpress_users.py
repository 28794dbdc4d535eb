"""Botpress's users, roles and tokens, as Botpress 12.31 keeps, makes and checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt

Rules = list[dict[str, str]]

SECRET = "a-secret-of-tests-0123456789abcdef-ABCDEF"
INTERNAL = "server::modules"

ROLES: dict[str, Rules] = {
    "admin": [
        {"res": "*", "op": "+r+w"},
        {"res": "module.code-editor.global.main_config", "op": "-r-w"},
        {"res": "module.code-editor.global.module_config", "op": "-r-w"},
    ],
    "dev": [
        {"res": "*", "op": "+r+w"},
        {"res": "admin.*", "op": "+r-w"},
        {"res": "admin.collaborators.*", "op": "-r"},
        {"res": "module.code-editor.global.*", "op": "+r-w"},
        {"res": "module.code-editor.global.main_config", "op": "-r-w"},
        {"res": "module.code-editor.global.module_config", "op": "-r-w"},
    ],
    "editor": [
        {"res": "*", "op": "+r"},
        {"res": "admin.collaborators.*", "op": "-r"},
        {"res": "bot.flows", "op": "+r-w"},
        {"res": "bot.content", "op": "+r+w"},
        {"res": "module.qna", "op": "+r+w"},
        {"res": "module.nlu", "op": "+r+w"},
        {"res": "module.code-editor.*", "op": "-r-w"},
        {"res": "admin.logs.*", "op": "-r"},
        {"res": "admin.bots.archive", "op": "-r"},
    ],
    "agent": [
        {"res": "*", "op": "+r"},
        {"res": "module.hitlnext", "op": "+r+w"},
        {"res": "module.bot", "op": "+r+w"},
    ],
}
"""the rules of the roles that every workspace has (agent: once the module hitlnext is on)"""


@dataclass
class User:
    email: str
    password: str
    roles: Mapping[str, str]
    """a role for each workspace"""
    super_admin: bool
    token_version: int = 1


class BadToken(Exception):
    """Botpress would not take the token."""


class UnknownRole(Exception):
    """The user has a role that its workspace does not."""


class Users:
    """Who may log in; `now` gives seconds since 1970."""

    def __init__(self, secret: str, uses_cookies: bool, now: Callable[[], float]) -> None:
        self.secret = secret
        self.uses_cookies = uses_cookies
        self.now = now
        self.users: dict[str, User] = {}
        self.roles = dict(ROLES)

    def add_user(
        self, email: str, roles: Mapping[str, str] | None = None, *, super_admin: bool = False
    ) -> User:
        """A user with a role for each workspace; the password is "password"."""
        user = self.users[email.lower()] = User(email, "password", roles or {}, super_admin)
        return user

    def token(self, email: str, secret: str | None = None, **claims: object) -> str:
        """What a login would give, good for an hour; claims of one's own replace it, None leaves one out."""
        user = self.find(email)
        payload: dict[str, object] = {
            "email": email,
            "strategy": "default",
            "tokenVersion": user.token_version if user else 1,
            "isSuperAdmin": bool(user and user.super_admin),
            "iat": int(self.now()),
            "exp": int(self.now()) + 3600,
            "aud": "collaborators",
            **({"csrfToken": str(uuid4())} if self.uses_cookies else {}),
            **claims,
        }
        kept = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(kept, _key(secret or self.secret), algorithm="HS256")

    def bearer(self, email: str, **claims: object) -> str:
        """The Authorization header with `token`."""
        return f"Bearer {self.token(email, **claims)}"  # type: ignore[arg-type]

    def log_out(self, email: str) -> None:
        """Ends all tokens of the user, as a logout and a new password do."""
        self.users[email.lower()].token_version += 1

    def find(self, email: str) -> User | None:
        return self.users.get(email.lower())

    def claims(self, token: str, csrf: str | None) -> dict[str, Any]:
        """What a good token says. Raises BadToken."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                _key(self.secret),
                ["HS256"],
                audience="collaborators",
                options={"verify_exp": False, "verify_iat": False},
            )
        except jwt.PyJWTError:
            raise BadToken from None
        wrong_csrf = self.uses_cookies and claims.get("csrfToken") != csrf
        if wrong_csrf or self.now() >= claims.get("exp", float("inf")) or not self._is_current(claims):
            raise BadToken
        return claims

    def permissions(self, user: User, workspace: str, super_admin: bool) -> Rules:
        """The rules of the user's role. Raises UnknownRole for a role that no longer is."""
        role = user.roles.get(workspace)
        if role is not None and role not in self.roles:
            raise UnknownRole(role)
        if super_admin:
            return [{"res": "*", "op": "+r+w"}]
        return self.roles[role] if role else [{"res": "*", "op": "-r-w"}]

    def _is_current(self, claims: Mapping[str, Any]) -> bool:
        email = str(claims.get("email"))
        user = self.find(email) if claims.get("strategy") == "default" else None
        return email == INTERNAL or (user is not None and user.token_version == claims.get("tokenVersion"))


def _key(secret: str) -> bytes:
    # As HMAC itself does; a short one would make the library warn.
    return secret.encode().ljust(64, b"\0")
