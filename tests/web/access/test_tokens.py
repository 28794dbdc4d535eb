"""A token passes the first check only when Botpress has signed it, for who it says, and still in time."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_config.server import BotpressServer
from outbound_campaigns.web.access.refusals import NotAuthenticated, SecretUnknown
from outbound_campaigns.web.access.tokens import Claims, Credentials, read_claims

SECRET = "a-secret-of-tests-0123456789abcdef"
NOW = 1_795_390_874.5
HEADERS = BotpressServer(SECRET, uses_cookies=False)
COOKIES = BotpressServer(SECRET, uses_cookies=True)
CLAIMS = {
    "email": "ana@example.com",
    "strategy": "default",
    "tokenVersion": 1,
    "isSuperAdmin": False,
    "iat": 1_795_390_874,
    "exp": 1_795_394_474,
    "aud": "collaborators",
}


def signed(header: object, payload: object, secret: str = SECRET) -> str:
    """A token of any content, signed with HS256 without a library's checks."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, payload)]
    signature = hmac.digest(secret.encode(), b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def token(secret: str = SECRET, **claims: Any) -> str:
    given = {name: value for name, value in (CLAIMS | claims).items() if value != "absent"}
    return signed({"alg": "HS256", "typ": "JWT"}, given, secret)


def read(token: str, server: BotpressServer = HEADERS) -> Claims:
    return read_claims(server, Credentials(f"Bearer {token}"), NOW)


def test_a_token_that_botpress_has_signed_is_read() -> None:
    assert read(token()) == Claims("ana@example.com", "default", False, False, 1_795_394_474)


def test_a_super_admin_and_an_internal_token_are_known_by_their_claims() -> None:
    assert read(token(isSuperAdmin=True)).is_super_admin
    assert read(token(email="server::modules")).is_internal
    assert not read(token(email="server::modules", strategy="saml")).is_internal
    assert not read(token(email="Server::Modules")).is_internal


def test_the_audience_may_be_in_a_list() -> None:
    assert read(token(aud=["others", "collaborators"])).email == "ana@example.com"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_795_390_874},
        {"exp": "absent"},
        {"exp": None},
        {"exp": "1795394474"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": [1_795_394_474]},
        {"nbf": 1_795_390_875},
        {"nbf": "soon"},
        {"aud": "chat_users"},
        {"aud": ["chat_users"]},
        {"aud": "collaborators2"},
        {"aud": "absent"},
        {"aud": None},
        {"aud": {"collaborators": 1}},
        {"aud": ["collaborators", 1]},
        {"email": 7},
        {"email": None},
        {"email": ""},
        {"email": ["ana@example.com"]},
        {"strategy": None},
        {"strategy": {}},
    ],
    ids=str,
)
def test_a_claim_that_botpress_would_not_have_made_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        read(token(**claims))


def test_claims_that_botpress_does_not_look_at_do_not_matter() -> None:
    odd = token(iat=1_795_399_999, sub=7, jti=[], iss={}, nbf=1_795_390_874)
    assert read(odd).email == "ana@example.com"


@pytest.mark.parametrize("claim", ["true", 1, None, [True]])
def test_only_true_makes_a_super_admin(claim: object) -> None:
    assert not read(token(isSuperAdmin=claim)).is_super_admin


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"alg": ["HS256"]},
        {"alg": None},
        {},
        {"alg": "HS256", "crit": ["exp"]},
        {"alg": "HS256", "kid": 7},
        {"alg": "HS256", "b64": False},
        [],
        "HS256",
    ],
    ids=str,
)
def test_another_algorithm_or_an_odd_header_is_refused(header: object) -> None:
    with pytest.raises(NotAuthenticated):
        read(signed(header, CLAIMS))


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(NotAuthenticated):
        read(jwt.encode(CLAIMS, None, algorithm="none"))  # type: ignore[arg-type]
    with pytest.raises(NotAuthenticated):
        read(token().rpartition(".")[0] + ".")


def test_another_secret_is_refused() -> None:
    with pytest.raises(NotAuthenticated):
        read(token(secret="another-secret-of-tests-0123456789"))


@pytest.mark.parametrize("payload", [[], "text", 7, None])
def test_a_payload_that_is_no_object_is_refused(payload: object) -> None:
    with pytest.raises(NotAuthenticated):
        read(signed({"alg": "HS256"}, payload))


@pytest.mark.parametrize("secret", ["x", "short", "ñandú", "y" * 32, "z" * 64, "long" * 50, "123"])
def test_any_secret_of_botpress_will_do(secret: str) -> None:
    assert read(token(secret=secret), BotpressServer(secret)).email == "ana@example.com"


def test_megabytes_are_refused() -> None:
    with pytest.raises(NotAuthenticated):
        read(token(fill="x" * 3_000_000))


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        (None, "Unauthorized: Authorization header is missing"),
        ("", "Unauthorized: Authorization header is missing"),
        ("Basic YTpi", 'Unauthorized: Unknown scheme "Basic"'),
        ("<b>/`\\ x", 'Unauthorized: Unknown scheme "&lt;b&gt;&#x2F;&#96;&#x5C;"'),
        ("Bearer", "Unauthorized: Authentication token is missing"),
        ("Bearer ", "Unauthorized: Authentication token is missing"),
        ("Bearer x.y.z", "Unauthorized: Invalid authentication token"),
    ],
)
def test_botpress_own_words_say_what_is_missing(authorization: str | None, message: str) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        read_claims(HEADERS, Credentials(authorization), NOW)
    assert refused.value.botpress_message == message
    assert refused.value.code == "not_authenticated"
    assert "Vuelva a entrar en Botpress" in refused.value.text("es")


def test_the_scheme_may_be_in_any_case() -> None:
    assert read_claims(HEADERS, Credentials(f"bearer {token()}"), NOW).email == "ana@example.com"


def test_without_a_secret_nobody_passes_and_the_words_say_what_to_configure() -> None:
    for secret in (None, ""):
        with pytest.raises(SecretUnknown) as refused:
            read(token(), BotpressServer(secret))
        assert "BP_CONFIG_APPSECRET" in refused.value.text("en")
        assert "BOTPRESS_DATA_DIR" in refused.value.text("es")


def test_a_cookie_needs_the_header_that_no_other_site_can_send() -> None:
    cookie = token(csrfToken="84169d88")
    assert read_claims(COOKIES, Credentials(None, cookie, "84169d88"), NOW).email == "ana@example.com"
    for csrf in (None, "", "84169d89", "84169d8", "ñ", "\udcff"):
        with pytest.raises(NotAuthenticated) as refused:
            read_claims(COOKIES, Credentials(None, cookie, csrf), NOW)
        assert refused.value.botpress_message == "Unauthorized: Invalid authentication token"


@pytest.mark.parametrize("claim", ["absent", None, "", 7, ["84169d88"]])
def test_a_cookie_whose_token_has_no_such_claim_is_refused(claim: object) -> None:
    for csrf in (None, "", "7", "None"):
        with pytest.raises(NotAuthenticated):
            read_claims(COOKIES, Credentials(None, token(csrfToken=claim), csrf), NOW)


def test_where_tokens_are_cookies_a_header_counts_for_nothing() -> None:
    good = token(csrfToken="84169d88")
    with pytest.raises(NotAuthenticated) as refused:
        read_claims(COOKIES, Credentials(f"Bearer {good}", None, "84169d88"), NOW)
    assert refused.value.botpress_message == "Unauthorized: jwtToken cookie is missing"


def test_where_tokens_are_headers_a_cookie_counts_for_nothing() -> None:
    with pytest.raises(NotAuthenticated) as refused:
        read_claims(HEADERS, Credentials(None, token(csrfToken="84169d88"), "84169d88"), NOW)
    assert refused.value.botpress_message == "Unauthorized: Authorization header is missing"


def test_a_request_does_not_show_its_token() -> None:
    assert "x.y.z" not in repr(Credentials("Bearer x.y.z", "x.y.z", "x.y.z"))


anything = (
    st.none() | st.text(st.characters(), max_size=50) | st.binary().map(lambda raw: raw.decode("latin-1"))
)
claims = st.dictionaries(
    st.sampled_from([*CLAIMS, "csrfToken", "nbf"]) | st.text(max_size=5),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
)


@given(anything, anything, anything, st.booleans(), st.sampled_from(["", "Bearer "]))
def test_whatever_comes_it_is_read_or_refused(
    authorization: str | None, cookie: str | None, csrf: str | None, cookies: bool, scheme: str
) -> None:
    presented = Credentials(f"{scheme}{authorization}" if authorization else None, cookie, csrf)
    with pytest.raises(NotAuthenticated):
        read_claims(COOKIES if cookies else HEADERS, presented, NOW)


@given(claims, claims, anything)
def test_whatever_was_signed_it_is_read_or_refused(
    header: dict[str, Any], payload: dict[str, Any], csrf: str | None
) -> None:
    odd = signed({"alg": "HS256"} | header, CLAIMS | payload)
    for server, presented in (
        (HEADERS, Credentials(f"Bearer {odd}")),
        (COOKIES, Credentials(None, odd, csrf)),
    ):
        try:
            read = read_claims(server, presented, NOW)
        except NotAuthenticated:
            continue
        assert read.email == (CLAIMS | payload)["email"]
        assert read.expires_at > NOW
