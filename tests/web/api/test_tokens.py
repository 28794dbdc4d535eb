"""Each kind of token is answered over HTTP as a running Botpress 12.31 answered it."""

from collections.abc import Callable
from pathlib import Path

import jwt
import pytest

from tests.support.botpress_server import Botpress
from tests.support.botpress_users import INTERNAL
from tests.support.site import ADMIN, BOT, DEV, Site, body, site_in
from tests.support.tables import sqlite_with_tables

BASE = f"/api/v1/bots/{BOT}/mod/outbound-campaigns"
REFUSED = "Unauthorized: Invalid authentication token"


def old_version(botpress: Botpress) -> str:
    token = botpress.token(ADMIN)
    botpress.log_out(ADMIN)
    return token


def unsigned(botpress: Botpress) -> str:
    claims = jwt.decode(botpress.token(ADMIN), options={"verify_signature": False})
    return jwt.encode(claims, None, algorithm="none")  # type: ignore[arg-type]


# As observed: what was presented, and the status of a route of a module.
CASES: dict[str, tuple[Callable[[Botpress], str], int]] = {
    "signed with the server's secret": (lambda b: b.token(ADMIN), 200),
    "expired": (lambda b: b.token(ADMIN, exp=1_600_000_000), 401),
    "of another audience": (lambda b: b.token(ADMIN, aud="chat_users"), 401),
    "without an audience": (lambda b: b.token(ADMIN, aud=None), 401),
    "unsigned": (unsigned, 401),
    "signed with another secret": (lambda b: b.token(ADMIN, secret="another" * 8), 401),
    "from before a logout": (old_version, 401),
    "of nobody": (lambda b: b.token("ghost@example.com"), 401),
    "of a dev who claims to be super admin": (lambda b: b.token(DEV, isSuperAdmin=True), 200),
    "with the e-mail in other letters": (lambda b: b.token(ADMIN.upper(), isSuperAdmin=True), 200),
    "of a module of the server": (lambda b: b.token(INTERNAL), 200),
}


@pytest.mark.parametrize("case", CASES)
def test_a_token_is_answered_as_botpress_answers_it(sqlite_site: Site, case: str) -> None:
    make, status = CASES[case]
    header = {"Authorization": f"Bearer {make(sqlite_site.botpress)}"}
    answer = sqlite_site.client.get(f"{BASE}/status", headers=header)
    assert answer.status_code == status, answer.text
    if status == 401:
        said = body(answer)
        assert (said["errorCode"], said["type"], said["message"]) == ("BP_0041", "UnauthorizedError", REFUSED)


def test_where_tokens_are_cookies_the_csrf_header_is_needed_and_a_bearer_is_not_taken(tmp_path: Path) -> None:
    with site_in(tmp_path, sqlite_with_tables(tmp_path), uses_cookies=True) as site:
        token = site.botpress.token(ADMIN)
        csrf = jwt.decode(token, options={"verify_signature": False})["csrfToken"]
        bearer = site.client.get(f"{BASE}/status", headers={"Authorization": f"Bearer {token}"})
        assert body(bearer)["message"] == "Unauthorized: jwtToken cookie is missing"
        site.client.set_cookie("jwtToken", token)
        assert body(site.client.get(f"{BASE}/status"))["message"] == REFUSED
        assert site.client.get(f"{BASE}/status", headers={"CSRF-Token": csrf}).status_code == 200


def test_without_botpresss_address_only_super_admins_pass(tmp_path: Path) -> None:
    with site_in(tmp_path, sqlite_with_tables(tmp_path), botpress_url=None) as site:
        assert site.get("/status", user=ADMIN).status_code == 200
        refused = site.get("/status", user=DEV)
        assert refused.status_code == 403
        assert "BOTPRESS_URL" in body(refused)["details"]


def test_a_logged_out_super_admin_is_refused_when_botpress_can_be_asked(sqlite_site: Site) -> None:
    token = {"Authorization": sqlite_site.botpress.bearer(ADMIN)}
    sqlite_site.botpress.log_out(ADMIN)
    assert sqlite_site.client.get(f"{BASE}/status", headers=token).status_code == 401
