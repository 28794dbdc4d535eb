"""Whose request it is, and how wrong credentials are refused."""

import base64
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.support.simulator_examples import APPLICATION, SECRET, account, token
from vonage_simulator.authorization import REMEMBERED, Authorizer
from vonage_simulator.problems import (
    EXPIRED_TOKEN,
    INVALID_TOKEN,
    MULTIPLE_METHODS,
    NO_CREDENTIALS,
    Problem,
    RefusedError,
)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def bearer(**changes: Any) -> str:
    return "Bearer " + token(**changes)


def refusal(authorizer: Authorizer, *headers: str, in_query: bool = False) -> Problem:
    with pytest.raises(RefusedError) as refused:
        authorizer.account(headers, in_query)
    return refused.value.problem


def test_key_and_secret_name_their_account() -> None:
    assert Authorizer([account()]).account([basic("5f3a9c01:correct horse")]) == account()


def test_a_token_names_the_account_of_its_application() -> None:
    other = account(api_key="other", application_id="other")
    assert Authorizer([other, account()]).account([bearer()]) == account()


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic ###", "Basic /w==", "Digest abc", basic("5f3a9c01:wrong"), basic("nobody:x")],
)
def test_wrong_credentials_are_refused(header: str) -> None:
    assert refusal(Authorizer([account()]), header) == NO_CREDENTIALS


def test_an_account_without_a_secret_takes_no_empty_one() -> None:
    assert refusal(Authorizer([account(api_secret="")]), basic("5f3a9c01:")) == NO_CREDENTIALS


def test_no_header_is_refused() -> None:
    assert refusal(Authorizer([account()])) == NO_CREDENTIALS


def test_two_ways_of_authorization_at_once_are_refused() -> None:
    authorizer = Authorizer([account()])
    assert refusal(authorizer, bearer(), basic("a:b")) == MULTIPLE_METHODS
    assert refusal(authorizer, bearer(), in_query=True) == MULTIPLE_METHODS


@pytest.mark.parametrize(
    "changes",
    [
        {"application_id": None},
        {"application_id": "unknown"},
        {"iat": None},
        {"exp": None},
        {"jti": None},
        {"exp": "soon"},
        {"iat": time.time() + 3600, "exp": time.time() + 4000},
        {"exp": time.time() + 25 * 3600},
    ],
)
def test_a_token_needs_its_claims_and_sensible_times(changes: dict[str, Any]) -> None:
    assert refusal(Authorizer([account()]), bearer(**changes)) == INVALID_TOKEN


def test_a_token_of_another_key_is_refused() -> None:
    forged = token(key=rsa.generate_private_key(65537, 2048))
    assert refusal(Authorizer([account()]), f"Bearer {forged}") == INVALID_TOKEN


def test_a_token_signed_with_a_shared_secret_is_refused() -> None:
    claims = {"application_id": APPLICATION, "iat": time.time(), "exp": time.time() + 60, "jti": "b"}
    forged = jwt.encode(claims, SECRET, algorithm="HS256")
    assert refusal(Authorizer([account()]), f"Bearer {forged}") == INVALID_TOKEN


def test_an_account_without_a_public_key_takes_no_token() -> None:
    assert refusal(Authorizer([account(public_key_pem="")]), bearer()) == INVALID_TOKEN


def test_what_is_no_token_is_refused() -> None:
    assert refusal(Authorizer([account()]), "Bearer nonsense") == INVALID_TOKEN


def test_a_verified_token_is_refused_once_it_has_expired() -> None:
    now = [time.time()]
    authorizer, header = Authorizer([account()], clock=lambda: now[0]), bearer()
    authorizer.account([header])
    now[0] += 901
    assert refusal(authorizer, header) == EXPIRED_TOKEN


def test_without_accounts_any_well_formed_credentials_pass() -> None:
    authorizer = Authorizer([], open_secret=SECRET)
    assert authorizer.account([basic("any:thing")]).api_key == "any"
    stranger = token(key=rsa.generate_private_key(65537, 2048), application_id="another")
    assert authorizer.account([f"Bearer {stranger}"]).signature_secret == SECRET


def test_without_accounts_an_empty_secret_is_still_refused() -> None:
    assert refusal(Authorizer([]), basic("any:")) == NO_CREDENTIALS


def test_a_client_that_signs_each_request_anew_is_served_on_and_on() -> None:
    authorizer = Authorizer([])
    for number in range(REMEMBERED + 1):
        assert authorizer.account([basic(f"key{number}:x")]).api_key == f"key{number}"


def test_only_an_rsa_key_may_be_configured() -> None:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, form).decode()
    with pytest.raises(ValueError, match="not an RSA key"):
        Authorizer([account(public_key_pem=pem)])
